"""What events say of lessons. What they are looked up in is made when all of them are there."""

from govern.store import lessons
from govern.store.projection.fact import Fact
from govern.store.projection.rows import Rows
from govern.store.tables import lesson, lesson_shown

_TEXTS = ("label", "happened", "because", "next_time", "categories", "tags", "evidence")


def added(rows: Rows, fact: Fact) -> None:
    data = fact.data
    rows.add(
        lesson,
        id=data["lesson"],
        project_id=fact.project,
        review_id=data["review"],
        state=lessons.RECORDED,
        words=lessons.words_of(data),
        recorded_by=fact.actor,
        version=1,
        recorded_at=fact.at,
        **{name: data[name] for name in _TEXTS},
    )


def changed(rows: Rows, fact: Fact) -> None:
    """The event holds the lesson as it is now: its words follow from all of its texts."""
    data = fact.data
    values = {name: data[name] for name in _TEXTS}
    rows.change(lesson, data["lesson"], **values, words=lessons.words_of(data))


def withdrawn(rows: Rows, fact: Fact) -> None:
    rows.change(lesson, fact.data["lesson"], state=lessons.WITHDRAWN)


def shown(rows: Rows, fact: Fact) -> None:
    """Those that a submission says were shown with it; before there were any, it says nothing."""
    for each in fact.data.get("lessons", ()):
        rows.add(
            lesson_shown,
            submission_id=fact.data["submission"],
            lesson_id=each["lesson"],
            rank=each["rank"],
            alike=each["alike"],
        )

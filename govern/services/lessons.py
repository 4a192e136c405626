"""Lessons: what happened, why, and what to do next time, for every project that comes after.

Everybody who holds a role reads and searches the lessons of all projects: one that only its own project
can read changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from govern.documents.links import wrong_with
from govern.domain.actor import Actor
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, LessonWithdrawn, NotAllowed, NotFound
from govern.domain.role import ALLOWED, Permission
from govern.domain.words import Excerpt, excerpt, found, words
from govern.services.access import check_version, project_for, require
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import lessons, people, projects

LINK = "link"
KINDS = (LINK, "gate", "scope_change", "recommendation", "reading", "file")
"""What a piece of evidence can be: a web address, or the number of something of the project."""

MOST_FOUND = 100
_LARGEST = 2_147_483_647

_WEIGHTS = {"label": 8, "tags": 4, "next_time": 2, "because": 1, "happened": 1}
"""How much a word counts for the order, by where it stands."""


def add_lesson(
    runtime: Runtime, actor: Actor, project_id: str, fields: Mapping[str, Any], *, now: datetime
) -> Record:
    """Records a lesson of a project: `title`, `happened`, `because`, `next_time`, and maybe `categories`
    of value, `tags`, `evidence` (each with `kind` and `ref`) and the number of its `review`.

    Raises NotFound, NotAllowed, and InvalidInput for evidence and a review that are not the project's.
    """
    with runtime.store.writing() as connection:
        project = project_for(connection, actor, project_id, lock=True)
        require(actor, Permission.RECORD_LESSON, project)
        number = add(connection, actor, project_id, fields, now)
    return get_lesson(runtime, actor, number)


def add(
    connection: Connection,
    actor: Actor,
    project_id: str,
    fields: Mapping[str, Any],
    now: datetime,
) -> int:
    """As `add_lesson`, in the transaction of a caller who has locked the project and knows that the
    actor may; returns the lesson's number."""
    review = fields.get("review")
    if review is not None and not lessons.is_review_of(connection, review, project_id):
        raise InvalidInput(
            "The lesson cannot be of this review.",
            errors={"review": [f"project {project_id} has no review {review}"]},
        )
    empty: dict[str, Any] = {"categories": [], "tags": [], "evidence": []}
    values = _columns(connection, project_id, {**empty, **fields})
    row = {"project_id": project_id, "review_id": review, "recorded_by": actor.person_id}
    number = lessons.add(connection, {**row, **values}, now)
    told = {"lesson": number, "review": review, **values}
    record_event(connection, project_id, actor, "lesson.added", told, now)
    return number


def change_lesson(
    runtime: Runtime,
    actor: Actor,
    lesson_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Record:
    """Writes the fields that are named, by whoever wrote the lesson or the sponsor.

    Raises NotFound, NotAllowed, StaleVersion, LessonWithdrawn, InvalidInput.
    """
    with runtime.store.writing() as connection:
        was = _own(connection, actor, lesson_id, version)
        new = _columns(connection, was["project"], fields)
        values = {name: value for name, value in new.items() if value != was[name]}
        if values:
            lessons.change(connection, was, values)
            after = {name: {**was, **values}[name] for name in _TOLD}
            told = {"lesson": lesson_id, **after}
            record_event(connection, was["project"], actor, "lesson.changed", told, now)
    return get_lesson(runtime, actor, lesson_id)


_TOLD = ("label", "happened", "because", "next_time", "categories", "tags", "evidence")


def withdraw_lesson(
    runtime: Runtime,
    actor: Actor,
    lesson_id: int,
    *,
    reason: str,
    version: int | None,
    now: datetime,
) -> Record:
    """Takes a lesson back: it stays readable, and is neither searched nor shown any more.

    By whoever wrote it or the sponsor. Raises NotFound, NotAllowed, StaleVersion, LessonWithdrawn.
    """
    with runtime.store.writing() as connection:
        was = _own(connection, actor, lesson_id, version)
        lessons.change(connection, was, {"state": lessons.WITHDRAWN})
        told = {"lesson": lesson_id, "reason": reason}
        record_event(connection, was["project"], actor, "lesson.withdrawn", told, now)
    return get_lesson(runtime, actor, lesson_id)


def get_lesson(runtime: Runtime, actor: Actor, lesson_id: int) -> Record:
    with runtime.store.reading() as connection:
        return told(connection, [_known(connection, actor, lesson_id)])[0]


def search(
    runtime: Runtime,
    actor: Actor,
    *,
    q: str | None = None,
    category: str | None = None,
    tag: str | None = None,
    project: str | None = None,
    portfolio: str | None = None,
    withdrawn: bool = False,
    limit: int = 20,
) -> Record:
    """`items`, the best first, and how many were `found` in all.

    Every word of `q` must begin a word of the lesson, whatever its case and accents; nothing in it is
    an operator. A word counts most in the title, then in the tags, then in what to do next time; equal
    ones are told the newest first. Each has an `excerpt` with the places of the words (`marks`).
    """
    asked = None if q is None else list(dict.fromkeys(words(q)))
    if not actor.grants:
        return {"items": [], "found": 0}
    with runtime.store.reading() as connection:
        rows = [
            each
            for each in lessons.search(
                connection, asked, project_id=project, portfolio_id=portfolio, withdrawn=withdrawn
            )
            if (category is None or category in each["categories"])
            and (tag is None or tag in each["tags"])
        ]
        if asked:
            rows.sort(key=lambda each: (-_weight(each, asked), -each["id"]))
        shown = told(connection, rows[:limit])
    return {
        "items": [{**each, **_excerpt(each, asked or [])} for each in shown],
        "found": len(rows),
    }


def told(connection: Connection, rows: Sequence[Record]) -> list[Record]:
    """Lessons as they are read: with the names of who wrote them."""
    named = people.names(connection, {each["recorded_by"] for each in rows})
    return [
        {
            **each,
            "title": each["label"],
            "review": each["review_id"],
            "evidence": [_ref(piece) for piece in each["evidence"]],
            "recorded_by_name": named.get(each["recorded_by"]),
        }
        for each in rows
    ]


def _known(connection: Connection, actor: Actor, lesson_id: int, lock: bool = False) -> Record:
    found = lessons.find(connection, lesson_id, lock) if actor.grants else None
    if found is None:
        raise NotFound(f"There is no lesson {lesson_id} that you may see.", lesson=lesson_id)
    return found


def _own(connection: Connection, actor: Actor, lesson_id: int, version: int | None) -> Record:
    """The lesson, locked after its project, for whoever may change it."""
    was = _known(connection, actor, lesson_id)
    # The project first, then the thing, as everybody does.
    projects.find(connection, was["project"], True)
    was = _known(connection, actor, lesson_id, lock=True)
    if was["recorded_by"] != actor.person_id and not actor.may(
        Permission.CHANGE_LESSON, was["portfolio"], was["project"]
    ):
        needed = sorted(role.value for role in ALLOWED[Permission.CHANGE_LESSON])
        raise NotAllowed(
            "A lesson is changed by whoever wrote it, or by the sponsor of its project.",
            needed=needed,
            held=sorted(x.value for x in actor.roles_on(was["portfolio"], was["project"])),
        )
    check_version(was, version)
    if was["state"] == lessons.WITHDRAWN:
        raise LessonWithdrawn(f"Lesson {lesson_id} was withdrawn.", lesson=lesson_id)
    return was


def _columns(connection: Connection, project_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are stored. A title stands as `label`, and a web address as `link`, as what
    people write can be erased by these names."""
    values = {name: fields[name] for name in ("happened", "because", "next_time") if name in fields}
    if "title" in fields:
        values["label"] = fields["title"]
    for name in ("categories", "tags"):
        if name in fields:
            values[name] = list(dict.fromkeys(fields[name]))
    if "evidence" in fields:
        values["evidence"] = _evidence(connection, project_id, fields["evidence"])
    return values


def _evidence(
    connection: Connection, project_id: str, given: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    errors: dict[str, list[str]] = {}
    made: list[dict[str, Any]] = []
    for index, each in enumerate(given):
        kind, ref = each["kind"], each["ref"]
        wrong = wrong_with(ref) if kind == LINK else _not_kept(connection, kind, ref, project_id)
        if wrong:
            errors[f"evidence.{index}.ref"] = [wrong]
        made.append({"kind": kind, ("link" if kind == LINK else "ref"): ref})
    if errors:
        raise InvalidInput("Some evidence cannot be taken as it is.", errors=errors)
    return made


def _not_kept(connection: Connection, kind: str, ref: str, project_id: str) -> str | None:
    what = kind.replace("_", " ") if kind != "gate" else "submission to a gate"
    number = int(ref) if ref.isascii() and ref.isdigit() and len(ref) <= 10 else 0
    if 0 < number <= _LARGEST and lessons.is_kept(connection, kind, number, project_id):
        return None
    return f"project {project_id} has no {what} {ref}"


def _ref(piece: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": piece["kind"], "ref": piece["link"] if "link" in piece else piece["ref"]}


def _weight(lesson: Record, asked: Sequence[str]) -> int:
    return sum(weight * found(_text(lesson, name), asked) for name, weight in _WEIGHTS.items())


def _text(lesson: Record, name: str) -> str:
    return " ".join(lesson["tags"]) if name == "tags" else lesson[name]


def _excerpt(lesson: Record, asked: Sequence[str]) -> dict[str, Any]:
    """From the text with the most of the words: where they are equal, what to do next time."""
    name = max(
        ("next_time", "because", "happened"), key=lambda each: found(_text(lesson, each), asked)
    )
    part: Excerpt = excerpt(lesson[name], asked)
    return {
        "excerpt": part.text,
        "excerpt_of": name,
        "marks": [{"start": start, "length": length} for start, length in part.marks],
    }

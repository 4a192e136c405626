"""What projects learnt: looked for by words, and read."""

from typing import Any

from flask import request

from govern.services import lessons
from govern.web.pages.page import Pages
from govern.web.pages.render import render
from govern.web.pages.table import Column, Kind, Table
from govern.web.site import actor, now, runtime

pages = Pages("lessons")

SHOWN = 50
_FIELDS = ("q", "category", "tag", "project")


@pages.page("/lessons")
def search() -> Any:
    asked = {name: request.args.get(name, "").strip() for name in _FIELDS}
    given: dict[str, Any] = {name: value for name, value in asked.items() if value}
    every = lessons.search(runtime(), actor(), limit=500)
    found = lessons.search(runtime(), actor(), **given, limit=SHOWN)
    return render(
        "lessons.html",
        title="Lessons",
        asked=asked,
        narrowed=bool(given),
        found=found,
        categories=sorted({name for each in every["items"] for name in each["categories"]}),
        tags=sorted({name for each in every["items"] for name in each["tags"]}),
        lessons=_table(found["items"]),
    )


@pages.page("/lessons/<int:number>")
def lesson(number: int) -> Any:
    found = lessons.get_lesson(runtime(), actor(), number)
    return render("lesson.html", title=found["title"], lesson=found, today=now().date())


def _table(found: list[dict[str, Any]]) -> Table:
    return Table(
        "lessons",
        "Lessons",
        (
            Column("title", "Lesson", link="to"),
            Column("next_time", "Next time"),
            Column("project", "From project"),
            Column("categories", "About", missing="–"),
            Column("tags", "Tags", missing="–"),
            Column("recorded_by_name", "By"),
            Column("recorded_at", "Recorded", Kind.MOMENT),
        ),
        [
            {
                **each,
                "to": f"/lessons/{each['id']}",
                "categories": each["categories"] or None,
                "tags": each["tags"] or None,
            }
            for each in found
        ],
        none="No lesson has these words. Fewer words find more.",
    )

"""The history of a project in sentences: who did what, when; each leads to its proof."""

from typing import Any

from flask import request

from govern.services.project_events import last_events
from govern.web.pages.looking_back import can_look_back
from govern.web.pages.page import Pages
from govern.web.pages.project_tabs import head_of, render_tab
from govern.web.pages.table import Column, Kind, Table
from govern.web.site import actor, runtime

pages = Pages("project_history")


@pages.page("/projects/<project>/history")
@can_look_back
def project_history(project: str) -> Any:
    head = head_of(project)
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() else None
    found = last_events(runtime(), actor(), project, before=before)
    rows = [
        {
            "seq": each["seq"],
            "at": each["at"],
            "who": each["actor_name"] or each["actor"],
            "told": each["told"],
            "kind": each["kind"],
            "to": f"/history/{project}/{each['seq']}",
        }
        for each in found["items"]
    ]
    events = Table(
        "events",
        "What happened, the last first",
        (
            Column("at", "When", Kind.MOMENT, link="to"),
            Column("who", "Who"),
            Column("told", "What happened"),
            Column("kind", "Kind"),
            Column("seq", "No.", Kind.NUMBER, link="to"),
        ),
        rows,
        none="Nothing happened yet.",
    )
    return render_tab(
        "project-history.html", "history", head, events=events, found=found, before=before
    )

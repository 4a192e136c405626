"""The deliverables of a project and its benefits map: what is to bring about what."""

from typing import Any

from govern.domain.record import Record
from govern.services import deliverables
from govern.services.benefits_map import benefits_map, draw_svg
from govern.services.everything import everything
from govern.web.pages import map_drawn
from govern.web.pages.looking_back import can_look_back
from govern.web.pages.page import Pages
from govern.web.pages.project_shown import kpi_path
from govern.web.pages.project_tabs import head_of, render_tab
from govern.web.pages.table import Column, Kind, Table
from govern.web.site import actor, now, runtime

pages = Pages("benefits")


@pages.page("/projects/<project>/benefits")
@can_look_back
def benefits(project: str) -> Any:
    head = head_of(project)
    found = benefits_map(runtime(), actor(), project)
    listed = everything(
        lambda request: deliverables.list_deliverables(runtime(), actor(), request, project=project)
    )
    return render_tab(
        "project-benefits.html",
        "benefits",
        head,
        found=found,
        drawn=map_drawn.inline(draw_svg(runtime(), actor(), project)),
        tree=map_drawn.tree(found),
        loose=map_drawn.serving_nothing(found["problems"]),
        deliverables=_deliverables(listed, found),
        problems=_problems(found),
        contributions=_contributions(project, found),
    )


def _deliverables(listed: list[Record], found: Record) -> Table:
    today = now().date()
    serves = map_drawn.serves(found)
    undone = ("planned", "in_progress")
    rows = [
        {
            **each,
            "late": "overdue"
            if each["state"] in undone and each["due"] is not None and each["due"] < today
            else None,
            "serves": ", ".join(serves.get(each["id"], [])) or None,
        }
        for each in listed
    ]
    return Table(
        "deliverables",
        "Deliverables",
        (
            Column("id", "Id"),
            Column("name", "Deliverable"),
            Column("state", "State", Kind.WORDS),
            Column("due", "Due", Kind.DAY),
            Column("late", "Late", missing="–"),
            Column("done_on", "Done on", Kind.DAY, missing="–"),
            Column("cost", "Cost", Kind.NUMBER),
            Column("owner", "Owner", missing="nobody"),
            Column("serves", "Serves", missing="serves nothing"),
        ),
        rows,
        none="Nobody has listed what the project delivers.",
    )


def _contributions(project: str, found: Record) -> Table:
    names = {(each["kind"], each["id"]): each["name"] for each in found["nodes"]}
    rows = [
        {
            "deliverable": names[("deliverable", each["deliverable"])],
            "kpi": names[("kpi", each["kpi"])],
            "to": kpi_path(project, each["kpi"]),
            "share": each["share"],
        }
        for each in found["contributions"]
    ]
    return Table(
        "contributions",
        "What each deliverable brings to each KPI",
        (
            Column("deliverable", "Deliverable"),
            Column("kpi", "KPI", link="to"),
            Column("share", "Share of the KPI", Kind.SHARE, missing="not agreed"),
        ),
        rows,
        none="No deliverable is tied to a KPI.",
    )


def _problems(found: Record) -> Table:
    rows = [
        {
            "where": f"{each['kind']} {each['id']}",
            "problem": each["problem"],
            "right": each["right"],
        }
        for each in found["problems"]
    ]
    return Table(
        "problems",
        "What is wrong with the map",
        (
            Column("where", "Where"),
            Column("problem", "Problem"),
            Column("right", "What would be right"),
        ),
        rows,
        none="Nothing: every deliverable serves a KPI, and every KPI an objective.",
    )

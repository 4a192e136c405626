"""The recommendations of a project, and the scope changes that its plan has seen."""

from typing import Any

from govern.domain.record import Record
from govern.services import effects, recommendations, scope_changes
from govern.services.everything import everything
from govern.web.pages.looking_back import can_look_back
from govern.web.pages.page import Pages
from govern.web.pages.project_shown import kpi_path
from govern.web.pages.project_tabs import head_of, render_tab
from govern.web.pages.table import Column, Kind, Table
from govern.web.site import actor, now, runtime

pages = Pages("project_advice")

OPEN_FIRST = ("proposed", "deferred", "accepted", "implemented")


@pages.page("/projects/<project>/recommendations")
@can_look_back
def advice(project: str) -> Any:
    head = head_of(project)
    found = everything(
        lambda request: recommendations.list_recommendations(
            runtime(), actor(), request, project=project, now=now()
        )
    )
    changes = everything(
        lambda request: scope_changes.list_scope_changes(
            runtime(), actor(), request, project=project
        )
    )
    brought = effects.list_effects(runtime(), actor(), project)
    return render_tab(
        "project-recommendations.html",
        "recommendations",
        head,
        waiting=sum(each["status"] in OPEN_FIRST[:2] for each in found),
        recommendations=_recommendations(found),
        changes=_changes(project, changes),
        effects=_effects(project, brought),
    )


def _recommendations(found: list[Record]) -> Table:
    def rank(row: Record) -> tuple[int, int]:
        status = row["status"]
        place = OPEN_FIRST.index(status) if status in OPEN_FIRST else len(OPEN_FIRST)
        return place, -row["id"]

    rows = [
        {
            **{
                name: each[name]
                for name in ("id", "action", "severity", "message", "status", "decide_by", "reason")
            },
            "to": f"/recommendations/{each['id']}",
            "decides": each["decided_by_role"],
            "overdue": "overdue" if each["overdue"] else None,
            "rule": each["title"],
            "rule_to": f"/rules/{each['rule']}",
        }
        for each in sorted(found, key=rank)
    ]
    return Table(
        "recommendations",
        "Recommendations",
        (
            Column("id", "No.", Kind.NUMBER, link="to"),
            Column("action", "What", Kind.WORDS, link="to"),
            Column("severity", "Severity", Kind.RAG),
            Column("message", "Why"),
            Column("rule", "Rule", link="rule_to"),
            Column("status", "Status", Kind.WORDS),
            Column("decides", "Decided by", Kind.WORDS),
            Column("decide_by", "Decide by", Kind.DAY, missing="no day"),
            Column("overdue", "Overdue", missing="–"),
            Column("reason", "Reason given", missing="–"),
        ),
        rows,
        none="No rule has recommended anything yet.",
    )


def _changes(project: str, found: list[Record]) -> Table:
    rows = [
        {
            **{name: each[name] for name in ("id", "title", "state", "effective_on", "decided_at")},
            "to": f"/projects/{project}/scope-changes/{each['id']}",
            "proposed_at": each["recorded_at"],
            "from": each["recommendation"],
            "from_to": each["recommendation"] and f"/recommendations/{each['recommendation']}",
        }
        for each in found
    ]
    return Table(
        "changes",
        "Scope changes",
        (
            Column("id", "No.", Kind.NUMBER, link="to"),
            Column("title", "Change", link="to"),
            Column("state", "State", Kind.WORDS),
            Column("proposed_at", "Proposed", Kind.MOMENT),
            Column("decided_at", "Decided", Kind.MOMENT, missing="not yet"),
            Column("effective_on", "In effect from", Kind.DAY, missing="when it is decided"),
            Column("from", "From recommendation", link="from_to", missing="none"),
        ),
        rows,
        none="Nothing of the plan was changed.",
    )


def _effects(project: str, found: list[Record]) -> Table:
    rows = [{**each, "to": kpi_path(project, each["kpi"])} for each in found]
    return Table(
        "effects",
        "What the changes bring",
        (
            Column("name", "KPI", link="to"),
            Column("unit", "Unit", missing="none"),
            Column("size", "Expected", Kind.NUMBER),
            Column("by", "By", Kind.DAY),
            Column("state", "State", Kind.WORDS),
            Column("counterfactual", "Without the change", Kind.NUMBER),
            Column("actual", "Came", Kind.NUMBER),
            Column("effect", "Effect", Kind.NUMBER),
            Column("why", "Why unknown", missing="–"),
        ),
        rows,
        none="No change has named what it is to bring.",
    )

"""Lists: projects, gates that wait, findings, recommendations."""

from collections.abc import Callable
from typing import Any

import click

from govern.cli.output import format_option, records
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.finding import Severity
from govern.domain.record import Record
from govern.services import findings as finding_services
from govern.services import projects as project_services
from govern.services import recommendation_summary, waiver_list
from govern.services import recommendations as recommendation_services
from govern.services.as_of import When
from govern.services.people import OPERATOR
from govern.services.status import portfolio_status
from govern.store.paging import LARGEST_PAGE, Page, PageRequest


def every(page_at: Callable[[PageRequest], Page]) -> list[Record]:
    """All pages of a list, one after the other."""
    found: list[Record] = []
    cursor: str | None = None
    while True:
        page = page_at(PageRequest(limit=LARGEST_PAGE, cursor=cursor))
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


@click.command()
@click.option("--stage", help="Only projects in this stage.")
@as_of_option
@format_option
@click.pass_context
def projects(ctx: click.Context, stage: str | None, form: str, as_of: When | None) -> None:
    """List the projects."""
    with session(ctx) as ready:
        at = seen(ready, as_of)
        found = every(
            lambda request: project_services.list_projects(
                at.runtime, OPERATOR, request, stage=stage
            )
        )
        waived = waiver_list.by_project(at.runtime, OPERATOR, now=at.now)
    for each in found:
        each["waivers"] = waived.get(each["id"], [])
        if form == "table":
            each["waived"] = "\n".join(map(_waived, each["waivers"])) or "nothing"
    columns = {
        "id": "project",
        "name": "name",
        "stage": "stage",
        "owner": "owner",
        "department": "department",
        "budget": "budget",
        "spent": "spent",
        "waived": "waived",
    }
    records("Projects", columns, found, form, "There are no such projects.")


def _waived(waiver: Record) -> str:
    return (
        f"{waiver['criterion']} at {waiver['gate']} until {waiver['expires_on']} "
        f"({waiver['state'].replace('_', ' ')})"
    )


@click.command()
@as_of_option
@format_option
@click.pass_context
def gates(ctx: click.Context, form: str, as_of: When | None) -> None:
    """List the gates that wait for a decision."""
    with session(ctx) as ready:
        at = seen(ready, as_of)
        found = portfolio_status(at.runtime, OPERATOR, now=at.now)["gates"]
    columns = {
        "submission": "no.",
        "project": "project",
        "gate": "gate",
        "iteration": "iteration",
        "advice": "advice",
        "decide_by": "decide by",
    }
    records("Gates waiting", columns, found, form, "No gate waits for a decision.")


@click.command()
@click.option("--project", help="Only this project.")
@click.option("--rule", help="Only this rule.")
@click.option("--state", type=click.Choice(["fires", "pending", "unknown"]))
@as_of_option
@format_option
@click.pass_context
def findings(ctx: click.Context, form: str, as_of: When | None, **wanted: Any) -> None:
    """List what the last sweep found."""
    with session(ctx) as ready:
        at = seen(ready, as_of, project=wanted["project"])
        found = every(
            lambda request: finding_services.list_findings(at.runtime, OPERATOR, request, **wanted)
        )
    columns = {
        "project": "project",
        "kpi": "KPI",
        "rule": "rule",
        "state": "state",
        "period": "period",
        "message": "message",
    }
    for each in found:
        each["kpi"] = each["kpi"] or "(project)"
        if form == "table" and each["snoozed"]:
            each["state"] += f", snoozed until {each['snoozed']['until']}"
    records("Findings", columns, found, form, "There are no such findings.")


@click.command()
@click.option("--project", help="Only this project.")
@click.option("--status", default="proposed", show_default=True)
@click.option("--rule", help="Only of this rule.")
@click.option("--severity", type=click.Choice([each.value for each in Severity]))
@click.option("--overdue", is_flag=True, help="Only those that were to be answered before today.")
@click.option("--by-project", is_flag=True, help="What waits, as one row per project.")
@as_of_option
@format_option
@click.pass_context
def recommendations(
    ctx: click.Context,
    project: str | None,
    by_project: bool,
    form: str,
    as_of: When | None,
    **wanted: Any,
) -> None:
    """List what the rules recommend to change."""
    with session(ctx) as ready:
        at = seen(ready, as_of, project=project)

        def page(request: PageRequest) -> Page:
            if by_project:
                return recommendation_summary.by_project(
                    at.runtime, OPERATOR, request, project=project, now=at.now
                )
            return recommendation_services.list_recommendations(
                at.runtime, OPERATOR, request, project=project, **wanted, now=at.now
            )

        found = every(page)
    if by_project:
        _by_project(found, form)
        return
    columns = {
        "id": "no.",
        "project": "project",
        "action": "action",
        "severity": "severity",
        "message": "why",
        "decided_by_role": "decided by",
        "decide_by": "until",
    }
    for each in found:
        if form == "table" and each["snoozed"]:
            each["message"] += f", snoozed until {each['snoozed']['until']}"
    records("Recommendations", columns, found, form, "There are no such recommendations.")


def _by_project(found: list[Record], form: str) -> None:
    columns = {
        "project": "project",
        "open": "open",
        "red": "red",
        "amber": "amber",
        "next_decide_by": "next by",
        "overdue": "overdue",
        "to_do": "to do",
        "whose": "whose turn",
    }
    if form == "table":
        for each in found:
            each.update(each["by_severity"])
            each["whose"] = ", ".join(one["role"] for one in each["turn"])
    records("Recommendations by project", columns, found, form, "No recommendation waits.")

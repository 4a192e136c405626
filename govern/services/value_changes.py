"""What the value report tells of what people did: overdue, overridden, changed, and what that brought."""

from collections.abc import Collection

from sqlalchemy import Connection

from govern.domain.record import Record
from govern.services import scope_view
from govern.services.courses import chosen_projects
from govern.services.effects import effects_of
from govern.services.overrides import override_rates
from govern.services.reporting import list_due
from govern.services.reports import Asking, derived, section, source
from govern.store import scope_changes
from govern.store.paging import LARGEST_PAGE, PageRequest

_OWED = ("kpi", "name", "project", "project_name", "owner", "department", "overdue_days", "periods")
_EFFECT = (
    *("kpi", "name", "unit", "size", "by", "state", "counterfactual", "low", "high"),
    *("actual", "effect", "beyond_noise", "why"),
)


def overdue(asking: Asking, project_ids: Collection[str]) -> Record:
    query = asking.query("/readings/due", overdue=True, limit=LARGEST_PAGE)
    items: list[Record] = []
    figures: dict[str, str] = {}
    cursor: str | None = None
    nth = 0
    while True:
        request = PageRequest(LARGEST_PAGE, cursor)
        page = list_due(asking.runtime, asking.actor, request, overdue=True, now=asking.now)
        for each in page.items:
            if each["project"] in project_ids:
                figures[f"/items/{len(items)}"] = f"/items/{nth}"
                items.append({name: each[name] for name in _OWED})
            nth += 1
        cursor = page.next_cursor
        if cursor is None:
            break
    return section(
        "overdue",
        "Overdue figures",
        {"number": len(items), "items": items},
        [source(query, figures, every_page=True)] if figures else [],
        derived=[derived("/number", "count", "/items")],
        note="KPIs of projects whose value is monitored, with a period that should have been reported.",
    )


def overrides(asking: Asking) -> Record:
    found = override_rates(
        asking.runtime,
        asking.actor,
        portfolio=None if asking.about is None else asking.named,
        last=asking.day,
    )
    query = asking.query("/overrides", portfolio=asking.about, to=asking.day)
    return section(
        "overrides",
        "Decisions against the advice",
        found,
        [source(query, {"/gates": "/gates", "/criteria": "/criteria"})],
        note="An override is a decision other than advised. A criterion was passed over where the gate "
        "was passed though it was not met, unknown or waived.",
    )


def changed(asking: Asking, portfolio: str | None) -> Record:
    """The scope changes that were applied by the day, and what they brought."""
    with asking.runtime.store.reading() as connection:
        found = chosen_projects(connection, asking.actor, portfolio=portfolio, project=None)
        named = {each["id"]: each for each in found}
        applied = _applied(asking, connection, named)
        items = [_change(asking, connection, each, named[each["project"]]) for each in applied]
        others, sources = _without_scope_change(asking, connection, named)
    figures = [
        source(asking.query(f"/scope-changes/{each['id']}"), {f"/changes/{nth}": ""})
        for nth, each in enumerate(items)
    ]
    return section(
        "changed",
        "What was changed, and what it brought",
        {
            "number": len(items),
            "changes": items,
            "recommended": others,
        },
        [*figures, *sources],
        derived=[derived("/number", "count", "/changes")],
        note="Effects are measured against what each KPI was forecast to come to without the change, as "
        "known when it was decided.",
    )


def _applied(asking: Asking, connection: Connection, named: dict[str, Record]) -> list[Record]:
    found = [
        each
        for project_id in named
        for each in scope_changes.of_project(connection, project_id)
        if each["state"] == scope_changes.APPLIED and each["decided_at"].date() <= asking.day
    ]
    return sorted(found, key=lambda each: (each["decided_at"], each["id"]))


def _change(asking: Asking, connection: Connection, found: Record, project: Record) -> Record:
    told = scope_view.view(asking.runtime, connection, found, project, asking.now)
    return {
        **{name: told[name] for name in ("id", "project", "title", "reason", "decided_at")},
        "effects": [
            {name: each[name] for name in ("kpi", "name", "unit", "currency", "promised")}
            for each in told["effects"]
        ],
        "expected": [_effect(each) for each in told["expected"]],
    }


def _effect(each: Record) -> Record:
    return {name: each[name] for name in _EFFECT}


def _without_scope_change(
    asking: Asking, connection: Connection, named: dict[str, Record]
) -> tuple[list[Record], list[Record]]:
    """Effects of recommendations that were done without a scope change."""
    told: list[Record] = []
    sources: list[Record] = []
    for project_id in named:
        figures: dict[str, str] = {}
        for nth, each in enumerate(effects_of(connection, project=project_id)):
            if each["scope_change"] is None and each["state"] != "named":
                figures[f"/recommended/{len(told)}"] = f"/items/{nth}"
                told.append(
                    {
                        "project": project_id,
                        "recommendation": each["recommendation"],
                        **_effect(each),
                    }
                )
        if figures:
            sources.append(source(asking.query(f"/projects/{project_id}/effects"), figures))
    return told, sources

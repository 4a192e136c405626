"""The project status report: where a project stands and what waits, on one page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from govern.domain.record import Record
from govern.services import (
    conditions,
    deliverables,
    effects,
    gate_record,
    gates,
    projects,
    recommendations,
    reporting,
    scope_changes,
    status_kpis,
)
from govern.services.everything import everything
from govern.services.rating import worst_of
from govern.services.reports import About, Asking, ReportKind, derived, section, source
from govern.store import scope_changes as stored_changes
from govern.store.paging import LARGEST_PAGE, Page, PageRequest

_PROJECT = (
    *("id", "name", "owner", "department", "objective", "start", "end", "budget", "spent"),
    *("status_text", "workflow", "stage", "held_from", "resume_on", "resume_when"),
)
_SUBMISSION = ("id", "gate", "iteration", "advice", "decide_by", "recorded_at")
_DELIVERABLE = ("id", "name", "owner", "state", "due", "done_on")
_RECOMMENDATION = (
    *("id", "rule", "title", "action", "severity", "kpi", "message", "status"),
    *("decided_by_role", "decide_by", "overdue", "deferred_until"),
)
_CONDITION = ("id", "text", "owner", "due", "state")
_CHANGE = ("id", "title", "state", "action", "effective_on", "decided_at")
_EFFECT = (
    *("scope_change", "recommendation", "kpi", "name", "unit", "size", "by", "state"),
    *("counterfactual", "low", "high", "actual", "effect", "beyond_noise", "why"),
)
_OWED = ("kpi", "name", "owner", "department", "overdue_days", "periods")


def _data(asking: Asking) -> Record:
    found = projects.get_project(asking.runtime, asking.actor, asking.named)
    rated = status_kpis.kpis(asking)
    return {
        "name": found["name"],
        "sections": [
            _standing(asking, found, [each["rag"] for each in rated["content"]["items"]]),
            rated,
            _recommended(asking),
            _owed_conditions(asking),
            _delivered(asking),
            _changed(asking),
            _overdue(asking),
        ],
    }


def _standing(asking: Asking, found: Record, colours: Sequence[str | None]) -> Record:
    """Stage and since when, the gates that lead out of it, and what is put before one."""
    record = gate_record.gate_record(asking.runtime, asking.actor, asking.named, now=asking.now)
    titles = {each["gate"]: each["title"] for each in record["gates"]}
    ahead = dict.fromkeys(each["gate"] for each in found["legal"] if each["gate"] is not None)
    visits = record["stages"]
    waiting = everything(
        lambda request: gates.list_submissions(
            asking.runtime, asking.actor, request, project=asking.named, state="open"
        )
    )
    path = f"/projects/{asking.named}"
    figures = {"/visit": f"/stages/{len(visits) - 1}"} if visits else {}
    open_ones = asking.query("/submissions", project=asking.named, state="open", limit=LARGEST_PAGE)
    return section(
        "standing",
        "Where it stands",
        {
            "project": _part(found, _PROJECT),
            "worst": worst_of(colours),
            "visit": _part(visits[-1], ("stage", "since", "days")) if visits else None,
            "gates": [{"gate": each, "title": titles.get(each)} for each in ahead],
            "waiting": [
                {"title": titles.get(each["gate"]), "submission": _part(each, _SUBMISSION)}
                for each in waiting
            ],
        },
        [
            source(asking.query(path), {"/project": ""}),
            source(asking.query(f"{path}/gates"), figures),
            *_each(open_ones, [f"/waiting/{nth}/submission" for nth in range(len(waiting))]),
        ],
    )


def _recommended(asking: Asking) -> Record:
    return _listed(
        asking,
        "recommendations",
        "Recommendations that wait for an answer",
        "/recommendations",
        {"open": True},
        _RECOMMENDATION,
        lambda request: recommendations.list_recommendations(
            asking.runtime,
            asking.actor,
            request,
            project=asking.named,
            open=True,
            now=asking.now,
        ),
    )


def _owed_conditions(asking: Asking) -> Record:
    return _listed(
        asking,
        "conditions",
        "Conditions that are owed",
        "/conditions",
        {"state": "open"},
        _CONDITION,
        lambda request: conditions.list_conditions(
            asking.runtime, asking.actor, request, project=asking.named, state="open"
        ),
    )


def _delivered(asking: Asking) -> Record:
    return _listed(
        asking,
        "deliverables",
        "Deliverables",
        "/deliverables",
        {},
        _DELIVERABLE,
        lambda request: deliverables.list_deliverables(
            asking.runtime, asking.actor, request, project=asking.named
        ),
        counts=("planned", "in_progress", "done", "dropped"),
    )


def _overdue(asking: Asking) -> Record:
    return _listed(
        asking,
        "overdue",
        "Overdue figures",
        "/readings/due",
        {"overdue": True},
        _OWED,
        lambda request: reporting.list_due(
            asking.runtime,
            asking.actor,
            request,
            project=asking.named,
            overdue=True,
            now=asking.now,
        ),
    )


def _changed(asking: Asking) -> Record:
    """What was changed or is proposed, and what it was to bring."""
    found = everything(
        lambda request: scope_changes.list_scope_changes(
            asking.runtime, asking.actor, request, project=asking.named
        )
    )
    kept = [
        (nth, each)
        for nth, each in enumerate(found)
        if each["state"] in (stored_changes.OPEN, stored_changes.APPLIED)
    ]
    brought = effects.list_effects(asking.runtime, asking.actor, asking.named)
    path = f"/projects/{asking.named}"
    changes = {f"/changes/{at}": f"/items/{nth}" for at, (nth, _) in enumerate(kept)}
    read = [
        source(asking.query(f"{path}/scope-changes", limit=LARGEST_PAGE), changes, every_page=True)
    ]
    return section(
        "changes",
        "Scope changes, and what they bring",
        {
            "changes": [_part(each, _CHANGE) for _, each in kept],
            "effects": [_part(each, _EFFECT) for each in brought],
        },
        [
            *(read if kept else []),
            *([source(asking.query(f"{path}/effects"), {"/effects": "/items"})] if brought else []),
        ],
        note="An effect is measured against what the KPI was forecast to come to without the change.",
    )


def _listed(
    asking: Asking,
    name: str,
    title: str,
    path: str,
    given: Mapping[str, Any],
    columns: Sequence[str],
    page_at: Callable[[PageRequest], Page],
    counts: Sequence[str] = (),
) -> Record:
    """A section that is one list of the API, with how many there are, also by state."""
    found = everything(page_at)
    query = asking.query(path, project=asking.named, **given, limit=LARGEST_PAGE)
    return section(
        name,
        title,
        {
            "number": len(found),
            **{state: sum(each["state"] == state for each in found) for state in counts},
            "items": [_part(each, columns) for each in found],
        },
        [source(query, {"/items": "/items"}, every_page=True)],
        derived=[
            derived("/number", "count", "/items"),
            *(derived(f"/{state}", "count", "/items", state=state) for state in counts),
        ],
    )


def _each(query: str, places: Sequence[str]) -> list[Record]:
    figures = {place: f"/items/{nth}" for nth, place in enumerate(places)}
    return [source(query, figures, every_page=True)] if figures else []


def _part(found: Record, names: Sequence[str]) -> Record:
    return {name: found[name] for name in names}


STATUS_REPORT = ReportKind("project-status", "Project status", About.PROJECT, _data)

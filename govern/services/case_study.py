"""A case study of a project: problem, measures, value, what made it work, in words from the record.

For those who must win others for value realization. Nothing is written here that nobody recorded: where
the record says nothing, the case study says that.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.review import ReviewState
from govern.services import (
    curves,
    deliverables,
    effects,
    kpis,
    lessons,
    outcomes,
    projects,
    review_view,
    reviews,
    scope_changes,
    status_kpis,
)
from govern.services.dossiers import dossier
from govern.services.everything import everything
from govern.services.reports import About, Asking, ReportKind, derived, section, source
from govern.store.paging import LARGEST_PAGE
from govern.store.scope_changes import APPLIED

_PROJECT = ("id", "name", "department", "owner", "objective", "start", "end")
_KPI = (
    *("id", "name", "description", "unit", "currency", "direction", "disbenefit"),
    *("baseline", "baseline_on", "baseline_source", "target", "target_on"),
)
_DELIVERABLE = ("id", "name", "state", "done_on")
_OUTCOME = ("id", "name", "description")
_CHANGE = ("id", "title", "reason", "decided_at")
_VALUE = (
    *("kpi", "name", "unit", "currency", "direction", "disbenefit", "actual", "period", "reached"),
    *("promised", "realised", "rate", "why"),
)
_COST = ("budget_first", "budget", "spent")
_TIMELINE = ("planned_end_first", "planned_end", "rolled_out_on", "ended_on")
_REVIEW = (
    *("id", "number", "rating", "summary", "went_well", "went_badly"),
    *("signed_by_name", "signed_at", "suggested"),
)
_QUESTION = ("question", "ask", "n", "median")
_LESSON = ("id", "title", "happened", "because", "next_time")
_EFFECT = ("kpi", "name", "unit", "size", "by", "state", "actual", "effect", "counterfactual")


def _data(asking: Asking) -> Record:
    found = projects.get_project(asking.runtime, asking.actor, asking.named)
    told = dossier(
        asking.runtime,
        asking.actor,
        asking.named,
        currency=asking.currency,
        at=asking.day,
        now=asking.now,
    )
    _require_known(told["value"]["kpis"])
    return {
        "name": found["name"],
        "sections": [
            _problem(asking, found),
            _measures(asking),
            _value(asking, told),
            _over_time(asking),
            status_kpis.kpis(asking),
            _worked(asking),
            _learned(asking),
        ],
    }


def _require_known(values: Sequence[Record]) -> None:
    """What is not measured is no success: raises InvalidInput."""
    figures = ("rate", "weight")
    typed = [
        {**each, **{name: None if each[name] is None else Decimal(each[name]) for name in figures}}
        for each in values
    ]
    advice = review_view.suggestion(typed)
    if advice.rate is None:
        raise InvalidInput(
            "A case study needs to know how much of what was promised came.",
            errors={"project": [str(advice.why)]},
        )


def _problem(asking: Asking, found: Record) -> Record:
    path = f"/projects/{asking.named}"
    listed = everything(
        lambda request: kpis.list_kpis(asking.runtime, asking.actor, request, project=asking.named)
    )
    query = asking.query("/kpis", project=asking.named, limit=LARGEST_PAGE)
    return section(
        "problem",
        "The problem",
        {"project": _part(found, _PROJECT), "kpis": [_part(each, _KPI) for each in listed]},
        [
            source(asking.query(path), {"/project": ""}),
            source(query, {"/kpis": "/items"}, every_page=True),
        ],
    )


def _measures(asking: Asking) -> Record:
    """What was delivered, what it was to bring about, and how the plan was changed on the way."""
    runtime, actor, project = asking.runtime, asking.actor, asking.named
    made = everything(
        lambda request: deliverables.list_deliverables(runtime, actor, request, project=project)
    )
    meant = everything(
        lambda request: outcomes.list_outcomes(runtime, actor, request, project=project)
    )
    changed = everything(
        lambda request: scope_changes.list_scope_changes(runtime, actor, request, project=project)
    )
    applied = [(nth, each) for nth, each in enumerate(changed) if each["state"] == APPLIED]
    given: dict[str, Any] = {"project": project, "limit": LARGEST_PAGE}
    path = f"/projects/{project}/scope-changes"
    places = {f"/changes/{at}": f"/items/{nth}" for at, (nth, _) in enumerate(applied)}
    states = ("done", "dropped")
    return section(
        "measures",
        "What was done",
        {
            "number": len(made),
            **{state: sum(each["state"] == state for each in made) for state in states},
            "deliverables": [_part(each, _DELIVERABLE) for each in made],
            "outcomes": [_part(each, _OUTCOME) for each in meant],
            "changes": [_part(each, _CHANGE) for _, each in applied],
        },
        [
            source(
                asking.query("/deliverables", **given),
                {"/deliverables": "/items"},
                every_page=True,
            ),
            source(asking.query("/outcomes", **given), {"/outcomes": "/items"}, every_page=True),
            *(
                [source(asking.query(path, limit=LARGEST_PAGE), places, every_page=True)]
                if places
                else []
            ),
        ],
        derived=[
            derived("/number", "count", "/deliverables"),
            *(derived(f"/{state}", "count", "/deliverables", state=state) for state in states),
        ],
    )


def _value(asking: Asking, told: Record) -> Record:
    query = asking.query(
        f"/projects/{asking.named}/dossier", currency=asking.currency, at=asking.day
    )
    return section(
        "value",
        "The value",
        {
            "kpis": [_part(each, _VALUE) for each in told["value"]["kpis"]],
            "cost": _part(told["cost"], _COST),
            "timeline": _part(told["timeline"], _TIMELINE),
        },
        [source(query, {"/kpis": "/value/kpis", "/cost": "/cost", "/timeline": "/timeline"})],
        note="What each KPI was to gain over its baseline, and what it has gained.",
    )


def _over_time(asking: Asking) -> Record:
    money: dict[str, Any] = {
        "project": asking.named,
        "currency": asking.currency,
        "at": asking.day,
    }
    return section(
        "curves",
        "The promise and what came, over time",
        curves.realisation_curves(asking.runtime, asking.actor, **money, now=asking.now),
        [source(asking.query("/rollup/curves", **money), {"": ""})],
    )


def _worked(asking: Asking) -> Record:
    """What those say who answer for it: the newest review that was signed, and what changes brought."""
    page = everything(
        lambda request: reviews.list_reviews(
            asking.runtime,
            asking.actor,
            request,
            project=asking.named,
            state=ReviewState.SIGNED.value,
        )
    )
    review: Record | None = None
    sources: list[Record] = []
    if page:
        newest = max(page, key=lambda each: each["number"])["id"]
        found = reviews.get_review(asking.runtime, asking.actor, newest, now=asking.now)
        review = {
            **_part(found, _REVIEW),
            "survey": [_part(each, _QUESTION) for each in found["survey"]],
        }
        sources.append(source(asking.query(f"/reviews/{newest}"), {"/review": ""}))
    brought = effects.list_effects(asking.runtime, asking.actor, asking.named)
    if brought:
        query = asking.query(f"/projects/{asking.named}/effects")
        sources.append(source(query, {"/effects": "/items"}))
    return section(
        "worked",
        "What made it work",
        {"review": review, "effects": [_part(each, _EFFECT) for each in brought]},
        sources,
    )


def _learned(asking: Asking) -> Record:
    asked: dict[str, Any] = {"project": asking.named, "limit": lessons.MOST_FOUND}
    found = lessons.search(asking.runtime, asking.actor, **asked)
    return section(
        "learned",
        "What was learned",
        {"lessons": [_part(each, _LESSON) for each in found["items"]]},
        [source(asking.query("/lessons", **asked), {"/lessons": "/items"})],
    )


def _part(found: Record, names: Sequence[str]) -> Record:
    return {name: found[name] for name in names}


CASE_STUDY = ReportKind("case-study", "Case study", About.PROJECT, _data)

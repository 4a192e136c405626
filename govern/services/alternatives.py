"""Alternatives side by side: what if nothing, what if this, what if that, computed on the forecast."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from govern.adjustments.alternative import NOTHING, Alternative, Ask
from govern.adjustments.compute import RuledOut, beside, side_by_side
from govern.adjustments.standing import Standing
from govern.domain.actor import Actor
from govern.domain.recommendation import Action
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.stage import TERMINATED
from govern.services.access import project_for, recommendation_for
from govern.services.alternatives_told import told
from govern.services.project_standing import standing_of
from govern.services.rollup import Used, check_currency, rates_told
from govern.services.runtime import Runtime
from govern.store import projects

MOST_ASKED = 20

TAKES: Mapping[Action | None, frozenset[str]] = {
    None: frozenset(),
    Action.DESCOPE: frozenset({"deliverables"}),
    Action.ACCELERATE: frozenset({"deliverables", "to", "expected", "cost"}),
    Action.EXPAND: frozenset({"deliverables", "by"}),
    Action.DRIVE_ADOPTION: frozenset({"kpi", "deliverables", "cost"}),
    Action.REPHASE: frozenset({"kpi", "periods"}),
    Action.REMEASURE: frozenset({"kpi", "deliverables"}),
    Action.MITIGATE: frozenset({"kpi", "deliverables", "cost"}),
    Action.REBASELINE: frozenset({"kpi"}),
    Action.HOLD_FUNDING: frozenset({"deliverables", "until"}),
    Action.TERMINATE: frozenset(),
    Action.DEEP_DIVE: frozenset({"kpi", "deliverables"}),
}
"""What each action may be asked by, beside its name."""


def alternatives(
    runtime: Runtime,
    actor: Actor,
    recommendation_id: int,
    *,
    currency: str | None = None,
    now: datetime,
) -> Record:
    """What if nothing is done, what if what the rule recommends, and what if the project is descoped,
    rephased or terminated instead. What cannot be had is named with why. Money is in `currency`, or in
    each KPI's own. Raises NotFound, InvalidInput."""
    check_currency(currency)
    used: Used = {}
    with runtime.store.reading() as connection:
        found, project = recommendation_for(connection, actor, recommendation_id)
        standing = standing_of(connection, project, currency, used, now)
        possible, ruled_out = _beside(runtime, connection, project, standing, found)
    return {
        "project": project["id"],
        "recommendation": recommendation_id,
        "recommended": found["action"],
        "today": standing.today,
        "currency": currency,
        "alternatives": [
            told(standing, each, each.name, recommended=each.name == found["action"])
            for each in possible
        ],
        "not_possible": [_ruled_out(each) for each in ruled_out],
        "rates": rates_told(used),
    }


def what_if(
    runtime: Runtime,
    actor: Actor,
    project_id: str,
    asked: Sequence[Mapping[str, Any]],
    *,
    currency: str | None = None,
    now: datetime,
) -> Record:
    """The alternatives that are asked for, each by its `action` and what that takes, beside doing nothing.
    Raises NotFound, and InvalidInput with the place of every field that cannot be so."""
    check_currency(currency)
    used: Used = {}
    with runtime.store.reading() as connection:
        project = project_for(connection, actor, project_id)
        standing = standing_of(connection, project, currency, used, now)
        asks = _asks(standing, asked)
        possible, ruled_out = _computed(runtime, connection, project, standing, asks)
    names = _names(possible)
    return {
        "project": project_id,
        "recommendation": None,
        "recommended": None,
        "today": standing.today,
        "currency": currency,
        "alternatives": [
            told(standing, each, name, recommended=False)
            for each, name in zip(possible, names, strict=True)
        ],
        "not_possible": [_ruled_out(each) for each in ruled_out],
        "rates": rates_told(used),
    }


def changes_of(
    runtime: Runtime, connection: Connection, recommendation: Record, name: str, now: datetime
) -> list[dict[str, Any]]:
    """The changes of one of the alternatives of a recommendation, as a scope change is asked by them;
    empty where it leaves the plan as it is.

    Raises InvalidInput for a name that none of them has, and where that one cannot be had.
    """
    project = projects.find(connection, recommendation["project"])
    assert project is not None  # noqa: S101 - a recommendation is of a project
    standing = standing_of(connection, project, None, {}, now)
    possible, ruled_out = _beside(runtime, connection, project, standing, recommendation)
    for each in possible:
        if each.name == name:
            return [dict(change) for change in each.changes]
    why = next((each.why for each in ruled_out if each.name == name), None)
    right = ", ".join(each.name for each in possible)
    raise InvalidInput(
        f"There is no alternative '{name}' here."
        if why is None
        else f"{name} is not possible: {why}.",
        errors={"alternative": [f"one of {right}"]},
    )


def _beside(
    runtime: Runtime,
    connection: Connection,
    project: Record,
    standing: Standing,
    recommendation: Record,
) -> tuple[list[Alternative], list[RuledOut]]:
    deliverables = tuple(recommendation["proposal"].get("deliverables") or ())
    asks = beside(Action(recommendation["action"]), deliverables, recommendation["kpi"])
    return _computed(runtime, connection, project, standing, asks)


def _computed(
    runtime: Runtime,
    connection: Connection,
    project: Record,
    standing: Standing,
    asks: Sequence[Ask],
) -> tuple[list[Alternative], list[RuledOut]]:
    """Of a project that has ended nothing can be changed."""
    workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
    if project["stage"] not in (TERMINATED, workflow.final):
        return side_by_side(standing, asks)
    possible, _ = side_by_side(standing, [Ask()])
    why = f"the project has ended ({project['stage']})"
    return possible, [RuledOut(each.action.value, why) for each in asks if each.action is not None]


def _asks(standing: Standing, asked: Sequence[Mapping[str, Any]]) -> list[Ask]:
    """Doing nothing, and then what is asked for."""
    errors: dict[str, list[str]] = {}
    asks = [Ask()]
    for index, each in enumerate(asked):
        name = str(each["action"])
        action = None if name == NOTHING else Action(name)
        given = {field: value for field, value in each.items() if value is not None}
        for field, wrong in _wrong(standing, action, given).items():
            errors[f"alternatives.{index}.{field}"] = [wrong]
        given |= {"action": action, "deliverables": tuple(given.get("deliverables", ()))}
        if action is not None:
            asks.append(Ask(**given))
    if errors:
        raise InvalidInput("The alternatives cannot be asked for so.", errors=errors)
    return asks


def _wrong(standing: Standing, action: Action | None, given: Mapping[str, Any]) -> dict[str, str]:
    taken = TAKES[action]
    name = NOTHING if action is None else action.value
    meaningless = sorted(given.keys() - taken - {"action"})
    wrong = dict.fromkeys(meaningless, f"has no meaning for {name}")
    unknown = sorted(set(given.get("deliverables", ())) - standing.by_id.keys())
    if unknown:
        wrong["deliverables"] = (
            f"deliverables of project {standing.project}; it has no {', '.join(unknown)}"
        )
    if "kpi" in given and given["kpi"] not in standing.benefit:
        wrong["kpi"] = f"a KPI of project {standing.project}"
    if action is Action.ACCELERATE and given.get("to", standing.today) < standing.today:
        wrong["to"] = f"today, {standing.today.isoformat()}, or later"
    if action is Action.HOLD_FUNDING and given.get("until", date.max) <= standing.today:
        wrong["until"] = f"later than today, {standing.today.isoformat()}"
    return wrong


def _names(found: Sequence[Alternative]) -> list[str]:
    """The action, and from the second of one action on its number: descope, descope-2."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for each in found:
        seen[each.name] = seen.get(each.name, 0) + 1
        names.append(each.name if seen[each.name] == 1 else f"{each.name}-{seen[each.name]}")
    return names


def _ruled_out(found: RuledOut) -> Record:
    return {"name": found.name, "why": found.why}

"""What changes are expected to bring: named with a change, and begun when it is decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.effect import EffectState, beyond_noise, lower_is_better
from govern.domain.kpi import Direction
from govern.domain.period import Cadence, period_end
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.forecasting.forecast import forecast
from govern.services.access import project_for
from govern.services.courses import Course, courses
from govern.services.ledger import record_event
from govern.services.runtime import Runtime
from govern.store import effects as stored
from govern.store import kpis

MOST_EFFECTS = 50


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a KPI would come to by a period: `counterfactual` with its 80 % interval and the model, or
    None and `why`. `figures` were known, the last for `last_figure`."""

    figures: int
    last_figure: date | None
    counterfactual: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    model: str | None = None
    why: str | None = None


def name_effects(
    connection: Connection,
    actor: Actor,
    project: Record,
    effects: Sequence[Mapping[str, Any]],
    *,
    scope_change: int | None = None,
    recommendation: int | None = None,
    now: datetime,
) -> list[int]:
    """The ids of new effects, each with `kpi`, `size` and `by`, a day of the period that it is there by.

    Those named before for the same change are replaced, as far as they have not begun. The caller holds
    the project's lock and has asked who may. Raises InvalidInput with the place of each field that
    cannot be so, below `effects`.
    """
    periods = _checked(connection, project, effects, now)
    for each in _named(connection, scope_change, recommendation):
        _end(connection, actor, project["id"], each, EffectState.REPLACED, now)
    numbers: list[int] = []
    for each, by in zip(effects, periods, strict=True):
        row = {
            "project_id": project["id"],
            "scope_change_id": scope_change,
            "recommendation_id": recommendation,
            "kpi_id": each["kpi"],
            "size": each["size"],
            "by_period": by,
        }
        number = stored.add(connection, row, now)
        told = {
            "effect": number,
            "scope_change": scope_change,
            "recommendation": recommendation,
            "kpi": each["kpi"],
            "size": each["size"],
            "by": by,
        }
        record_event(connection, project["id"], actor, "effect.named", told, now)
        numbers.append(number)
    return numbers


def begin(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    project: Record,
    *,
    scope_change: int | None = None,
    recommendation: int | None = None,
    now: datetime,
) -> None:
    """What the KPIs would come to without the change is kept for each effect that was named with it.

    Called when the change is decided, before any of it is written: a plan that is changed already would
    be forecast from.
    """
    for each in _named(connection, scope_change, recommendation):
        [course] = courses(connection, [project], now.date(), only=each["kpi"])
        found = foretold(course, each["by"])
        said = asdict(found)
        figures = {name: said.pop(name) for name in ("figures", "last_figure")}
        values = {**said, "forecast_at": now}
        _change(connection, each, {"state": EffectState.RUNNING.value, **values})
        told = {"effect": each["id"], "kpi": each["kpi"], "by": each["by"], **values, **figures}
        record_event(connection, project["id"], actor, "effect.begun", told, now)


def drop(connection: Connection, actor: Actor, scope_change: Record, now: datetime) -> None:
    """What was expected of a change that came to nothing. The caller holds the project's lock."""
    for each in _named(connection, scope_change["id"], None):
        _end(connection, actor, scope_change["project"], each, EffectState.DROPPED, now)


def foretold(course: Course, by: date) -> Foretold:
    """What a KPI comes to by a period if all goes on as it is; for a cumulative one the sum up to it."""
    history = course.history()
    actual = dict(history.actual)
    known = Foretold(len(actual), max(actual, default=None))
    if by in actual:
        return replace(known, why=f"the figure for {by.isoformat()} was reported already")
    if history.completes_on is None or history.completes_on < by:
        history = replace(history, completes_on=by, completes_by=None)
    found = forecast(history)
    if found.why is not None:
        return replace(known, why=found.why)
    step = next((each for each in found.path if each.period == by), None)
    if step is None:
        last = known.last_figure.isoformat() if known.last_figure else "none"
        why = f"no figure was reported for {by.isoformat()}, and the last one is for {last}"
        return replace(known, why=why)
    return replace(
        known,
        counterfactual=step.value,
        low=step.low,
        high=step.high,
        model=None if found.model is None else found.model.value,
    )


def effects_of(
    connection: Connection,
    *,
    project: str | None = None,
    scope_change: int | None = None,
    recommendation: int | None = None,
) -> list[Record]:
    """Those of all that is given, the one named first first; without those that others replaced."""
    found = stored.of(
        connection,
        project=project,
        scope_change=scope_change,
        recommendation=recommendation,
        states=[each for each in EffectState if each is not EffectState.REPLACED],
    )
    named = kpis.some(connection, {each["kpi"] for each in found})
    return [
        {
            **each,
            "name": named[each["kpi"]]["name"],
            "unit": named[each["kpi"]]["unit"],
            "beyond_noise": beyond_noise(
                each["actual"], each["counterfactual"], each["low"], each["high"], each["effect"]
            ),
        }
        for each in found
    ]


def list_effects(runtime: Runtime, actor: Actor, project_id: str) -> list[Record]:
    """What the changes of a project are expected to bring, and what came. Raises NotFound."""
    with runtime.store.reading() as connection:
        project_for(connection, actor, project_id)
        return effects_of(connection, project=project_id)


def _named(
    connection: Connection, scope_change: int | None, recommendation: int | None
) -> list[Record]:
    if scope_change is None and recommendation is None:
        return []
    return stored.of(
        connection,
        scope_change=scope_change,
        recommendation=recommendation,
        states=[EffectState.NAMED],
    )


def _end(
    connection: Connection,
    actor: Actor,
    project_id: str,
    found: Record,
    state: EffectState,
    now: datetime,
) -> None:
    """Of one that has not begun."""
    _change(connection, found, {"state": state.value})
    told = {"effect": found["id"], "kpi": found["kpi"], "by": found["by"]}
    record_event(connection, project_id, actor, f"effect.{state.value}", told, now)


def _change(connection: Connection, found: Record, values: Mapping[str, Any]) -> None:
    stored.change(connection, found["id"], found["version"], values)


def _checked(
    connection: Connection,
    project: Record,
    effects: Sequence[Mapping[str, Any]],
    now: datetime,
) -> list[date]:
    """The period of each. Raises InvalidInput."""
    errors: dict[str, list[str]] = {}
    if len(effects) > MOST_EFFECTS:
        errors["effects"] = [f"at most {MOST_EFFECTS}"]
        raise InvalidInput("The effects cannot be so.", errors=errors)
    periods: list[date] = []
    seen: set[tuple[str, date]] = set()
    for index, each in enumerate(effects):
        kpi = kpis.find(connection, each["kpi"])
        if kpi is None or kpi["project"] != project["id"]:
            errors[f"effects.{index}.kpi"] = [f"a KPI of project {project['id']}"]
            continue
        by = period_end(Cadence(kpi["cadence"]), each["by"])
        periods.append(by)
        errors |= {
            f"effects.{index}.{name}": [why] for name, why in _problems(kpi, each, by, now.date())
        }
        if (kpi["id"], by) in seen:
            errors[f"effects.{index}.by"] = [f"{kpi['id']} has an effect by {by} already"]
        seen.add((kpi["id"], by))
    if errors:
        raise InvalidInput("The effects cannot be so.", errors=errors)
    return periods


def _problems(
    kpi: Record, each: Mapping[str, Any], by: date, today: date
) -> Iterable[tuple[str, str]]:
    direction = None if kpi["direction"] is None else Direction(kpi["direction"])
    if lower_is_better(direction, kpi["disbenefit"]) is None:
        yield "kpi", f"nobody has said which way is good for {kpi['id']}: say its direction first"
    if each["size"] <= 0:
        yield "size", "more than 0: how much better, in the KPI's unit"
    if by <= today:
        yield "by", f"a period that ends after today, {today.isoformat()}; not {by.isoformat()}"

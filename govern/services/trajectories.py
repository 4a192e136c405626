"""Drawing a KPI's trajectory through a few points, to be looked at or to be recorded as its plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.period import Cadence
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.role import Permission
from govern.domain.trajectory import Point, Shape, after, count_of, fewest, trajectory
from govern.services import adjusted_plans, forecast_bias, plans
from govern.services.access import kpi_for, require
from govern.services.forecast_bias import By
from govern.services.frozen import frozen
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import readings

MOST_PERIODS = 3_000
_WAY = ("baseline", "baseline_on", "target", "target_on")


@dataclass(frozen=True, slots=True)
class Asked:
    """`points` of the plan, none for the way from the KPI's baseline to its target; `begins` and `ends`
    are days in the first and the last period that is planned. `adjust` brings the plan nearer to the
    baseline by what reviews say of earlier forecasts."""

    shape: Shape
    points: Sequence[Point] = ()
    begins: date | None = None
    ends: date | None = None
    adjust: By | None = None


def draw(
    runtime: Runtime,
    actor: Actor,
    kpi_id: str,
    asked: Asked,
    *,
    record: bool,
    now: datetime,
) -> Record:
    """The planned values that a trajectory has: `values` with what was planned before as `was`, `kept`
    the planned values of other periods, which stay, and `recorded`, how many are new in the plan.

    With `record` they are in the plan now. Raises InvalidInput, NotAllowed, NotFound, and, where they
    are to be recorded, BaselineFrozen.
    """
    if not record:
        with runtime.store.reading() as connection:
            kpi, project = kpi_for(connection, actor, kpi_id)
            _require(actor, project)
            wanted, said = _wanted(connection, actor, kpi, asked)
            return {**_told(connection, kpi, wanted, 0), **said}
    with runtime.store.writing() as connection:
        kpi, project = kpi_for(connection, actor, kpi_id, lock=True)
        _require(actor, project)
        wanted, said = _wanted(connection, actor, kpi, asked)
        new = plans.fresh(connection, kpi, wanted)
        if new and project["baseline_frozen_at"] is not None:
            raise frozen(project, "The trajectory was agreed at a gate")
        told = _told(connection, kpi, wanted, len(new))
        plans.write(connection, actor, kpi, new, now, **_because(said))
    return {**told, **said}


def _wanted(
    connection: Connection, actor: Actor, kpi: Record, asked: Asked
) -> tuple[dict[date, Decimal], Record]:
    """What is to be planned, and what reviews say of forecasts like it: `bias`, `adjusted` (the plan as
    each of them would have it) and `adjust`, by which it was taken. Raises InvalidInput."""
    said = forecast_bias.of_kpi(connection, actor, kpi)
    plain = planned_of(kpi, asked)
    plans_of = {
        each["by"]: _moved(kpi, asked, each["rate"])
        for each in said
        if adjusted_plans.why_not(kpi, each) is None
    }
    wanted = plain
    if asked.adjust is not None:
        wanted = plans_of[adjusted_plans.taken(kpi, said, asked.adjust)["by"]]
    return wanted, {
        "bias": said,
        "adjusted": [
            {
                "by": by,
                "values": [{"period": p, "planned": v} for p, v in sorted(planned.items())],
            }
            for by, planned in plans_of.items()
        ],
        "adjust": None if asked.adjust is None else asked.adjust.value,
    }


def _moved(kpi: Record, asked: Asked, rate: Decimal) -> dict[date, Decimal]:
    way = adjusted_plans.moved(adjusted_plans.Way(kpi, asked.points), rate)
    return planned_of(way.kpi, replace(asked, points=way.points))


def _because(said: Record) -> dict[str, Any]:
    """What the event says of a plan that was adjusted."""
    taken = next((each for each in said["bias"] if each["by"] == said["adjust"]), None)
    if taken is None:
        return {}
    return {"adjusted": {name: taken[name] for name in ("by", "n", "rate")}}


def _require(actor: Actor, project: Record) -> None:
    """Whoever edits KPIs; and the operator, who imports planned values, too."""
    if actor.person_id != OPERATOR.person_id:
        require(actor, Permission.EDIT_KPI, project)


def planned_of(kpi: Mapping[str, Any], asked: Asked) -> dict[date, Decimal]:
    """Period end → planned value of a trajectory for a KPI with these fields. Raises InvalidInput."""
    cadence = Cadence(kpi["cadence"])
    points = list(asked.points) or _way(kpi)
    _check(points, asked, cadence)
    begins = asked.begins
    whole = False
    if not asked.points:
        # The baseline stands before the plan: the first period to plan ends after it.
        first = after(cadence, points[0].day)
        whole = begins is None or begins <= first
        begins = first if begins is None else max(first, begins)
    found = trajectory(
        points,
        asked.shape,
        cadence,
        cumulative=kpi["cumulative"],
        begins=begins,
        ends=asked.ends,
        nothing_before=whole,
    )
    if not found:
        raise InvalidInput(
            "No period is to be planned so.",
            errors={
                "from": [
                    f"the points lie from {points[0].day} to {points[-1].day}: name days of periods "
                    "between them"
                ]
            },
        )
    return found


def _way(kpi: Mapping[str, Any]) -> list[Point]:
    """From the baseline to the target. Raises InvalidInput for a KPI that does not say both."""
    missing = [name for name in _WAY if kpi[name] is None]
    if missing:
        raise InvalidInput(
            "Without points a trajectory runs from the baseline to the target.",
            errors={"points": [f"name them, or say {', '.join(missing)} of KPI {kpi['id']} first"]},
        )
    if kpi["baseline_on"] >= kpi["target_on"]:
        raise InvalidInput(
            "The target lies before the baseline.",
            errors={
                "points": [
                    f"name them: baseline_on is {kpi['baseline_on']}, target_on {kpi['target_on']}"
                ]
            },
        )
    return [
        Point(kpi["baseline_on"], kpi["baseline"]),
        Point(kpi["target_on"], kpi["target"]),
    ]


def _check(points: list[Point], asked: Asked, cadence: Cadence) -> None:
    errors: dict[str, list[str]] = {}
    points.sort(key=lambda each: each.day)
    if len(points) < fewest(asked.shape):
        errors["points"] = [f"{fewest(asked.shape)} or more for the shape {asked.shape}"]
    days = [each.day for each in points]
    if twice := sorted({day for day in days if days.count(day) > 1}):
        errors["points"] = [f"{twice[0]} stands twice: one value for each day"]
    begins, ends = asked.begins, asked.ends
    if begins is not None and ends is not None and ends < begins:
        errors["to"] = [f"{begins} or later"]
    if not errors and count_of(cadence, days[0], days[-1]) > MOST_PERIODS:
        errors["points"] = [f"at most {MOST_PERIODS} periods from the first to the last"]
    if errors:
        raise InvalidInput("No trajectory can be drawn so.", errors=errors)


def _told(
    connection: Connection, kpi: Record, wanted: Mapping[date, Decimal], recorded: int
) -> Record:
    in_force = {
        period: value
        for (kpi_id, period), value in readings.planned_in_force(
            connection, {kpi["project"]}
        ).items()
        if kpi_id == kpi["id"]
    }
    return {
        "kpi": kpi["id"],
        "recorded": recorded,
        "values": [
            {"period": period, "planned": value, "was": in_force.get(period)}
            for period, value in sorted(wanted.items())
        ],
        "kept": [
            {"period": period, "planned": value}
            for period, value in sorted(in_force.items())
            if period not in wanted
        ],
    }

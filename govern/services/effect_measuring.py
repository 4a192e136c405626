"""Effects are measured once their period's figure is there, and again where it is corrected.

What was recommended is verified by the effects that were named with it, or with the scope change that
did it, as soon as all of them are measured.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from govern.domain import measures
from govern.domain.actor import Actor
from govern.domain.effect import (
    BEGUN,
    ENOUGH,
    PATIENCE,
    EffectState,
    all_came,
    beyond_noise,
    effect_of,
    lower_is_better,
    verdict,
)
from govern.domain.period import ends_between, numbered_end, period_number
from govern.domain.plain import plain_decimal
from govern.domain.recommendation import RecommendationStatus
from govern.domain.record import Record
from govern.domain.refusal import Refusal
from govern.domain.role import Role
from govern.services import notices, scope_deciders
from govern.services.courses import Course, courses
from govern.services.due import Candidate, Done, Duty
from govern.services.ledger import record_event
from govern.services.recommendation_ends import mark_verified
from govern.services.runtime import Runtime
from govern.store import effects as stored
from govern.store import projects, readings, recommendations

_VERIFIABLE = frozenset(
    {
        RecommendationStatus.IMPLEMENTED,
        RecommendationStatus.EFFECTIVE,
        RecommendationStatus.INEFFECTIVE,
    }
)


@dataclass(frozen=True, slots=True)
class _Measured:
    """`actual` is the figure of the period, or the sum up to it; `came` is what it is better by."""

    state: EffectState
    actual: Decimal | None = None
    came: Decimal | None = None
    why: str | None = None


def _find(runtime: Runtime, connection: Connection, now: datetime) -> list[Candidate]:
    due = stored.may_be_due(connection, now.date())
    waiting = stored.may_be_verified(connection)
    return [Candidate(each) for each in sorted({*due, *waiting})]


def _do(
    runtime: Runtime, connection: Connection, actor: Actor, candidate: Candidate, now: datetime
) -> tuple[Done, ...]:
    project = projects.locked(connection, candidate.project)
    begun = stored.of(connection, project=project["id"], states=BEGUN)
    if not begun:
        return ()
    found = {each.kpi["id"]: each for each in courses(connection, [project], now.date())}
    done: list[Done] = []
    for each in begun:
        course = found[each["kpi"]]
        measured = _measure(each, course, now.date())
        if measured is not None and not _same(each, measured):
            _write(connection, actor, project, course, each, measured, now)
            done += _tell(runtime, connection, actor, project, course, each, measured, now)
    verified = _verify(connection, actor, project, now)
    if verified and not done:
        done.append(_told_of_verified(project, verified))
    return tuple(done)


def _measure(found: Record, course: Course, today: date) -> _Measured | None:
    """None where it is not due, or its figure is waited for still."""
    by: date = found["by"]
    if by > today:
        return None
    if found["counterfactual"] is None:
        return _Measured(EffectState.UNMEASURABLE, why=_without_forecast(found))
    lower = lower_is_better(course.measured.direction, course.measured.disbenefit)
    if lower is None:
        return _Measured(EffectState.UNMEASURABLE, why="nobody says any more which way is good")
    actual, missing = reached(course, by)
    if actual is None:
        cadence = course.measured.cadence
        until = numbered_end(cadence, period_number(cadence, by) + PATIENCE)
        if today <= until and found["state"] == EffectState.RUNNING:
            return None
        why = f"no figure was reported for {', '.join(each.isoformat() for each in missing)}"
        return _Measured(EffectState.UNMEASURABLE, why=why)
    came = effect_of(actual, found["counterfactual"], lower)
    return _Measured(verdict(came, found["size"]), actual, came)


def reached(course: Course, by: date) -> tuple[Decimal | None, tuple[date, ...]]:
    """The figure of a period, for a cumulative KPI the sum up to it; or None, and which are missing."""
    actual = course.measured.actual
    days: tuple[date, ...] = (by,)
    if course.measured.cumulative:
        begun = min([*actual, *course.measured.planned, by])
        days = ends_between(course.measured.cadence, begun, by)
    missing = tuple(day for day in days if day not in actual)
    if missing:
        return None, missing
    total = Decimal(0)
    for day in days:
        total = measures.CONTEXT.add(total, actual[day])
    return total, ()


def _without_forecast(found: Record) -> str:
    return f"what would have come without the change is not known: {found['why']}"


def _same(found: Record, measured: _Measured) -> bool:
    return (found["state"], found["actual"], found["effect"]) == (
        measured.state.value,
        measured.actual,
        measured.came,
    )


def _write(
    connection: Connection,
    actor: Actor,
    project: Record,
    course: Course,
    found: Record,
    measured: _Measured,
    now: datetime,
) -> None:
    """With all that the result rests on: the forecast as it was kept, and the readings."""
    row = {
        "state": measured.state.value,
        "actual": measured.actual,
        "effect": measured.came,
        "why": measured.why,
        "measured_at": now,
    }
    stored.change(connection, found["id"], found["version"], row)
    kept = ("kpi", "size", "by", "counterfactual", "low", "high", "model", "forecast_at")
    rests = _readings(connection, course, found["by"]) if measured.actual is not None else []
    told = {
        "effect": found["id"],
        "scope_change": found["scope_change"],
        "recommendation": found["recommendation"],
        **{name: found[name] for name in kept},
        **asdict(measured),
        "was": found["state"],
        "enough": ENOUGH,
        "beyond_noise": beyond_noise(
            measured.actual, found["counterfactual"], found["low"], found["high"], measured.came
        ),
        "measured_at": now,
        "readings": rests,
    }
    record_event(connection, project["id"], actor, "effect.measured", told, now)


def _readings(connection: Connection, course: Course, by: date) -> list[int]:
    """The ids of the readings in force that the figure is, or is the sum of; none of a composite KPI,
    whose figures follow from those of others."""
    first = by if not course.measured.cumulative else date.min
    found = readings.newest(connection, [course.kpi["id"]], (first, by))
    return sorted(each["id"] for each in found.values())


def _tell(
    runtime: Runtime,
    connection: Connection,
    actor: Actor,
    project: Record,
    course: Course,
    found: Record,
    measured: _Measured,
    now: datetime,
) -> list[Done]:
    by, unit = found["by"].isoformat(), f" {course.kpi['unit']}" if course.kpi["unit"] else ""
    if measured.came is None:
        what = f"cannot be measured: {measured.why}."
    else:
        what = (
            f"is {measured.state.value}: {plain_decimal(measured.came)} of "
            f"{plain_decimal(found['size'])}{unit}."
        )
    sent = notices.send(
        connection,
        actor,
        notices.EFFECT_MEASURED,
        project,
        f"The effect expected of {course.kpi['name']} by {by} {what}",
        notices.holding(connection, project, _deciders(runtime, connection, project, found), now),
        key=f"effect:{found['id']}:{found['version']}",
        role=Role.PROJECT_MANAGER,
        now=now,
    )
    return [] if sent is None else [sent]


def _deciders(
    runtime: Runtime, connection: Connection, project: Record, found: Record
) -> list[Role]:
    """The roles that decided the change."""
    roles: set[Role] = set()
    if found["recommendation"] is not None:
        asked = recommendations.find(connection, found["recommendation"])
        if asked is not None:
            roles.add(Role(asked["decided_by_role"]))
    if found["scope_change"] is not None:
        try:
            workflow = runtime.catalog.process(connection, project["workflow_digest"]).workflow
            roles |= set(scope_deciders.gate_of(project, workflow).roles)
        except Refusal:
            # A workflow that has lost the gate since: the project's manager is told still.
            pass
    return sorted(roles)


def _verify(connection: Connection, actor: Actor, project: Record, now: datetime) -> list[int]:
    """The recommendations that are verified now, or whose verification has turned."""
    verified: list[int] = []
    for asked in recommendations.of_project(connection, project["id"], _VERIFIABLE):
        named = stored.of(connection, recommendation=asked["id"])
        if asked["scope_change"] is not None:
            named += stored.of(connection, scope_change=asked["scope_change"])
        states = {each["id"]: EffectState(each["state"]) for each in named}
        came = all_came(list(states.values()))
        wanted = RecommendationStatus.EFFECTIVE if came else RecommendationStatus.INEFFECTIVE
        if came is None or asked["status"] == wanted.value:
            continue
        mark_verified(connection, actor, asked["id"], effective=came, now=now)
        verified.append(asked["id"])
    return verified


def _told_of_verified(project: Record, verified: list[int]) -> Done:
    numbers = ", ".join(map(str, verified))
    text = f"Verified by effects that were measured before: recommendation {numbers}."
    return Done("recommendation.verified", project["id"], None, text)


EFFECTS = Duty(_find, _do)

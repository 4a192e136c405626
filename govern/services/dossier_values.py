"""What came of each KPI of a project: promise, results, how far it came, and what it is worth.

Promised and realised are what a KPI gained against its baseline, as the roll-up counts it, in its own
unit; the realisation rate is realised / promised. A level that is held has no way from a baseline to a
target: promised is the level to hold, realised the level reached, and the rate the one against the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from govern.domain import agreed, measures
from govern.domain.agreed import Agreed
from govern.domain.exchange import RateTable
from govern.domain.measures import LEVELS
from govern.domain.record import Record
from govern.domain.review import reached
from govern.domain.rollup import Line, counted_in, totals
from govern.domain.worth import Measured, Worth, per, promised, realised, unknown
from govern.services import baselines, plan_content
from govern.services.courses import Course, courses
from govern.services.rollup import Used, exchange_into, rates_told
from govern.store import exchange_rates

PROMISE = ("baseline", "baseline_on", "target", "target_on")
_MONEY = ("promised", "realised")


@dataclass(frozen=True, slots=True)
class Values:
    """`versions` are those of the agreed plan; `first` is what the first one holds."""

    kpis: list[Record]
    money: list[Record]
    rates: list[Record]
    versions: list[Record]
    first: plan_content.Plan | None


def values_of(connection: Connection, project: Record, day: date, currency: str | None) -> Values:
    """Of every KPI of a project, by what was reported by a day."""
    versions = baselines.versions(connection, project)
    first = baselines.plan_of(connection, project, versions[0]) if versions else None
    today = plan_content.kpis_as_they_stand(connection, project["id"])
    table = exchange_rates.table(connection, day)
    used: Used = {}
    lines: list[Line] = []
    kpis: list[Record] = []
    for course in courses(connection, [project], day):
        now = today[course.kpi["id"]]
        told = _kpi(course, now, None if first is None else first.kpis.get(now.kpi), day)
        line = _line(course, day, currency, table, used)
        kpis.append({**told, "money": _worth(line) if line.of_money else None})
        lines.append(line)
    money = [
        {
            "currency": each.currency,
            "per": each.per.value,
            **{
                name: {
                    "value": each.sums[name].value,
                    "known": each.sums[name].known,
                    "not_known": list(each.sums[name].not_known),
                }
                for name in _MONEY
            },
        }
        for each in totals(lines, counted_in(lines)).money
    ]
    return Values(kpis, money, rates_told(used), versions, first)


def _kpi(course: Course, now: Agreed, first: Agreed | None, day: date) -> Record:
    kpi, measured = course.kpi, course.measured
    actuals = measured.actual
    period = agreed.judged_period(measured.cadence, actuals, day)
    begin = min([*measured.planned, *actuals], default=period)
    actual = agreed.to_date(now, actuals, period, begin)
    gained, came, rate = _realisation(measured, actual, day)
    alike = first is not None and agreed.measured_alike(first, now)
    first_rate = (
        _realisation(_with(measured, first), actual, day)[2]
        if first is not None and alike
        else unknown("no first plan" if first is None else "the first plan measures otherwise")
    )
    is_there = reached(measured.direction, measured.target, actual)
    return {
        "kpi": kpi["id"],
        "name": kpi["name"],
        "category": kpi["category"],
        "unit": kpi["unit"],
        "currency": kpi["currency"],
        "direction": kpi["direction"],
        "disbenefit": kpi["disbenefit"],
        "weight": kpi["weight"],
        "owner": kpi["owner"],
        "first": None if first is None else _promise(first.fields),
        "newest": _promise(kpi),
        "period": period if actual is not None else None,
        "actual": actual,
        "progress": measures.progress(
            measured.direction, measured.baseline, measured.target, actual
        ),
        "reached": is_there,
        "promised": gained.value,
        "realised": came.value,
        "rate": rate.value,
        "why": rate.why,
        "first_rate": first_rate.value,
        "first_why": first_rate.why,
    }


def _realisation(
    measured: Measured, actual: Decimal | None, day: date
) -> tuple[Worth, Worth, Worth]:
    """Promised, realised, and the share of it."""
    if measured.direction in LEVELS:
        target = measured.target
        level = unknown("no target") if target is None else Worth(target)
        stands = (
            unknown("no figure to hold against the target") if actual is None else Worth(actual)
        )
        found = measures.attainment(measured.direction, None, target, actual)
        why = level.why or stands.why or "no level to divide by"
        return level, stands, Worth(found) if found is not None else unknown(why)
    gained, came = promised(measured, day, _itself), realised(measured, day, _itself)
    if gained.value is None or came.value is None:
        return gained, came, unknown(gained.why or came.why or "unknown")
    found = measures.ratio(came.value, gained.value)
    return gained, came, unknown("nothing was promised") if found is None else Worth(found)


def _with(measured: Measured, plan: Agreed) -> Measured:
    """The KPI as another plan promises it."""
    fields = plan.fields
    return replace(
        measured,
        direction=plan.direction,
        baseline=fields.get("baseline"),
        target=fields.get("target"),
        attribution=fields.get("attribution", measured.attribution),
    )


def _promise(fields: Mapping[str, Any]) -> Record:
    return {name: fields.get(name) for name in PROMISE}


def _line(course: Course, day: date, currency: str | None, table: RateTable, used: Used) -> Line:
    kpi, measured = course.kpi, course.measured
    own = kpi["currency"]
    into = currency if own is not None and currency is not None else own
    exchange = exchange_into(own, into, table, used)
    nobody_asked = unknown("not asked for")
    return Line(
        kpi=kpi["id"],
        currency=into,
        per=per(measured),
        weight=kpi["weight"],
        cashable=kpi["cashable"],
        part_of=kpi["part_of"],
        inputs=tuple(kpi["inputs"].values()) if kpi["formula"] else (),
        attribution=kpi["attribution"],
        worth={
            "promised": promised(measured, day, exchange),
            "planned": nobody_asked,
            "realised": realised(measured, day, exchange),
            "forecast": nobody_asked,
        },
        attainment=nobody_asked,
        at_completion=nobody_asked,
    )


def _worth(line: Line) -> Record:
    return {
        "currency": line.currency,
        "per": line.per.value,
        "promised": line.worth["promised"].value,
        "realised": line.worth["realised"].value,
        "why": next((line.worth[name].why for name in _MONEY if line.worth[name].why), None),
    }


def _itself(_: date) -> Decimal:
    return Decimal(1)


def owed(kpis: Sequence[Record]) -> list[str]:
    """Those that are not known to be where they were promised to be."""
    return [each["kpi"] for each in kpis if each["reached"] is not True]

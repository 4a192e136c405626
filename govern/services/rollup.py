"""The roll-up: portfolio › project › category › KPI, in one currency, each KPI counted once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeAlias, cast

from govern.documents.problem import did_you_mean
from govern.domain.actor import Actor
from govern.domain.currency import CODES
from govern.domain.exchange import Quote, RateTable
from govern.domain.measures import PLACES, rounded
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.domain.rollup import Line, Span, Totals, counted_in, overclaimed, totals
from govern.domain.worth import (
    Exchange,
    Worth,
    attained,
    expected,
    last_judged,
    per,
    planned_to_date,
    promised,
    realised,
    unknown,
)
from govern.forecasting.forecast import Forecast
from govern.services.courses import Course, chosen_projects, courses, day_of, forecasts_of
from govern.services.runtime import Runtime
from govern.store import exchange_rates

NOT_ASKED = "forecasts were not asked for"

Used: TypeAlias = dict[tuple[str, str], dict[date | None, Quote]]
"""The rates that amounts were exchanged by, noted as they are taken."""


def check_currency(currency: str | None) -> None:
    """Raises InvalidInput for what is no currency."""
    if currency is not None and currency not in CODES:
        raise InvalidInput(
            f"There is no currency '{currency}'.",
            errors={
                "currency": [did_you_mean(currency, CODES) or "write its three letters, as EUR"]
            },
        )


def roll_up(
    runtime: Runtime,
    actor: Actor,
    *,
    portfolio: str | None = None,
    project: str | None = None,
    currency: str | None = None,
    at: date | None = None,
    forecast: bool = True,
    within: float | None = None,
    now: datetime,
) -> Record:
    """What was promised, planned to date, realised, and is forecast, of all that one may see.

    With `currency` every sum of money is in it, by the rates in force; without it each stays in its
    own. What is unknown is named beside the sum of what is known. With `within` the forecasts that
    take more than so many seconds are unknown, and are worked out for the next who asks. Raises
    NotFound, InvalidInput.
    """
    check_currency(currency)
    day = day_of(at, now)
    with runtime.store.reading() as connection:
        found = chosen_projects(connection, actor, portfolio=portfolio, project=project)
        listed = courses(connection, found, day)
        rates = exchange_rates.table(connection, day)
    used: Used = {}
    ahead = forecasts_of(listed, within) if forecast else {}
    lines = {
        each.kpi["id"]: line_of(each, day, currency, rates, used, ahead.get(each.kpi["id"]))
        for each in listed
    }
    left_out = counted_in(lines.values())

    def summed(some: Sequence[Course]) -> Record:
        return _totals(totals([lines[each.kpi["id"]] for each in some], left_out))

    def grouped(
        some: Sequence[Course],
        key: Callable[[Course], str],
        name: str,
        below: Callable[..., Record],
    ) -> list[Record]:
        ordered = sorted(some, key=lambda each: (key(each), each.kpi["id"]))
        return [
            {name: value or None, **summed(members), **below(members)}
            for value, members in ((value, list(each)) for value, each in groupby(ordered, key))
        ]

    def of_category(some: list[Course]) -> Record:
        return {"kpis": [_row(each, lines[each.kpi["id"]], left_out, day) for each in some]}

    def of_project(some: list[Course]) -> Record:
        first = some[0].project
        return {
            "name": first["name"],
            "stage": first["stage"],
            "categories": grouped(some, _category, "category", of_category),
        }

    def nothing_below(_: list[Course]) -> Record:
        return {}

    def of_portfolio(some: list[Course]) -> Record:
        return {
            "projects": grouped(some, lambda each: each.project["id"], "project", of_project),
            "categories": grouped(some, _category, "category", nothing_below),
        }

    return {
        "at": day,
        "currency": currency,
        "total": summed(listed),
        "portfolios": grouped(
            listed, lambda each: each.project["portfolio"], "portfolio", of_portfolio
        ),
        "rates": rates_told(used),
        "without_kpis": sorted(
            {each["id"] for each in found} - {each.kpi["project"] for each in listed}
        ),
        "overclaimed": [
            {"kpi": kpi, "attribution": share} for kpi, share in overclaimed(lines.values()).items()
        ],
    }


def rates_told(used: Used) -> list[Record]:
    return [
        {"currency": one, "to_currency": other, **shown(asdict(quote))}
        for (one, other), quotes in sorted(used.items())
        for _, quote in sorted(quotes.items(), key=lambda each: str(each[0]))
    ]


def _category(course: Course) -> str:
    return course.kpi["category"] or ""


def line_of(
    course: Course,
    at: date,
    currency: str | None,
    rates: RateTable,
    used: Used,
    found: Forecast | None,
) -> Line:
    """One KPI on a day, with its sums in `currency`, or in its own without one."""
    kpi, measured = course.kpi, course.measured
    own = kpi["currency"]
    into = currency if own is not None and currency is not None else own
    exchange = exchange_into(own, into, rates, used)
    worth = {
        "promised": promised(measured, at, exchange),
        "planned": planned_to_date(measured, at, exchange),
        "realised": realised(measured, at, exchange),
    }
    ahead, span = _forecast_worth(course, at, exchange, found)
    shares, share_span = _attainment(found)
    return Line(
        kpi=kpi["id"],
        currency=into,
        per=per(measured),
        weight=kpi["weight"],
        cashable=kpi["cashable"],
        part_of=kpi["part_of"],
        inputs=tuple(kpi["inputs"].values()) if kpi["formula"] else (),
        attribution=kpi["attribution"],
        worth={**worth, "forecast": ahead},
        attainment=attained(measured, at),
        at_completion=shares,
        span=span if into is not None else None,
        attainment_span=share_span,
    )


def exchange_into(
    own: str | None,
    into: str | None,
    rates: RateTable,
    used: Used,
) -> Exchange:
    if own is None or into is None or own == into:
        return lambda _: Decimal(1)

    def exchange(on: date) -> Decimal | None:
        quote = rates.find(own, into, on)
        if quote is None:
            return None
        used.setdefault((own, into), {})[quote.rate_on] = quote
        return quote.rate

    return exchange


def _forecast_worth(
    course: Course, at: date, exchange: Exchange, found: Forecast | None
) -> tuple[Worth, Span | None]:
    if found is None:
        return unknown(NOT_ASKED), None
    if found.value is None:
        return unknown(found.why or "no forecast"), None
    value = expected(course.measured, found.value, at, exchange)
    if value.value is None:
        return value, None
    narrow = found.ranges[0]
    ends = [
        end.value
        for bound in (narrow.low, narrow.high)
        if bound is not None
        and (end := expected(course.measured, bound, at, exchange)).value is not None
    ]
    if len(ends) != 2:
        return value, None
    return value, Span(value.value, min(ends[0], ends[1]), max(ends[0], ends[1]))


def _attainment(found: Forecast | None) -> tuple[Worth, Span | None]:
    if found is None:
        return unknown(NOT_ASKED), None
    if found.attainment is None:
        return unknown(found.why or "the promise gives no attainment"), None
    narrow = found.attainment_ranges[0]
    if narrow.low is None or narrow.high is None:
        return Worth(found.attainment), None
    return Worth(found.attainment), Span(found.attainment, narrow.low, narrow.high)


def _row(course: Course, line: Line, left_out: Mapping[str, tuple[str, ...]], at: date) -> Record:
    kpi = course.kpi
    told: Record = {
        name: kpi[name]
        for name in (
            *("name", "unit", "direction", "scale", "attribution", "disbenefit", "cashable"),
            *("weight", "part_of"),
        )
    }
    row: Record = {
        "kpi": kpi["id"],
        **told,
        "currency": line.currency,
        "per": line.per.value,
        "period": last_judged(course.measured, at),
        "counted_in": list(left_out.get(kpi["id"], ())),
        **{name: asdict(worth) for name, worth in line.worth.items()},
        "range": None if line.span is None else [line.span.low, line.span.high],
        "attainment": asdict(line.attainment),
        "at_completion": asdict(line.at_completion),
    }
    return shown(row)


def shown(value: Any) -> Any:
    """Numbers to 9 decimal places: what was exchanged or divided has more digits than meaning."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return rounded(value) if isinstance(exponent, int) and exponent < -PLACES else value
    if isinstance(value, dict):
        return {name: shown(each) for name, each in cast("Record", value).items()}
    if isinstance(value, list | tuple):
        return [shown(each) for each in cast("Sequence[Any]", value)]
    return value


def _totals(found: Totals) -> Record:
    plain: dict[str, Any] = shown(asdict(found))
    plain["money"] = [
        {**each.pop("sums"), **each, "per": each["per"].value} for each in plain["money"]
    ]
    return plain

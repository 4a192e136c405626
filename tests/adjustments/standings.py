"""Projects to adjust: KPIs by month from January 2026 on, read on 24 November 2026."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from govern.adjustments.alternative import Alternative
from govern.adjustments.effect import Effect
from govern.adjustments.standing import Benefit, Standing, Work
from govern.domain.kpi import Direction
from govern.domain.period import Cadence, numbered_end
from govern.domain.project import DeliverableState
from govern.domain.worth import Measured, completion
from govern.forecasting.forecast import forecast
from govern.forecasting.history import CompletesBy, History

TODAY = date(2026, 11, 24)
END = date(2026, 12, 31)


def month(number: int) -> date:
    """1 is January 2026."""
    return numbered_end(Cadence.MONTHLY, 2026 * 12 + number - 1)


def dated(values: Sequence[Any]) -> dict[date, Decimal]:
    """`None` is a month without a value."""
    return {month(n): Decimal(str(each)) for n, each in enumerate(values, 1) if each is not None}


def benefit(kpi: str, actual: Sequence[Any], planned: Sequence[Any] = (), **fields: Any) -> Benefit:
    """One that rises from 0 to 120 by the end of 2026, unless said otherwise."""
    own = {
        name: fields.pop(name)
        for name in ("currency", "part_of", "inputs", "target_on", "name", "unit")
        if name in fields
    }
    until = own.setdefault("target_on", END)
    values: dict[str, Any] = {
        "id": kpi,
        "direction": Direction.INCREASE,
        "baseline": Decimal(0),
        "target": Decimal(120),
        "cadence": Cadence.MONTHLY,
        "lag_days": 0,
        "cumulative": False,
        "disbenefit": False,
        "scale": Decimal(1),
        "attribution": None,
        "planned": dated(planned),
        "actual": dated(actual),
        **{
            name: Decimal(value) if type(value) is int and name != "lag_days" else value
            for name, value in fields.items()
        },
    }
    measured = Measured(**values)
    day, source = completion(measured.cadence, until, None, measured.planned)
    history = History(
        cadence=measured.cadence,
        actual=tuple(sorted(measured.actual.items())),
        planned=tuple(sorted(measured.planned.items())),
        direction=measured.direction,
        baseline=measured.baseline,
        target=measured.target,
        cumulative=measured.cumulative,
        completes_on=day,
        completes_by=CompletesBy(source) if source else None,
    )
    told = {"name": f"KPI {kpi}", "unit": None, "currency": None, **own}
    return Benefit(
        id=kpi,
        measured=measured,
        history=history,
        forecast=forecast(history),
        exchange=lambda _: Decimal(1),
        **told,
    )


def work(
    key: str, state: str = "planned", due: date | None = None, cost: int | None = None
) -> Work:
    return Work(
        key,
        f"Thing {key}",
        DeliverableState(state),
        due,
        None if cost is None else Decimal(cost),
    )


def standing(
    benefits: Sequence[Benefit],
    works: Sequence[Work],
    shares: Mapping[str, Mapping[str, Any]],
    **fields: Any,
) -> Standing:
    found = Standing(
        project="P",
        today=TODAY,
        start=date(2026, 1, 1),
        end=END,
        budget=Decimal(1000),
        spent=Decimal(100),
        benefits=tuple(benefits),
        works=tuple(works),
        shares={
            key: {
                kpi: None if share is None else Decimal(str(share)) for kpi, share in each.items()
            }
            for key, each in shares.items()
        },
    )
    return replace(found, **fields)


def effects(found: Alternative) -> dict[str, Effect]:
    return {each.benefit.id: each for each in found.effects}


def values(found: Alternative) -> dict[str, Decimal | None]:
    return {each.benefit.id: each.value for each in found.effects}

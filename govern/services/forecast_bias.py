"""What signed reviews say of forecasts, per category of value and per owner of a KPI.

How much of what was promised came is known of a KPI from the newest signed review that knows it. What is
told is of the projects that the asker may see.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from govern.domain.actor import Actor
from govern.domain.bias import Bias, bias
from govern.domain.record import Record
from govern.services.runtime import Runtime
from govern.store import reviewed


class By(StrEnum):
    """What KPIs are taken together by."""

    CATEGORY = "category"
    OWNER = "owner"


def forecast_bias(runtime: Runtime, actor: Actor, *, portfolio: str | None = None) -> Record:
    """`categories` and `owners`, each in order of name, and how many KPIs were `reviewed`."""
    with runtime.store.reading() as connection:
        rates = reviewed.rates(connection, actor, portfolio)
    return {
        "reviewed": len(rates),
        "categories": _groups(rates, By.CATEGORY),
        "owners": _groups(rates, By.OWNER),
    }


def of_kpi(connection: Connection, actor: Actor, kpi: Record) -> list[Record]:
    """What reviews say of forecasts of this KPI's category and of its owner: the one that is known of
    both, the category first."""
    rates = reviewed.rates(connection, actor)
    return [
        told(by, kpi[by.value], bias([x["rate"] for x in rates if x[by.value] == kpi[by.value]]))
        for by in By
        if kpi[by.value] is not None
    ]


def told(by: By, of: str, found: Bias) -> Record:
    """`offered`: whether a plan can be adjusted by it; `why` not."""
    return {
        "by": by.value,
        "of": of,
        "n": found.n,
        "rate": found.rate,
        "low": found.low,
        "high": found.high,
        "offered": found.why is None,
        "why": found.why,
    }


def _groups(rates: Iterable[Mapping[str, Any]], by: By) -> list[Record]:
    groups: dict[str, list[Decimal]] = defaultdict(list)
    for each in rates:
        if each[by.value] is not None:
            groups[each[by.value]].append(each["rate"])
    return [told(by, of, bias(found)) for of, found in sorted(groups.items())]

"""A project that somebody made up: what the tests in rule files and in workflow files are run on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

GivenValue = Decimal | str | bool | date | tuple[str | bool | None, ...] | None

AS_OF: Final = date(2026, 6, 30)
"""The day a test is judged on where it does not say: the end of a month, quarter and half-year."""


@dataclass(frozen=True, slots=True)
class GivenKpi:
    """`facts` are the KPI's constants, `planned` and `actual` one value a period or one for all."""

    facts: Mapping[str, GivenValue]
    planned: tuple[Decimal | None, ...] | Decimal | None
    actual: tuple[Decimal | None, ...] | Decimal | None


@dataclass(frozen=True, slots=True)
class Given:
    """The data of a test, for so many `periods`, the last one at `as_of`.

    `kpis` holds one KPI for a test on KPIs. `deliverables`, `conditions` and `recommendations` are
    records of the project's.
    """

    name: str
    as_of: date
    periods: int
    project: Mapping[str, GivenValue]
    kpis: tuple[GivenKpi, ...]
    deliverables: tuple[Mapping[str, GivenValue], ...]
    conditions: tuple[Mapping[str, GivenValue], ...]
    recommendations: tuple[Mapping[str, GivenValue], ...]


def kpi_names(given: tuple[GivenKpi, ...]) -> list[str]:
    """The names of a test's KPIs; those without one are numbered."""
    names = [kpi.facts.get("kpi") for kpi in given]
    if names == [None]:
        return ["Test KPI"]
    return [str(name or f"KPI {number}") for number, name in enumerate(names, start=1)]

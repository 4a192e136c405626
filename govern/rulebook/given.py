"""What the tests in rule files give: the data of a project or of one KPI."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from govern.documents.source import Place


class Scope(StrEnum):
    """What a rule is judged on: every KPI, or the project as a whole."""

    KPI = "kpi"
    PROJECT = "project"


GivenValue = Decimal | str | bool | date | tuple[str, ...] | None


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
    place: Place

"""A template of the catalogue: what a KPI of its kind is like."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from govern.documents.source import Place
from govern.domain.kpi import Aggregation, Direction, ToleranceIn
from govern.domain.period import Cadence


@dataclass(frozen=True, slots=True)
class Template:
    """`inputs` says what each name of the `formula` stands for. `money`: its figures are amounts, and
    the KPI says in which currency. `replaces` is the place of the template whose id it has taken."""

    id: str
    title: str
    category: str
    direction: Direction
    cadence: Cadence
    aggregation: Aggregation
    cumulative: bool
    calculation: str
    description: str | None
    unit: str | None
    money: bool
    scale: Decimal
    tolerance: Decimal | None
    tolerance_red: Decimal | None
    tolerance_in: ToleranceIn
    reporting_lag_days: int
    disbenefit: bool
    cashable: bool | None
    formula: str | None
    inputs: Mapping[str, str]
    place: Place
    replaces: Place | None = None

    def fields(self) -> dict[str, Any]:
        """What a KPI takes from it, by the KPI's fields. The formula only where its inputs are said."""
        return {name: getattr(self, name) for name in FIELDS}


FIELDS: Final = (
    "description",
    "category",
    "unit",
    "direction",
    "cadence",
    "aggregation",
    "cumulative",
    "calculation",
    "scale",
    "tolerance",
    "tolerance_red",
    "tolerance_in",
    "reporting_lag_days",
    "disbenefit",
    "cashable",
)

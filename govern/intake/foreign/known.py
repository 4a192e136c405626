"""What govern knows of the KPIs that a file may be about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from govern.domain.period import Cadence


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A reading in force."""

    actual: Decimal | None
    reported_on: date | None = None
    note: str | None = None
    confidence: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class KnownKpi:
    """`planned` and `readings` are what is in force, by period. A frozen plan was agreed at a gate.
    `composite`: its figures follow from other KPIs and are never reported."""

    id: str
    name: str
    unit: str | None = None
    currency: str | None = None
    cadence: Cadence = Cadence.MONTHLY
    composite: bool = False
    frozen: bool = False
    planned: Mapping[date, Decimal] = field(default_factory=dict[date, Decimal])
    readings: Mapping[date, KnownReading] = field(default_factory=dict[date, KnownReading])

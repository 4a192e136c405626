"""A source: how one sender writes figures, said once and kept. What is not said is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from govern.intake.source_format import Order, Percent


@dataclass(frozen=True, slots=True)
class TableKeys:
    """How the table is found in the file."""

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    header: str | None = None
    layout: str | None = None
    fill_down: bool = False


@dataclass(frozen=True, slots=True)
class NumberKeys:
    """`scales`: sign behind a figure → what it multiplies by."""

    decimal: str | None = None
    thousands: str | None = None
    currency: tuple[str, ...] = ()
    parentheses: bool | None = None
    trailing_minus: bool | None = None
    scales: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


@dataclass(frozen=True, slots=True)
class DateKeys:
    order: Order | None = None
    language: str | None = None
    century: int | None = None
    year: int | None = None
    fiscal_start: int | None = None
    fiscal_named: str | None = None
    any_day: bool = False
    serial: bool = False


@dataclass(frozen=True, slots=True)
class LabelKeys:
    """What is said of one label; `skip` leaves its rows out."""

    kpi: str | None = None
    skip: bool = False
    scale: Decimal | None = None
    percent: Percent | None = None
    signs: Percent | None = None


@dataclass(frozen=True, slots=True)
class FileSource:
    """A mapping of files. `None` and empty: nobody has said."""

    id: str = "draft"
    title: str | None = None
    owner: str | None = None
    table: TableKeys = TableKeys()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    kpi: str | None = None
    holds: str | None = None
    measures: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    kpis: Mapping[str, LabelKeys] = field(default_factory=dict[str, LabelKeys])
    numbers: NumberKeys = NumberKeys()
    scale: Decimal | None = None
    percent: Percent | None = None
    signs: Percent | None = None
    dates: DateKeys = DateKeys()
    missing: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()

"""A decision table: which values hold for a KPI or project, by the rows that match it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from govern.documents.source import Place
from govern.domain.given import Given
from govern.language.check import Checked
from govern.language.meaning import Meaning, Value
from govern.language.table import Table
from govern.rulebook.scope import Scope


class Hit(StrEnum):
    """What counts where several rows match (DMN 1.5, 8.2.8).

    `UNIQUE`: that must not happen. `FIRST`: the upper one. `ANY`: all the same, they must agree.
    `PRIORITY`: the one whose first output comes first in `priority`. `COLLECT`: all of them.
    """

    UNIQUE = "unique"
    FIRST = "first"
    ANY = "any"
    PRIORITY = "priority"
    COLLECT = "collect"


@dataclass(frozen=True, slots=True)
class TableRow:
    """`condition` is true where the row matches; `values` has one value an output."""

    condition: Meaning
    values: tuple[Value, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class TableTest(Given):
    """`expect` has for each output one text a period, written as `govern.language.explain.shown`."""

    place: Place
    expect: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """`name` is what conditions call it: the id with `_` for `-`. `results` are its outputs as
    conditions that can be evaluated; `rows` stand as in the file, `place` is where its id stands.
    `portfolios` has the table as it is in those portfolios where other parameters hold."""

    id: str
    name: str
    title: str | None
    scope: Scope
    area: str
    hit: Hit
    inputs: tuple[Checked, ...]
    rows: tuple[TableRow, ...]
    results: Mapping[str, Checked]
    read: Table
    tests: tuple[TableTest, ...]
    place: Place
    portfolios: "Mapping[str, DecisionTable]" = field(
        default_factory=dict[str, "DecisionTable"], hash=False
    )

    def within(self, portfolio: str | None) -> "DecisionTable":
        """The table as it is in a portfolio, with the parameters that hold there."""
        return self.portfolios.get(portfolio, self) if portfolio is not None else self

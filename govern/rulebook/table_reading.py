"""What a decision table says of each KPI or project, and which of its rows says it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from govern.language.check import Checked
from govern.language.columns import evaluate
from govern.language.meaning import Pick, Value
from govern.language.types import BOOLEAN
from govern.observation.frame import Observations
from govern.rulebook.judge import portfolio_of, rows_of
from govern.rulebook.table import DecisionTable, TableRow


@dataclass(frozen=True, slots=True)
class TableReading:
    """`row` is `None` where none matches, or several that contradict each other; `number` counts
    the rows from 1. `kpi` is `None` for a table on projects."""

    project: str
    kpi: str | None
    period: date
    value: Value
    row: TableRow | None
    number: int | None


def read_table(table: DecisionTable, output: str, observations: Observations) -> list[TableReading]:
    """The output at the last row of every KPI or project, in their order. It must have one value,
    so not that of a table that collects."""
    versions = [_Version.of(each, output) for each in (table, *table.portfolios.values())]
    columns = iter(evaluate(observations, [each for one in versions for each in one.conditions]))
    rows = rows_of(table.scope, observations)
    last = rows["is_last"]
    read = [
        [next(columns).filter(last).to_list() for _ in version.conditions] for version in versions
    ]
    which = {portfolio: number for number, portfolio in enumerate(table.portfolios, start=1)}
    portfolios = portfolio_of(table.scope, observations).filter(last).to_list()
    found: list[TableReading] = []
    subjects = rows.filter("is_last").select("project", "kpi", "period").iter_rows()
    for at, ((project, kpi, period), portfolio) in enumerate(
        zip(subjects, portfolios, strict=True)
    ):
        version = which.get(portfolio, 0)
        value, *matches = (column[at] for column in read[version])
        row = versions[version].row_of(matches)
        given = None if row is None else versions[version].table.rows[row]
        number = None if row is None else row + 1
        found.append(TableReading(project, kpi, period, value, given, number))
    return found


@dataclass(frozen=True, slots=True)
class _Version:
    """A table as it is in one portfolio. `conditions`: its output, then each row in the order that
    counts; `numbers` are those of the rows in that order, `groups` as in `Pick`."""

    table: DecisionTable
    conditions: tuple[Checked, ...]
    numbers: tuple[int, ...]
    groups: tuple[int, ...]

    @staticmethod
    def of(table: DecisionTable, output: str) -> "_Version":
        result, pick = table.results[output], table.read.outputs[output]
        assert isinstance(pick, Pick), f"{table.id} collects"  # noqa: S101 - the caller's promise
        column = list(table.read.outputs).index(output)
        rows = [(row.condition, row.values[column]) for row in table.rows]
        asked = list(zip(pick.operands, pick.values, strict=True))
        return _Version(
            table,
            (result, *(replace(result, type=BOOLEAN, meaning=each) for each in pick.operands)),
            tuple(rows.index(each) for each in asked),
            pick.groups,
        )

    def row_of(self, matches: Sequence[Any]) -> int | None:
        true = [at for at, match in enumerate(matches) if match is True]
        if not true or len({self.groups[at] for at in true}) > 1:
            return None
        return self.numbers[true[0]]

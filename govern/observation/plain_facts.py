"""The facts of one project from plain rows: what `facts_of` tells, and the same bytes."""

from datetime import date
from typing import Any

from polars import DataType, Date, Float64

from govern.observation.facts import SORTED_BY, Row, assembled, decimal_text, said
from govern.observation.plain_kpi import PlainKpi
from govern.observation.plain_rows import PlainTables, finite
from govern.observation.plain_rows import Row as PlainRow
from govern.observation.tables import SCHEMAS


def facts_of_one(tables: PlainTables, kpis: list[PlainKpi], as_of: date) -> Row:
    """The facts of the project that the tables hold. `kpis` are its KPIs, in order."""
    rows = {name: _said(name, _sorted(tables, name)) for name in SORTED_BY}
    rows["stages"] = _said("stages", _moves(tables, as_of))
    rows["values"] = _said("values", [value for kpi in kpis for value in _values(kpi)])
    (facts,) = assembled(rows, as_of).values()
    return facts


def _sorted(tables: PlainTables, name: str) -> list[PlainRow]:
    keys = SORTED_BY[name]
    return sorted(tables[name], key=lambda each: tuple(each[key] for key in keys))


def _moves(tables: PlainTables, as_of: date) -> list[PlainRow]:
    """The moves up to a day; where there is none yet, the stage that reaches back to it."""
    found: list[PlainRow] = []
    for at, each in enumerate(sorted(tables["stages"], key=lambda one: one["since"] or date.min)):
        since = each["since"]
        if at == 0 or since is None or since <= as_of:
            known = since is not None and since <= as_of
            found.append({**each, "since": since if known else None})
    return found


def _values(kpi: PlainKpi) -> list[PlainRow]:
    """Every planned value, and the actuals of judged periods, each by its period's end."""
    found: list[PlainRow] = []
    for number in sorted(kpi.values):
        judged = number <= kpi.last
        row = kpi.values[number]
        planned, actual = finite(row["planned"]), kpi.actual(number) if judged else None
        if planned is not None or actual is not None:
            found.append({**row, "period": kpi.end(number), "actual": actual})
    return found


def _said(name: str, rows: list[PlainRow]) -> list[Row]:
    # By columns, most of which are plain already: a project has a few thousand values.
    columns = (
        _plain(dtype, [row[column] for row in rows]) for column, dtype in SCHEMAS[name].items()
    )
    return said(name, zip(*columns, strict=True))


def _plain(dtype: DataType, values: list[Any]) -> list[Any]:
    if dtype == Float64:
        return [_number(each) if isinstance(each, float) else each for each in values]
    if dtype == Date:
        return [None if each is None else each.isoformat() for each in values]
    return values


def _number(value: float) -> str | None:
    known = finite(value)
    return None if known is None else decimal_text(known)

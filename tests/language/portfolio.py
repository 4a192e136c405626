"""Small observations to judge conditions on, and both readings of a condition in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from govern.domain.period import Cadence, numbered_end, period_number
from govern.language.check import Checked, check
from govern.language.columns import evaluate
from govern.language.explain import explain
from govern.language.meaning import Value
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.scopes import KPI, SCOPES, Scope
from govern.language.table import Table
from govern.language.types import Constant
from govern.observation.frame import Observations, observe
from govern.observation.tables import SCHEMAS, ObservationTables

FIRST = period_number(Cadence.MONTHLY, date(2026, 1, 31))
_KPI = {
    "cadence": "monthly",
    "aggregation": "last",
    "cumulative": False,
    "disbenefit": False,
    "reporting_lag_days": 0,
    "weight": 1.0,
}
PARAMS: Mapping[str, Constant] = {
    "act": Decimal("0.8"),
    "watch": Decimal("0.9"),
    "values": ("revenue", "cost"),
    "limits": (Decimal(10), Decimal(20)),
    "since": date(2026, 1, 1),
}


def month(number: int) -> date:
    """The end of the month so many months after January 2026."""
    return numbered_end(Cadence.MONTHLY, FIRST + number)


def table(name: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    schema = SCHEMAS[name]
    full = [{**dict.fromkeys(schema), **row} for row in rows]
    return pl.DataFrame(full, schema=dict(schema))


def kpi(
    name: str,
    actual: Sequence[float | None] = (),
    planned: Sequence[float | None] | float | None = None,
    project: str = "P1",
    **more: object,
) -> dict[str, object]:
    """A monthly KPI with one value a month from January 2026 on."""
    if not isinstance(planned, Sequence):
        planned = [planned] * len(actual)
    fields = {"project": project, "kpi": name, "name": name, **_KPI, **more}
    return {"fields": fields, "values": list(zip(planned, actual, strict=True))}


def observed(
    kpis: Sequence[Mapping[str, Any]] = (),
    months: int | None = None,
    **tables: Sequence[Mapping[str, object]],
) -> Observations:
    """Observations of project P1 (and what `tables` adds) after `months`, or after all values."""
    longest = max((len(one["values"]) for one in kpis), default=1)
    rows = {
        "projects": [{"project": "P1", "name": "One"}],
        "kpis": [one["fields"] for one in kpis],
        "values": [
            {
                "kpi": one["fields"]["kpi"],
                "period": month(index),
                "planned": planned,
                "actual": actual,
            }
            for one in kpis
            for index, (planned, actual) in enumerate(one["values"])
        ],
        **tables,
    }
    frames = {name: table(name, rows.get(name, ())) for name in SCHEMAS}
    return observe(ObservationTables(**frames), month((months or longest) - 1))


def with_cells(observations: Observations, scope: Scope, **columns: object) -> Observations:
    """The observations with other values in some columns of one frame, as they stand."""
    frame: pl.DataFrame = getattr(observations, scope.frame)
    changed = frame.with_columns(
        pl.Series(name, values, dtype=frame.schema[name]) for name, values in columns.items()
    )
    return replace(observations, **{scope.frame: changed})


def checked(
    text: str,
    scope: Scope = KPI,
    params: Mapping[str, Constant] = PARAMS,
    expect: Any = None,
    tables: Mapping[str, Table] | None = None,
) -> Checked:
    return check(parse(text, within("test", text)), scope, params, expect, tables)


def readings(
    text: str, observations: Observations, scope: Scope = KPI
) -> tuple[list[Value], list[Value]]:
    """The condition on every row: as columns, and as explained."""
    condition = checked(text, scope)
    column = evaluate(observations, [condition])[0]
    frame: pl.DataFrame = getattr(observations, SCOPES[scope.name].frame)
    assert len(column) == frame.height
    plain = [explain(condition, observations, row).value for row in range(frame.height)]
    return [as_decimal(value) for value in column], plain


def value(text: str, observations: Observations, scope: Scope = KPI) -> Value:
    """The condition on the last row, after both readings have given the same on all."""
    column, plain = readings(text, observations, scope)
    assert column == plain, text
    return column[-1]


def values(text: str, observations: Observations, scope: Scope = KPI) -> list[Value]:
    """The condition on every row, after both readings have given the same."""
    column, plain = readings(text, observations, scope)
    assert column == plain, text
    return column


def as_decimal(cell: Any) -> Value:
    return Decimal(repr(cell)) if isinstance(cell, float) else cell

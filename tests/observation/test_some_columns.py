"""Observing some columns of KPIs shows in them what observing all shows, whatever else was not read."""

from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from govern.observation.frame import observe
from govern.observation.kpi_rows import ALWAYS, COLUMNS, made_of
from govern.observation.tables import SCHEMAS, ObservationTables
from tests.observation.portfolios import AS_OF, any_tables, slow


@given(tables=any_tables(), columns=st.sets(st.sampled_from(COLUMNS), max_size=6))
@slow
def test_what_was_not_asked_for_need_not_be_read(
    tables: ObservationTables, columns: set[str]
) -> None:
    read = made_of(columns)
    partly = replace(
        tables,
        kpis=only("kpis", tables.kpis, read),
        values=only("values", tables.values, read),
    )
    found = observe(partly, AS_OF, columns).kpis
    assert found.columns == [each for each in COLUMNS if each in columns | ALWAYS]
    assert found.equals(observe(tables, AS_OF).kpis.select(found.columns))


def only(name: str, table: pl.DataFrame, read: frozenset[str]) -> pl.DataFrame:
    """The table as it is loaded where only some of its columns are read."""
    return table.select(
        pl.col(column) if column in read else pl.lit(None, of).alias(column)
        for column, of in SCHEMAS[name].items()
    )

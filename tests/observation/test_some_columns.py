"""Observing some columns of KPIs shows in them what observing all shows, whatever else was not read."""

from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from govern.observation.frame import observe
from govern.observation.kpi_rows import ALWAYS, COLUMNS, made_of
from govern.observation.memberships import NONE
from govern.observation.tables import SCHEMAS, ObservationTables
from tests.observation.portfolios import AS_OF, any_tables, slow

OTHERS = ("stages", "deliverables", "serves", "conditions", "recommendations")


@given(tables=any_tables(), columns=st.sets(st.sampled_from([*COLUMNS, *NONE]), max_size=6))
@slow
def test_what_was_not_asked_for_need_not_be_read(
    tables: ObservationTables, columns: set[str]
) -> None:
    read = made_of(columns)
    partly = replace(
        tables,
        kpis=only("kpis", tables.kpis, read),
        values=only("values", tables.values, read),
        projects=only("projects", tables.projects, read),
        **{name: getattr(tables, name).clear() for name in OTHERS if name not in read},
    )
    found, whole = observe(partly, AS_OF, columns), observe(tables, AS_OF)
    assert found.kpis.columns == [each for each in COLUMNS if each in columns | ALWAYS]
    assert found.kpis.equals(whole.kpis.select(found.kpis.columns))
    own = [each for each in found.projects.columns if each in columns | ALWAYS]
    assert found.projects.select(own).equals(whole.projects.select(own))
    for name, none in NONE.items():
        links = getattr(found, name)
        assert links.schema == none.schema
        assert links.equals(getattr(whole, name) if name in columns else none)


def only(name: str, table: pl.DataFrame, read: frozenset[str]) -> pl.DataFrame:
    """The table as it is loaded where only some of its columns are read."""
    return table.select(
        pl.col(column) if column in read else pl.lit(None, of).alias(column)
        for column, of in SCHEMAS[name].items()
    )

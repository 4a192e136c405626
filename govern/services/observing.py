"""The observation tables as everything that judges reads them: with the values of composite KPIs."""

from collections.abc import Collection, Set
from dataclasses import fields

import polars as pl
from sqlalchemy import Connection

from govern.composites.compute import READ, Composition, Computed, compute
from govern.observation.kpi_rows import made_of
from govern.observation.tables import ObservationTables
from govern.store import compositions, observations


def load_tables(
    connection: Connection,
    project_ids: set[str] | None = None,
    columns: Set[str] | None = None,
) -> ObservationTables:
    """Every table of the projects, of all where `project_ids` is `None`; see
    `govern.store.observations`. What composite KPIs come to stands among the values.

    For who observes no more than some `columns` and links only what these are made of is read.
    """
    read = None if columns is None else made_of(columns) | READ
    tables = observations.load_tables(connection, project_ids, read)
    composite = tables.kpis.filter(pl.col("formula").is_not_null())["kpi"].to_list()
    if not composite:
        return tables
    return _only(_computed(connection, tables, composite, columns=read).tables, tables)


def inputs_elsewhere(connection: Connection, tables: ObservationTables) -> list[tuple[str, str]]:
    """Pairs of a project and a KPI that its composite KPIs read, directly or through each other, and
    that is another project's or is not there."""
    own = dict(tables.kpis.select("kpi", "project").iter_rows())
    composite = tables.kpis.filter(pl.col("formula").is_not_null())["kpi"].to_list()
    if not composite:
        return []
    known = compositions.of(connection, composite)
    found: set[tuple[str, str]] = set()
    for each in composite:
        wanted, read = [each], {each}
        while wanted:
            told = known.get(wanted.pop())
            if told is None or not told["formula"]:
                continue
            inputs = set(told["inputs"].values()) - read
            read |= inputs
            wanted += inputs
        project = own[each]
        found |= {
            (project, kpi) for kpi in read if kpi not in known or known[kpi]["project"] != project
        }
    return sorted(found)


def load_computed(connection: Connection, kpi_id: str, project_id: str) -> Computed:
    """A composite KPI's tables, with how its values came about."""
    tables = observations.load_tables(connection, {project_id})
    return _computed(connection, tables, [kpi_id], explained=(kpi_id,))


def _computed(
    connection: Connection,
    tables: ObservationTables,
    composite: list[str],
    explained: Collection[str] = (),
    columns: Set[str] | None = None,
) -> Computed:
    """The tables, and beside their KPIs those that the composites read in other projects."""
    found = compositions.of(connection, composite)
    own = set(tables.kpis["kpi"].to_list())
    elsewhere = {each["project"] for kpi, each in found.items() if kpi not in own}
    if elsewhere:
        others = observations.load_tables(connection, elsewhere, columns)
        tables = _beside(tables, others, found.keys() - own)
    return compute(
        tables,
        (
            Composition(each["id"], each["formula"], each["inputs"])
            for each in found.values()
            if each["formula"] is not None
        ),
        explained,
    )


def _beside(
    tables: ObservationTables, others: ObservationTables, wanted: set[str]
) -> ObservationTables:
    """The tables with the wanted KPIs of others, and their values."""
    read = pl.col("kpi").is_in(sorted(wanted))
    named = {each.name: getattr(tables, each.name) for each in fields(tables)}
    named |= {
        name: pl.concat([named[name], getattr(others, name).filter(read)])
        for name in ("kpis", "values")
    }
    return ObservationTables(**named)


def _only(computed: ObservationTables, tables: ObservationTables) -> ObservationTables:
    """The computed values of the tables' own KPIs."""
    named = {each.name: getattr(tables, each.name) for each in fields(tables)}
    own = pl.col("kpi").is_in(tables.kpis["kpi"].implode())
    return ObservationTables(**named | {"values": computed.values.filter(own)})

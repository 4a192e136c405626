"""What is read of a portfolio in part is what is there, whichever way it is asked for."""

import polars as pl
import pytest
from sqlalchemy import Connection, event

from govern.observation.frame import observe
from govern.observation.kpi_rows import made_of
from govern.observation.memberships import NONE
from govern.observation.tables import SCHEMAS, ObservationTables
from govern.rulebook.judge import columns_judged, judge_each
from govern.services.example import load_example
from govern.services.observing import load_tables
from govern.services.people import OPERATOR
from govern.store import rulebooks
from govern.store.projects import portfolios
from tests.databases import only_postgresql
from tests.services.house import NOW, ROOT, House, add_project


def test_projects_and_columns_of_the_example(house: House) -> None:
    load_example(house.runtime, OPERATOR, ROOT / "examples", now=NOW)
    with house.runtime.store.reading() as connection:
        whole = load_tables(connection)
        ids = {project for project, _ in portfolios(connection)}
        some = set(sorted(ids)[::3])
        same(load_tables(connection, some), whole.of_projects(some))
        lists = listing(connection)
        same(load_tables(connection, ids), whole)
        assert len(lists) == 1, "only to see that these are all projects"

        revision = rulebooks.in_force(connection)
        assert revision is not None
        rules = house.runtime.catalog.rulebook(connection, revision["digest"]).judged
        expected = judge_each(rules, observe(whole, NOW.date()))
        columns = columns_judged(rules)
        partly = observe(load_tables(connection, ids, columns), NOW.date(), columns)
        for one, other in zip(judge_each(rules, partly), expected, strict=True):
            assert one.loud.equals(other.loud)


def test_other_tables_are_read_where_they_are_named(house: House) -> None:
    load_example(house.runtime, OPERATOR, ROOT / "examples", now=NOW)
    with house.runtime.store.reading() as connection:
        whole = load_tables(connection)
        originals = ("original_baseline", "original_target", "original_attainment")
        others = ("actual", "lessons", "objectives", "follow_up", "stage")
        for column in (*originals, *others, *NONE):
            found, read = load_tables(connection, None, {column}), made_of({column})
            for name in SCHEMAS:
                table: pl.DataFrame = getattr(found, name)
                all_of_it: pl.DataFrame = getattr(whole, name)
                if name in ("projects", "kpis", "values"):
                    own = [each for each in SCHEMAS[name] if each in read]
                    assert table.select(own).equals(all_of_it.select(own))
                else:
                    assert table.equals(all_of_it if name in read else all_of_it.clear())


@only_postgresql
@pytest.mark.parametrize("names_all", [False, True])
def test_what_comes_in_between_two_queries_is_left_out(house: House, names_all: bool) -> None:
    add_project(house, "P")
    statements = 0

    def counted(*_: object) -> None:
        nonlocal statements
        statements += 1

    with house.runtime.store.writing() as connection:
        event.listen(connection, "before_cursor_execute", counted)
        load_tables(connection, {"P"} if names_all else None)
    assert statements > 5
    for late in range(statements):
        asked = 0

        def comes_in(*_: object, late: int = late) -> None:
            nonlocal asked
            if asked == late:
                add_project(house, f"LATE-{late}")
            asked += 1

        known = ids_of(house) if names_all else None
        with house.runtime.store.writing() as connection:
            event.listen(connection, "before_cursor_execute", comes_in)
            tables = load_tables(connection, known)
        found = observe(tables, NOW.date())
        assert found.projects["project"].n_unique() == tables.projects.height >= late + 1


def ids_of(house: House) -> set[str]:
    with house.runtime.store.reading() as connection:
        return {project for project, _ in portfolios(connection)}


def listing(connection: Connection) -> list[str]:
    """The statements that are given a list of projects from here on."""
    found: list[str] = []

    def noted(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "json_each" in statement or "ANY (" in statement:
            found.append(statement)

    event.listen(connection, "before_cursor_execute", noted)
    return found


def same(one: ObservationTables, other: ObservationTables) -> None:
    for name in SCHEMAS:
        found: pl.DataFrame = getattr(one, name)
        assert found.equals(getattr(other, name)), name

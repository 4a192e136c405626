"""A database of somebody else's, from which figures are pulled."""

import sqlite3
from contextlib import closing

from pytest_bdd import given, parsers

from features.house import House, rows

FILE = """\
schema: govern/source/v1
id: warehouse
kind: sql
url_env: WAREHOUSE_URL
query: SELECT * FROM figures WHERE changed >= :watermark ORDER BY changed
watermark: {{column: changed, holds: number, starts: "0"}}
columns: {{kpi: measure, period: month_end, actual: amount}}
kpis:
  - {{label: {label}, kpi: {kpi}}}
  - {{label: {other}, skip: true}}
"""


def _run(house: House, statement: str, *values: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(house.folder / "warehouse.db")) as connection, connection:
        connection.executemany(statement, values or [()])


@given("a warehouse with the figures")
def _(house: House, datatable: list[list[str]]) -> None:
    _run(house, "CREATE TABLE figures (changed INTEGER, measure TEXT, month_end TEXT, amount TEXT)")
    _fill(house, datatable)


@given("the warehouse gets the figures")
def _(house: House, datatable: list[list[str]]) -> None:
    _fill(house, datatable)


def _fill(house: House, table: list[list[str]]) -> None:
    values = [tuple(row.values()) for row in rows(table)]
    _run(house, "INSERT INTO figures VALUES (?, ?, ?, ?)", *values)


@given(
    parsers.re(
        r"the warehouse is a source in which (?P<label>\w+) is (?P<kpi>\w+) "
        r"and (?P<other>\w+) is nothing of ours"
    )
)
def _(house: House, label: str, kpi: str, other: str) -> None:
    (house.folder / "sources").mkdir()
    text = FILE.format(label=label, kpi=kpi, other=other)
    (house.folder / "sources" / "warehouse.yaml").write_text(text)
    house.environment["GOVERN_SOURCES"] = str(house.folder / "sources")
    house.environment["WAREHOUSE_URL"] = f"sqlite:///{house.folder / 'warehouse.db'}"


@given(parsers.re(r"the warehouse mends (?P<before>[\d-]+) to (?P<after>[\d-]+)"))
def _(house: House, before: str, after: str) -> None:
    _run(house, "UPDATE figures SET month_end = ? WHERE month_end = ?", (after, before))


@given("the warehouse is gone")
def _(house: House) -> None:
    (house.folder / "warehouse.db").unlink()


@given("nobody says where the warehouse is")
def _(house: House) -> None:
    house.environment["WAREHOUSE_URL"] = ""

"""Rows that are read as columns are the rows that are stored, on both databases."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Table,
    Text,
    cast,
    insert,
    select,
)

from govern.store.engine import open_engine
from govern.store.frames import Source, read_frame
from govern.store.query import within
from govern.store.types import Exact, Json, Nearest

owner = Table("owner", MetaData(), Column("id", Text, primary_key=True), Column("project_id", Text))
sample = Table(
    "sample",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("owner_id", Text),
    Column("text", Text),
    Column("day", Date),
    Column("exact", Exact),
    Column("holds", Boolean),
    Column("tags", Json),
)
SOURCE = Source(
    select(*sample.c),
    owner.c.project_id,
    {
        "number": pl.Int64(),
        "owner": pl.String(),
        "text": pl.String(),
        "day": pl.Date(),
        "exact": pl.Float64(),
        "holds": pl.Boolean(),
        "tags": pl.List(pl.String()),
    },
    sample.c.owner_id,
)
ROWS: list[tuple[Any, ...]] = [
    (1, "one", 'a "b", \\c\n\t\x01é 😀 <&>', date(2026, 10, 31), Decimal("0.1"), True, ["a", "é"]),
    (2, "two", "", date(1, 1, 1), Decimal("-12345678901234.5"), False, []),
    (3, "one", "null", date(9999, 12, 31), Decimal("1000000000000000000000.1"), None, ["null", ""]),
    (4, "two", None, None, None, None, None),
]


@pytest.fixture
def connection(bare_database_url: str) -> Iterator[Connection]:
    engine = open_engine(bare_database_url)
    with engine.begin() as opened:
        owner.create(opened)
        sample.create(opened)
        yield opened
    engine.dispose()


@pytest.fixture
def stored(connection: Connection) -> Connection:
    connection.execute(
        insert(owner), [{"id": each, "project_id": f"{each}'s"} for each in ("one", "two")]
    )
    connection.execute(
        insert(sample), [dict(zip(sample.c.keys(), row, strict=True)) for row in ROWS]
    )
    return connection


def test_every_kind_of_value_is_what_was_stored(stored: Connection) -> None:
    expected = [
        tuple(float(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in ROWS
    ]
    found = read_frame(stored, SOURCE, None).sort("number")
    assert found.schema == pl.Schema(SOURCE.types)
    assert found.rows() == expected


def test_only_the_rows_of_some_projects_are_read(stored: Connection) -> None:
    for projects, numbers in (({"two's"}, [2, 4]), ({"two's", "one's"}, [1, 2, 3, 4]), (set(), [])):
        found = read_frame(stored, SOURCE, projects).sort("number")
        assert found.schema == pl.Schema(SOURCE.types)
        assert found["number"].to_list() == numbers
        of = select(owner.c.id).where(within(stored, owner.c.project_id, projects))
        assert set(stored.scalars(of)) == {row[1] for row in ROWS if row[0] in numbers}


def test_a_column_that_nobody_asked_for_is_null(stored: Connection) -> None:
    found = read_frame(stored, SOURCE, None, {"number", "text"})
    assert found.schema == pl.Schema(SOURCE.types)
    assert found["text"].null_count() == 1
    assert found.drop("number", "text").null_count().sum_horizontal()[0] == 5 * len(ROWS)


def test_no_rows_are_a_frame_with_its_types(connection: Connection) -> None:
    found = read_frame(connection, SOURCE, None)
    assert (found.height, found.schema) == (0, pl.Schema(SOURCE.types))


def test_numbers_are_the_nearest_floats_however_they_are_read(connection: Connection) -> None:
    # Among so many of 15 digits a cast of SQLite's own takes some for their neighbours.
    texts = [f"{100_000_000_000_037 * (1 + n % 9) + n * 7_919}" for n in range(2_000)]
    exact = [Decimal(f"{text[: n % 15]}.{text[n % 15 : 15]}") for n, text in enumerate(texts)]
    connection.execute(
        insert(sample), [{"number": n, "exact": each} for n, each in enumerate(exact)]
    )
    expected = [float(each) for each in exact]
    assert read_frame(connection, SOURCE, None).sort("number")["exact"].to_list() == expected
    plain = select(cast(sample.c.exact, Nearest)).order_by(sample.c.number)
    assert list(connection.scalars(plain)) == expected

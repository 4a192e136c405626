"""What goes into a column comes out of it: every digit, every microsecond, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, literal_column, select
from sqlalchemy.exc import StatementError

from govern.ledger.canonical import NotCanonical
from govern.store.engine import open_engine
from govern.store.types import Exact, Json, UtcTime, plain

sample = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("exact", Exact),
    Column("moment", UtcTime),
    Column("json", Json),
)


@pytest.fixture
def connection(bare_database_url: str) -> Iterator[Connection]:
    engine = open_engine(bare_database_url)
    with engine.begin() as opened:
        sample.create(opened)
        yield opened
    engine.dispose()


def _through(connection: Connection, **values: Any) -> Any:
    (name,) = values
    inserted = sample.insert().values(**values).returning(sample.c.id)
    key = connection.execute(inserted).scalar_one()
    return connection.scalar(select(sample.c[name]).where(sample.c.id == key))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0E+7", "0"),
        ("1.500", "1.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("-1E-7", "-0.0000001"),
        ("0.1", "0.1"),
        ("12345678901234567890123456789012345.678901234567890123456789", None),
    ],
)
def test_decimals_are_exact(connection: Connection, number: str, text: str | None) -> None:
    back = _through(connection, exact=Decimal(number))
    assert isinstance(back, Decimal)
    assert (back, plain(back)) == (Decimal(number), text or number)


def test_equal_decimals_are_equal_in_a_query(connection: Connection) -> None:
    _through(connection, exact=Decimal("1.50"))
    assert connection.scalar(select(sample.c.id).where(sample.c.exact == Decimal("1.5"))) == 1


def test_sqlite_keeps_decimals_as_text_and_postgresql_as_numeric(connection: Connection) -> None:
    _through(connection, exact=Decimal("0.1"))
    sqlite = connection.dialect.name == "sqlite"
    kind = "typeof(exact)" if sqlite else "pg_typeof(exact)::text"
    assert connection.scalar(select(literal_column(kind)).select_from(sample)) == (
        "text" if sqlite else "numeric"
    )


@pytest.mark.parametrize("number", [0.1, True, "0.1", Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_exact_number_is_refused(connection: Connection, number: Any) -> None:
    with pytest.raises((StatementError, ValueError, TypeError)):
        _through(connection, exact=number)


@pytest.mark.parametrize("number", ["1E+1000", "1E-1001", "1E+999999"])
def test_absurd_numbers_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match="too large or too small"):
        plain(Decimal(number))


def test_instants_keep_their_microseconds_and_come_back_in_utc(connection: Connection) -> None:
    local = datetime(2026, 11, 24, 10, 0, 0, 1, timezone(timedelta(hours=5, minutes=30)))
    back = _through(connection, moment=local)
    assert (back, back.tzinfo) == (local, UTC)


def test_instants_sort_in_the_database(connection: Connection) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(microseconds=step) for step in (0, 1, 999_999, 1_000_000)]
    for moment in reversed(moments):
        _through(connection, moment=moment)
    assert list(connection.scalars(select(sample.c.moment).order_by(sample.c.moment))) == moments
    later = select(sample.c.moment).where(sample.c.moment > moments[2])
    assert list(connection.scalars(later)) == moments[3:]


def test_a_moment_without_a_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        _through(connection, moment=datetime(2026, 11, 24))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    "value", [{}, [], {"b": [1, None, True], "a": "é\U0001f600"}, "text", 0, False, ["", {}]]
)
def test_json_comes_back_as_it_went_in(connection: Connection, value: Any) -> None:
    assert _through(connection, json=value) == value


def test_missing_is_null_in_every_type(connection: Connection) -> None:
    connection.execute(sample.insert().values(exact=None, moment=None, json=None))
    null = select(sample.c.id).where(
        sample.c.exact.is_(None), sample.c.moment.is_(None), sample.c.json.is_(None)
    )
    assert connection.scalar(null) == 1
    assert connection.execute(select(sample)).one()[1:] == (None, None, None)


def test_floats_in_json_are_refused(connection: Connection) -> None:
    with pytest.raises((StatementError, NotCanonical), match=r"0\.5 is a float"):
        _through(connection, json={"a": 0.5})

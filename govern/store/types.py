"""Column types that mean the same on SQLite and PostgreSQL, to the last digit and microsecond."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, TIMESTAMP, Dialect, Double, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from govern.domain.instant import read_instant, write_instant
from govern.domain.plain import plain_decimal
from govern.ledger.canonical import canonical

MOST_DIGITS = 1000
"""Before or after the point. PostgreSQL's NUMERIC holds more; nothing that is measured needs it."""


def plain(number: Decimal) -> str:
    """Plain notation without exponent, trailing zeros or minus zero: equal numbers, equal text.

    Raises `ValueError` for NaN, infinities and numbers of more than `MOST_DIGITS` digits.
    """
    if not number.is_finite():
        raise ValueError(f"{number} is no number that can be stored; missing data is None")
    if number and not -MOST_DIGITS < number.adjusted() < MOST_DIGITS:
        raise ValueError(f"{number} is too large or too small to store")
    return plain_decimal(number)


class Exact(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC on PostgreSQL, TEXT in `plain` notation on SQLite; never a float.

    SQLite compares the TEXT, so equality works in SQL and order does not: order and add up in
    Python or in a data frame. Takes `Decimal` and `int`; a float raises `TypeError`.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric())
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise TypeError(f"{value!r} is no Decimal; exact numbers are kept as nothing else")
        text = plain(Decimal(value))
        return Decimal(text) if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Nearest(TypeDecorator[float]):
    """The float that is nearest to an exact decimal, for what is read only: `cast(column, Nearest)`.

    PostgreSQL casts to it. On SQLite it is made of the decimal's text: its own cast is an ulp off now
    and then.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        postgresql = dialect.name == "postgresql"
        return dialect.type_descriptor(Double() if postgresql else Text())

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return None if dialect.name == "postgresql" else _number


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime: TIMESTAMPTZ on PostgreSQL, ISO text that sorts on SQLite.

    A datetime without a time zone raises `ValueError`.
    """

    impl = TIMESTAMP
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = write_instant(value)
        return read_instant(text) if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else read_instant(value)


class Json(TypeDecorator[Any]):
    """A JSON value without floats: JSONB on PostgreSQL, canonical text (RFC 8785) on SQLite.

    `None` is SQL NULL. What has no canonical form raises `govern.ledger.canonical.NotCanonical`.
    """

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = canonical(value).decode()
        return value if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else json.loads(value)

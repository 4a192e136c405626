"""A name for what SQLAlchemy 2.1 types by each of its columns, and values for `IN`, whole and in parts."""

import json
from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Text,
    any_,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from govern.store.engine import is_sqlite

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A query whose columns are known at run time only."""

_AT_ONCE = 500


def in_parts(values: Collection[str]) -> Iterator[list[str]]:
    """The values in order, so many at once as one statement takes well."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def among(of: ColumnElement[str], name: str, *, sqlite: bool) -> ColumnElement[bool]:
    """Whether a column has one of the texts that the parameter of this name lists (see `listed`): one
    parameter for however many, so that the statement is always the same."""
    return _among(of, bindparam(name, type_=_list(sqlite=sqlite)), sqlite=sqlite)


def listed(connection: Connection, values: Collection[str]) -> str | list[str]:
    """The texts as the parameter that `among` takes."""
    ordered = sorted(values)
    return json.dumps(ordered, ensure_ascii=False) if is_sqlite(connection) else ordered


def within(
    connection: Connection, of: ColumnElement[str], values: Collection[str]
) -> ColumnElement[bool]:
    """Whether a column has one of these texts, however many they are."""
    sqlite = is_sqlite(connection)
    given = listed(connection, values)
    return _among(
        of, bindparam("listed", given, type_=_list(sqlite=sqlite), unique=True), sqlite=sqlite
    )


def _list(*, sqlite: bool) -> TypeEngine[Any]:
    return Text() if sqlite else ARRAY(Text)


def _among(
    of: ColumnElement[str], texts: BindParameter[Any], *, sqlite: bool
) -> ColumnElement[bool]:
    if sqlite:
        each = func.json_each(texts).table_valued(column("value", Text))
        return of.in_(select(each.c.value))
    return of == any_(texts)

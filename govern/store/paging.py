"""Pages of a list by cursor: stable under inserts, the same cost on page 1 and page 10,000."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Float, and_, cast, or_

from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.store.query import AnySelect
from govern.store.types import Exact

LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """`next_cursor` is `None` on the last page."""

    items: list[Record]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`sort` is a field name, with a minus in front for descending; `None` is the list's own order."""

    limit: int = 50
    cursor: str | None = None
    sort: str | None = None


def page_of(
    connection: Connection,
    query: AnySelect,
    request: PageRequest,
    sortable: Mapping[str, ColumnElement[Any]],
    key: ColumnElement[Any],
    default_sort: str,
) -> Page:
    """One page of `query`, sorted by a field of `sortable` and then by `key` (unique, not null).

    Missing values come last in both directions. Raises InvalidInput for an unknown field, a cursor
    that is not ours or belongs to another sort order, or a limit outside 1 to 500.
    """
    sort = request.sort or default_sort
    descending, name = sort.startswith("-"), sort.removeprefix("-")
    if name not in sortable:
        known = ", ".join(sorted(sortable))
        raise InvalidInput("The list cannot be sorted so.", errors={"sort": [f"one of {known}"]})
    if not 1 <= request.limit <= LARGEST_PAGE:
        raise InvalidInput(
            "The page cannot have this size.", errors={"limit": [f"1 to {LARGEST_PAGE}"]}
        )
    column = sortable[name]
    if isinstance(column.type, Exact):
        column = cast(column, Float)
    missing = [] if _is_always_there(column) else [column.is_(None)]
    if request.cursor is not None:
        last, last_key = _read_cursor(request.cursor, sort, column, key)
        query = query.where(_beyond(column, key, last, last_key, missing, descending=descending))
    ordered = column.desc() if descending else column.asc()
    query = query.add_columns(column.label("_sort"), key.label("_key"))
    rows = connection.execute(
        query.order_by(*missing, ordered, key).limit(request.limit + 1)
    ).mappings()
    found = [dict(row) for row in rows]
    more = len(found) > request.limit
    items = found[: request.limit]
    cursor = _write_cursor(sort, items[-1]["_sort"], items[-1]["_key"]) if more else None
    for item in items:
        del item["_sort"], item["_key"]
    return Page(items, cursor)


def _is_always_there(column: ColumnElement[Any]) -> bool:
    """Whether no value is missing: then the list lies in the order of an index, and is not sorted for
    every page."""
    return isinstance(column, Column) and not column.nullable


def _beyond(
    column: ColumnElement[Any],
    key: ColumnElement[Any],
    last: Any,
    last_key: Any,
    missing: Sequence[ColumnElement[bool]],
    *,
    descending: bool,
) -> ColumnElement[bool]:
    """What comes after a row."""
    if last is None:
        return and_(column.is_(None), key > last_key)
    beyond = column < last if descending else column > last
    if column is key:
        return beyond
    following = or_(beyond, and_(column == last, key > last_key))
    if missing:
        return or_(following, *missing)
    # Said once more in the way that an index can be entered by.
    return and_(column <= last if descending else column >= last, following)


def _write_cursor(sort: str, value: Any, key: Any) -> str:
    if isinstance(value, (date, datetime)):
        value = value.isoformat()
    return base64.urlsafe_b64encode(json.dumps([sort, value, key]).encode()).decode().rstrip("=")


def _read_cursor(
    cursor: str, sort: str, column: ColumnElement[Any], key_column: ColumnElement[Any]
) -> tuple[Any, Any]:
    refusal = InvalidInput(
        "The cursor is not one of this list.",
        errors={"cursor": ["take the next of the page before, with the same sort"]},
    )
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        written = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        written_sort, value, key = written
        expected = column.type.python_type
        expected_key = key_column.type.python_type
    except (ValueError, TypeError, RecursionError) as error:
        raise refusal from error
    if written_sort != sort or type(key) is not expected_key or not _storable(key):
        raise refusal
    if value is None:
        return None, key
    try:
        if expected is datetime:
            value = datetime.fromisoformat(value).astimezone(UTC)
        elif expected is date:
            value = date.fromisoformat(value)
        elif expected is float:
            value = float(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise refusal from error
    if type(value) is not expected or not _storable(value):
        raise refusal
    return value, key


def _storable(value: Any) -> bool:
    """Whether both databases can take the value: 32-bit integers, text of whole characters."""
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    return not isinstance(value, int) or -(2**31) <= value < 2**31


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

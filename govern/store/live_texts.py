"""The copies of personal texts that the pages read: the columns of the tables of the present state."""

from collections.abc import Callable

from sqlalchemy import Column, Connection, Table, bindparam, select, update

from govern.domain.personal import FIELDS, ONLY_AS_TEXT, with_personal
from govern.store import lessons
from govern.store.tables.base import metadata
from govern.store.types import Json

_APART = frozenset(
    {
        "event",
        "chain",
        "blob",
        "personal",
        "person",
        "log_entry",
        "log_tile",
        "checkpoint",
        "cosignature",
        "checkpoint_timestamp",
        "sealed_chain",
    }
)
"""The history, what stands apart from it, and people themselves."""

_AT_ONCE = 1000

_Cell = Column[object]


def redact(connection: Connection, redacted: Callable[[str], str]) -> int:
    """Rewrites every personal text that `redacted` changes; returns in how many rows there was one."""
    changed = sum(
        _in_table(connection, table, columns, redacted)
        for table in metadata.sorted_tables
        if table.name not in _APART and (columns := _columns(table))
    )
    # What they are searched by holds the words of their texts once more.
    lessons.find_anew(connection)
    return changed


def _columns(table: Table) -> list[_Cell]:
    return [
        column
        for column in table.columns
        if column.name in FIELDS | ONLY_AS_TEXT or isinstance(column.type, Json)
    ]


def _in_table(
    connection: Connection, table: Table, columns: list[_Cell], redacted: Callable[[str], str]
) -> int:
    key = list(table.primary_key.columns)
    query = select(*key, *columns)
    changed: list[tuple[dict[str, object], dict[str, object]]] = []
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        for row in rows.mappings():
            before = {column.name: row[column.name] for column in columns}
            after = with_personal(before, redacted)
            if after != before:
                changed.append(({each.name: row[each.name] for each in key}, after))
    for found, after in changed:
        statement = (
            update(table)
            .where(*(each == bindparam(f"key_{each.name}") for each in key))
            .values(after)
        )
        connection.execute(statement, {f"key_{name}": value for name, value in found.items()})
    return len(changed)

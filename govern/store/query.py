"""A name for what SQLAlchemy 2.1 types by each of its columns, and values for `IN` in parts."""

from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from sqlalchemy import Select

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A query whose columns are known at run time only."""

_AT_ONCE = 500


def in_parts(values: Collection[str]) -> Iterator[list[str]]:
    """The values in order, so many at once as one statement takes well."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]

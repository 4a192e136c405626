"""A name for what SQLAlchemy 2.1 types by each of its columns."""

from typing import Any, TypeAlias

from sqlalchemy import Select

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A query whose columns are known at run time only."""

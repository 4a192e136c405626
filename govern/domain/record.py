"""A stored thing on its way to a reader: field name → value."""

from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]

"""Domain values as the plain data that canonical JSON takes: text, integers, booleans, lists, maps."""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any


def plain_decimal(value: Decimal) -> str:
    """Plain notation without exponent or trailing zeros: `Decimal("1E+2")` is `"100"`, -0 is `"0"`."""
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "") else text


def plain_time(moment: datetime) -> str:
    """UTC with microseconds, `2026-11-24T10:00:00.000000Z`. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """`value` with decimals, dates, times and enums as text. Raises TypeError for anything else."""
    if value is None or (isinstance(value, (bool, int)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, datetime):
        return plain_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, Set):
        return sorted(plain(v) for v in value)  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, Sequence):
        return [plain(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    raise TypeError(f"{type(value).__name__} has no plain form")

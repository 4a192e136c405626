"""Domain values as the plain data that canonical JSON takes: text, integers, booleans, lists, maps."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from govern.domain.instant import write_instant


def plain_decimal(value: Decimal) -> str:
    """Plain notation without exponent or trailing zeros: `Decimal("1E+2")` is `"100"`, -0 is `"0"`."""
    # Not normalize(): it rounds to the 28 digits of the default context.
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def plain(value: Any) -> Any:
    """`value` with decimals, dates, times and enums as text. Raises TypeError for anything else."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


def _map(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): plain(each) for name, each in value.items()}


def _sequence(value: Sequence[Any]) -> list[Any]:
    return [plain(each) for each in value]


# A datetime is a date too, so it comes first.
_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Decimal, plain_decimal),
    (datetime, write_instant),
    (date, date.isoformat),
    (Mapping, _map),
    (Set, lambda value: sorted(_sequence(list(value)))),
    (Sequence, _sequence),
)

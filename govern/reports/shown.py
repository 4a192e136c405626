"""How a value of a report stands on a page: shorter than it is, and never as another value."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

UNKNOWN = "unknown"
_DIGITS = 4
_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def number(value: Any) -> str:
    """Whole above a thousand, else four significant digits: `1,234,568`, `12.35`, `−0.5`."""
    found = decimal(value)
    if found is None:
        return UNKNOWN
    rounded = found if found == found.to_integral_value() else _rounded(found)
    return _signed(rounded, f"{abs(rounded):,f}")


def percent(value: Any) -> str:
    """A share as a percentage: `93 %`; below ten per cent with one decimal."""
    found = decimal(value)
    if found is None:
        return UNKNOWN
    hundredth = found * 100
    places = 1 if abs(hundredth) < 10 and hundredth != hundredth.to_integral_value() else 0
    rounded = round(hundredth, places)
    return f"{_signed(rounded, f'{abs(rounded):,f}')} %"


def compact(value: Any) -> str:
    """For charts, where there is little room: `1.23 m`, `12.3 k`."""
    found = decimal(value)
    if found is None:
        return UNKNOWN
    for size, letter in ((10**9, " bn"), (10**6, " m"), (10**3, " k")):
        if abs(found) >= size:
            part = Decimal(f"{found / size:.3g}")
            return f"{_signed(part, f'{abs(part):,f}')}{letter}"
    part = Decimal(f"{found:.3g}")
    return _signed(part, f"{abs(part):,f}")


def tick(value: float, _: object = None) -> str:
    """A number beside an axis."""
    return compact(Decimal(repr(float(value))))


def day(value: Any) -> str:
    """`24 Nov 2026`."""
    if value is None:
        return UNKNOWN
    found = date.fromisoformat(str(value)[:10])
    return f"{found.day} {found:%b %Y}"


def dated(text: str) -> str:
    """A sentence with its ISO days as `day` writes them; what is no day stays as it is."""
    return _ISO_DAY.sub(lambda found: _day_or(found[0]), text)


def moment(value: Any) -> str:
    """`24 Nov 2026 10:00 UTC`; instants of a report are UTC."""
    return UNKNOWN if value is None else f"{day(value)} {str(value)[11:16]} UTC"


def _day_or(text: str) -> str:
    try:
        return day(text)
    except ValueError:
        return text


def words(value: Any) -> str:
    """A name of ours in words: `to_date` is `to date`."""
    return UNKNOWN if value is None else str(value).replace("_", " ")


def per(value: Any) -> str:
    """What an amount is an amount of: `month` is `a month`, `to_date` is `to date`."""
    told = words(value)
    return told if value in (None, "to_date") else f"a {told}"


def decimal(value: Any) -> Decimal | None:
    """The number that a plain value is, if it is one."""
    if isinstance(value, Decimal):
        return value
    if value is None or isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
        return None
    return Decimal(str(value))


def _rounded(value: Decimal) -> Decimal:
    if abs(value) >= 1000:
        return round(value, 0)
    return Decimal(f"{value:.{_DIGITS}g}")


def _signed(value: Decimal, digits: str) -> str:
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"−{digits}" if value < 0 else digits

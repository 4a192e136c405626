"""Figures in texts, in the ways that countries and spreadsheets write them.

`1.234` is 1234 in Berlin and 1.234 in London: such a text has two readings, and which one holds is said
by the mapping, proven by other cells of the file, or asked.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from govern.intake.foreign.outcome import Asked, Choice, Question
from govern.intake.numbers import DECIMALS, LARGEST
from govern.intake.problem import CellProblem
from govern.intake.source import NumberKeys
from govern.intake.source_format import THOUSANDS

_BLANKS = "\u00a0\u202f\u2009 "
_QUOTES = "'’"
_MARKS = {".": (",", _BLANKS, _QUOTES), ",": (".", _BLANKS, _QUOTES)}
"""Decimal sign → what may stand between thousands beside it."""

CURRENCIES = {"€": "EUR", "£": "GBP", "¥": "JPY", "$": "$"}
_SIGN = re.compile(r"[€£¥$]|(?<![A-Za-z])(?:[A-Z]{3}|T€|k€|T?EUR|US\$)(?![A-Za-z])")
_BARE = re.compile(r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+")
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|BEZUG!|NV|WERT!|SPILL!|#+).*")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]{1,3}")
SUFFIXES: dict[str, Decimal] = {
    **dict.fromkeys(("k", "K", "T", "Tsd", "Tsd.", "tsd", "mil"), Decimal(1000)),
    **dict.fromkeys(("m", "M", "mn", "Mio", "Mio.", "mio", "MM"), Decimal(10) ** 6),
    **dict.fromkeys(("bn", "Mrd", "Mrd.", "B", "G"), Decimal(10) ** 9),
}
"""Signs that may multiply the figure before them, and by how much; only ever asked with."""


@dataclass(frozen=True, slots=True)
class Written:
    """A figure as it stands in a text, before it is known how its digits are read."""

    digits: str
    negative: bool = False
    percent: bool = False
    currency: str | None = None
    suffix: str = ""


def take_apart(text: str, keys: NumberKeys) -> Written:
    """Sign, currency, percent sign and what stands behind. Raises CellProblem, Asked."""
    if _ERROR.fullmatch(text):
        raise CellProblem(
            "is a spreadsheet's error, not a figure", "repair the formula, or clear it"
        )
    if _EXPONENT.fullmatch(text):
        raise CellProblem(
            "is written with an exponent, as spreadsheets do when they cut digits off",
            "write the figure out in full",
        )
    rest = text.replace("\u2212", "-").strip(_BLANKS)
    negative = False
    if rest.startswith("(") and rest.endswith(")"):
        if keys.parentheses is None:
            raise Asked(_yes("parentheses", "Are figures in parentheses below zero?"))
        if not keys.parentheses:
            raise CellProblem("stands in parentheses", "write it without them")
        negative, rest = True, rest[1:-1].strip(_BLANKS)
    rest, currency = _without_currency(rest, keys)
    percent = rest.endswith("%")
    rest = rest.removesuffix("%").rstrip(_BLANKS)
    if len(rest) > 1 and rest.endswith("-") and rest[0].isdigit():
        if keys.trailing_minus is None:
            raise Asked(_yes("trailing_minus", "Are figures with a minus behind them below zero?"))
        negative, rest = not negative, rest[:-1].rstrip(_BLANKS)
    if rest[:1] in ("+", "-"):
        negative, rest = negative != (rest[0] == "-"), rest[1:].lstrip(_BLANKS)
    if currency is None:
        rest, currency = _without_currency(rest, keys)
    end = max((index + 1 for index, char in enumerate(rest) if char in "0123456789"), default=0)
    if end and rest[end : end + 1] in (".", ",") and not rest[end + 1 :].strip(_BLANKS):
        end += 1
    digits, suffix = rest[:end], rest[end:].strip(_BLANKS)
    return Written(digits, negative, percent, currency, suffix)


def _yes(key: str, text: str) -> Question:
    return Question("numbers", text, (Choice(f"{key}: true", "yes"), Choice(f"{key}: false", "no")))


def _without_currency(text: str, keys: NumberKeys) -> tuple[str, str | None]:
    for sign in sorted(keys.currency, key=len, reverse=True):
        if text.startswith(sign):
            return text.removeprefix(sign).strip(_BLANKS), sign
        if text.endswith(sign):
            return text.removesuffix(sign).strip(_BLANKS), sign
    match = _SIGN.search(text)
    if match and (match.start() == 0 or match.end() == len(text)):
        rest = (text[: match.start()] + text[match.end() :]).strip(_BLANKS)
        return rest, match[0]
    return text, None


def readings_of(digits: str) -> dict[str, Decimal]:
    """Decimal sign → the figure that the digits are with it; empty where they are none."""
    found: dict[str, Decimal] = {}
    for sign in (".", ","):
        value = _with(digits, sign, None)
        if value is not None:
            found[sign] = value
    return found


def read_digits(digits: str, keys: NumberKeys) -> Decimal:
    """The figure, by the decimal sign that holds. Raises CellProblem, Asked."""
    if keys.decimal is None:
        readings = readings_of(digits)
        if len(set(readings.values())) > 1:
            raise Asked(which_decimal())
        if readings:
            return next(iter(readings.values()))
        raise _no_figure(digits)
    value = _with(digits, keys.decimal, keys.thousands)
    if value is None:
        other = readings_of(digits)
        if other:
            raise CellProblem(
                f"does not fit figures with {_spoken(keys.decimal)} before the decimals"
                + (f" and {_between(keys.thousands)}" if keys.thousands else ""),
                f"write it as the others, or correct `numbers` in the mapping: as it stands"
                f" it would be {' or '.join(sorted({str(each) for each in other.values()}))}",
            )
        raise _no_figure(digits)
    return value


def which_decimal() -> Question:
    return Question(
        "numbers",
        "Which sign stands before the decimals? 1.234 may be 1234, and 1,234 too.",
        (
            Choice('decimal: "."', "1,234.5 is one thousand two hundred and some"),
            Choice('decimal: ","', "1.234,5 is one thousand two hundred and some"),
        ),
    )


def _no_figure(digits: str) -> CellProblem:
    if len(re.findall(r"[0-9]+", digits)) > 1:
        return CellProblem("holds several figures", "write one")
    return CellProblem("is not a figure", "write a figure, or a word listed under `missing`")


def _spoken(sign: str) -> str:
    return "a point" if sign == "." else "a comma"


def _between(name: str) -> str:
    return "nothing between thousands" if name == "none" else f"{name} between thousands"


def _with(digits: str, sign: str, thousands: str | None) -> Decimal | None:
    if _BARE.fullmatch(digits) and (sign in digits or digits.isdigit()):
        return Decimal(digits.replace(",", ".").rstrip(".") or "0")
    whole, _, fraction = digits.partition(sign)
    if sign in fraction or (fraction and not _ascii_digits(fraction)):
        return None
    for marks in _MARKS[sign] if thousands is None else (_marks_of(thousands),):
        bare = _ungrouped(whole, marks)
        if bare is not None:
            return Decimal(f"{bare}.{fraction or 0}")
    return None


def _marks_of(name: str) -> str:
    sign = THOUSANDS[name]
    return _BLANKS if sign == " " else _QUOTES if sign == "'" else sign


def _ungrouped(whole: str, marks: str) -> str | None:
    """The digits of a whole number whose thousands (or lakhs) are set apart by one of the marks."""
    if _ascii_digits(whole):
        return whole
    used = {char for char in whole if char not in "0123456789"}
    if len(used) != 1 or not used <= set(marks):
        return None
    groups = whole.split(used.pop())
    first, *between, last = groups
    sound = len(last) == 3 and 1 <= len(first) <= 3 and all(map(_ascii_digits, groups))
    if not sound or first.startswith("0"):
        return None
    lengths = {len(each) for each in between}
    lakhs = lengths == {2} and len(first) <= 2
    return "".join(groups) if not lengths or lengths == {3} or lakhs else None


def _ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def bounded(value: Decimal, exact: bool) -> tuple[Decimal, str]:
    """The figure within what is kept, and what was done to it. Where it is not `exact` (a binary
    number of a spreadsheet), it is rounded to 9 decimal places. Raises CellProblem."""
    if abs(value) > LARGEST:
        raise CellProblem(
            "is larger than 1,000,000,000,000,000 (10^15)",
            "use a larger unit, such as millions, for the whole KPI",
        )
    rounded = round(value, DECIMALS)
    if rounded == value:
        return (value if value else Decimal(0)), ""
    if exact:
        raise CellProblem(
            f"has more than {DECIMALS} decimal places",
            f"round it to {DECIMALS} decimal places or fewer",
        )
    return rounded, f"rounded to {DECIMALS} decimal places"

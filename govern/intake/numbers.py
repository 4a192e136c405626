"""Figures as people and spreadsheets write them."""

import re
from decimal import Decimal
from enum import Enum

from govern.domain.plain import plain_decimal
from govern.intake.problem import CellProblem

LARGEST = Decimal(10) ** 15
DECIMALS = 9

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?P<rest>(?P<mark>[,'’\u00a0\u202f])[0-9]{3}"
                      r"(?:(?P=mark)[0-9]{3})*)(?P<fraction>\.[0-9]+)?")  # fmt: skip
_DECIMAL_COMMA = re.compile(r"[+-]?(?:[0-9]{1,3}(?:[.\u00a0\u202f ][0-9]{3})+|[0-9]+),[0-9]+")
_ACCOUNTING = re.compile(r"\((?P<inner>[^()]+)\)|(?P<trailing>[0-9.,]+)-")
_CURRENCY = re.compile(
    r"(?:[$£€¥]|[A-Z]{3}\b)\s*(?P<after>.+)|(?P<before>.+?)\s*(?:[$£€¥]|\b[A-Z]{3})"
)
_FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_KINDS = (
    (
        re.compile(r"#.*", re.DOTALL),
        "is a spreadsheet's error, not a figure",
        "repair the formula, or leave the cell blank",
    ),
    (
        re.compile(r"[+-]?(?:nan|inf(?:inity)?|∞)", re.IGNORECASE),
        "is not a figure",
        "leave the cell blank where there is none",
    ),
    (
        re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]{1,3}"),
        "is written with an exponent, as spreadsheets do when they cut digits off",
        "write the figure out in full",
    ),
)

_ONE_DECIMAL = "a plain decimal such as 1234.56"


class Percent(Enum):
    """What `80%` means in a column."""

    NOT_SAID = "refused: 0.8 and 80 are both possible"
    POINTS = "80, since the unit is %"
    SHARE = "0.8"


PERCENT_UNITS = frozenset({"%", "percent", "per cent", "pct", "percentage"})


def percent_of(unit: str | None) -> Percent:
    """How `80%` reads for a KPI with this unit."""
    return Percent.POINTS if (unit or "").casefold() in PERCENT_UNITS else Percent.NOT_SAID


def parse_number(text: str, percent: Percent = Percent.NOT_SAID) -> Decimal:
    """The figure in a cell that is not blank, exactly. Raises CellProblem."""
    text = text.replace("\u2212", "-")
    if text.endswith("%"):
        return _percentage(text, percent)
    if _PLAIN.fullmatch(text):
        return _bounded(text)
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        mark = grouped["mark"]
        bare = text.replace(mark, "")
        if mark == "," and grouped["fraction"] is None and grouped["rest"].count(",") == 1:
            raise CellProblem(
                "may be a thousands separator or a decimal comma",
                f"write {bare} or {text.replace(',', '.')}",
            )
        return _bounded(bare)
    raise _what_it_is(text)


def _percentage(text: str, percent: Percent) -> Decimal:
    value = parse_number(text[:-1].strip())
    if percent is Percent.POINTS:
        return value
    share = Decimal(plain_decimal(value.scaleb(-2)))
    if percent is Percent.SHARE:
        return share
    raise CellProblem(
        "has a percent sign, and the unit does not say whether figures are shares or in %",
        f"write {plain_decimal(share)}, or the unit % and {plain_decimal(value)}",
    )


def _bounded(text: str) -> Decimal:
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("+")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    whole = whole.lstrip("0") or "0"
    if len(fraction) > DECIMALS:
        raise CellProblem(
            f"has {len(fraction)} decimal places",
            f"round it to {DECIMALS} decimal places or fewer",
        )
    if len(whole) > 16 or Decimal(f"{whole}.{fraction or 0}") > LARGEST:
        raise CellProblem(
            "is larger than 1,000,000,000,000,000 (10^15)",
            "use a larger unit, such as millions, for the whole KPI",
        )
    value = Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
    return value if value else Decimal(0)


def _what_it_is(text: str) -> CellProblem:
    """Names the kind of mess, so that the message can say what would be right."""
    for pattern, problem, right in _KINDS:
        if pattern.fullmatch(text):
            return CellProblem(problem, right)
    if written := _written_otherwise(text):
        return written
    if len(_FIGURE.findall(text[:200])) > 1:
        return CellProblem("holds several figures", f"write one: {_ONE_DECIMAL}")
    return CellProblem("is not a number", f"write {_ONE_DECIMAL}, or leave the cell blank")


def _written_otherwise(text: str) -> CellProblem | None:
    """A single figure in a form that is not read, with the form that is."""
    if _DECIMAL_COMMA.fullmatch(text):
        bare = re.sub(r"[.\u00a0\u202f ]", "", text).replace(",", ".")
        return CellProblem("has a decimal comma", f"write {bare}")
    accounting = _ACCOUNTING.fullmatch(text)
    if accounting and (inner := _figure_in(accounting["inner"] or accounting["trailing"])):
        return CellProblem("is not a plain figure", f"write -{inner} if it is below zero")
    currency = _CURRENCY.fullmatch(text)
    if currency and (inner := _figure_in(currency["after"] or currency["before"])):
        return CellProblem("names a currency", f"write {inner}; the currency belongs in the unit")
    return None


def _figure_in(text: str) -> str | None:
    if not _PLAIN.fullmatch(text) and not _GROUPED.fullmatch(text):
        return None
    try:
        return plain_decimal(parse_number(text))
    except CellProblem:
        return None

"""Days as people and spreadsheets write them."""

import re
from datetime import date, timedelta

from govern.intake.problem import CellProblem

FIRST_YEAR, LAST_YEAR = 1900, 2200

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_OTHER = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.0+)?")
_SPREADSHEET_EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets' serial dates, for days after February 1900 (ECMA-376, 18.17.4.1)."""

_FORM = "write it as YEAR-MONTH-DAY, such as 2026-10-31"


def parse_date(text: str) -> date:
    """The day in a cell that is not blank, written YYYY-MM-DD. Raises CellProblem."""
    match = _ISO.fullmatch(text)
    if not match:
        raise _what_it_is(text)
    year, month, day = (int(part) for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellProblem(f"is not a year from {FIRST_YEAR} to {LAST_YEAR}", "correct the year")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellProblem("is not a day of the calendar", _FORM) from None


def parse_day_of(text: str) -> date:
    """The day of a cell that holds a day, or a day and a time. Raises CellProblem."""
    match = _MOMENT.fullmatch(text)
    return parse_date(match[1] if match else text)


def _what_it_is(text: str) -> CellProblem:
    if text.startswith("#"):
        return CellProblem(
            "is a spreadsheet's error, not a day", "repair the formula, or leave the cell blank"
        )
    if _MOMENT.fullmatch(text):
        return CellProblem("holds a time as well", f"write {text[:10]}")
    if _SERIAL.fullmatch(text):
        day = _SPREADSHEET_EPOCH + timedelta(days=int(text.partition(".")[0]))
        return CellProblem(
            "is not a day; a spreadsheet may have stored one as a number",
            f"write {day.isoformat()} if that is the day meant",
        )
    other = _OTHER.fullmatch(text)
    if other and (readings := _possible(*(int(part) for part in other.groups()))):
        return CellProblem("is not written YEAR-MONTH-DAY", f"write {' or '.join(readings)}")
    return CellProblem("is not a day", _FORM)


def _possible(first: int, second: int, third: int) -> list[str]:
    """The days that three numbers may mean, earliest first."""
    days: set[str] = set()
    for year, month, day in (
        (first, second, third),
        (third, second, first),
        (third, first, second),
    ):
        if FIRST_YEAR <= year <= LAST_YEAR:
            try:
                days.add(date(year, month, day).isoformat())
            except ValueError:
                continue
    return sorted(days)

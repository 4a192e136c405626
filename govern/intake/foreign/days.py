"""Days in texts: in figures, in which order, and with month names."""

import re
from datetime import date, timedelta

from govern.intake.dates import FIRST_YEAR, LAST_YEAR
from govern.intake.foreign.months import month_names, plain_letters
from govern.intake.foreign.outcome import Asked, Choice, Question
from govern.intake.problem import CellProblem
from govern.intake.source import DateKeys
from govern.intake.source_format import Order

_FIGURES = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})")
_TIME = re.compile(
    r"(.+?)(?:T|,?\s+)[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?\s*(?:Z|[+-][0-9:]+|[AaPp][Mm])?"
)
_NAMED = re.compile(r"([0-9]{1,2})[.\s-]+([^\W\d_]+)\.?[\s,-]+([0-9]{4}|[0-9]{2})")
_NAMED_FIRST = re.compile(r"([^\W\d_]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})")
_WEEKDAY = re.compile(r"(?:mo|tu|we|th|fr|sa|su|di|mi|do|so)[a-z]*\.?,?\s+(?=[0-9])", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20|21)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])")
_SERIAL = re.compile(r"[1-9][0-9]{4}")
_EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets' serial dates, for days after February 1900 (ECMA-376, 18.17.4.1)."""


def read_day(text: str, keys: DateKeys) -> date | None:
    """The day, or `None` where the text is none. Raises CellProblem for a day that does not exist,
    Asked where it may be several."""
    timed = _TIME.fullmatch(text)
    text = timed[1] if timed else text
    text = _WEEKDAY.sub("", text, count=1)
    found = _in_figures(text, keys) or _with_name(text, keys)
    if found is not None:
        return found
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _day(int(compact[1]), int(compact[2]), int(compact[3]), text)
    if _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(days=int(text))
        if keys.serial:
            return day
        ask = f"Are five figures in place of a day the number that spreadsheets store? {text} is {day}."
        raise Asked(Question("dates", ask, (Choice("serial: true", f"{text} is {day}"),)))
    return None


def _in_figures(text: str, keys: DateKeys) -> date | None:
    match = _FIGURES.fullmatch(text)
    if not match:
        return None
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4 or (len(first) == 3 and first[0] == "0"):
        return _day(int(first), int(second), int(third), text)
    if len(third) == 3 or len(first) == 3:
        raise CellProblem("is not a day of the calendar", "write it as 2026-10-31")
    orders = possible_orders(text)
    if not orders:
        raise CellProblem("is not a day of the calendar", "write it as 2026-10-31")
    if keys.order is not None:
        orders = {keys.order} & orders
        if not orders:
            raise CellProblem(
                f"is not a day in the order {keys.order.value}",
                "write it as the others, or correct `dates: order` in the mapping",
            )
    asked: list[Question] = []
    if len(orders) > 1 and len({_parts(text, each) for each in orders}) > 1:
        asked.append(which_order(orders))
    if len(third) == 2 and keys.century is None:
        asked.append(which_century())
    if asked:
        raise Asked(*asked)
    year, month, day = _parts(text, sorted(orders)[0])
    return _day(year if year > 99 else (keys.century or 0) + year, month, day, text)


def possible_orders(text: str) -> set[Order]:
    """The orders in which a day in figures can be read, four-figure years first left out."""
    match = _FIGURES.fullmatch(text)
    if not match or len(match[1]) > 2:
        return set()
    found: set[Order] = set()
    for order in Order:
        if order is Order.YMD and len(match[4]) > 2:
            continue
        _, month, day = _parts(text, order)
        if 1 <= month <= 12 and 1 <= day <= 31:
            found.add(order)
    return found


def _parts(text: str, order: Order) -> tuple[int, int, int]:
    """Year, month and day."""
    match = _FIGURES.fullmatch(text)
    a, b, c = (0, 0, 0) if match is None else (int(match[1]), int(match[3]), int(match[4]))
    return {Order.DMY: (c, b, a), Order.MDY: (c, a, b), Order.YMD: (a, b, c)}[order]


def which_order(orders: set[Order]) -> Question:
    meant = {
        Order.DMY: "03/04/2026 is the third of April",
        Order.MDY: "03/04/2026 is the fourth of March",
        Order.YMD: "03/04/05 is the fifth of April 2003",
    }
    choices = tuple(Choice(f"order: {each.value}", meant[each]) for each in Order if each in orders)
    return Question("dates", "In which order do day, month and year stand?", choices)


def which_century() -> Question:
    return Question(
        "dates",
        "In which century are years of two figures?",
        (Choice("century: 2000", "26 is 2026"), Choice("century: 1900", "98 is 1998")),
    )


def _with_name(text: str, keys: DateKeys) -> date | None:
    match = _NAMED.fullmatch(text)
    day, name, year = (match[1], match[2], match[3]) if match else ("", "", "")
    if not match:
        match = _NAMED_FIRST.fullmatch(text)
        name, day, year = (match[1], match[2], match[3]) if match else ("", "", "")
    month = month_names(keys.language).get(plain_letters(name))
    if match is None or month is None:
        return None
    if len(year) == 2:
        if keys.century is None:
            raise Asked(which_century())
        return _day(keys.century + int(year), month, int(day), text)
    return _day(int(year), month, int(day), text)


def _day(year: int, month: int, day: int, text: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellProblem(f"is not in a year from {FIRST_YEAR} to {LAST_YEAR}", "correct the year")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellProblem("is not a day of the calendar", "correct the day") from None

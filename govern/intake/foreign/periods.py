"""Periods in texts: months, quarters, weeks, fiscal years, or a day that lies in one."""

import re
from dataclasses import dataclass
from datetime import date

from govern.domain.period import (
    MONTHS,
    Cadence,
    numbered_end,
    period_end,
    period_number,
    period_start,
)
from govern.intake.dates import FIRST_YEAR, LAST_YEAR
from govern.intake.foreign.days import read_day, which_century
from govern.intake.foreign.months import FISCAL, HALF, QUARTER, WEEK, month_names, plain_letters
from govern.intake.foreign.outcome import Asked, Choice, Question
from govern.intake.problem import CellProblem
from govern.intake.source import DateKeys


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says: the period of this cadence that ends on `end`; a day where there is none."""

    cadence: Cadence | None
    end: date


_Y = r"(?:19|20|21)[0-9]{2}"
_YEAR = re.compile(rf"{_Y}")
_MONTH_IN_FIGURES = re.compile(
    rf"(?P<y>{_Y})[-/. ](?P<m>[0-9]{{1,2}})|(?P<m2>[0-9]{{1,2}})[-/. ](?P<y2>{_Y})"
)
_MONTH_COMPACT = re.compile(rf"({_Y})(0[1-9]|1[0-2])|({_Y})m([0-9]{{1,2}})")
_MONTH_SHORT = re.compile(r"([0-9]{1,2})/([0-9]{2})")
_NAMED = re.compile(r"(?P<name>[a-z]+)\.?[\s./'-]*(?P<y>[0-9]{4}|'?[0-9]{2})?")
_NAMED_LAST = re.compile(r"(?P<y>[0-9]{4}|'?[0-9]{2})[\s./-]*(?P<name>[a-z]+)\.?")


def _numbered_part(word: str, number: str) -> re.Pattern[str]:
    """Word and number in either order, then a year: `Q3 2026`, `3. Quartal 26`."""
    year = r"[\s./'-]*([0-9]{4}|[0-9]{2})"
    return re.compile(rf"{word}\s?({number}){year}|({number})\.?\s?{word}{year}")


_PART_FIRST = {
    Cadence.QUARTERLY: _numbered_part(QUARTER, "[1-4]"),
    Cadence.HALF_YEARLY: _numbered_part(HALF, "[12]"),
    Cadence.WEEKLY: _numbered_part(WEEK, "[0-9]{1,2}"),
}
_PART_LAST = {
    Cadence.QUARTERLY: re.compile(rf"({_Y})[\s./-]*{QUARTER}\s?([1-4])"),
    Cadence.HALF_YEARLY: re.compile(rf"({_Y})[\s./-]*{HALF}\s?([12])"),
    Cadence.WEEKLY: re.compile(rf"({_Y})[\s./-]*{WEEK}\s?([0-9]{{1,2}})"),
}
_FISCAL = re.compile(
    rf"(?:(?P<part>[qhp])\s?(?P<n>[0-9]{{1,2}})[\s/-]*)?{FISCAL}\s?(?P<y>[0-9]{{4}}|[0-9]{{2}})(?P<to>/[0-9]{{2,4}})?"
    rf"(?:[\s/-]*(?P<part2>[qhp])\s?(?P<n2>[0-9]{{1,2}}))?"
)
_FISCAL_PARTS = {"q": Cadence.QUARTERLY, "h": Cadence.HALF_YEARLY, "p": Cadence.MONTHLY}
_UNIT = {
    None: "a day",
    Cadence.WEEKLY: "a week",
    Cadence.MONTHLY: "a month",
    Cadence.QUARTERLY: "a quarter",
    Cadence.HALF_YEARLY: "a half-year",
    Cadence.YEARLY: "a year",
}


def read_period(value: str | date, keys: DateKeys, years: tuple[int, ...] = ()) -> Written | None:
    """What a cell says, `None` where it is no period at all. `years` are those that stand near it,
    for a month without one. Raises CellProblem, Asked."""
    if isinstance(value, date):
        return Written(None, value)
    text = plain_letters(" ".join(value.split()))
    if _YEAR.fullmatch(text):
        return Written(Cadence.YEARLY, date(int(text), 12, 31))
    for read in (_fiscal, _part, _month):
        found = read(text, keys)
        if found is not None:
            return found
    found = _month_by_name(text, keys, years)
    if found is not None:
        return found
    day = read_day(" ".join(value.split()), keys)
    return None if day is None else Written(None, day)


def looks_like_period(value: str | date) -> bool:
    """Whether a cell may head a column as its period; bare years and numbers of days may be figures."""
    if isinstance(value, str) and value.isdigit() and len(value) in (4, 5):
        return False
    try:
        return read_period(value, DateKeys(), ()) is not None
    except Asked:
        return True
    except CellProblem:
        return False


def fitted(written: Written, cadence: Cadence, keys: DateKeys) -> tuple[date, str]:
    """The end of the KPI's period that is meant, and how that was found. Raises CellProblem, Asked."""
    if written.cadence is cadence:
        return written.end, f"{_UNIT[cadence]} that ends on {written.end}"
    if written.cadence is not None:
        end = period_end(cadence, written.end)
        raise CellProblem(
            f"is {_UNIT[written.cadence]}, and the KPI is reported {cadence.value}",
            f"name {_UNIT[cadence]}, such as the one that ends on {end}",
        )
    day, end = written.end, period_end(cadence, written.end)
    if day == end:
        return end, f"the day that ends {_UNIT[cadence]}"
    if day == period_start(cadence, day):
        return end, f"the first day of {_UNIT[cadence]} that ends on {end}"
    if keys.any_day:
        return end, f"a day of {_UNIT[cadence]} that ends on {end}"
    raise Asked(
        Question(
            "dates",
            "Does a day within a period, neither its first nor its last, name the period?",
            (Choice("any_day: true", f"{day} is {_UNIT[cadence]} that ends on {end}"),),
        )
    )


def _year(text: str, keys: DateKeys) -> int:
    text = text.lstrip("'")
    if len(text) == 4:
        year = int(text)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CellProblem(
                f"is not in a year from {FIRST_YEAR} to {LAST_YEAR}", "correct the year"
            )
        return year
    if keys.century is None:
        raise Asked(which_century())
    return keys.century + int(text)


def _month_end(year: int, month: int) -> Written:
    if not 1 <= month <= 12:
        raise CellProblem(f"names a month {month}", "months are 1 to 12")
    return Written(Cadence.MONTHLY, period_end(Cadence.MONTHLY, date(year, month, 1)))


def _month(text: str, keys: DateKeys) -> Written | None:
    match = _MONTH_IN_FIGURES.fullmatch(text)
    if match:
        return _month_end(int(match["y"] or match["y2"]), int(match["m"] or match["m2"]))
    match = _MONTH_COMPACT.fullmatch(text)
    if match:
        return _month_end(int(match[1] or match[3]), int(match[2] or match[4]))
    match = _MONTH_SHORT.fullmatch(text)
    if match and 1 <= int(match[1]) <= 12:
        return _month_end(_year(match[2], keys), int(match[1]))
    return None


def _month_by_name(text: str, keys: DateKeys, years: tuple[int, ...]) -> Written | None:
    match = _NAMED.fullmatch(text) or _NAMED_LAST.fullmatch(text)
    if not match:
        return None
    month = month_names(keys.language).get(match["name"])
    if month is None:
        return None
    if match["y"]:
        return _month_end(_year(match["y"], keys), month)
    if keys.year is not None:
        return _month_end(keys.year, month)
    near = years or (2026,)
    choices = tuple(Choice(f"year: {each}", f"the months are those of {each}") for each in near)
    raise Asked(Question("dates", "Of which year are the months that stand without one?", choices))


def _part(text: str, keys: DateKeys) -> Written | None:
    for cadence, pattern in _PART_FIRST.items():
        match = pattern.fullmatch(text)
        if match:
            number, year = match[1] or match[3], match[2] or match[4]
            return _numbered(cadence, _year(year, keys), int(number))
        match = _PART_LAST[cadence].fullmatch(text)
        if match:
            return _numbered(cadence, _year(match[1], keys), int(match[2]))
    return None


def _numbered(cadence: Cadence, year: int, number: int) -> Written:
    if cadence is Cadence.WEEKLY:
        try:
            return Written(cadence, date.fromisocalendar(year, number, 7))
        except ValueError:
            raise CellProblem(f"names a week {number} that {year} has not", "correct it") from None
    return Written(cadence, period_end(cadence, date(year, number * MONTHS[cadence], 1)))


def _fiscal(text: str, keys: DateKeys) -> Written | None:
    match = _FISCAL.fullmatch(text)
    if not match:
        return None
    asked: list[Question] = []
    if keys.fiscal_start is None:
        asked.append(_which_start())
    if keys.fiscal_named is None and keys.fiscal_start != 1 and not match["to"]:
        asked.append(_which_name())
    if len(match["y"]) == 2 and keys.century is None:
        asked.append(which_century())
    if asked or keys.fiscal_start is None:
        raise Asked(*asked)
    year = _year(match["y"], keys)
    earlier = keys.fiscal_start > 1 and keys.fiscal_named == "end" and not match["to"]
    begins = year - 1 if earlier else year
    first = period_number(Cadence.MONTHLY, date(begins, keys.fiscal_start, 1))
    letter, number = match["part"] or match["part2"], match["n"] or match["n2"]
    cadence = _FISCAL_PARTS[letter] if letter else Cadence.YEARLY
    length = MONTHS[cadence]
    part = int(number) if number else 1
    if not 1 <= part <= 12 // length:
        raise CellProblem(f"names a part {part} that a year has not", "correct it")
    end = numbered_end(Cadence.MONTHLY, first + part * length - 1)
    if end != period_end(cadence, end):
        raise CellProblem(
            f"ends on {end}, where no {cadence.value} period of govern ends",
            "report the KPI quarterly or monthly, whose periods a fiscal year is made of",
        )
    return Written(cadence, end)


def _which_start() -> Question:
    months = {1: "January", 4: "April", 7: "July", 10: "October"}
    choices = tuple(Choice(f"fiscal_start: {number}", name) for number, name in months.items())
    return Question("dates", "In which month does the fiscal year begin?", choices)


def _which_name() -> Question:
    return Question(
        "dates",
        "By which calendar year is a fiscal year named?",
        (
            Choice("fiscal_named: end", "FY26 ends in 2026"),
            Choice("fiscal_named: start", "FY26 begins in 2026"),
        ),
    )

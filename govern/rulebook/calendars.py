"""Calendar files, `govern/calendar/v1`: which days an organisation works on, and where."""

from datetime import date
from enum import StrEnum
from typing import Any, Final
from zoneinfo import available_timezones

from govern.documents.problem import Problem, did_you_mean
from govern.documents.shape import Day, Field, Fields, Identifier, ListOf, Record, Text, Word
from govern.domain.calendar import Calendar
from govern.domain.workdays import SATURDAY_AND_SUNDAY

VERSION: Final = "govern/calendar/v1"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_DAYS: Final = tuple(Weekday)
_AnyField = Field[Any]

SCHEMA: Final[Field[str]] = Field("schema", Word((VERSION,)), True, VERSION)
ID: Final[Field[str]] = Field("id", Identifier(), True, "what `calendar:` names")
TIME_ZONE: Final[Field[str]] = Field("time_zone", Text(), doc="where its days begin; UTC")
WEEKEND: Final[Field[tuple[str, ...]]] = Field(
    "weekend", ListOf(Word(tuple(map(str, _DAYS)))), doc="saturday and sunday if not said"
)
ON: Final[Field[date]] = Field("on", Day(), True, "the day")
HOLIDAY: Final = Record("a holiday", (ON, Field("name", Text(), doc="what it is called")))
HOLIDAYS: Final[Field[tuple[Fields, ...]]] = Field("holidays", ListOf(HOLIDAY), doc="days off")
FILE: Final = Record("a calendar file", (SCHEMA, ID, TIME_ZONE, WEEKEND, HOLIDAYS))


def build_calendar(file: Fields, problems: list[Problem]) -> Calendar | None:
    """The calendar of a file; every problem is added to the list."""
    zone = file.get(TIME_ZONE) or "UTC"
    named = file.get(WEEKEND)
    weekend = (
        SATURDAY_AND_SUNDAY
        if named is None
        else frozenset(_DAYS.index(Weekday(day)) for day in named)
    )
    before = len(problems)
    if zone not in available_timezones():
        place = file.place(TIME_ZONE)
        helps = did_you_mean(zone, available_timezones()) or "such as Europe/Berlin"
        problems.append(Problem("E332", f"there is no time zone '{zone}'", place, helps))
    if len(weekend) == len(_DAYS):
        place = file.place(WEEKEND)
        problems.append(Problem("E332", "no day is left to work on", place, "leave a day out"))
    if len(problems) > before or not file.complete:
        return None
    holidays = frozenset(each[ON] for each in file.get(HOLIDAYS) or ())
    return Calendar(file[ID], zone, weekend, holidays)

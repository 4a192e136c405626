"""An organisation's working days: its weekend, its holidays, and the time zone its days begin in."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from govern.domain.workdays import add_working_days


@dataclass(frozen=True, slots=True)
class Calendar:
    """`weekend` holds days of the week, Monday is 0; never all seven. `time_zone` is an IANA name."""

    id: str
    time_zone: str
    weekend: frozenset[int]
    holidays: frozenset[date]

    def today(self, now: datetime) -> date:
        """The day that it is there at a moment (aware)."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def deadline(self, now: datetime, working_days: int) -> date:
        """The last day to answer in: that many working days after today, which does not count."""
        return add_working_days(self.today(now), working_days, self.holidays, self.weekend)


MONDAY_TO_FRIDAY = Calendar("monday-to-friday", "UTC", frozenset({5, 6}), frozenset())
"""Where no calendar is named."""

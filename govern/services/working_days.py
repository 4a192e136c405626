"""Whose working days a workflow's deadlines are counted in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from govern.domain.calendar import MONDAY_TO_FRIDAY, Calendar
from govern.process.definition import Workflow
from govern.rulebook.rule import Rulebook
from govern.services.runtime import Runtime
from govern.store import rulebooks


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`missing` is the calendar that the workflow names where the rulebook in force has none of
    that name: its days are counted Monday to Friday then."""

    calendar: Calendar
    missing: str | None = None

    def today(self, now: datetime) -> date:
        return self.calendar.today(now)

    def after(self, since: datetime, working_days: int | None) -> date | None:
        """The last of so many working days after a moment, whose own day does not count."""
        return self.calendar.deadline(since, working_days) if working_days else None

    def told(self) -> dict[str, str]:
        """For the ledger: which calendar counted, and which one was not to be found."""
        told = {"calendar": self.calendar.id}
        return told if self.missing is None else {**told, "calendar_missing": self.missing}


def days_of(runtime: Runtime, connection: Connection, workflow: Workflow) -> WorkingDays:
    """By the calendar that the workflow names, as the rulebook in force has it."""
    revision = None if workflow.calendar is None else rulebooks.in_force(connection)
    rulebook = runtime.catalog.rulebook(connection, revision["digest"]) if revision else None
    return calendar_of(workflow, rulebook)


def calendar_of(workflow: Workflow, rulebook: Rulebook | None) -> WorkingDays:
    """By the calendar that the workflow names, as the rulebook has it."""
    return calendar_named(workflow.calendar, {} if rulebook is None else rulebook.calendars)


def calendar_named(name: str | None, calendars: Mapping[str, Calendar]) -> WorkingDays:
    """By the calendar of this name among those of a rulebook; Monday to Friday where it names none."""
    if name is None:
        return WorkingDays(MONDAY_TO_FRIDAY)
    found = calendars.get(name)
    return WorkingDays(MONDAY_TO_FRIDAY, name) if found is None else WorkingDays(found)

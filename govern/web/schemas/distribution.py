"""Reports that are sent again and again, what became of each, and what is due next."""

from marshmallow import fields

from govern.domain.distribution import LONGEST_URL, Channel, Every
from govern.services.next_due import KINDS
from govern.store.deliveries import STATES as DELIVERED
from govern.store.report_schedules import STATES
from govern.web.fields import Currency, Day, GivenDay, Identifier, Instant, Text, Whole, Word
from govern.web.patterns import LARGEST_INTEGER, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by


class ReportSchedule(Told):
    id = fields.Integer()
    report = fields.String(metadata={"description": "The kind of report."})
    portfolio = fields.String(allow_none=True)
    project = fields.String(allow_none=True)
    every = Word(Every)
    channel = Word(Channel)
    address = fields.String()
    currency = fields.String(allow_none=True)
    first_on = GivenDay("The first day; the others are counted from it.")
    next_on = GivenDay("The next day; null where it has ended.", allow_none=True)
    state = Word(STATES)
    recorded_by = fields.String(metadata={"description": "Who has it sent, with whose rights."})
    recorded_by_name = fields.String(allow_none=True)
    recorded_at = Instant()
    version = fields.Integer()


class NewReportScheduleTold(ReportSchedule):
    secret = fields.String(
        allow_none=True,
        metadata={
            "description": "What its reports are signed with (Standard Webhooks), told this once; null "
            "for one by mail."
        },
    )


class ReportSchedulePage(Told):
    items = listed(ReportSchedule)
    next = next_page()


class ReportScheduleQuery(PageQuery):
    state = Word(STATES, "Only those in this state.")
    report = Text(TAG_LENGTH, "Only those of this kind of report.")
    sort = sort_by("id", "next_on", "report", default="-id")


class NewReportSchedule(Given):
    report = Text(TAG_LENGTH, "The kind of report.", required=True)
    portfolio = Identifier("Of this portfolio; of all that you may see without it.")
    project = Identifier("Of this project, for a report about one.")
    every = Word(Every, required=True)
    channel = Word(Channel, required=True)
    address = Text(
        LONGEST_URL,
        "E-mail addresses with commas between them, or the address of a webhook.",
        required=True,
    )
    currency = Currency("The currency of its sums.")
    first_on = Day("The first day it is sent, today or later; today unless said.")


class ScheduleEnd(Given):
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)


class Delivery(Told):
    id = fields.Integer()
    schedule = fields.Integer()
    due_on = GivenDay("The day that the report is of.")
    channel = Word(Channel)
    address = fields.String()
    subject = fields.String()
    state = Word(DELIVERED)
    tries = fields.Integer()
    next_try_at = Instant(allow_none=True)
    failure = fields.String(
        allow_none=True, metadata={"description": "What went wrong with the last try."}
    )
    sent_at = Instant(allow_none=True)
    recorded_at = Instant()


class DeliveryPage(Told):
    items = listed(Delivery)
    next = next_page()


class DeliveryQuery(PageQuery):
    schedule = Whole("Only those of this schedule.", least=1, most=LARGEST_INTEGER, in_query=True)
    state = Word(DELIVERED, "Only those in this state.")
    sort = sort_by("id", "due_on", "state", default="-id")


class DueNextQuery(Given):
    portfolio = Identifier("Only of this portfolio.")
    project = Identifier("Only of this project.")
    by = Day("What is due by this day, at most a year ahead; in 14 days unless said.")


class CountedDue(Told):
    what = Word(KINDS)
    due = fields.Integer(metadata={"description": "All of them, the overdue ones too."})
    overdue = fields.Integer()


class DueItem(Told):
    on = GivenDay("The day by which it is due; a value check opens on it.")
    what = Word(KINDS)
    project = fields.String()
    project_name = fields.String()
    id = fields.String(metadata={"description": "Of the KPI, gate or other thing, as a text."})
    text = fields.String()
    overdue = fields.Boolean()


class DueNext(Told):
    today = GivenDay()
    by = GivenDay("The last day that is looked at.")
    counts = listed(CountedDue)
    items = listed(DueItem, "The most urgent first, at most 200.")
    left_out = fields.Integer(metadata={"description": "How many more there are."})

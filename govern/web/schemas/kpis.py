"""KPIs, their trajectories and their readings."""

from marshmallow import fields

from govern.domain.kpi import Aggregation, Direction
from govern.domain.period import Cadence
from govern.services.readings import STATES
from govern.web.fields import (
    Day,
    Figure,
    Flag,
    GivenDay,
    Identifier,
    Instant,
    Number,
    Text,
    Whole,
    Word,
)
from govern.web.patterns import DIGEST, NAME_LENGTH, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    next_page,
    receipts_field,
    sort_by,
)


class TableRow(Told):
    """A row of a decision table, as the rule file has it."""

    number = fields.Integer(metadata={"description": "Counted from 1."})
    text = fields.String()
    place = fields.String(metadata={"description": "File, line and column."})


class Rag(Told):
    """How a KPI stands, by the decision table `kpi-rag` of the rulebook in force."""

    value = fields.String(
        allow_none=True,
        metadata={
            "description": "What the table says of its last period; null where it says nothing."
        },
    )
    period = GivenDay("The day the judged period ends.")
    table = fields.String()
    row = fields.Nested(
        TableRow,
        allow_none=True,
        metadata={"description": "The row that gave the value; null where none matches."},
    )
    rulebook_digest = fields.String(metadata={"pattern": DIGEST})


class KpiRag(Rag):
    kpi = fields.String()
    name = fields.String()


class Kpi(Told):
    id = fields.String()
    project = fields.String()
    name = fields.String()
    category = fields.String(allow_none=True)
    unit = fields.String(allow_none=True)
    direction = Word(Direction, "Which way is good; null where nobody has said.", allow_none=True)
    baseline = Figure(allow_none=True)
    baseline_on = GivenDay(allow_none=True)
    target = Figure(allow_none=True)
    target_on = GivenDay(allow_none=True)
    tolerance = Figure("Share of the plan that it may miss (0.1 = 10 %).", allow_none=True)
    weight = Figure()
    cadence = Word(Cadence)
    owner = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    aggregation = Word(Aggregation)
    cumulative = fields.Boolean()
    disbenefit = fields.Boolean()
    reporting_lag_days = fields.Integer()
    rag = fields.Nested(
        Rag,
        allow_none=True,
        metadata={"description": "Null where no rulebook is in force that has the table."},
    )
    version = fields.Integer()
    recorded_at = Instant()


class KpiPage(Told):
    items = listed(Kpi)
    next = next_page()


class KpiChange(Given):
    name = Text(NAME_LENGTH)
    category = Text(
        NAME_LENGTH,
        "revenue, cost, satisfaction, market_share or one of the organisation's own.",
        allow_none=True,
    )
    unit = Text(TAG_LENGTH, allow_none=True)
    direction = Word(Direction, "Which way is good.", allow_none=True)
    baseline = Number(allow_none=True)
    baseline_on = Day(allow_none=True)
    target = Number(allow_none=True)
    target_on = Day(allow_none=True)
    tolerance = Number("Share of the plan that it may miss (0.1 = 10 %).", least=0, allow_none=True)
    weight = Number("How much it counts in the project's value; 1 unless said.", least=0)
    cadence = Word(Cadence, "How often it is reported; monthly unless said.")
    owner = Text(NAME_LENGTH, allow_none=True)
    source = Text(NAME_LENGTH, "Where the figures come from.", allow_none=True)
    aggregation = Word(Aggregation, "How several periods make one; last unless said.")
    cumulative = Flag("Compare sums to date instead of single periods.")
    disbenefit = Flag("A cost of the change, not a benefit.")
    reporting_lag_days = Whole("Days from a period's end until its reading is due.", most=366)


class NewKpi(KpiChange):
    id = Identifier("The organisation's own id, unique in the installation.", required=True)
    project = Identifier(required=True)
    name = Text(NAME_LENGTH, required=True)


class KpiQuery(PageQuery):
    project = Identifier("Only KPIs of this project.")
    category = Text(NAME_LENGTH, "Only KPIs of this category.")
    sort = sort_by("id", "name", "category", "project", "weight", default="id")


class PlannedValue(Told):
    period = GivenDay("The day the period ends.")
    planned = Figure()


class Plan(Told):
    kpi = fields.String()
    planned = listed(PlannedValue, "In order of period.")


class RecordedPlan(Plan):
    recorded = fields.Integer(metadata={"description": "How many values are new."})


class NewPlannedValue(Given):
    period = Day("The day the period ends.", required=True)
    planned = Number(required=True)


class Reading(Told):
    id = fields.Integer()
    kpi = fields.String()
    period = GivenDay("The day the period ends.")
    actual = Figure("Null where it was reported that there is no figure.", allow_none=True)
    reported_on = GivenDay(allow_none=True)
    note = fields.String(allow_none=True)
    recorded_at = Instant()
    recorded_by = fields.String()
    state = Word(STATES, "Validated where finance has confirmed this very reading.")
    validated_by = fields.String(allow_none=True)
    validated_at = Instant(allow_none=True)


class ReadingPage(Told):
    items = listed(Reading)
    next = next_page()


class ReadingQuery(PageQuery):
    history = Flag("Also the readings that were corrected later.", in_query=True)
    state = Word(STATES, "Only readings in this state.")
    sort = sort_by("period", "recorded_at", default="period")


class NewReadingOfKpi(Given):
    period = Day("The day the period ends: a month's last day, a Sunday, …", required=True)
    actual = Number("Null says: reported, and there is no figure.", required=True, allow_none=True)
    reported_on = Day(allow_none=True)
    note = Text(TEXT_LENGTH, lines=True, allow_none=True)


class NewReading(NewReadingOfKpi):
    kpi = Identifier(required=True)


class ReadingResult(Told):
    kpi = fields.String()
    period = GivenDay()
    status = Word(("recorded", "corrected", "unchanged"))


class ReadingResults(Told):
    results = listed(ReadingResult, "One per reading, in the order given.")


class ValidationResult(Told):
    reading = fields.Integer(metadata={"description": "The id of the reading."})
    kpi = fields.String()
    period = GivenDay()
    status = Word(("validated", "unchanged"))


class ValidationResults(Told):
    results = listed(ValidationResult, "One per reading, in the order given.")
    receipts = receipts_field()

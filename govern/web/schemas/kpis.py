"""KPIs, their trajectories and their readings."""

from marshmallow import fields

from govern.domain.kpi import Aggregation, Direction, ToleranceIn
from govern.domain.period import Cadence
from govern.domain.reading import Confidence
from govern.services.readings import STATES
from govern.web.fields import (
    Currency,
    Day,
    Figure,
    Flag,
    GivenDay,
    Identifier,
    Instant,
    Link,
    Number,
    Shares,
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
    texts,
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


class Profile(Told):
    """Whether a KPI says all that a benefit profile asks for."""

    complete = fields.Boolean()
    missing = texts("The fields that are still open.")


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
    description = fields.String(allow_none=True)
    currency = fields.String(allow_none=True)
    scale = Figure("How many of the unit one of its figures stands for.")
    baseline_source = fields.String(allow_none=True)
    tolerance_red = Figure(allow_none=True)
    tolerance_in = Word(ToleranceIn)
    department = fields.String(allow_none=True)
    calculation = fields.String(allow_none=True)
    cashable = fields.Boolean(allow_none=True)
    attribution = Figure("Share of the change that the project may claim.", allow_none=True)
    template = fields.String(allow_none=True)
    formula = fields.String(allow_none=True)
    inputs = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Name in the formula → id of the KPI it stands for."},
    )
    part_of = fields.String(allow_none=True)
    calendar = fields.String(allow_none=True)
    supports = Shares("Objective id → share of the KPI; null where not agreed.", given=True)
    profile = fields.Nested(Profile)
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
    description = Text(TEXT_LENGTH, "What the benefit is, for whom.", lines=True, allow_none=True)
    currency = Currency("Where the figures are money: EUR, USD, …", allow_none=True)
    scale = Number(
        "How many of the unit one of its figures stands for: 1000000 for millions; 1 unless said.",
        least=0,
    )
    baseline_source = Text(NAME_LENGTH, "Where the baseline was taken from.", allow_none=True)
    tolerance_red = Number(
        "By how much it may miss the plan before it is red; `tolerance` says amber.",
        least=0,
        allow_none=True,
    )
    tolerance_in = Word(
        ToleranceIn, "Tolerances are shares of the plan, or in the KPI's unit; share unless said."
    )
    department = Text(NAME_LENGTH, "Who is responsible for the figures.", allow_none=True)
    calculation = Text(
        TEXT_LENGTH, "How the figure is worked out, in words.", lines=True, allow_none=True
    )
    cashable = Flag("Whether the benefit can be taken out of a budget.", allow_none=True)
    attribution = Number(
        "Share of the change that the project may claim (1 = all of it).",
        least=0,
        most=1,
        allow_none=True,
    )
    template = Identifier("The catalogue's template that it is made from.", allow_none=True)
    formula = Text(
        TEXT_LENGTH,
        "Makes it a composite of other KPIs, in the condition language: (benefit - cost) / cost.",
        allow_none=True,
    )
    inputs = fields.Dict(
        keys=Text(NAME_LENGTH),
        values=Identifier(),
        metadata={"description": "Name in the formula → id of the KPI it stands for."},
    )
    part_of = Identifier(
        "The KPI in whose figures these are counted already, so that no roll-up counts them twice.",
        allow_none=True,
    )
    calendar = Identifier("The working-day calendar by which readings are due.", allow_none=True)
    supports = Shares("Objective id → share of the KPI that counts towards it; null: not agreed.")


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
    reason = fields.String(
        allow_none=True, metadata={"description": "Why it corrects the one before."}
    )
    confidence = Word(Confidence, allow_none=True)
    link = fields.String(allow_none=True, metadata={"description": "Where the figure can be seen."})
    origin = fields.String(
        allow_none=True, metadata={"description": "The file and cell, or the source, it is from."}
    )
    recorded_at = Instant()
    recorded_by = fields.String()
    corrects = fields.Integer(
        allow_none=True,
        metadata={"description": "The id of the reading that it corrects; null for the first."},
    )
    corrected_by = fields.Integer(
        allow_none=True,
        metadata={"description": "The id of the reading that corrects it; null if in force."},
    )
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
    reason = Text(TEXT_LENGTH, "Why it corrects the one before.", lines=True, allow_none=True)
    confidence = Word(Confidence, "How sure the figure is.", allow_none=True)
    link = Link("Where the figure can be seen.", allow_none=True)


class NewReading(NewReadingOfKpi):
    kpi = Identifier(required=True)


class ReadingResult(Told):
    kpi = fields.String()
    period = GivenDay()
    status = Word(("recorded", "corrected", "unchanged"))


class ValidationResult(Told):
    reading = fields.Integer(metadata={"description": "The id of the reading."})
    kpi = fields.String()
    period = GivenDay()
    status = Word(("validated", "unchanged"))


class ValidationResults(Told):
    results = listed(ValidationResult, "One per reading, in the order given.")
    receipts = receipts_field()

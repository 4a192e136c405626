"""Rules tried on the portfolio: why one says what it says, and what they would have done."""

from typing import Any

from marshmallow import fields

from govern.domain.finding import FindingState, Severity
from govern.domain.recommendation import Action
from govern.rulebook.rule import Scope, Status
from govern.web.fields import Day, Figure, GivenDay, Identifier, Text, Whole, Word
from govern.web.fields.files import Files
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, NAME_LENGTH, TAG_LENGTH
from govern.web.schemas.base import Given, Told, listed, texts

MOST_RULES = 200
MOST_OUTCOMES = 10_000
MOST_EPISODES = 5_000
EPISODES = 500


class Tried(Given):
    """By which rules: the rulebook in force, unless a draft or a revision is named."""

    draft = Files("Rule files that nobody has published: path → text.")
    revision = Text(NAME_LENGTH, "The digest of a revision of the rulebook.")


class NewExplanation(Tried):
    project = Identifier(required=True)
    rule = Text(TAG_LENGTH, "The rule; all of the rulebook unless said.")
    kpi = Identifier("This KPI only; every KPI of the project unless said.")
    period = Day("The last period that ended by this day; the one judged today unless said.")


class Part(Told):
    text = fields.String(metadata={"description": "A part of the condition, or a list's element."})
    value = fields.String(allow_none=True, metadata={"description": "What it was; null: unknown."})
    parts: fields.List[Any] = fields.List(
        fields.Nested(lambda: Part())  # noqa: PLW0108 - the class is not there yet
    )


class TriedCondition(Part):
    name = Word(("applies_to", "when", "clear_when"))


class PeriodTold(Told):
    period = GivenDay()
    planned = Figure("To date, where the KPI is cumulative.", allow_none=True)
    actual = Figure("To date, where the KPI is cumulative.", allow_none=True)
    attainment = Figure(allow_none=True)
    applies = fields.Boolean()
    when = fields.Boolean(allow_none=True)
    state = Word(FindingState)
    streak = fields.Integer()


class ExplanationItem(Told):
    rule = fields.String()
    title = fields.String()
    status = Word(Status)
    severity = Word(Severity)
    place = fields.String(metadata={"description": "Where it is written: file, line, column."})
    project = fields.String()
    project_name = fields.String()
    kpi = fields.String(allow_none=True)
    kpi_name = fields.String(allow_none=True)
    period = GivenDay()
    seen_on = GivenDay("The day on which the period is judged.")
    state = Word(FindingState)
    streak = fields.Integer()
    for_periods = fields.Integer()
    since = GivenDay("When the episode began that goes on.", allow_none=True)
    sentence = fields.String(metadata={"description": "For somebody who has never seen the rule."})
    message = fields.String(allow_none=True, metadata={"description": "Null where it is silent."})
    action = Word(Action, allow_none=True)
    because = fields.String(allow_none=True)
    deliverables = texts("What it would propose.")
    conditions = listed(TriedCondition)
    periods = listed(PeriodTold, "The last periods, that led to the state.")


class Explanation(Told):
    project = fields.String()
    as_of = GivenDay()
    rulebook_digest = fields.String(metadata={"pattern": DIGEST})
    items = listed(ExplanationItem, "One for each rule and KPI, or project.")


class GivenOutcome(Given):
    project = Identifier(required=True)
    on = Day("When it happened.", required=True)


class NewBacktest(Tried):
    rules = Several(
        Text(TAG_LENGTH), "These rules; all that are judged unless said.", most=MOST_RULES
    )
    from_ = Day(
        "The first day of the range; three years before its last unless said.",
        data_key="from",
        attribute="from",
    )
    to = Day("The last day of the range; today unless said.")
    against = Text(TAG_LENGTH, "Hold the alarms against projects that entered this stage.")
    outcomes = Several(
        fields.Nested(GivenOutcome),
        "Hold the alarms against what became of these projects.",
        most=MOST_OUTCOMES,
        least=1,
    )
    most_episodes = Whole(f"How many episodes to list; {EPISODES} unless said.", most=MOST_EPISODES)


class Accuracy(Told):
    """Alarms, from the day they began, against the outcomes of the range."""

    outcomes = fields.Integer(metadata={"description": "Projects whose outcome is in the range."})
    looked_at = fields.Integer(metadata={"description": "Those of them that the rule applied to."})
    warned = fields.Integer(metadata={"description": "Those with an alarm before the outcome."})
    late = fields.Integer(metadata={"description": "Those with a first alarm on its day or later."})
    false_alarms = fields.Integer(metadata={"description": "Projects with an alarm, no outcome."})
    left_out = fields.Integer(
        metadata={"description": "Projects with an outcome before the range, or without a date."}
    )
    precision = Figure("warned / (warned + false_alarms)", allow_none=True)
    recall = Figure("warned / outcomes", allow_none=True)
    lead_days = Figure("Median days from the first alarm to the outcome.", allow_none=True)


class TriedRule(Told):
    rule = fields.String()
    title = fields.String()
    scope = Word(Scope)
    status = Word(Status)
    severity = Word(Severity)
    subjects = fields.Integer(metadata={"description": "KPIs, or projects, it applies to."})
    periods = fields.Integer(metadata={"description": "Subject × period it applies to."})
    fired = fields.Integer(metadata={"description": "Of these periods."})
    pending = fields.Integer()
    unknown_ = fields.Integer(data_key="unknown", attribute="unknown")
    unknown_share = Figure("unknown / periods", allow_none=True)
    subjects_fired = fields.Integer()
    episodes = fields.Integer()
    ongoing = fields.Integer(metadata={"description": "Episodes that nothing has ended."})
    flapping = fields.Integer(
        metadata={"description": "Episodes of one period, or that came back within two."}
    )
    median_periods = Figure("How long an episode lasts.", allow_none=True)
    accuracy = fields.Nested(Accuracy, allow_none=True)


class Episode(Told):
    rule = fields.String()
    project = fields.String()
    kpi = fields.String(allow_none=True)
    start = GivenDay()
    end = GivenDay()
    periods = fields.Integer()
    ongoing = fields.Boolean()
    flaps = fields.Boolean()


class Backtest(Told):
    rulebook_digest = fields.String(metadata={"pattern": DIGEST})
    from_ = GivenDay(data_key="from", attribute="from")
    to = GivenDay()
    projects = fields.Integer()
    against = fields.String(allow_none=True)
    rules = listed(TriedRule)
    together = fields.Nested(
        Accuracy, allow_none=True, metadata={"description": "All rules as one alarm."}
    )
    episodes = listed(Episode)
    left_off = fields.Integer(metadata={"description": "Episodes that are not listed."})

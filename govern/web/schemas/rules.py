"""Sweeps, findings and the rulebook."""

from marshmallow import fields

from govern.domain.finding import FindingState, Severity
from govern.services.looking import Why
from govern.web.fields import Day, Flag, GivenDay, Identifier, Instant, Text, Whole, Word
from govern.web.patterns import DIGEST, TAG_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    next_page,
    sort_by,
)

OBSERVED = {"description": "Name in the condition → what it was, or unknown."}


def _counts() -> fields.Dict:
    return fields.Dict(
        keys=Word(FindingState),
        values=fields.Integer(),
        metadata={"description": "Findings by state; silent ones are counted and not kept."},
    )


class Sweep(Told):
    id = fields.Integer()
    as_of = GivenDay()
    rulebook_digest = fields.String(metadata={"pattern": DIGEST})
    facts_digest = fields.String(metadata={"pattern": DIGEST})
    outcome_digest = fields.String(metadata={"pattern": DIGEST})
    counts = _counts()
    recorded_by = fields.String()
    recorded_at = Instant()


class SweepResult(Told):
    id = fields.Integer()
    as_of = GivenDay()
    rulebook_digest = fields.String(metadata={"pattern": DIGEST})
    projects = fields.Integer()
    readings = fields.Integer()
    counts = _counts()
    proposed = fields.Integer(metadata={"description": "New recommendations."})
    cleared = fields.Integer(metadata={"description": "Recommendations that are no longer needed."})
    superseded = fields.Integer(
        metadata={"description": "Recommendations in whose place a worse one has come."}
    )
    unchanged = fields.Boolean(
        metadata={"description": "The last sweep found the same, so nothing was written."}
    )
    historic = fields.Boolean(
        metadata={"description": "A later date was swept before: recommendations were left alone."}
    )

    looked_at = fields.Integer(metadata={"description": "Projects that may have changed."})
    why = fields.Dict(
        keys=Word(Why),
        values=fields.Integer(),
        metadata={"description": "Why these were looked at, and how many for each reason."},
    )


class NewSweep(Given):
    as_of = Day("Judge as of this date; today unless said.")
    all = Flag("Look at every project, not only at those that may have changed.")


class Snoozed(Told):
    until = fields.String(metadata={"description": "Its last day.", "format": "date"})
    by = fields.String()
    because = fields.String()


class Finding(Told):
    id = fields.Integer()
    rule = fields.String()
    project = fields.String()
    kpi = fields.String(
        allow_none=True, metadata={"description": "Null for a rule on the project."}
    )
    period = GivenDay()
    as_of = GivenDay()
    state = Word(FindingState)
    streak = fields.Integer(metadata={"description": "For how many periods the condition held."})
    severity = Word(Severity)
    message = fields.String()
    observed = fields.Dict(keys=fields.String(), values=fields.String(), metadata=OBSERVED)
    rulebook_digest = fields.String(metadata={"pattern": DIGEST})
    facts_digest = fields.String(metadata={"pattern": DIGEST})
    snoozed = fields.Nested(
        Snoozed,
        allow_none=True,
        metadata={"description": "Let be until a day: nothing is proposed till then."},
    )
    sweep = fields.Integer()


class FindingPage(Told):
    items = listed(Finding)
    next = next_page()


class FindingQuery(PageQuery):
    sweep = Whole("The findings of this sweep instead of the current one.", least=1, in_query=True)
    project = Identifier("Only findings on this project and its KPIs.")
    kpi = Identifier("Only findings on this KPI.")
    rule = Text(TAG_LENGTH, "Only findings of this rule.")
    state = Word(FindingState, "Only findings in this state.")
    severity = Word(Severity, "Only findings of this severity.")
    sort = sort_by("id", "project", "rule", "state", "severity", default="id")


class Rule(Told):
    id = fields.String()
    title = fields.String()
    area = fields.String()
    status = fields.String()
    severity = Word(Severity)
    scope = fields.String()
    place = fields.String(metadata={"description": "Where it is written: file, line, column."})


class Rulebook(Told):
    version = fields.Integer()
    digest = fields.String(metadata={"pattern": DIGEST})
    author = fields.String(
        allow_none=True, metadata={"description": "A person, or `directory`: the rules directory."}
    )
    published_by = fields.String()
    published_at = Instant()
    note = fields.String(allow_none=True)
    rules = listed(Rule)

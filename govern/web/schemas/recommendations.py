"""Recommendations, what people answer, and what becomes of them."""

from marshmallow import fields

from govern.domain.finding import Severity
from govern.domain.recommendation import Action, RecommendationStatus, RejectedBecause
from govern.domain.role import Role
from govern.services.effects import MOST_EFFECTS
from govern.services.waiting import RAISE, REPORT
from govern.web.fields import Day, Flag, GivenDay, Identifier, Instant, Link, Number, Text, Word
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    next_page,
    receipt_field,
    sort_by,
    texts,
)
from govern.web.schemas.rules import OBSERVED, Snoozed


class Proposal(Told):
    deliverables = texts("The deliverables that it is about.")


class ChosenAlternative(Told):
    name = Word(Action)


class Recommendation(Told):
    id = fields.Integer()
    project = fields.String()
    kpi = fields.String(allow_none=True)
    rule = fields.String()
    rulebook_digest = fields.String(metadata={"pattern": DIGEST})
    facts_digest = fields.String(metadata={"pattern": DIGEST})
    period = GivenDay()
    action = Word(Action)
    severity = Word(Severity)
    title = fields.String()
    message = fields.String()
    because = fields.String()
    proposal = fields.Nested(Proposal)
    observed = fields.Dict(keys=fields.String(), values=fields.String(), metadata=OBSERVED)
    status = Word(RecommendationStatus)
    decided_by_role = Word(Role)
    decide_by = GivenDay(allow_none=True)
    overdue = fields.Boolean(metadata={"description": "It was to be answered before today."})
    snoozed = fields.Nested(
        Snoozed,
        allow_none=True,
        metadata={"description": "An open one whose rule is let be for this, until a day."},
    )
    answered_by = fields.String(
        allow_none=True, metadata={"description": "Who gave the last answer."}
    )
    answered_at = Instant(allow_none=True)
    reason = fields.String(allow_none=True)
    deferred_until = GivenDay(allow_none=True)
    rejected_because = Word(RejectedBecause, allow_none=True)
    alternative = fields.Nested(
        ChosenAlternative,
        allow_none=True,
        metadata={"description": "What was accepted instead of `action`."},
    )
    superseded_by = fields.Integer(
        allow_none=True, metadata={"description": "The worse recommendation in its place."}
    )
    scope_change = fields.Integer(
        allow_none=True, metadata={"description": "The scope change that is to do it, or has."}
    )
    implemented_by = fields.String(allow_none=True)
    implemented_at = Instant(allow_none=True)
    implemented_note = fields.String(allow_none=True)
    implemented_link = fields.String(allow_none=True)
    closed_at = Instant(allow_none=True)
    version = fields.Integer()
    recorded_at = Instant()


class AnsweredRecommendation(Recommendation):
    receipt = receipt_field()


class RecommendationToDo(Recommendation):
    what = Word((RAISE, REPORT), "How it goes on.")


class RecommendationPage(Told):
    items = listed(Recommendation)
    next = next_page()


class RecommendationQuery(PageQuery):
    project = Identifier("Only recommendations for this project.")
    kpi = Identifier("Only recommendations for this KPI.")
    status = Word(RecommendationStatus, "Only recommendations in this status.")
    open = Flag("Only those that wait for an answer, or only the others.", in_query=True)
    overdue = Flag("Only those that were to be answered before today.", in_query=True)
    action = Word(Action, "Only recommendations of this action.")
    severity = Word(Severity, "Only recommendations of this severity.")
    rule = Text(TAG_LENGTH, "Only recommendations of this rule.")
    decided_by_role = Word(Role, "Only recommendations that this role answers.")
    sort = sort_by("id", "project", "rule", "severity", "status", "decide_by", default="-id")


class Answer(Given):
    answer = Word(("accept", "reject", "defer"), required=True)
    reason = Text(TEXT_LENGTH, "Why; it stands in the history.", lines=True, required=True)
    deferred_until = Day("Needed to defer: a date after today.", allow_none=True)
    rejected_because = Word(
        RejectedBecause, "Why it is rejected, to be counted per rule: `other` unless said."
    )
    alternative = Text(
        TAG_LENGTH, "What is accepted instead of the action that the rule recommends, by its name."
    )


class NamedEffect(Given):
    kpi = Identifier("The KPI that it is to help.", required=True)
    size = Number(
        "By how much its value is to be better than it would have been, in its unit.", required=True
    )
    by = Day("A day of the period in which it is to be seen.", required=True)


class Implementation(Given):
    note = Text(TEXT_LENGTH, "What was done.", lines=True, required=True)
    link = Link("Where that can be seen.")
    effects = Several(
        fields.Nested(NamedEffect), "What it is to bring, to be measured later.", most=MOST_EFFECTS
    )


class Turn(Told):
    role = Word(Role)
    recommendations = fields.Integer()


class Oldest(Told):
    recommendation = fields.Integer()
    since = Instant()


class ProjectRecommendations(Told):
    project = fields.String()
    project_name = fields.String()
    open = fields.Integer(metadata={"description": "Waiting for an answer, put off ones included."})
    by_severity = fields.Dict(
        keys=Word(Severity), values=fields.Integer(), metadata={"description": "Of the open ones."}
    )
    by_action = fields.Dict(
        keys=Word(Action), values=fields.Integer(), metadata={"description": "Of the open ones."}
    )
    next_decide_by = GivenDay(
        "The first day by which one is to be answered; it may have passed.", allow_none=True
    )
    overdue = fields.Integer()
    deferred = fields.Integer(metadata={"description": "Put off until a day that has not come."})
    snoozed = fields.Integer(metadata={"description": "Open, and their rule is let be."})
    to_do = fields.Integer(metadata={"description": "Accepted, and nobody has begun."})
    in_scope_changes = fields.Integer(
        metadata={"description": "Accepted, and a scope change is to do it."}
    )
    oldest = fields.Nested(
        Oldest, allow_none=True, metadata={"description": "The oldest open one."}
    )
    turn = listed(Turn, "Whose turn it is: to answer, or to do what was accepted.")


class ProjectRecommendationsPage(Told):
    items = listed(ProjectRecommendations)
    next = next_page()


class ProjectRecommendationsQuery(PageQuery):
    project = Identifier("Only this project.")
    sort = sort_by("project", default="project")

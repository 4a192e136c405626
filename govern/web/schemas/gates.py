"""Submissions to gates, the votes on them, and the conditions they leave."""

from marshmallow import fields

from govern.domain.criterion import CriterionKind, Outcome
from govern.domain.decision import Decision
from govern.domain.role import Role
from govern.web.fields import Day, Figure, GivenDay, Identifier, Instant, Text, Word
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, NAME_LENGTH, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import Given, PageQuery, Told, listed, next_page, sort_by, texts

SUBMISSION_STATES = ("open", "decided")
CONDITION_STATES = ("open", "closed")
MOST_CONDITIONS = 50
MOST_EVIDENCE = 50


class Evidence(Told):
    name = fields.String()
    link = fields.String()


class Result(Told):
    """How one criterion came out, with the values it saw."""

    id = fields.String()
    kind = Word(CriterionKind)
    title = fields.String()
    require = fields.String()
    outcome = Word(Outcome, "Missing data is unknown, never met.")
    values = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Name in the condition → what it was."},
    )
    otherwise = fields.String(allow_none=True)
    weight = Figure(allow_none=True)
    fatal = fields.Boolean()
    because = fields.String(
        allow_none=True,
        dump_default=None,
        metadata={"description": "Why it is unknown, where that is not for missing data."},
    )


class Condition(Told):
    id = fields.Integer()
    project = fields.String()
    submission = fields.Integer()
    text = fields.String()
    owner = fields.String()
    due = GivenDay()
    state = Word(CONDITION_STATES)
    evidence = fields.String(allow_none=True)
    closed_by = fields.String(allow_none=True)
    closed_at = Instant(allow_none=True)
    version = fields.Integer()
    recorded_at = Instant()


class ConditionPage(Told):
    items = listed(Condition)
    next = next_page()


class Owed(Told):
    text = fields.String()
    owner = fields.String()
    due = fields.String(metadata={"format": "date"})


class Vote(Told):
    person_id = fields.String()
    person = fields.String(allow_none=True)
    role = Word(Role)
    decision = Word(Decision)
    reason = fields.String()
    override_reason = fields.String(
        allow_none=True, metadata={"description": "Set where the vote goes against the advice."}
    )
    conditions = listed(Owed)
    recorded_at = Instant()


class MissingVotes(Told):
    role = Word(Role)
    votes = fields.Integer()
    who = texts("Who holds the role and has not voted.")


class LeadsTo(Told):
    decision = Word(Decision)
    to = fields.String()


class SubmissionItem(Told):
    id = fields.Integer()
    project = fields.String()
    gate = fields.String()
    iteration = fields.Integer()
    state = Word(SUBMISSION_STATES)
    submitted_by = fields.String()
    note = fields.String(allow_none=True)
    evidence = listed(Evidence)
    as_of = GivenDay("The date it was judged for.")
    facts_digest = fields.String(metadata={"pattern": DIGEST})
    rulebook_digest = fields.String(allow_none=True)
    workflow_digest = fields.String(metadata={"pattern": DIGEST})
    results = listed(Result)
    advice = Word(Decision, "What the machine advises. People decide.")
    advice_because = texts()
    decide_by = GivenDay(allow_none=True)
    decision = Word(Decision, allow_none=True)
    decided_at = Instant(allow_none=True)
    version = fields.Integer()
    recorded_at = Instant()


class Submission(SubmissionItem):
    title = fields.String()
    submitted_by_name = fields.String(allow_none=True)
    votes = listed(Vote)
    missing = listed(MissingVotes, "What is still needed for a decision.")
    leads_to = listed(LeadsTo, "The stage each decision leads to.")
    conditions = listed(Condition)


class SubmissionPage(Told):
    items = listed(SubmissionItem)
    next = next_page()


class SubmissionQuery(PageQuery):
    project = Identifier("Only submissions of this project.")
    gate = Text(TAG_LENGTH, "Only submissions to this gate.")
    state = Word(SUBMISSION_STATES, "Only open, or only decided ones.")
    sort = sort_by("id", "project", "gate", "decide_by", "recorded_at", default="-id")


class NewEvidence(Given):
    name = Text(TAG_LENGTH, "As the gate calls it.", required=True)
    link = Text(TEXT_LENGTH, "Where the document is.", required=True)


class NewSubmission(Given):
    gate = Text(TAG_LENGTH, required=True)
    note = Text(TEXT_LENGTH, lines=True, allow_none=True)
    evidence = Several(fields.Nested(NewEvidence), most=MOST_EVIDENCE)


class NewCondition(Given):
    text = Text(TEXT_LENGTH, "What is owed.", lines=True, required=True)
    owner = Text(NAME_LENGTH, "By whom.", required=True)
    due = Day("By when: today or later.", required=True)


class NewVote(Given):
    decision = Word(Decision, required=True)
    reason = Text(TEXT_LENGTH, lines=True, required=True)
    override_reason = Text(
        TEXT_LENGTH, "Needed for a vote against the advice.", lines=True, allow_none=True
    )
    role = Word(Role, "The role to vote in, for who holds several.")
    conditions = Several(
        fields.Nested(NewCondition), "What a conditional go asks for.", most=MOST_CONDITIONS
    )


class ConditionQuery(PageQuery):
    project = Identifier("Only conditions of this project.")
    state = Word(CONDITION_STATES, "Only open, or only closed ones.")
    sort = sort_by("id", "due", "project", default="due")


class Closing(Given):
    evidence = Text(TEXT_LENGTH, "What shows that it is done.", lines=True, required=True)

"""Submissions to gates, the votes on them, and the conditions they leave."""

from marshmallow import fields

from govern.domain.criterion import CriterionKind, Outcome
from govern.domain.decision import Answer, Decision
from govern.domain.role import Role
from govern.services.deciders import Through
from govern.web.fields import Day, Figure, GivenDay, Identifier, Instant, Text, Word
from govern.web.fields.several import Several
from govern.web.patterns import DIGEST, NAME_LENGTH, TAG_LENGTH, TEXT_LENGTH
from govern.web.schemas.base import (
    Given,
    PageQuery,
    Told,
    listed,
    listed_words,
    next_page,
    receipt_field,
    sort_by,
    texts,
)
from govern.web.schemas.evidence import MOST_EVIDENCE, Evidence, NewEvidence
from govern.web.schemas.lessons import ShownLesson
from govern.web.schemas.scores import ScoreCard
from govern.web.schemas.waivers import Waiver

SUBMISSION_STATES = ("open", "decided", "expired", "withdrawn")
CONDITION_STATES = ("open", "closed")
MOST_CONDITIONS = 50


class Result(Told):
    """How one criterion came out, with the values it saw."""

    id = fields.String()
    kind = Word(CriterionKind)
    title = fields.String()
    require = fields.String()
    outcome = Word(
        Outcome, "Missing data is unknown, never met. What was waived is `waived`, never met."
    )
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
    share = Figure(
        "The mean score as a share of 10, where people score it.",
        allow_none=True,
        dump_default=None,
    )
    waiver = fields.String(
        allow_none=True,
        dump_default=None,
        metadata={"description": "Who waived it, until when and why."},
    )
    waiver_id = fields.Integer(allow_none=True, dump_default=None)


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


class ClosedCondition(Condition):
    receipt = receipt_field()


class ConditionPage(Told):
    items = listed(Condition)
    next = next_page()


class Owed(Told):
    text = fields.String()
    owner = fields.String()
    due = fields.String(metadata={"format": "date"})


class Vote(Told):
    id = fields.Integer()
    round = fields.Integer()
    counts = fields.Boolean(
        metadata={"description": "False once what the voter saw has materially changed."}
    )
    person_id = fields.String()
    person = fields.String(allow_none=True)
    for_person_id = fields.String(
        allow_none=True, metadata={"description": "Whose vote it is, where it was delegated."}
    )
    for_person = fields.String(allow_none=True)
    through = Word(Through, "What lets the person vote.")
    roles = listed_words(Role, "The roles that it may count in.")
    seat = Word(Role, "The role that it counted in, once decided.", allow_none=True)
    decision = Word(Answer)
    meaning = fields.String(
        allow_none=True, metadata={"description": "What a vote in this role says."}
    )
    reason = fields.String()
    override_reason = fields.String(
        allow_none=True, metadata={"description": "Set where the vote goes against the advice."}
    )
    conditions = listed(Owed)
    resume_on = GivenDay("When a hold ends.", allow_none=True)
    resume_when = fields.String(
        allow_none=True, metadata={"description": "The condition on which a hold ends."}
    )
    seen_digest = fields.String(
        allow_none=True, metadata={"description": "The kept text of all that the voter saw."}
    )
    signed_at = Instant(
        "When the voter showed who they are, where the gate asks for a signature.", allow_none=True
    )
    signed_how = Word(
        ("link", "oidc"),
        "How: by a link that works once, or by the organisation's own sign-in.",
        allow_none=True,
    )
    lessons_shown = fields.List(
        fields.Integer(), metadata={"description": "The lessons that the voter was shown."}
    )
    recorded_at = Instant()


class Deputy(Told):
    name = fields.String()
    for_ = fields.String(data_key="for", attribute="for")


class MissingVotes(Told):
    role = Word(Role)
    votes = fields.Integer()
    who = texts("Who holds the role and has not voted.")
    deputies = listed(Deputy, "Who may vote for one of them today.")
    unblock = fields.String(
        allow_none=True, metadata={"description": "What helps where too few are left to vote."}
    )


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
    expires_on = GivenDay("When it is closed undecided.", allow_none=True)
    round = fields.Integer(metadata={"description": "Votes of earlier rounds count no more."})
    seen_digest = fields.String(allow_none=True)
    changed = texts("What changed since the round before.")
    escalated_to = listed_words(Role, "Roles that may vote as it was not decided in time.")
    decision = Word(Decision, allow_none=True)
    decided_at = Instant(allow_none=True)
    became = Word(Decision, "What a conditional go has become since.", allow_none=True)
    became_at = Instant(allow_none=True)
    version = fields.Integer()
    recorded_at = Instant()


class Earlier(Told):
    """An earlier iteration of the same gate."""

    submission = fields.Integer()
    iteration = fields.Integer()
    advice = Word(Decision)
    decision = Word(Decision, allow_none=True)
    decided_at = Instant(allow_none=True)
    differs = texts("What the later judgement has otherwise.")


class Submission(SubmissionItem):
    title = fields.String()
    signature = fields.Boolean(
        metadata={"description": "Whether who votes confirms who they are, in a browser."}
    )
    submitted_by_name = fields.String(allow_none=True)
    votes = listed(Vote)
    missing = listed(MissingVotes, "What is still needed for a decision.")
    leads_to = listed(LeadsTo, "The stage each decision leads to.")
    conditions = listed(Condition)
    earlier = listed(Earlier, "The iterations before this one, the newest first.")
    lessons = listed(
        ShownLesson, "What projects like this one have learned, where the gate shows it."
    )
    scorecards = listed(ScoreCard, "The criteria that people score.")
    waivers = listed(Waiver, "Every waiver of the project, those that have ended too.")
    receipt = receipt_field()


class SubmissionPage(Told):
    items = listed(SubmissionItem)
    next = next_page()


class SubmissionQuery(PageQuery):
    project = Identifier("Only submissions of this project.")
    gate = Text(TAG_LENGTH, "Only submissions to this gate.")
    state = Word(SUBMISSION_STATES, "Only those in this state.")
    sort = sort_by("id", "project", "gate", "decide_by", "recorded_at", default="-id")


class NewSubmission(Given):
    gate = Text(TAG_LENGTH, required=True)
    note = Text(TEXT_LENGTH, lines=True, allow_none=True)
    evidence = Several(fields.Nested(NewEvidence), most=MOST_EVIDENCE)


class NewCondition(Given):
    text = Text(TEXT_LENGTH, "What is owed.", lines=True, required=True)
    owner = Text(NAME_LENGTH, "By whom.", required=True)
    due = Day("By when: today or later.", required=True)


class NewVote(Given):
    decision = Word(Answer, required=True)
    reason = Text(TEXT_LENGTH, lines=True, required=True)
    override_reason = Text(
        TEXT_LENGTH, "Needed for a vote against the advice.", lines=True, allow_none=True
    )
    role = Word(Role, "The role to vote in, for who holds several.")
    on_behalf_of = Text(NAME_LENGTH, "Who delegated the vote to you: e-mail address or id.")
    resume_on = Day("When a hold ends: later than today.")
    resume_when = Text(TEXT_LENGTH, "A condition on the project that ends a hold.")
    conditions = Several(
        fields.Nested(NewCondition), "What a conditional go asks for.", most=MOST_CONDITIONS
    )


class ConditionQuery(PageQuery):
    project = Identifier("Only conditions of this project.")
    state = Word(CONDITION_STATES, "Only open, or only closed ones.")
    sort = sort_by("id", "due", "project", default="due")


class Closing(Given):
    evidence = Text(TEXT_LENGTH, "What shows that it is done.", lines=True, required=True)

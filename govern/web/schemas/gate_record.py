"""What a project's gates have seen: iterations, rounds, votes, decisions, time in stage."""

from marshmallow import fields

from govern.domain.decision import Answer, Decision
from govern.domain.role import Role
from govern.services.deciders import Through
from govern.web.fields import GivenDay, Instant, Word
from govern.web.patterns import DIGEST
from govern.web.schemas.base import Told, listed, listed_words, texts
from govern.web.schemas.gates import SUBMISSION_STATES
from govern.web.schemas.lessons import ShownLesson
from govern.web.schemas.waivers import Waiver


class StageVisit(Told):
    stage = fields.String()
    since = GivenDay("Null: as far back as is known.", allow_none=True)
    until = GivenDay("Null for the stage it is in now, or where nobody said.", allow_none=True)
    now = fields.Boolean(metadata={"description": "Whether the project is in it now."})
    days = fields.Integer(
        allow_none=True, metadata={"description": "Null where a date is not known, never 0."}
    )
    recorded_at = Instant()


class DaysInStage(Told):
    stage = fields.String()
    visits = fields.Integer()
    days = fields.Integer(
        allow_none=True, metadata={"description": "All visits; null where one is not known."}
    )


class Round(Told):
    round = fields.Integer()
    judged_at = Instant()
    changed = texts("What had changed; nothing for the first judgement.")


class RecordedVote(Told):
    id = fields.Integer()
    round = fields.Integer()
    counts = fields.Boolean(metadata={"description": "False where the voter saw something else."})
    person = fields.String(allow_none=True)
    for_person = fields.String(
        allow_none=True, metadata={"description": "Whose vote it is, where it was delegated."}
    )
    through = Word(Through)
    roles = listed_words(Role)
    seat = Word(Role, "The role that it counted in.", allow_none=True)
    decision = Word(Answer)
    meaning = fields.String(allow_none=True)
    reason = fields.String()
    override_reason = fields.String(allow_none=True)
    seen_digest = fields.String(
        allow_none=True,
        metadata={"description": "Read it at `/submissions/{submission}/votes/{vote}/seen`."},
    )
    signed_at = Instant(
        "When the voter showed who they are, where the gate asks for a signature.", allow_none=True
    )
    signed_how = Word(
        ("link", "oidc"),
        "How: by a link that works once, or by the organisation's own sign-in.",
        allow_none=True,
    )
    recorded_at = Instant()


class Iteration(Told):
    submission = fields.Integer()
    iteration = fields.Integer()
    state = Word(SUBMISSION_STATES)
    submitted_at = Instant()
    submitted_by = fields.String(allow_none=True)
    advice = Word(Decision)
    advice_because = texts()
    decision = Word(Decision, allow_none=True)
    override = fields.Boolean(metadata={"description": "Decided against the advice."})
    decided_at = Instant(allow_none=True)
    became = Word(Decision, "What a conditional go has become since.", allow_none=True)
    became_at = Instant(allow_none=True)
    decide_by = GivenDay(allow_none=True)
    days_open = fields.Integer(
        allow_none=True,
        metadata={"description": "From submission to decision, or until today while it is open."},
    )
    escalated_to = listed_words(Role)
    round = fields.Integer()
    rounds = listed(Round, "Every judgement, and what it found changed.")
    lessons = listed(ShownLesson, "Those that its deciders were shown.")
    votes = listed(RecordedVote, "Every vote, those of earlier rounds too.")
    facts_digest = fields.String(metadata={"pattern": DIGEST})
    rulebook_digest = fields.String(allow_none=True)
    workflow_digest = fields.String(metadata={"pattern": DIGEST})
    seen_digest = fields.String(allow_none=True)


class RecordedGate(Told):
    gate = fields.String()
    title = fields.String(
        allow_none=True, metadata={"description": "Null for a gate that the workflow has no more."}
    )
    recycles = fields.Integer()
    iterations = listed(Iteration)


class GateRecord(Told):
    project = fields.String()
    workflow = fields.String()
    workflow_version = fields.Integer()
    stage = fields.String()
    stages = listed(StageVisit, "In the order in which the project was in them.")
    days_in_stage = listed(DaysInStage)
    gates = listed(RecordedGate, "In the order of the workflow.")
    waivers = listed(Waiver, "Every waiver it was given, those that have ended too.")


class SeenBy(Told):
    submission = fields.Integer()
    vote = fields.Integer()
    person = fields.String(allow_none=True)
    recorded_at = Instant()
    digest = fields.String(metadata={"pattern": DIGEST})
    people = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "The names of the people that it names by id."},
    )
    seen = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "The kept text: results, evidence, scores, waivers, advice, digests of "
            "facts, rulebook and workflow. One digest, one text."
        },
    )

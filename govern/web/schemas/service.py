"""Who asks, what waits for them, the process they work in, and whether the service is well."""

from marshmallow import fields

from govern.domain.criterion import CriterionKind
from govern.domain.decision import Decision
from govern.domain.period import Cadence
from govern.domain.role import Role
from govern.web.fields import Figure, GivenDay, Instant, Word
from govern.web.patterns import DIGEST
from govern.web.schemas.base import Told, listed, listed_words, texts
from govern.web.schemas.gates import Condition
from govern.web.schemas.recommendations import Recommendation, RecommendationToDo
from govern.web.schemas.scope_changes import WaitingScopeChange
from govern.web.schemas.scores import Anchor, WaitingScore


class HeldRole(Told):
    role = Word(Role)
    portfolio = fields.String(allow_none=True)
    project = fields.String(
        allow_none=True,
        metadata={"description": "Null, as the portfolio: on the whole installation."},
    )


class Me(Told):
    id = fields.String()
    name = fields.String()
    roles = listed(HeldRole)


class WaitingGate(Told):
    submission = fields.Integer()
    project = fields.String()
    project_name = fields.String()
    gate = fields.String()
    title = fields.String()
    iteration = fields.Integer()
    advice = Word(Decision)
    decide_by = GivenDay(allow_none=True)
    overdue = fields.Boolean()
    as_ = fields.List(
        Word(Role), data_key="as", attribute="as", metadata={"description": "In which role."}
    )


class Waiting(Told):
    gates = listed(WaitingGate, "Submissions that need this person's vote.")
    scope_changes = listed(WaitingScopeChange, "Scope changes that need this person's vote.")
    scores = listed(WaitingScore, "Criteria that this person can score.")
    recommendations = listed(Recommendation, "Recommendations that this person answers.")
    to_do = listed(RecommendationToDo, "What was accepted, and this person can begin or report.")
    conditions = listed(Condition, "Open conditions that this person owes.")


class Slot(Told):
    role = Word(Role)
    votes = fields.Integer()
    of = fields.Integer(
        allow_none=True,
        metadata={"description": "A panel of so many: one vote against does not decide in it."},
    )
    meaning = fields.String(
        allow_none=True, metadata={"description": "What a vote in this role says."}
    )


class Escalated(Told):
    after = fields.Integer(metadata={"description": "Working days since the submission."})
    to = Word(Role)


class AskedScore(Told):
    """What is asked of a criterion that people score."""

    least = Figure("The mean, 0 to 10, that is enough.")
    scorers = fields.Integer(metadata={"description": "How many people have to score it."})
    by = fields.List(Word(Role))
    anchors = listed(Anchor, "What a score means, lowest first.")


class Criterion(Told):
    id = fields.String()
    kind = Word(CriterionKind)
    title = fields.String()
    require = fields.String(
        allow_none=True, metadata={"description": "Null where people score it."}
    )
    score = fields.Nested(AskedScore, allow_none=True)
    otherwise = fields.String(allow_none=True)
    weight = Figure(allow_none=True)
    fatal = fields.Boolean()


class Gate(Told):
    id = fields.String()
    title = fields.String()
    from_ = fields.String(data_key="from", attribute="from")
    to = fields.String()
    submit = fields.List(Word(Role))
    approve = listed(Slot)
    veto = listed_words(Role, "Roles whose vote against decides at once.")
    waive = listed_words(Role, "Roles that waive a criterion for a project.")
    separation = texts("Who never decides, whatever their role.")
    decide_within = fields.Integer(
        allow_none=True, metadata={"description": "Working days to decide in."}
    )
    remind = fields.Integer(
        allow_none=True, metadata={"description": "Working days before the end of them."}
    )
    escalate = listed(Escalated)
    expires = fields.Integer(
        allow_none=True, metadata={"description": "Working days until it is closed undecided."}
    )
    repeats = Word(
        Cadence, "How often it is opened while a project is in its stage.", allow_none=True
    )
    freezes = fields.String(allow_none=True)
    should_mark = Figure("The share of the should-meet weights that it asks for.")
    evidence = texts("The documents that a submission names.")
    criteria = listed(Criterion)


class Workflow(Told):
    id = fields.String()
    version = fields.Integer()
    title = fields.String()
    digest = fields.String(metadata={"pattern": DIGEST})
    calendar = fields.String(
        allow_none=True, metadata={"description": "The calendar that its days are counted in."}
    )
    reopen = listed_words(Role, "Roles that reopen a terminated project.")
    stages = texts("In order; on_hold and terminated stand beside them.")
    gates = listed(Gate)
    mermaid = fields.String(metadata={"description": "A drawing, as a Mermaid state diagram."})
    text = fields.String(metadata={"description": "The file as it was read."})


class LogStanding(Told):
    sealing = fields.Boolean(metadata={"description": "Whether there is a key to seal with."})
    size = fields.Integer(metadata={"description": "Events under the last checkpoint."})
    sealed_at = Instant(allow_none=True)
    unsealed = fields.Integer(metadata={"description": "Events that are not in the log yet."})


class Health(Told):
    status = fields.String()
    engine = fields.String(metadata={"description": "The version of govern."})
    log = fields.Nested(LogStanding)

"""A workflow as its file defines it: stages, gates, who submits and decides, and the criteria."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from govern.documents.source import Place
from govern.domain.criterion import CriterionKind, Outcome
from govern.domain.decision import Decision
from govern.domain.given import Given
from govern.domain.period import Cadence
from govern.domain.role import Role
from govern.language.check import Checked
from govern.language.tree import Expression

SUBMITTER = "submitter"
READING_SUBMITTER = "reading_submitter"
EVIDENCE_PROVIDER = "evidence_provider"
SEPARATIONS = (SUBMITTER, READING_SUBMITTER, EVIDENCE_PROVIDER)
"""Who can be kept from deciding: who submitted (always), who recorded a reading of one of the
project's KPIs since it entered its stage, and who brought evidence to the submission."""

BASELINE = "baseline"
"""What a gate can freeze: baseline, target and planned values of the project's KPIs."""

LESSONS = "lessons"
SHOWN = (LESSONS,)
"""What a gate can show beside a submission: lessons of projects like this one."""

REQUIRED = "required"
SIGNATURES = (REQUIRED,)
"""What a gate can say of signatures; without it none is asked for."""

SHOULD_MARK = Decimal("0.7")
"""The share of the should-meet weights that a gate asks for where its file does not say."""


@dataclass(frozen=True, slots=True)
class ApproveSlot:
    """So many passing votes of one role, each by another person.

    `of` makes it a panel of that many people: one vote against does not decide there. `meaning` is
    what a vote in this role says, where the organisation wants it said (FDA 21 CFR 11.50).
    """

    role: Role
    votes: int
    of: int | None = None
    meaning: str | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom an undecided submission is taken to, counted in working days from its submission."""

    after_working_days: int
    to: Role


@dataclass(frozen=True, slots=True)
class Unread:
    """A condition that nothing can be said of: `because` is what is wrong with it."""

    expression: Expression
    because: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A criterion that people score from 0 to 10.

    It is met where at least `scorers` people have scored it and their mean is `least` or more.
    `by` are the roles that score, the gate's deciders where it is empty. `anchors` say what a score
    means, lowest first.
    """

    least: Decimal
    scorers: int
    by: tuple[Role, ...]
    anchors: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """`weight` is `None` for a must-meet, `fatal` is false for a should-meet criterion.

    `require` is the condition as written, `condition` the same checked against a project. It is
    unread in a workflow that was loaded without the decision tables it reads. Both are `None` for a
    criterion that people score.
    """

    id: str
    kind: CriterionKind
    title: str
    require: str | None
    condition: Checked | Unread | None
    otherwise: str | None
    weight: Decimal | None
    fatal: bool
    place: Place
    score: Scorecard | None = None


@dataclass(frozen=True, slots=True)
class GateTest(Given):
    """A made-up project and how its gate judges it.

    `evidence` are the documents that are brought, `None` for all that the gate asks for; `scores`
    has criterion id → what people gave, `waived` the ids of waived criteria. `expect` has criterion
    id → outcome, for some of the criteria.
    """

    evidence: tuple[str, ...] | None
    scores: Mapping[str, tuple[Decimal, ...]]
    waived: tuple[str, ...]
    expect: Mapping[str, Outcome]
    advice: Decision | None
    place: Place


@dataclass(frozen=True, slots=True)
class Gate:
    """What a project in `source` must pass to enter `target`.

    `decide_within`, `remind` (that long before the end of it) and `expires` (after the submission)
    are in working days; `evidence` are the documents that a submission names; `should_mark` is a
    share (0.7 = 70 %) of the weights of the should-meet criteria. `veto` are the roles whose vote
    against decides at once, `waive` those that may waive a criterion. A gate that `repeats` leads
    back to its own stage: a value check that is opened at that cadence while a project is there.
    `shows` is what stands beside a submission for those who decide. With `signature` whoever votes
    shows who they are just before.
    """

    id: str
    title: str
    source: str
    target: str
    submit: tuple[Role, ...]
    approve: tuple[ApproveSlot, ...]
    criteria: tuple[Criterion, ...]
    place: Place
    separation: tuple[str, ...] = (SUBMITTER,)
    decide_within: int | None = None
    escalate: tuple[Escalation, ...] = ()
    freezes: str | None = None
    evidence: tuple[str, ...] = ()
    should_mark: Decimal = SHOULD_MARK
    veto: tuple[Role, ...] = ()
    waive: tuple[Role, ...] = ()
    remind: int | None = None
    expires: int | None = None
    repeats: Cadence | None = None
    shows: tuple[str, ...] = ()
    signature: bool = False
    tests: tuple[GateTest, ...] = field(default=(), compare=False, repr=False)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that vote here."""
        return frozenset((*(slot.role for slot in self.approve), *self.veto))

    def of(self, kind: CriterionKind) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.kind is kind)


@dataclass(frozen=True, slots=True)
class Question:
    """What a survey asks of people in certain roles, for a rating from 1 to 5 and words."""

    id: str
    ask: str
    of: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Reviews:
    """When what came of a project is reviewed, and by whom.

    The rollout is the day the project entered `since`. In months after it, the review opens (`after`)
    and is due (`due`); `repeat` months after a signature the next one opens while a KPI is still
    owed. `sign` are the roles that sign it off.
    """

    since: str
    after: int
    due: int
    sign: tuple[Role, ...]
    repeat: int | None = None
    survey: tuple[Question, ...] = ()

    def question(self, question_id: str) -> Question | None:
        return next((each for each in self.survey if each.id == question_id), None)


@dataclass(frozen=True, slots=True)
class Workflow:
    """One version of a workflow. `digest` is `"sha256:" + hex` over the UTF-8 bytes of `text`,
    the file as it was read, so that the same text always gives the same workflow and digest.
    `calendar` names the working days its deadlines are counted in, Monday to Friday where it names
    none; `reopen` are the roles that may reopen a project that was terminated."""

    id: str
    version: int
    title: str
    stages: tuple[str, ...]
    gates: tuple[Gate, ...]
    path: str
    text: str
    digest: str
    calendar: str | None = None
    reopen: tuple[Role, ...] = ()
    reviews: Reviews | None = None

    @property
    def initial(self) -> str:
        return self.stages[0]

    @property
    def final(self) -> str:
        """Where the work ends: no gate leads out of it, and it is never held or killed."""
        return self.stages[-1]

    @property
    def live(self) -> tuple[str, ...]:
        """The stages that a project can still be moved from, in order."""
        return self.stages[:-1]

    def gate(self, gate_id: str) -> Gate | None:
        return next(self._named(gate_id), None)

    def _named(self, gate_id: str) -> Iterator[Gate]:
        return (gate for gate in self.gates if gate.id == gate_id)

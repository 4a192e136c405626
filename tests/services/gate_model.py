"""What docs/workflow-files.md says of gates, said again as plainly as can be: a model to hold the
service against. It knows one project, days instead of moments, people by their names, and reads the
workflow file by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.services.gate_quorum import PASSING, Gate, Vote

ON_HOLD, TERMINATED = "on_hold", "terminated"
SYSTEM = "system"
"""Who opens the checks that repeat."""


@dataclass
class Facts:
    """What criteria read; `None` is unknown."""

    target: int | None = 1200
    budget: int | None = 1000
    owed: int = 0


def _target_set(facts: Facts) -> tuple[Any, bool | None]:
    return facts.target, None if facts.target is None else facts.target >= 100


def _affordable(facts: Facts) -> tuple[Any, bool | None]:
    return facts.budget, None if facts.budget is None else facts.budget <= 5000


def _nothing_owed(facts: Facts) -> tuple[Any, bool | None]:
    return facts.owed, facts.owed == 0


CRITERIA = {"target-set": _target_set, "affordable": _affordable, "nothing-owed": _nothing_owed}
"""Criterion → the value that it reads, and whether it is met by it."""


@dataclass
class Owed:
    """A condition of a conditional go."""

    due: date
    is_open: bool = True


@dataclass
class Submission:
    gate: str
    iteration: int
    by: str
    opened: date
    judged: dict[str, tuple[str, Any]]
    state: str = "open"
    round: int = 1
    votes: list[Vote] = field(default_factory=list[Vote])
    earlier: list[Vote] = field(default_factory=list[Vote])
    escalated: list[str] = field(default_factory=list[str])
    decision: str | None = None
    became: str | None = None
    owed: list[Owed] = field(default_factory=list[Owed])


@dataclass
class Deputy:
    """A delegation; `gate` `None` is every gate."""

    giver: str
    to: str
    first: date
    last: date
    gate: str | None = None
    revoked: bool = False

    def holds(self, gate: str, day: date) -> bool:
        return not self.revoked and self.first <= day <= self.last and self.gate in (None, gate)


@dataclass
class Waiver:
    gate: str
    criterion: str
    last: date
    revoked: bool = False


def after(day: date, working_days: int) -> date:
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


class Model:
    """One project. What is not possible is for `may` to say; the other methods do it."""

    def __init__(self, workflow: Mapping[str, Any], roles: Mapping[str, frozenset[str]]) -> None:
        self.gates = {each["id"]: Gate(each) for each in workflow["gates"]}
        self.stages: list[str] = workflow["stages"]
        self.reopeners: list[str] = workflow["reopen"]
        self.roles = dict(roles)
        self.facts = Facts()
        self.stage, self.held_from = self.stages[0], None
        self.by_lapse = False
        self.resume_on: date | None = None
        self.today = date.min
        self.entered = date.min
        self.submissions: list[Submission] = []
        self.deputies: list[Deputy] = []
        self.waivers: list[Waiver] = []
        self.reporters: set[str] = set()
        self.checked: set[date] = set()
        self.moves: list[tuple[str, str]] = []

    held_from: str | None

    @property
    def live(self) -> list[str]:
        return self.stages[:-1]

    @property
    def open(self) -> Submission | None:
        return next((each for each in self.submissions if each.state == "open"), None)

    @property
    def ended(self) -> bool:
        return self.stage in (TERMINATED, self.stages[-1])

    def holders(self, roles: Sequence[str] | frozenset[str]) -> set[str]:
        return {who for who, held in self.roles.items() if held & set(roles)}

    # --- judging -------------------------------------------------------------------------------

    def judge(self, gate: Gate) -> dict[str, tuple[str, Any]]:
        self.facts.owed = sum(o.is_open for each in self.submissions for o in each.owed)
        waived = {
            each.criterion
            for each in self.waivers
            if each.gate == gate.id and not each.revoked and self.today <= each.last
        }
        judged: dict[str, tuple[str, Any]] = {}
        for name in (*gate.must, *gate.should):
            value, is_met = CRITERIA[name](self.facts)
            outcome = "unknown" if is_met is None else "met" if is_met else "not_met"
            judged[name] = "waived" if name in waived and not is_met else outcome, value
        return judged

    def changed(self, found: Submission) -> bool:
        return self.judge(self.gates[found.gate]) != found.judged

    def refresh(self, found: Submission) -> None:
        if self.changed(found):
            found.judged = self.judge(self.gates[found.gate])
            found.round += bool(found.votes)
            found.earlier += found.votes
            found.votes = []

    # --- who may vote --------------------------------------------------------------------------

    def separated(self, found: Submission) -> set[str]:
        out = {found.by}
        if "reading_submitter" in self.gates[found.gate].separation:
            out |= self.reporters
        return out

    def involved(self, found: Submission) -> set[str]:
        return {x for each in found.votes for x in (each.who, each.counted)}

    def ways(self, who: str, found: Submission) -> list[tuple[frozenset[str], str | None]]:
        """Roles to vote in and the person to vote for, the own ones first."""
        gate = self.gates[found.gate]
        ways: list[tuple[frozenset[str], str | None]] = []
        if own := self.roles[who] & gate.roles:
            ways.append((own, None))
        elif self.roles[who] & set(found.escalated):
            ways.append((frozenset(gate.seats), None))
        for each in self.deputies:
            roles = self.roles[each.giver] & gate.roles
            if each.to == who and each.holds(found.gate, self.today) and roles:
                ways.append((roles, each.giver))
        return ways

    def helpful(self, who: str, found: Submission) -> list[tuple[frozenset[str], str | None]]:
        """The ways in which a passing vote of this person would fill an empty seat."""
        gate = self.gates[found.gate]
        out = self.separated(found) | self.involved(found)
        voters = [each.roles for each in gate.seated(found.votes)]
        return [
            (roles, principal)
            for roles, principal in self.ways(who, found)
            if not {who, principal or who} & out and gate.filled([*voters, roles]) > len(voters)
        ]

    def helpers(self, found: Submission) -> set[str]:
        return {who for who in self.roles if self.helpful(who, found)}

    def can_pass(self, found: Submission) -> bool:
        """Whether those who are left could fill every seat, tried vote by vote."""
        gate = self.gates[found.gate]
        if len(gate.seated(found.votes)) == sum(gate.seats.values()):
            return True
        for who in sorted(self.roles):
            for roles, principal in self.helpful(who, found):
                found.votes.append(Vote(who, principal, roles, "go"))
                enough = self.can_pass(found)
                found.votes.pop()
                if enough:
                    return True
        return False

    def may_vote(
        self,
        who: str,
        found: Submission,
        answer: str,
        principal: str | None,
        *,
        version: str,
        reasoned: bool,
        owed: Sequence[date],
    ) -> set[str]:
        """Why this vote cannot be cast: every reason there is, nothing where it can."""
        if found.state != "open":
            return {"submission-closed"}
        why: set[str] = set()
        changed = self.changed(found)
        if version == "stale" or (version == "fresh" and changed):
            why.add("stale-version")
        out = self.separated(found)
        every = self.ways(who, found)
        ways = [each for each in every if principal is None or each[1] == principal]
        if not ways:
            why.add("not-allowed" if principal is None else "invalid-input")
        elif ways[0][1] is not None and principal is None and len(ways) > 1:
            why.add("invalid-input")
        counted = (ways[0][1] if ways else principal) or who
        if out & {who, counted}:
            why.add("separation-of-duties")
        if not changed and self.involved(found) & {who, counted}:
            why.add("already-voted")
        gate = self.gates[found.gate]
        if answer not in ("abstain", gate.advice(self.judge(gate))) and not reasoned:
            why.add("override-needs-reason")
        if answer == "conditional_go" and not owed:
            why.add("conditions-needed")
        return why

    # --- what people do ------------------------------------------------------------------------

    def may_submit(self, who: str, gate_id: str) -> set[str]:
        gate, why = self.gates[gate_id], set[str]()
        if not self.roles[who] & set(gate.submit):
            why.add("not-allowed")
        if self.stage != gate.source:
            why.add("illegal-move")
        if self.open:
            why.add("already-submitted")
        return why

    def submit(self, who: str, gate_id: str) -> None:
        number = 1 + sum(each.gate == gate_id for each in self.submissions)
        judged = self.judge(self.gates[gate_id])
        self.submissions.append(Submission(gate_id, number, who, self.today, judged))

    def vote(self, found: Submission, cast: Vote) -> None:
        self.refresh(found)
        found.votes.append(cast)
        gate = self.gates[found.gate]
        found.decision = gate.decision(found.votes)
        if found.decision is None:
            return
        found.state = "decided"
        if found.decision == "conditional_go":
            found.owed = [Owed(due) for each in found.votes for due in each.owed]
        if found.decision in PASSING:
            self._go(gate.target)
        elif found.decision != "recycle":
            ends = [each.resume_on for each in found.votes if each.resume_on]
            self._stop(found.decision, ends[-1] if ends else None)

    def may_move(self, who: str, to_do: str) -> set[str]:
        why: set[str] = set()
        stage = self.held_from or self.stage
        deciders = {r for g in self.gates.values() if g.source == stage for r in g.roles}
        if not self.roles[who] & (set(self.reopeners) if to_do == "reopen" else deciders):
            why.add("not-allowed")
        possible = {
            "hold": self.stage in self.live,
            "kill": self.stage in (*self.live, ON_HOLD),
            "resume": self.stage == ON_HOLD,
            "reopen": self.stage == TERMINATED,
        }
        if not possible[to_do]:
            why.add("illegal-move")
        if self.open:
            why.add("already-submitted")
        return why

    def move(self, to_do: str, resume_on: date | None = None) -> None:
        if to_do in ("hold", "kill"):
            self._stop(to_do, resume_on)
        else:
            assert self.held_from
            self._go(self.held_from)

    def close(self, found: Submission, owed: Owed) -> None:
        owed.is_open = False
        if found.became == "go" or any(each.is_open for each in found.owed):
            return
        was, found.became = found.became, "go"
        if was == "hold" and self.by_lapse and not self.lapsed:
            self.move("resume")

    @property
    def lapsed(self) -> bool:
        return any(each.became == "hold" for each in self.submissions)

    # --- what time does ------------------------------------------------------------------------

    def tick(self) -> None:
        found = self.open
        if found:
            self.refresh(found)
            self._deadlines(found)
        for each in self.submissions:
            overdue = any(o.is_open and o.due < self.today for o in each.owed)
            if each.became is None and overdue and not self.ended:
                each.became = "hold"
                if self.open:
                    self.open.state = "expired"
                if self.stage != ON_HOLD:
                    self._stop("hold", None)
                    self.by_lapse = True
        over = self.resume_on is not None and self.resume_on <= self.today
        if self.stage == ON_HOLD and not self.lapsed and over:
            self.move("resume")
        for gate in self.gates.values():
            if gate.repeats and gate.source == self.stage:
                self._check(gate)

    def _deadlines(self, found: Submission) -> None:
        gate = self.gates[found.gate]
        for days, role in gate.escalate:
            if self.today > after(found.opened, days) and role not in found.escalated:
                found.escalated.append(role)
        if gate.expires and self.today > after(found.opened, gate.expires):
            found.state = "expired"

    def _check(self, gate: Gate) -> None:
        month = self.today + timedelta(days=1)
        ended = date(month.year, month.month, 1) - timedelta(days=1)
        asked = [each.opened for each in self.submissions if each.gate == gate.id]
        if ended in self.checked or self.entered >= ended or any(d >= ended for d in asked):
            return
        if self.open is None or self.open.gate == gate.id:
            self.checked.add(ended)
        if self.open is None:
            self.submit(SYSTEM, gate.id)

    # --- moving --------------------------------------------------------------------------------

    def _go(self, to: str) -> None:
        self.held_from = None
        self._to(to)

    def _stop(self, how: str, resume_on: date | None) -> None:
        if self.stage != ON_HOLD:
            self.held_from = self.stage
        self._to(ON_HOLD if how == "hold" else TERMINATED)
        self.resume_on = resume_on if how == "hold" else None

    def _to(self, stage: str) -> None:
        if stage != self.stage:
            self.moves.append((self.stage, stage))
            self.stage, self.entered, self.by_lapse = stage, self.today, False
            self.reporters = set()
        self.resume_on = None

"""The only place that decides which stage comes next.

One `transitions` machine per workflow version, bound to no model: its events are fired on a light
subject. https://github.com/pytransitions/transitions
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from transitions import EventData, Transition
from transitions import Machine as Transitions

from govern.domain.decision import Decision
from govern.domain.refusal import IllegalMove
from govern.domain.stage import ON_HOLD, TERMINATED
from govern.process.definition import Gate, Workflow

RESUME = "resume"
"""Beside the decisions: the way back from on_hold, to the stage that the project was held in."""

REOPEN = "reopen"
"""The way back from terminated, to the stage that the project was in when it ended."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a project stands after a move.

    `held_from` is the stage to resume or reopen in, `None` unless the project is on hold or
    terminated. `iteration` counts
    how often the project has been sent back (recycled) since it entered its stage.
    """

    stage: str
    held_from: str | None
    iteration: int


@dataclass(frozen=True, slots=True)
class LegalMove:
    """`gate` is `None` for what needs no submission: hold, kill, resume and reopen."""

    gate: str | None
    decision: str
    to: str

    def fact(self) -> dict[str, str | None]:
        return {"gate": self.gate, "decision": self.decision, "to": self.to}


@dataclass(slots=True)
class _Subject:
    """What the events are fired on; `transitions` reads and writes `state`."""

    state: str
    held_from: str | None
    iteration: int


class Machine:
    """The moves of one workflow version. Holds no project, so one instance serves all of them."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._moves: dict[str, tuple[str | None, str]] = {}
        self._machine = Transitions(
            model=None,
            states=[*workflow.stages, ON_HOLD, TERMINATED],
            initial=workflow.initial,
            auto_transitions=False,
            send_event=True,
        )
        for gate in workflow.gates:
            self._add_gate(gate)
        self._add_beside_the_gates()

    def move(
        self,
        stage: str,
        held_from: str | None,
        decision: Decision,
        gate_id: str | None = None,
        iteration: int = 0,
    ) -> Moved:
        """Where `decision` takes a project that stands in `stage`.

        Without a gate only `hold` and `kill` are possible. Raises `IllegalMove`, whose facts list
        what would be legal.
        """
        return self._fire(_Subject(stage, held_from, iteration), gate_id, decision.value)

    def resume(self, stage: str, held_from: str | None, iteration: int = 0) -> Moved:
        """Takes a project on hold back to where it was held. Raises `IllegalMove`."""
        return self._fire(_Subject(stage, held_from, iteration), None, RESUME)

    def reopen(self, stage: str, held_from: str | None, iteration: int = 0) -> Moved:
        """Takes a terminated project back to where it ended. Raises `IllegalMove`."""
        return self._fire(_Subject(stage, held_from, iteration), None, REOPEN)

    def stand(self, stage: str, held_from: str | None) -> Moved:
        """Where a project can stand that comes from another version of its workflow: in any stage,
        and on hold or terminated where it can be resumed or reopened from. Raises `IllegalMove`.
        """
        live = self.workflow.live
        if stage in self.workflow.stages and held_from is None:
            return Moved(stage, None, 0)
        if stage in (ON_HOLD, TERMINATED) and held_from in live:
            return Moved(stage, held_from, 0)
        resumed = held_from if stage in (ON_HOLD, TERMINATED) else stage
        raise IllegalMove(
            f"a project cannot be {stage} from '{resumed}': only from {', '.join(live)}",
            stage=stage,
            held_from=held_from,
            legal=list(live),
        )

    def legal(self, stage: str, held_from: str | None = None) -> tuple[LegalMove, ...]:
        """Every move from here: the gates' in the file's order, then those without a gate."""
        moves: list[LegalMove] = []
        for name, (gate, decision) in self._moves.items():
            for transition in self._from(name, stage):
                # An internal transition has no destination: the project stays.
                to = transition.dest or stage
                if decision not in (RESUME, REOPEN) or to == held_from:
                    moves.append(LegalMove(gate, decision, to))
        return tuple(moves)

    def gates_from(self, stage: str) -> tuple[Gate, ...]:
        """The gates that a project in this stage can submit to."""
        return tuple(gate for gate in self.workflow.gates if gate.source == stage)

    def _fire(self, subject: _Subject, gate_id: str | None, decision: str) -> Moved:
        before = subject.state, subject.held_from
        name = _event(gate_id, decision)
        # A move that the stage does not have would raise the library's own error, and a guard that
        # says no would only return false: both are one refusal here.
        if not (self._from(name, subject.state) and self._machine.events[name].trigger(subject)):
            raise self._refusal(*before, gate_id, decision)
        return Moved(subject.state, subject.held_from, subject.iteration)

    def _from(self, name: str, stage: str) -> list[Transition]:
        event = self._machine.events.get(name)
        return event.transitions.get(stage, []) if event else []

    def _add_gate(self, gate: Gate) -> None:
        for decision in (Decision.GO, Decision.CONDITIONAL_GO):
            self._add(gate.id, decision, gate.source, gate.target, after=_arrive)
        self._add(gate.id, Decision.RECYCLE, gate.source, None, after=_count)
        self._add(gate.id, Decision.HOLD, gate.source, ON_HOLD, before=_remember)
        self._add(gate.id, Decision.KILL, gate.source, TERMINATED, before=_remember)

    def _add_beside_the_gates(self) -> None:
        for stage in self.workflow.live:
            self._add(None, Decision.HOLD, stage, ON_HOLD, before=_remember)
        for stage in self.workflow.live:
            self._add(None, Decision.KILL, stage, TERMINATED, before=_remember)
        # A project that ends while it is held goes on, if ever, from where it was held.
        self._add(None, Decision.KILL, ON_HOLD, TERMINATED)
        for stage in self.workflow.live:
            self._add(None, RESUME, ON_HOLD, stage, conditions=_held_from(stage), after=_forget)
        if self.workflow.reopen:
            for stage in self.workflow.live:
                self._add(
                    None, REOPEN, TERMINATED, stage, conditions=_held_from(stage), after=_forget
                )

    def _add(
        self, gate: str | None, decision: str, source: str, to: str | None, **hooks: Any
    ) -> None:
        name = _event(gate, decision)
        self._moves[name] = gate, str(decision)
        self._machine.add_transition(name, source, to, **hooks)

    def _refusal(
        self, stage: str, held_from: str | None, gate_id: str | None, decision: str
    ) -> IllegalMove:
        legal = self.legal(stage, held_from)
        at = f" at gate '{gate_id}'" if gate_id else ""
        return IllegalMove(
            f"{decision}{at} is not possible from {stage}: {_in_words(legal, stage, self)}",
            stage=stage,
            held_from=held_from,
            gate=gate_id,
            decision=decision,
            legal=[move.fact() for move in legal],
        )


def _event(gate_id: str | None, decision: str) -> str:
    return f"{gate_id or ''}:{decision}"


def _subject(event: EventData) -> _Subject:
    return cast(_Subject, event.model)


def _remember(event: EventData) -> None:
    subject = _subject(event)
    subject.held_from = subject.state


def _forget(event: EventData) -> None:
    _subject(event).held_from = None


def _arrive(event: EventData) -> None:
    subject = _subject(event)
    subject.held_from, subject.iteration = None, 0


def _count(event: EventData) -> None:
    _subject(event).iteration += 1


def _held_from(stage: str) -> Callable[[EventData], bool]:
    def guard(event: EventData) -> bool:
        return _subject(event).held_from == stage

    return guard


def _in_words(legal: tuple[LegalMove, ...], stage: str, machine: Machine) -> str:
    """What a project can do instead, one clause per gate."""
    known = (*machine.workflow.stages, ON_HOLD, TERMINATED)
    if stage not in known:
        return f"workflow '{machine.workflow.id}' has no such stage; it has {', '.join(known)}"
    clauses: dict[str | None, list[str]] = {}
    for move in legal:
        words = (
            f"{move.decision} (to {move.to})" if move.to != stage else f"{move.decision} (stays)"
        )
        clauses.setdefault(move.gate, []).append(words)
    if not clauses:
        return "nothing leads out of it"
    return "possible are " + "; ".join(
        (f"at gate '{gate}' " if gate else "without a gate ") + ", ".join(words)
        for gate, words in clauses.items()
    )

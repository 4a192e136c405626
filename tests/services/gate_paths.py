"""The states that a project can be in, and ways between them: found by walking through the model."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import yaml

from tests.services.gate_model import Model
from tests.services.gate_project import PEOPLE, WORKFLOW
from tests.services.gate_quorum import Vote
from tests.services.house import NOW

State = tuple[str, str | None, bool, str | None]
"""Stage, where it was held or ended, whether by a lapse, and the gate that it stands before."""


class Walker(Protocol):
    """Who takes a step: the model alone, or both. Each says whether it could."""

    def submit(self, who: str, gate: str) -> bool: ...
    def agree(self, answer: str) -> bool: ...
    def move(self, who: str, to_do: str) -> bool: ...
    def pass_days(self, days: int) -> bool: ...
    def tick(self) -> bool: ...


@dataclass(frozen=True)
class Step:
    what: str
    who: str = ""

    def __call__(self, walker: Walker) -> bool:
        if self.what == "wait":
            return walker.pass_days(40) and walker.tick()
        kind, _, rest = self.what.partition(" ")
        if kind == "submit":
            return walker.submit(self.who, rest)
        if kind == "agree":
            return walker.agree(rest)
        return walker.move(self.who, rest)


STEPS = (
    *(Step(f"submit {gate}", "pia") for gate in ("start", "check", "panel", "finish")),
    *(Step(f"agree {answer}") for answer in ("go", "conditional_go", "recycle", "hold", "kill")),
    *(Step(f"move {to_do}", "sam") for to_do in ("hold", "resume", "kill")),
    Step("move reopen", "gus"),
    Step("wait"),
)


class Alone:
    """The model, walked through without the services."""

    def __init__(self) -> None:
        self.model = Model(yaml.safe_load(WORKFLOW), PEOPLE)
        self.model.today = self.model.entered = NOW.date()

    def submit(self, who: str, gate: str) -> bool:
        return self._if(self.model.may_submit(who, gate), lambda: self.model.submit(who, gate))

    def move(self, who: str, to_do: str) -> bool:
        return self._if(self.model.may_move(who, to_do), lambda: self.model.move(to_do))

    def agree(self, answer: str) -> bool:
        model, found = self.model, self.model.open
        if found is None:
            return False
        while found.state == "open":
            who = min(model.helpers(found))
            roles, principal = model.helpful(who, found)[0]
            owed = (model.today + timedelta(days=2),) if answer == "conditional_go" else ()
            model.vote(found, Vote(who, principal, roles, answer, owed))
        return True

    def pass_days(self, days: int) -> bool:
        self.model.today += timedelta(days=days)
        return True

    def tick(self) -> bool:
        self.model.tick()
        return True

    def _if(self, why: set[str], do: Callable[[], None]) -> bool:
        if not why:
            do()
        return not why


def state_of(model: Model) -> State:
    gate = model.open.gate if model.open else None
    return model.stage, model.held_from, model.by_lapse, gate


def ways() -> dict[State, tuple[Step, ...]]:
    """Every state that steps lead to from the beginning, by a shortest way."""
    found: dict[State, tuple[Step, ...]] = {}
    for walker, way in _walk(()):
        found.setdefault(state_of(walker.model), way)
    return found


def ending(way: Sequence[Step]) -> tuple[Step, ...] | None:
    """The shortest way to an end from where a way leads to."""
    for walker, further in _walk(way):
        if walker.model.ended:
            return further
    return None


def _walk(way: Sequence[Step]) -> Iterator[tuple[Alone, tuple[Step, ...]]]:
    """Breadth first; what is owed is told apart, since it comes to a state of its own with time."""
    first = Alone()
    for step in way:
        step(first)
    seen = {_key(first)}
    queue: deque[tuple[Alone, tuple[Step, ...]]] = deque([(first, ())])
    while queue:
        walker, taken = queue.popleft()
        yield walker, taken
        for step in STEPS:
            further = deepcopy(walker)
            if step(further) and _key(further) not in seen:
                seen.add(_key(further))
                queue.append((further, (*taken, step)))


def _key(walker: Alone) -> tuple[State, bool, bool]:
    model = walker.model
    owes = any(o.is_open for s in model.submissions if s.became is None for o in s.owed)
    return state_of(model), owes, model.lapsed

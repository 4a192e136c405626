"""Whether a history of concurrent calls is that of one gate, asked by one person after the other.

J. M. Wing and C. Gong, Testing and Verifying Concurrent Objects (1993), with the memory of what was tried
that G. Lowe added (Testing for Linearizability, 2016). A call of which no answer came may have been done
at any moment since, or never. Nothing here knows how govern works, only what a gate is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

SUBMIT, VOTE, READ, LOOK = "submit", "vote", "read", "look"
"""`read` is of a submission, `look` of the project."""
OK, STALE, CLOSED, REFUSED = "ok", "stale", "closed", "refused"
NEVER = float("inf")
"""When a call ended of which no answer came."""
VOTES = 2
"""So many against decide the gate, which can be submitted again then."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`number` is that of the last submission, 0 where there was none; with `nameless` there is one
    after it whose number nobody was told. `voters` are those who voted on the last, `version` counts
    its changes from 1, `project` is the version of the project, which each decision moves on."""

    project: int = 1
    number: int = 0
    nameless: bool = False
    version: int = 0
    voters: frozenset[str] = frozenset()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What a read of a submission told."""

    version: int
    votes: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call, between two moments of one clock. `version` is the one that was named or, of a `look`,
    told; `number` the submission that is meant or, of a `submit` that was done, told. `result` is None
    where no answer came."""

    kind: str
    who: str
    begun: float
    ended: float = NEVER
    number: int = 0
    version: int = 0
    result: str | None = None
    seen: Seen | None = None


def after(gate: Gate, call: Call) -> Gate | None:
    """The gate once the call was done on it; None where it would have been answered otherwise."""
    following, result = _DO[call.kind](gate, call)
    return following if call.result in (None, result) else None


def _submit(gate: Gate, call: Call) -> tuple[Gate, str | None]:
    if call.version != gate.project:
        return gate, STALE
    if gate.is_open:
        return gate, REFUSED
    opened = replace(gate, version=1, voters=frozenset[str](), is_open=True)
    if call.result is None:
        return replace(opened, nameless=True), OK
    if call.number <= gate.number:
        return gate, None
    return replace(opened, number=call.number, nameless=False), OK


def _vote(gate: Gate, call: Call) -> tuple[Gate, str | None]:
    gate = _named(gate, call.number)
    if call.number != gate.number or not gate.is_open:
        return gate, CLOSED if call.number <= gate.number else None
    if call.version != gate.version:
        return gate, STALE
    if call.who in gate.voters:
        return gate, REFUSED
    voters = gate.voters | {call.who}
    decided = len(voters) == VOTES
    voted = replace(gate, version=gate.version + 1, voters=voters, is_open=not decided)
    return replace(voted, project=gate.project + decided), OK


def _read(gate: Gate, call: Call) -> tuple[Gate, str | None]:
    gate, seen = _named(gate, call.number), call.seen
    if seen is None:
        return gate, None
    if call.number < gate.number:
        return gate, OK if seen == Seen(1 + VOTES, VOTES, is_open=False) else None
    told = Seen(gate.version, len(gate.voters), gate.is_open)
    return gate, OK if call.number == gate.number and seen == told else None


def _look(gate: Gate, call: Call) -> tuple[Gate, str | None]:
    return gate, OK if call.version == gate.project else None


def _named(gate: Gate, number: int) -> Gate:
    """Whoever means a submission that nobody was told of tells its number."""
    if gate.nameless and number > gate.number:
        return replace(gate, number=number, nameless=False)
    return gate


_DO: Mapping[str, Callable[[Gate, Call], tuple[Gate, str | None]]] = {
    SUBMIT: _submit,
    VOTE: _vote,
    READ: _read,
    LOOK: _look,
}


def is_linearizable(history: Sequence[Call], first: Gate) -> bool:
    """Whether the calls can be put one after the other, each between its begin and its end, so that each
    was answered as a gate answers that was `first` as it began."""
    calls = sorted(history, key=lambda each: each.begun)
    answered = sum(1 << index for index, each in enumerate(calls) if each.result is not None)
    waiting: list[tuple[int, Gate]] = [(0, first)]
    tried: set[tuple[int, Gate]] = set(waiting)
    while waiting:
        done, gate = waiting.pop()
        if done & answered == answered:
            return True
        for index in _next(calls, done):
            following = after(gate, calls[index])
            state = None if following is None else (done | 1 << index, following)
            if state is not None and state not in tried:
                tried.add(state)
                waiting.append(state)
    return False


def _next(calls: Sequence[Call], done: int) -> list[int]:
    """The calls that can come next: begun before any that is still to come had ended."""
    left = [index for index in range(len(calls)) if not done >> index & 1]
    earliest = min(calls[index].ended for index in left)
    return [index for index in left if calls[index].begun <= earliest]

"""What the votes on a submission amount to.

A vote that does not pass (recycle, hold, kill) decides at once. A go needs every slot filled, each
vote by another person; one conditional go among them makes the whole a conditional go.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govern.domain.decision import Decision
from govern.domain.role import Role
from govern.process.definition import ApproveSlot


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's vote, cast in one of their roles."""

    person: str
    role: Role
    decision: Decision


@dataclass(frozen=True, slots=True)
class Missing:
    """So many votes of a role are still to come."""

    role: Role
    votes: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Either a `decision`, or what is `missing` for one."""

    decision: Decision | None
    missing: tuple[Missing, ...]


def tally(slots: Sequence[ApproveSlot], votes: Iterable[Vote]) -> Tally:
    """`votes` in the order they were cast.

    Only a person's first vote counts, and only in a role that has a slot. A passing vote beyond
    what a role's slots ask for changes nothing.
    """
    needed: Counter[Role] = Counter()
    for slot in slots:
        needed[slot.role] += slot.votes
    missing = needed.copy()
    heard: set[str] = set()
    conditional = False
    for vote in votes:
        if vote.role not in needed or vote.person in heard:
            continue
        heard.add(vote.person)
        if not vote.decision.passes:
            return Tally(vote.decision, ())
        if missing[vote.role]:
            missing[vote.role] -= 1
            conditional |= vote.decision is Decision.CONDITIONAL_GO
    owed = tuple(Missing(role, count) for role, count in missing.items() if count)
    if owed:
        return Tally(None, owed)
    return Tally(Decision.CONDITIONAL_GO if conditional else Decision.GO, ())

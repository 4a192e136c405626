"""What the votes on a submission amount to.

A gate has seats: so many of each role. A passing vote fills one seat of a role that its voter may
vote in; who holds several roles fills one seat only, and is moved to another of them where that
lets a colleague's vote count (a maximum matching by augmenting paths, H. W. Kuhn 1955). A go needs
every seat filled; one conditional go makes the whole conditional, whether or not its voter was given
a seat: what somebody asks for is not lost for a colleague who voted before.

A vote that does not pass decides at once where its voter holds a role with a veto, or one that is
not a panel. In a panel (`2 of 3`) the votes against decide once too few voters are left for a go;
which of them then is the one that most have given, the mildest where they are equal. An abstention
fills no seat and stands against nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govern.domain.decision import Answer, Decision
from govern.domain.role import Role
from govern.process.definition import Gate

_MILDEST_FIRST = (Decision.RECYCLE, Decision.HOLD, Decision.KILL)


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's vote. `roles` are those that it may count in, the preferred first."""

    person: str
    roles: tuple[Role, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Missing:
    """So many votes of a role are still to come."""

    role: Role
    votes: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Either a `decision`, or what is `missing` for one.

    `seats` says for whom a passing vote counted in which role; `because` what decided.
    """

    decision: Decision | None
    missing: tuple[Missing, ...]
    seats: dict[str, Role]
    because: str | None = None


def tally(gate: Gate, votes: Iterable[Vote]) -> Tally:
    """`votes` in the order they were cast. Only a person's first vote counts."""
    heard: dict[str, Vote] = {}
    for vote in votes:
        heard.setdefault(vote.person, vote)
    passing = [each for each in heard.values() if _passes(each)]
    against = [each for each in heard.values() if each.answer.decision and not _passes(each)]
    seats = _seated(gate, passing)
    refused = _refused(gate, against)
    if refused is not None:
        return Tally(refused[0], (), seats, refused[1])
    missing = _missing(gate, seats)
    if missing:
        return Tally(None, missing, seats)
    conditional = any(each.answer is Answer.CONDITIONAL_GO for each in passing)
    decision = Decision.CONDITIONAL_GO if conditional else Decision.GO
    return Tally(decision, (), seats, "every seat is filled")


def would_help(gate: Gate, votes: Iterable[Vote], person: str, roles: tuple[Role, ...]) -> bool:
    """Whether a passing vote of this person, in these roles, would fill a seat that is empty."""
    cast = list(votes)
    before = tally(gate, cast)
    if before.decision is not None or any(each.person == person for each in cast):
        return False
    after = tally(gate, [*cast, Vote(person, roles, Answer.GO)])
    return len(after.seats) > len(before.seats)


def _passes(vote: Vote) -> bool:
    return vote.answer.decision is not None and vote.answer.decision.passes


def _missing(gate: Gate, seats: dict[str, Role]) -> tuple[Missing, ...]:
    filled = Counter(seats.values())
    return tuple(
        Missing(slot.role, slot.votes - filled[slot.role])
        for slot in gate.approve
        if filled[slot.role] < slot.votes
    )


def _seated(gate: Gate, passing: Sequence[Vote]) -> dict[str, Role]:
    """Person → role, so that as many seats as possible are filled; who is seated once stays so."""
    free = {(slot.role, number) for slot in gate.approve for number in range(slot.votes)}
    order = sorted(free, key=lambda seat: ([s.role for s in gate.approve].index(seat[0]), seat[1]))
    roles = {each.person: each.roles for each in passing}
    holder: dict[tuple[Role, int], str] = {}

    def seat(person: str, tried: set[tuple[Role, int]]) -> bool:
        wanted = [each for role in roles[person] for each in order if each[0] is role]
        for each in sorted(wanted, key=lambda place: place in holder):
            if each in tried:
                continue
            tried.add(each)
            if each not in holder or seat(holder[each], tried):
                holder[each] = person
                return True
        return False

    for each in passing:
        seat(each.person, set())
    seated = {person: place[0] for place, person in holder.items()}
    return {each.person: seated[each.person] for each in passing if each.person in seated}


def _refused(gate: Gate, against: Sequence[Vote]) -> tuple[Decision, str] | None:
    alone = {slot.role for slot in gate.approve if slot.of is None}
    panels = {slot.role: slot for slot in gate.approve if slot.of is not None}
    counted: dict[Role, list[Decision]] = {role: [] for role in panels}
    for vote in against:
        decision = vote.answer.decision
        if decision is None:
            continue
        for role in vote.roles:
            if role in gate.veto:
                return decision, f"the {_words(role)} has a veto"
            if role in alone:
                return decision, f"the {_words(role)} said so"
        role = next((each for each in vote.roles if each in panels), None)
        if role is None:
            continue
        counted[role].append(decision)
        slot = panels[role]
        if slot.of is not None and len(counted[role]) > slot.of - slot.votes:
            return _most_given(counted[role]), (
                f"{len(counted[role])} of {slot.of} in the role {_words(role)} are against, "
                f"so {slot.votes} cannot be for it"
            )
    return None


def _most_given(decisions: Sequence[Decision]) -> Decision:
    given = Counter(decisions)
    return max(_MILDEST_FIRST, key=lambda each: given[each])


def _words(role: Role) -> str:
    return role.value.replace("_", " ")

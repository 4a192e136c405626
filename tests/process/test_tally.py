"""What the votes on a submission amount to."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.decision import Answer, Decision
from govern.domain.role import Role
from govern.process.definition import ApproveSlot, Gate
from govern.process.tally import Missing, Vote, tally, would_help
from tests.process.workflow_examples import gate

SPONSOR, FINANCE, BOARD, AUDITOR = Role.SPONSOR, Role.FINANCE, Role.GATEKEEPER, Role.AUDITOR
GO, CONDITIONAL, RECYCLE, HOLD, KILL, ABSTAIN = Answer


def decided_by(*slots: ApproveSlot, veto: tuple[Role, ...] = ()) -> Gate:
    return replace(gate("planned", "draft", "planned"), approve=slots, veto=veto)


ONE = decided_by(ApproveSlot(SPONSOR, 1))
BOTH = decided_by(ApproveSlot(SPONSOR, 1), ApproveSlot(FINANCE, 1))
TWO_OF_BOARD = decided_by(ApproveSlot(SPONSOR, 1), ApproveSlot(BOARD, 2))
PANEL = decided_by(ApproveSlot(BOARD, 2, of=3))
GUARDED = decided_by(ApproveSlot(BOARD, 2, of=3), veto=(FINANCE,))


def votes(*cast: tuple[str, Role | tuple[Role, ...], Answer]) -> list[Vote]:
    return [Vote(who, role if isinstance(role, tuple) else (role,), say) for who, role, say in cast]


@pytest.mark.parametrize(
    ("at", "cast", "decision", "missing"),
    [
        (ONE, [], None, [(SPONSOR, 1)]),
        (ONE, [("ann", SPONSOR, GO)], "go", []),
        (ONE, [("ann", SPONSOR, CONDITIONAL)], "conditional_go", []),
        (ONE, [("bob", FINANCE, GO)], None, [(SPONSOR, 1)]),
        (ONE, [("bob", FINANCE, KILL)], None, [(SPONSOR, 1)]),
        (ONE, [("ann", SPONSOR, ABSTAIN)], None, [(SPONSOR, 1)]),
        (ONE, [("ann", SPONSOR, ABSTAIN), ("eve", SPONSOR, GO)], "go", []),
        (ONE, [("ann", SPONSOR, ABSTAIN), ("ann", SPONSOR, GO)], None, [(SPONSOR, 1)]),
        (BOTH, [("ann", SPONSOR, GO)], None, [(FINANCE, 1)]),
        (BOTH, [("ann", SPONSOR, GO), ("bob", FINANCE, GO)], "go", []),
        (BOTH, [("ann", SPONSOR, CONDITIONAL), ("bob", FINANCE, GO)], "conditional_go", []),
        (BOTH, [("ann", SPONSOR, GO), ("bob", FINANCE, CONDITIONAL)], "conditional_go", []),
        (BOTH, [("ann", SPONSOR, GO), ("ann", FINANCE, GO)], None, [(FINANCE, 1)]),
        (BOTH, [("ann", SPONSOR, GO), ("eve", SPONSOR, GO)], None, [(FINANCE, 1)]),
        (BOTH, [("ann", SPONSOR, RECYCLE)], "recycle", []),
        (BOTH, [("ann", SPONSOR, GO), ("bob", FINANCE, HOLD)], "hold", []),
        (BOTH, [("ann", SPONSOR, GO), ("eve", SPONSOR, HOLD)], "hold", []),
        (
            BOTH,
            [("ann", SPONSOR, GO), ("eve", SPONSOR, CONDITIONAL), ("bob", FINANCE, GO)],
            "conditional_go",
            [],
        ),
        # One person in both roles fills one seat, and gives way to whoever has only the other.
        (BOTH, [("max", (SPONSOR, FINANCE), GO)], None, [(FINANCE, 1)]),
        (BOTH, [("max", (SPONSOR, FINANCE), GO), ("ann", SPONSOR, GO)], "go", []),
        (BOTH, [("max", (SPONSOR, FINANCE), GO), ("bob", FINANCE, GO)], "go", []),
        (TWO_OF_BOARD, [("bob", BOARD, GO)], None, [(SPONSOR, 1), (BOARD, 1)]),
        (TWO_OF_BOARD, [("bob", BOARD, GO)] * 2, None, [(SPONSOR, 1), (BOARD, 1)]),
        (TWO_OF_BOARD, [("bob", BOARD, GO), ("ann", SPONSOR, GO), ("eve", BOARD, GO)], "go", []),
        # A panel of three that asks for two: one against stops nothing, two do.
        (PANEL, [("ann", BOARD, KILL)], None, [(BOARD, 2)]),
        (PANEL, [("ann", BOARD, KILL), ("bob", BOARD, GO), ("eve", BOARD, GO)], "go", []),
        (PANEL, [("ann", BOARD, KILL), ("bob", BOARD, KILL)], "kill", []),
        (PANEL, [("ann", BOARD, KILL), ("bob", BOARD, HOLD)], "hold", []),
        (PANEL, [("ann", BOARD, KILL), ("bob", BOARD, ABSTAIN)], None, [(BOARD, 2)]),
        (GUARDED, [("fay", FINANCE, GO)], None, [(BOARD, 2)]),
        (GUARDED, [("ann", BOARD, GO), ("fay", FINANCE, RECYCLE)], "recycle", []),
        (GUARDED, [("ann", BOARD, GO), ("bob", BOARD, GO)], "go", []),
    ],
)
def test_what_votes_amount_to(at, cast, decision, missing):
    reached = tally(at, votes(*cast))
    assert reached.decision == decision
    assert reached.missing == tuple(Missing(role, count) for role, count in missing)


people = ("ann", "bob", "eve", "joe", "max", "zoe")
roles = st.lists(st.sampled_from([SPONSOR, FINANCE, BOARD]), min_size=1, unique=True).map(tuple)
passing = st.lists(
    st.builds(Vote, st.sampled_from(people), roles, st.sampled_from([GO, CONDITIONAL])),
    max_size=6,
    unique_by=lambda vote: vote.person,
)
gates = st.lists(
    st.builds(ApproveSlot, st.sampled_from([SPONSOR, FINANCE, BOARD]), st.integers(1, 3)),
    min_size=1,
    max_size=3,
    unique_by=lambda slot: slot.role,
).map(lambda slots: decided_by(*slots))


def seats_by_hand(at: Gate, cast: list[Vote]) -> int:
    """As many seats as any order of handing them out fills: tries every one."""
    seats = [slot.role for slot in at.approve for _ in range(slot.votes)]
    most = 0
    for order in permutations(cast):
        for choice in _choices(order):
            left = list(seats)
            filled = 0
            for role in choice:
                if role in left:
                    left.remove(role)
                    filled += 1
            most = max(most, filled)
    return most


def _choices(order):
    if not order:
        yield ()
        return
    for role in order[0].roles:
        for rest in _choices(order[1:]):
            yield (role, *rest)


@given(gates, passing.filter(lambda cast: len(cast) <= 4))
def test_as_many_votes_count_as_can(at, cast):
    reached = tally(at, cast)
    assert len(reached.seats) == seats_by_hand(at, cast)
    wanted = sum(slot.votes for slot in at.approve)
    assert (reached.decision is not None) == (len(reached.seats) == wanted)
    for vote in cast:
        if vote.person in reached.seats:
            assert reached.seats[vote.person] in vote.roles


@given(gates, passing)
def test_a_vote_that_counts_goes_on_counting(at, cast):
    counted: set[str] = set()
    for length in range(len(cast) + 1):
        now = set(tally(at, cast[:length]).seats)
        assert counted <= now
        counted = now


@given(gates, passing)
def test_the_order_of_votes_decides_nothing(at, cast):
    orders = list(permutations(cast))[:24]
    assert len({tally(at, list(order)).decision is None for order in orders}) == 1


@given(gates, passing, roles)
def test_who_would_help_is_who_fills_a_seat(at, cast, held):
    before, after = tally(at, cast), tally(at, [*cast, Vote("new", held, GO)])
    helps = would_help(at, cast, "new", held)
    assert helps == (before.decision is None and len(after.seats) > len(before.seats))
    if before.decision is None and not helps:
        assert before.missing == after.missing


def test_who_would_help_has_not_voted():
    assert would_help(BOTH, [], "ann", (SPONSOR,))
    assert not would_help(BOTH, votes(("ann", SPONSOR, GO)), "ann", (FINANCE,))
    assert not would_help(BOTH, votes(("ann", SPONSOR, GO)), "eve", (SPONSOR,))
    assert would_help(BOTH, votes(("max", (SPONSOR, FINANCE), GO)), "eve", (SPONSOR,))
    assert not would_help(BOTH, votes(("ann", SPONSOR, KILL)), "bob", (FINANCE,))


@given(st.sampled_from([ONE, BOTH, TWO_OF_BOARD]), passing)
def test_a_vote_against_of_a_role_that_is_no_panel_decides(at, cast):
    others = [vote for vote in cast if vote.person != "new"]
    if tally(at, others).decision is None:
        reached = tally(at, [*others, Vote("new", (SPONSOR,), RECYCLE)])
        assert reached.decision is Decision.RECYCLE


def test_roles_without_a_seat_count_for_nothing():
    assert tally(ONE, votes(("aud", AUDITOR, GO), ("aud2", AUDITOR, KILL))).decision is None

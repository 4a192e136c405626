"""What the votes on a submission amount to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.decision import Decision
from govern.domain.role import Role
from govern.process.definition import ApproveSlot
from govern.process.tally import Missing, Tally, Vote, tally

SPONSOR, FINANCE, BOARD = Role.SPONSOR, Role.FINANCE, Role.GATEKEEPER
GO, CONDITIONAL, RECYCLE, HOLD, KILL = Decision

ONE = (ApproveSlot(SPONSOR, 1),)
BOTH = (ApproveSlot(SPONSOR, 1), ApproveSlot(FINANCE, 1))
TWO_OF_BOARD = (ApproveSlot(SPONSOR, 1), ApproveSlot(BOARD, 2))


@pytest.mark.parametrize(
    ("slots", "votes", "decision", "missing"),
    [
        (ONE, [], None, [(SPONSOR, 1)]),
        (ONE, [("ann", SPONSOR, GO)], GO, []),
        (ONE, [("ann", SPONSOR, CONDITIONAL)], CONDITIONAL, []),
        (ONE, [("bob", FINANCE, GO)], None, [(SPONSOR, 1)]),
        (ONE, [("bob", FINANCE, KILL)], None, [(SPONSOR, 1)]),
        (BOTH, [("ann", SPONSOR, GO)], None, [(FINANCE, 1)]),
        (BOTH, [("ann", SPONSOR, GO), ("bob", FINANCE, GO)], GO, []),
        (BOTH, [("ann", SPONSOR, CONDITIONAL), ("bob", FINANCE, GO)], CONDITIONAL, []),
        (BOTH, [("ann", SPONSOR, GO), ("bob", FINANCE, CONDITIONAL)], CONDITIONAL, []),
        (BOTH, [("ann", SPONSOR, GO), ("ann", FINANCE, GO)], None, [(FINANCE, 1)]),
        (BOTH, [("ann", SPONSOR, GO), ("eve", SPONSOR, GO)], None, [(FINANCE, 1)]),
        (BOTH, [("ann", SPONSOR, RECYCLE)], RECYCLE, []),
        (BOTH, [("ann", SPONSOR, GO), ("bob", FINANCE, HOLD)], HOLD, []),
        (BOTH, [("ann", SPONSOR, GO), ("bob", FINANCE, KILL)], KILL, []),
        (BOTH, [("ann", SPONSOR, GO), ("eve", SPONSOR, HOLD)], HOLD, []),
        (TWO_OF_BOARD, [("bob", BOARD, GO)], None, [(SPONSOR, 1), (BOARD, 1)]),
        (TWO_OF_BOARD, [("bob", BOARD, GO), ("bob", BOARD, GO)], None, [(SPONSOR, 1), (BOARD, 1)]),
        (
            TWO_OF_BOARD,
            [("bob", BOARD, GO), ("ann", SPONSOR, GO), ("eve", BOARD, GO)],
            GO,
            [],
        ),
        ((*ONE, *ONE), [("ann", SPONSOR, GO)], None, [(SPONSOR, 1)]),
    ],
)
def test_what_votes_amount_to(slots, votes, decision, missing):
    owed = tuple(Missing(role, count) for role, count in missing)
    assert tally(slots, [Vote(*vote) for vote in votes]) == Tally(decision, owed)


votes = st.lists(
    st.builds(
        Vote,
        st.sampled_from(["ann", "bob", "eve", "joe"]),
        st.sampled_from([SPONSOR, FINANCE, BOARD, Role.AUDITOR]),
        st.sampled_from([GO, CONDITIONAL]),
    )
)


@given(votes)
def test_passing_votes_pass_only_with_enough_people(cast):
    outcome = tally(TWO_OF_BOARD, cast)
    assert (outcome.decision is None) == bool(outcome.missing)
    if outcome.decision:
        assert len({vote.person for vote in cast}) >= 3


@given(votes, st.sampled_from([RECYCLE, HOLD, KILL]))
def test_one_vote_that_does_not_pass_decides_at_once(cast, decision):
    assert tally(BOTH, [Vote("new", SPONSOR, decision), *cast]).decision is decision

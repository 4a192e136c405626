"""The sides of the benchmark of rules against peers that run in govern's own environment, on few projects;
the others are held against them whenever the benchmark runs."""

import pytest

from benchmarks.goal import at_least, at_most
from benchmarks.peers import ours
from benchmarks.peers.measured import Found

PROJECTS = 300
TOLD: dict[str, Found] = {}


def found(side: str) -> Found:
    if side not in TOLD:
        TOLD[side] = ours.SIDES[side](PROJECTS).found
    return TOLD[side]


@pytest.mark.parametrize("side", [side for side in ours.SIDES if side != "govern"])
def test_every_side_fires_the_same(side: str) -> None:
    assert found(side) == found("govern")


def test_every_rule_fires_somewhere_and_not_everywhere() -> None:
    counts = {rule: count for rule, (count, _) in found("govern").items()}
    assert len(counts) == 25
    assert [rule for rule, count in counts.items() if not 0 < count < PROJECTS * 8] == []


def test_goals_are_met_at_their_limit() -> None:
    assert at_most("time", 1.3, 1.3).met
    assert not at_most("time", 1.3, 1.31).met
    assert at_least("rate", 100, 100).met
    missed = at_least("rate", 1_000, 99.5, "events/s")
    assert (missed.asked, missed.measured, missed.met) == (
        "at least 1,000 events/s",
        "99.50 events/s",
        False,
    )

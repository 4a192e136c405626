"""Nobody waits in vain: where those who are left cannot fill every seat, what to do is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from govern.domain.record import Record
from govern.services import gates
from govern.services.waiting import waiting_for
from tests.services.gate_copies import sqlite_copies
from tests.services.gate_twin import Twin


@pytest.fixture
def twin(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Twin]:
    with sqlite_copies(migrated_sqlite, tmp_path)() as (store, furnished):
        yield Twin(store, furnished)


def missing(twin: Twin) -> dict[str, Record]:
    view = gates.get_submission(twin.runtime, twin.actors["aud"], twin.ids[-1], now=twin.now)
    return {each["role"]: each for each in view["missing"]}


def test_a_deputy_and_the_person_they_stand_for_are_one_vote(twin: Twin) -> None:
    twin.submit("pia", "start")
    twin.agree("go")
    twin.submit("pia", "panel")
    twin.delegate("gus", "ann", 5)
    twin.vote("gil", "abstain")
    twin.vote("max", "abstain", version="none")
    left = missing(twin)["gatekeeper"]
    assert (left["votes"], left["who"]) == (2, ["Gus"])
    assert left["deputies"] == [{"name": "Ann", "for": "Gus"}]
    assert "gatekeeper" in left["unblock"]


def test_one_person_does_not_fill_the_seats_of_two_roles(twin: Twin) -> None:
    twin.submit("pia", "start")
    for who in ("sam", "max", "fay"):
        twin.vote(who, "abstain", version="none")
    left = missing(twin)
    assert {role: each["who"] for role, each in left.items()} == {
        "sponsor": ["Bo"],
        "finance": ["Bo"],
    }
    assert [role for role, each in left.items() if each["unblock"]] in (["sponsor"], ["finance"])


def test_who_is_kept_apart_is_not_asked(twin: Twin) -> None:
    for gate in ("start", "panel"):
        twin.submit("pia", gate)
        twin.agree("go")
    twin.report("bo")
    twin.submit("pia", "finish")
    assert missing(twin)["sponsor"]["who"] == ["Max", "Sam"]
    assert waiting_for(twin.runtime, twin.actors["bo"], now=twin.now)["gates"] == []

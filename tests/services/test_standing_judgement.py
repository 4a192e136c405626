"""A vote judges what is known now; a judgement holds where the same engine reached it on the same."""

from typing import Any

import pytest

from govern import ENGINE_VERSION
from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import StaleVersion
from govern.services import decisions, gate_judgement, ledger
from govern.services.ballots import Ballot
from govern.store import submissions
from tests.services.house import NOW, House, add_project, submit

GO = Ballot(Answer.GO, "It holds.", override_reason="It holds.")


def vote(house: House, found: Record) -> Record:
    return decisions.vote(
        house.runtime, house.sam, found["id"], GO, version=found["version"], now=NOW
    )


def judged_otherwise(house: House, found: Record, *, seen: bool = True, told: bool = True) -> None:
    """The first criterion of the stored judgement came out otherwise, as another engine might have it;
    `seen`: so also in the text that a vote is bound to, `told`: and in the ledger."""
    first, *others = found["results"]
    other = "unmet" if first["outcome"] != "unmet" else "met"
    values: dict[str, Any] = {"results": [{**first, "outcome": other}, *others]}
    with house.runtime.store.writing() as connection:
        if seen:
            was = ledger.kept(connection, found["seen_digest"])
            now = {**was, "results": values["results"]}
            values["seen_digest"] = ledger.keep(connection, now, NOW)
            if told:
                event = {**found, **values, "submission": found["id"], "engine": ENGINE_VERSION}
                names = ("submission", "gate", "results", "seen_digest", "engine")
                data = {name: event[name] for name in names}
                ledger.record_event(
                    connection, found["project"], house.pia, "gate.judged", data, NOW
                )
        submissions.change(connection, found["id"], found["version"] - 1, values)


def test_on_the_same_of_everything_a_judgement_holds(house: House) -> None:
    found = submit(house, add_project(house), "value_defined")
    judged_otherwise(house, found)
    voted = vote(house, found)
    assert voted["state"] == submissions.DECIDED
    assert voted["results"][0]["outcome"] != found["results"][0]["outcome"]


@pytest.mark.parametrize("seen", [False, True])
def test_one_that_the_ledger_does_not_tell_is_reached_anew(house: House, seen: bool) -> None:
    found = submit(house, add_project(house), "value_defined")
    judged_otherwise(house, found, seen=seen, told=False)
    with pytest.raises(StaleVersion):
        vote(house, found)


def test_that_of_another_engine_is_reached_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = submit(house, add_project(house), "value_defined")
    judged_otherwise(house, found)
    monkeypatch.setattr(gate_judgement, "ENGINE_VERSION", "0.0.1")
    with pytest.raises(StaleVersion):
        vote(house, found)

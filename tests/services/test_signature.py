"""A gate that asks for a signature: who votes has just shown who they are, and it is kept how."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.refusal import SignatureNeeded
from govern.process.load import load_sources
from govern.services import decisions, gate_record, gates, history, replaying
from govern.services.ballots import Ballot
from govern.services.confirming import HOLDS
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.services.workflows import take_workflows
from tests.services.house import NOW, House, add_project, submit

SIGNED = """\
schema: govern/workflow/v1
id: signed
version: 1
stages: [draft, closed]
gates:
  - id: start
    title: Start
    from: draft
    to: closed
    submit: [project_manager]
    approve: [{role: sponsor}]
    signature: required
    criteria:
      must:
        - id: budget-set
          title: The budget is set
          require: budget != null
"""
GO = Ballot(Answer.GO, "The value is clear.")


@pytest.fixture
def submission(house: House) -> int:
    loaded = load_sources({"signed.yaml": SIGNED})
    assert not loaded.problems, loaded.problems
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)
    add_project(house, "P1", workflow="signed")
    made = gates.submit(house.runtime, house.pia, "P1", "start", now=NOW)
    assert made["signature"] is True
    return made["id"]


def _confirmed(actor: Actor, at: datetime, how: str = "link") -> Actor:
    return replace(actor, confirmed_at=at, came_by=how)


def _vote(house: House, actor: Actor, submission: int) -> dict[str, Any]:
    return decisions.vote(house.runtime, actor, submission, GO, version=None, now=NOW)


def test_a_program_never_signs(house: House, submission: int) -> None:
    with pytest.raises(SignatureNeeded) as refused:
        _vote(house, house.sam, submission)
    assert refused.value.facts["confirm"] is None
    assert f"/gates/{submission}" in refused.value.detail
    # Also none that says it was confirmed: only who came in a browser was.
    with pytest.raises(SignatureNeeded):
        _vote(house, replace(house.sam, confirmed_at=NOW), submission)


@pytest.mark.parametrize("ago", [HOLDS, timedelta(hours=3), timedelta(seconds=-1), None])
def test_who_showed_who_they_are_too_long_ago_is_led_to_do_it_again(
    house: House, submission: int, ago: timedelta | None
) -> None:
    who = replace(house.sam, came_by="oidc", confirmed_at=None if ago is None else NOW - ago)
    with pytest.raises(SignatureNeeded) as refused:
        _vote(house, who, submission)
    assert refused.value.facts["confirm"] == f"/sign-in?again=1&next=/gates/{submission}"
    found = gates.get_submission(house.runtime, house.sam, submission, now=NOW)
    assert (found["state"], found["votes"]) == ("open", [])


def test_when_and_how_stands_with_the_vote_wherever_it_is_told(
    house: House, submission: int
) -> None:
    at = NOW - HOLDS + timedelta(seconds=1)
    voted = _vote(house, _confirmed(house.sam, at, "oidc"), submission)
    assert voted["state"] == "decided"
    [vote] = voted["votes"]
    assert (vote["signed_at"], vote["signed_how"]) == (at, "oidc")

    record = gate_record.gate_record(house.runtime, house.sam, "P1", now=NOW)
    [told] = record["gates"][0]["iterations"][0]["votes"]
    assert (told["signed_at"], told["signed_how"]) == (at, "oidc")

    found = history.project_history(house.runtime, house.sam, "P1")
    events = {each["kind"]: each for each in found.items}
    assert events["vote.cast"]["data"]["signed_how"] == "oidc"
    [decided] = events["gate.decided"]["data"]["votes"]
    assert decided["signed_at"] == events["vote.cast"]["data"]["signed_at"]
    assert decided["signed_at"].startswith("2026-11-24T09:55:01")

    replayed = replaying.replay(house.runtime, OPERATOR, project="P1")
    assert replayed.found == ()
    assert replayed.counts["gate.decided"]
    assert audit_state(house.runtime, OPERATOR).differences == ()


def test_a_gate_that_asks_for_none_keeps_none(house: House) -> None:
    add_project(house, "P1")
    made = submit(house, "P1", "value_defined")
    assert made["signature"] is False
    ballot = Ballot(Answer(made["advice"]), "As advised.")
    voted = decisions.vote(
        house.runtime, _confirmed(house.sam, NOW), made["id"], ballot, version=None, now=NOW
    )
    assert voted["votes"][0]["signed_at"] is None

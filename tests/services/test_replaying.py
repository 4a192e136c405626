"""Replaying: what was recorded comes out again, and what does not follow from its facts is named."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from govern.domain.decision import Answer
from govern.domain.refusal import NotAllowed, NotFound
from govern.ledger.canonical import canonical
from govern.process import advice
from govern.process.load import load_sources
from govern.services import decisions, gates
from govern.services.ballots import Ballot
from govern.services.erasing import erase_person
from govern.services.people import OPERATOR
from govern.services.replay_chain import Outcome, Replayed
from govern.services.replaying import Replay, replay
from govern.services.workflows import take_workflows
from govern.store.tables import blob, event
from govern.store.transaction import Store
from tests.services.house import NOW, House, add_project, build
from tests.services.lived_house import live
from tests.store.tampering import drop_triggers


@pytest.fixture
def lived(store: Store) -> House:
    house = build(store)
    live(house)
    return house


def replayed(house: House, **which: Any) -> Replay:
    return replay(house.runtime, OPERATOR, **which)


def test_what_was_recorded_comes_out_again(lived: House) -> None:
    found = replayed(lived)
    assert found.found == ()
    assert not found.differs
    assert found.projects == 2
    assert found.counts == {
        "findings.recorded": found.counts["findings.recorded"],
        "gate.decided": {"same": 1},
        "gate.rejudged": found.counts["gate.rejudged"],
        "gate.submitted": {"same": 2},
        "recommendation.cleared": {"same": 1},
        "recommendation.proposed": {"same": 1},
        "stage.moved": {"same": 1},
        "vote.cast": {"same": 2},
    }


def test_one_project_or_what_was_recorded_since(lived: House) -> None:
    assert replayed(lived, project="P2").projects == 1
    later = replayed(lived, since=NOW + timedelta(minutes=1))
    assert sum(sum(each.values()) for each in later.counts.values()) < 4
    assert later.counts["recommendation.cleared"] == {"same": 1}
    with pytest.raises(NotFound):
        replayed(lived, project="P9")


def test_only_auditors_and_the_operator_replay(lived: House) -> None:
    with pytest.raises(NotAllowed):
        replay(lived.runtime, lived.sam)


def rewrite(house: House, project: str, kind: str, change: Callable[[dict[str, Any]], None]) -> int:
    """Somebody who has the database in their hands changes the last event of a kind; its number."""
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        query = (
            select(event.c.seq, event.c.body)
            .where(event.c.project == project, event.c.kind == kind)
            .order_by(event.c.seq.desc())
            .limit(1)
        )
        seq, body = connection.execute(query).one()
        fields = json.loads(body)
        change(fields["data"])
        connection.execute(
            update(event)
            .where(event.c.project == project, event.c.seq == seq)
            .values(body=canonical(fields))
        )
    return seq


def one(house: House, project: str, seq: int) -> Replayed:
    return next(each for each in replayed(house, project=project).found if (each.seq) == seq)


FORGERIES: tuple[tuple[str, str, str, Any], ...] = (
    ("P2", "gate.submitted", "advice", "kill"),
    ("P2", "gate.submitted", "decide_by", "2026-11-25"),
    ("P1", "gate.rejudged", "round", 7),
    ("P1", "vote.cast", "advice", "kill"),
    ("P1", "vote.cast", "override", True),
    ("P1", "gate.decided", "decision", "hold"),
    ("P1", "gate.decided", "waived", []),
    ("P1", "gate.decided", "votes", []),
    ("P1", "stage.moved", "to", "closed"),
    ("P2", "findings.recorded", "findings", [{"rule": "another"}]),
    ("P2", "recommendation.proposed", "action", "terminate"),
    ("P2", "recommendation.proposed", "proposal", {"deliverables": ["P2-D1"]}),
    ("P2", "recommendation.cleared", "rule", "another"),
)
"""Project, event, field, and what somebody writes there."""


def test_what_does_not_follow_is_named_with_both(lived: House) -> None:
    for project, kind, field, forged in FORGERIES:
        was: list[Any] = []

        def forge(data: dict[str, Any], name: str = field, value: Any = forged) -> None:
            was.append(data[name])  # noqa: B023 - called at once
            data[name] = value

        seq = rewrite(lived, project, kind, forge)
        assert was != [forged], (kind, field)
        found = one(lived, project, seq)
        assert (found.kind, found.outcome) == (kind, Outcome.DIFFERENT), (kind, field)
        assert found.differences, (kind, field)
        rewrite(lived, project, kind, lambda data, n=field, w=was[0]: data.update({n: w}))
    assert replayed(lived).found == ()


def test_other_semantics_are_found(lived: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a later version advised otherwise where something is unknown or not met."""
    real = advice.advise

    def lenient(results: Any, gate: Any) -> Any:
        return real([each for each in results if each.outcome != "not_met"], gate)

    monkeypatch.setattr("govern.process.verdict.advice.advise", lenient)
    found = [each for each in replayed(lived).found if each.kind == "gate.submitted"]
    assert found
    assert {each.outcome for each in found} == {Outcome.DIFFERENT}
    assert any(each.at == "advice" for one in found for each in one.differences)


def test_content_that_was_changed_is_told(lived: House) -> None:
    with lived.runtime.store.writing() as connection:
        drop_triggers(connection)
        for digest, content in connection.execute(select(blob.c.digest, blob.c.content)).all():
            changed = update(blob).where(blob.c.digest == digest)
            connection.execute(changed.values(content=bytes(content) + b" "))
    found = replayed(lived)
    assert {each.outcome for each in found.found} == {Outcome.LOST}
    assert all("was changed" in (each.because or "") for each in found.found)


OWNED = """\
schema: govern/workflow/v1
id: owned
version: 1
stages: [draft, running]
gates:
  - id: start
    title: Start
    from: draft
    to: running
    submit: [project_manager]
    approve: [{role: sponsor}]
    criteria:
      must:
        - id: owned-by-sam
          title: Sam answers for it
          require: owner = "Sam"
        - id: budget-set
          title: The budget is set
          require: budget != null
"""


def test_what_read_an_erased_text_cannot_be_recomputed_and_says_so(store: Store) -> None:
    house = build(store)
    loaded = load_sources({"owned.yaml": OWNED})
    take_workflows(house.runtime, OPERATOR, loaded.workflows.values(), now=NOW)
    add_project(house, "P1", workflow="owned", owner="Sam")
    opened = gates.submit(house.runtime, house.pia, "P1", "start", now=NOW)
    assert opened["advice"] == "go"
    ballot = Ballot(Answer.GO, "Sam says so.")
    decisions.vote(house.runtime, house.max, opened["id"], ballot, version=None, now=NOW)
    assert replayed(house).found == ()
    erase_person(house.runtime, OPERATOR, "sam@example.org", reason="They asked.", now=NOW)
    found = replayed(house)
    assert not found.differs
    assert {each.kind for each in found.found} == {"gate.submitted", "vote.cast", "gate.decided"}
    for each in found.found:
        assert each.outcome is Outcome.ERASED
        assert each.because is not None
        assert "'owned-by-sam' reads owner, and such a text was erased" in each.because
    assert replayed(house).counts["stage.moved"] == {"same": 1}

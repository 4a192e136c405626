"""Rulebooks are proposed by one person and put in force by another; what is in force judges."""

import json
from datetime import date

import pytest

from govern.domain.actor import Actor
from govern.domain.refusal import (
    Duplicate,
    FaultyRules,
    NotAllowed,
    NotFound,
    SeparationOfDuties,
    StaleVersion,
)
from govern.domain.role import Role
from govern.services import people, rulebooks
from govern.services.ledger import SERVICE
from govern.services.people import OPERATOR
from govern.services.personal import reveal
from govern.services.sweeps import sweep
from govern.store import events
from govern.store import people as stored_people
from govern.store.paging import PageRequest
from tests.services.house import NOW, RULES, House, add_project, report

STRICTER = {"benefits.yaml": RULES.replace("act: 80%", "act: 70%")}


def _join(house: House, name: str, *roles: Role) -> Actor:
    email = f"{name}@example.org"
    person_id = people.add_person(house.runtime, OPERATOR, email=email, name=name.title(), now=NOW)
    for role in roles:
        people.grant_role(house.runtime, OPERATOR, email=email, role=role, now=NOW)
    with house.runtime.store.reading() as connection:
        actor = stored_people.actor_of_person(connection, person_id, NOW)
    assert actor is not None
    return actor


@pytest.fixture
def ana(house: House) -> Actor:
    return _join(house, "ana", Role.RULE_AUTHOR, Role.RULE_PUBLISHER)


@pytest.fixture
def ron(house: House) -> Actor:
    return _join(house, "ron", Role.RULE_PUBLISHER)


def _last_event(house: House) -> tuple[str, str, dict[str, str]]:
    with house.runtime.store.reading() as connection:
        event = events.events_of(connection, SERVICE, after=0, limit=500)[-1]
        body = reveal(connection, json.loads(event.body))
    return event.kind, body["actor"], body["data"]


def test_one_proposes_and_another_puts_in_force(house: House, ana: Actor, ron: Actor) -> None:
    before = rulebooks.published(house.runtime)["digest"]
    made = rulebooks.propose(house.runtime, ana, STRICTER, note="Board: 70 %", now=NOW)
    assert (made["state"], made["author"], made["version"]) == ("proposed", ana.person_id, 1)
    assert made["sources"] == STRICTER
    assert _last_event(house)[:2] == ("rulebook.proposed", ana.person_id)
    assert rulebooks.published(house.runtime)["digest"] == before

    told = rulebooks.publish_proposed(
        house.runtime, ron, made["digest"], note="Tested", version=1, now=NOW
    )
    assert (told["state"], told["publisher_name"], told["version"]) == ("in_force", "Ron", 2)
    kind, actor, data = _last_event(house)
    assert (kind, actor) == ("rulebook.published", ron.person_id)
    assert (data["digest"], data["author"]) == (made["digest"], ana.person_id)
    assert data["note"] == "Tested"
    assert rulebooks.published(house.runtime)["digest"] == made["digest"]
    listed = rulebooks.list_revisions(house.runtime, PageRequest()).items
    assert [(each["author"], each["state"]) for each in listed] == [
        (ana.person_id, "in_force"),
        ("directory", "past"),
    ]


def test_whoever_proposed_never_publishes_and_the_attempt_is_kept(house: House, ana: Actor) -> None:
    digest = rulebooks.propose(house.runtime, ana, STRICTER, note="x", now=NOW)["digest"]
    with pytest.raises(SeparationOfDuties):
        rulebooks.publish_proposed(house.runtime, ana, digest, now=NOW)
    assert _last_event(house) == (
        "rulebook.refused",
        ana.person_id,
        {"digest": digest, "code": "separation-of-duties"},
    )
    assert rulebooks.get_revision(house.runtime, digest)["state"] == "proposed"


def test_proposing_again_launders_nothing(house: House, ana: Actor) -> None:
    digest = rulebooks.propose(house.runtime, ana, STRICTER, note="x", now=NOW)["digest"]
    straw_man = _join(house, "stu", Role.RULE_AUTHOR)
    with pytest.raises(Duplicate):
        rulebooks.propose(house.runtime, straw_man, STRICTER, note="mine", now=NOW)
    with pytest.raises(SeparationOfDuties):
        rulebooks.publish_proposed(house.runtime, ana, digest, now=NOW)


def test_each_needs_its_role_on_the_whole_installation(house: House, ron: Actor) -> None:
    with pytest.raises(NotAllowed, match="rule_author"):
        rulebooks.propose(house.runtime, ron, STRICTER, note="x", now=NOW)
    in_force = rulebooks.published(house.runtime)["digest"]
    for actor in (house.max, OPERATOR):
        with pytest.raises(NotAllowed, match="rule_publisher"):
            rulebooks.publish_proposed(house.runtime, actor, in_force, now=NOW)


def test_files_with_errors_are_refused_with_their_places(house: House, ana: Actor) -> None:
    broken = {"benefits.yaml": RULES.replace("attainment < act", "atainment < act")}
    with pytest.raises(FaultyRules) as refused:
        rulebooks.propose(house.runtime, ana, broken, note="x", now=NOW)
    [problem] = [each for each in refused.value.facts["problems"] if each["level"] == "error"]
    assert (problem["code"], problem["path"], problem["line"]) == ("E210", "benefits.yaml", 10)
    assert problem["help"] == "did you mean 'attainment'?"
    assert len(rulebooks.list_revisions(house.runtime, PageRequest()).items) == 1


def test_only_what_was_proposed_can_be_published(house: House, ron: Actor) -> None:
    with pytest.raises(NotFound):
        rulebooks.publish_proposed(house.runtime, ron, "sha256:" + "0" * 64, now=NOW)


def test_an_earlier_one_can_be_put_back(house: House, ana: Actor, ron: Actor) -> None:
    first = rulebooks.published(house.runtime)["digest"]
    second = rulebooks.propose(house.runtime, ana, STRICTER, note="x", now=NOW)["digest"]
    rulebooks.publish_proposed(house.runtime, ron, second, version=1, now=NOW)
    back = rulebooks.publish_proposed(house.runtime, ron, first, version=2, now=NOW)
    assert (back["state"], back["version"]) == ("in_force", 3)
    assert rulebooks.get_revision(house.runtime, second)["state"] == "past"
    with pytest.raises(StaleVersion):
        rulebooks.publish_proposed(house.runtime, ron, second, version=1, now=NOW)


def test_publishing_what_is_in_force_changes_nothing(house: House, ron: Actor) -> None:
    in_force = rulebooks.published(house.runtime)
    rulebooks.publish_proposed(house.runtime, ron, in_force["digest"], now=NOW)
    assert rulebooks.published(house.runtime) == in_force


def test_findings_name_the_revision_they_were_judged_by(
    house: House, ana: Actor, ron: Actor
) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-10-31": 750})
    first = sweep(house.runtime, OPERATOR, as_of=date(2026, 11, 24), now=NOW)
    assert first.counts["fires"] == 1
    digest = rulebooks.propose(house.runtime, ana, STRICTER, note="x", now=NOW)["digest"]
    assert sweep(house.runtime, OPERATOR, as_of=date(2026, 11, 24), now=NOW).unchanged
    rulebooks.publish_proposed(house.runtime, ron, digest, now=NOW)
    second = sweep(house.runtime, OPERATOR, as_of=date(2026, 11, 24), now=NOW)
    assert (second.counts["fires"], second.rulebook_digest) == (0, digest)

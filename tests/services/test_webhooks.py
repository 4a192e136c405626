"""Events that go to other services: to whom, in which order, how often, and when no more."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update

from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound, StaleVersion
from govern.domain.role import Role
from govern.ledger.event import Event
from govern.services import news, news_replay, notices, people, projects, webhooks
from govern.services.erasing import erase_person
from govern.services.ledger import SERVICE
from govern.services.news_relay import relay
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from govern.store import events
from govern.store.paging import PageRequest
from govern.store.tables import personal, role_grant, webhook
from tests.services.house import NOW, House, add_project
from tests.services.receivers import Hook, hook, with_outlets

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as made:
        yield made


@pytest.fixture
def telling(house: House, there: Hook) -> Iterator[House]:
    """The house, from which news goes there."""
    yield with_outlets(house, to=there)
    assert audit_state(house.runtime, OPERATOR).differences == ()


def _add(house: House, there: Hook, by: str = "sam", **given: Any) -> Record:
    return webhooks.add(house.runtime, house.actors[by], url=there.url, **given, now=NOW)


def _pass(house: House, at: Any = NOW) -> None:
    news.pass_on(house.runtime, OPERATOR, now=at, for_s=60)


def _rename(house: House, project: str, name: str, at: Any = NOW) -> None:
    found = projects.get_project(house.runtime, house.pia, project)
    projects.change_project(
        house.runtime, house.pia, project, {"name": name}, version=found["version"], now=at
    )


def _told(there: Hook) -> list[tuple[str, str]]:
    told = [there.event(index) for index in range(len(there.bodies))]
    return [(each["subject"], each["type"].removeprefix("org.govern.")) for each in told]


def _ledger(house: House, chain: str) -> list[Event]:
    with house.runtime.store.reading() as connection:
        return events.events_of(connection, chain)


def _deliveries(house: House, number: int = 1, **wanted: Any) -> Sequence[Record]:
    page = PageRequest(sort="id", limit=500)
    return news_replay.list_deliveries(house.runtime, OPERATOR, number, page, **wanted).items


def test_what_happens_is_told_as_it_stands_in_the_ledger(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    made = _add(telling, there)
    _rename(telling, "P1", "Shop")
    _pass(telling)
    [event] = _ledger(telling, "P1")[-1:]
    assert there.event() == {
        "specversion": "1.0",
        "id": event.leaf,
        "source": "http://127.0.0.1:8321",
        "type": "org.govern.project.changed",
        "subject": "P1",
        "time": "2026-11-24T10:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": "http://127.0.0.1:8321/schemas/events/project.changed.json",
        "sequence": f"{event.seq:010d}",
        "actor": telling.pia.person_id,
        "data": json.loads(event.body)["data"],
    }
    assert there.signed(made["secret"]) == int(NOW.timestamp())
    assert there.headers[-1]["webhook-id"] == event.leaf
    assert there.headers[-1]["Content-Type"] == "application/cloudevents+json"
    _pass(telling)
    assert len(there.bodies) == 1


def test_what_was_there_before_is_no_news(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    _rename(telling, "P1", "Shop")
    _add(telling, there, by="pia")
    _rename(telling, "P1", "Shops")
    _pass(telling)
    assert len(_deliveries(telling, 1)) == 2
    assert len(_deliveries(telling, 2)) == 1


def test_what_people_wrote_or_are_called_stays_a_reference(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    found = projects.get_project(telling.runtime, telling.pia, "P1")
    change = {"objective": "Ask Olga Berg."}
    projects.change_project(
        telling.runtime, telling.pia, "P1", change, version=found["version"], now=NOW
    )
    _pass(telling)
    assert b"Olga" not in there.bodies[-1]
    assert there.event()["data"]["objective"]["to"].startswith("personal:")


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"kinds": ["project.changed"]}, [("P1", "project.changed"), ("P2", "project.changed")]),
        ({"kinds": ["gate.*"]}, []),
        (
            {"kinds": ["gate.*", "project.*"]},
            [("P1", "project.changed"), ("P2", "project.changed")],
        ),
        ({"project": "P2"}, [("P2", "project.changed")]),
        ({"portfolio": "main", "kinds": ["kpi.*"]}, []),
    ],
)
def test_only_what_was_asked_for(
    telling: House, there: Hook, wanted: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    for project in ("P1", "P2"):
        add_project(telling, project)
    _add(telling, there, **wanted)
    for project in ("P1", "P2"):
        _rename(telling, project, "x")
    _pass(telling)
    assert sorted(_told(there)) == told


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kinds": ["gate.decided", "gate.xyz"]}, "kinds.1"),
        ({"kinds": ["*"]}, "kinds.0"),
        ({"kinds": ["nothing.*"]}, "kinds.0"),
        ({"kinds": ["gate.*"] * 51}, "kinds"),
        ({"url": "https://elsewhere.example.org/"}, "url"),
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"portfolio": "main", "project": "P1"}, "portfolio"),
    ],
)
def test_what_is_wrong_is_named(
    telling: House, there: Hook, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        webhooks.add(telling.runtime, telling.sam, **{"url": there.url, **wrong}, now=NOW)
    assert list(refused.value.facts["errors"]) == [field]


def test_without_the_settings_they_are_named(house: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        webhooks.add(house.runtime, house.sam, url="https://hooks.example.org/", now=NOW)
    assert "GOVERN_WEBHOOK_HOSTS" in refused.value.facts["errors"]["url"][0]


def test_one_person_has_twenty_at_most(telling: House, there: Hook) -> None:
    for _ in range(20):
        _add(telling, there)
    with pytest.raises(InvalidInput, match="20 webhooks"):
        _add(telling, there)
    webhooks.end(telling.runtime, telling.sam, 3, reason="x", version=1, now=NOW)
    _add(telling, there)


def test_nobody_is_told_of_what_they_may_not_see(telling: House, there: Hook) -> None:
    nil = people.add_person(telling.runtime, OPERATOR, email="nil@example.org", name="Nil", now=NOW)
    add_project(telling, "P1")
    add_project(telling, "P2")
    people.grant_role(
        telling.runtime,
        OPERATOR,
        email="nil@example.org",
        role=Role.SPONSOR,
        project="P2",
        now=NOW,
    )
    actor = people.person(telling.runtime, "nil@example.org", NOW)
    assert actor.person_id == nil
    webhooks.add(telling.runtime, actor, url=there.url, now=NOW)
    with pytest.raises(NotFound):
        webhooks.add(telling.runtime, actor, url=there.url, project="P1", now=NOW)
    for project in ("P1", "P2"):
        _rename(telling, project, "x")
    _pass(telling)
    # Nor of what concerns the service: that is for auditors.
    assert _told(there) == [("P2", "project.changed")]
    assert {each["project"] for each in _deliveries(telling)} == {"P2"}


def test_an_auditor_of_the_installation_is_told_of_the_service_too(
    telling: House, there: Hook
) -> None:
    people.add_person(telling.runtime, OPERATOR, email="eve@example.org", name="Eve", now=NOW)
    people.grant_role(
        telling.runtime, OPERATOR, email="eve@example.org", role=Role.AUDITOR, now=NOW
    )
    eve = people.person(telling.runtime, "eve@example.org", NOW)
    webhooks.add(telling.runtime, eve, url=there.url, kinds=["person.*"], now=NOW)
    people.add_person(telling.runtime, OPERATOR, email="a@example.org", name="Al", now=NOW)
    _pass(telling)
    assert _told(there) == [(SERVICE, "person.added")]
    assert b"a@example.org" not in there.bodies[0]


def test_a_role_that_was_revoked_stops_what_waits(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    add_project(telling, "P2")
    _add(telling, there)
    people.grant_role(
        telling.runtime,
        OPERATOR,
        email="sam@example.org",
        role=Role.SPONSOR,
        project="P2",
        now=NOW,
    )
    for project in ("P1", "P2"):
        _rename(telling, project, "x")
    relay(telling.runtime, now=NOW)
    with telling.runtime.store.writing() as connection:
        connection.execute(
            update(role_grant)
            .where(
                role_grant.c.person_id == telling.sam.person_id,
                role_grant.c.project_id.is_(None),
            )
            .values(until=NOW)
        )
    _pass(telling)
    assert _told(there) == [("P2", "project.changed")]
    [withheld] = _deliveries(telling, state="withheld")
    assert (withheld["project"], withheld["tries"]) == ("P1", 0)
    assert withheld["failure"] == "whoever added the webhook may not see this any more"
    with telling.runtime.store.writing() as connection:  # so that the state is as its events
        connection.execute(update(role_grant).where(role_grant.c.until == NOW).values(until=None))


def test_of_somebody_who_was_erased_nothing_goes_on(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    _rename(telling, "P1", "x")
    relay(telling.runtime, now=NOW)
    erase_person(telling.runtime, OPERATOR, "sam@example.org", reason="Asked.", now=NOW)
    _pass(telling)
    assert there.bodies == []
    found = webhooks.get_webhook(telling.runtime, OPERATOR, 1)
    assert (found["state"], found["waiting"]) == ("ended", 0)
    assert "no role" in found["because"]


def test_a_failure_holds_back_its_own_project_and_no_other(telling: House, there: Hook) -> None:
    for project in ("P1", "P2"):
        add_project(telling, project)
    _add(telling, there)
    _rename(telling, "P1", "a")
    relay(telling.runtime, now=NOW)
    there.answers = [503]
    _pass(telling)
    _rename(telling, "P1", "b")
    _rename(telling, "P2", "c")
    _pass(telling)
    told = _told(there)
    assert told == [("P1", "project.changed"), ("P2", "project.changed")]
    [failed] = [each for each in _deliveries(telling) if each["failure"]]
    assert (failed["state"], failed["status"], failed["tries"]) == ("waiting", 503, 1)
    assert failed["failure"] == "the receiver answered 503"
    _pass(telling, NOW + 20 * timedelta(seconds=1))
    assert len(there.bodies) == 2
    _pass(telling, NOW + MINUTE)
    assert [there.event(index)["sequence"] for index in (2, 3)] == sorted(
        {there.event(index)["sequence"] for index in (2, 3)}
    )
    assert there.event(0) == there.event(2)
    assert {each["state"] for each in _deliveries(telling)} == {"sent"}
    assert webhooks.get_webhook(telling.runtime, OPERATOR, 1)["failures"] == 0


def test_tries_are_further_and_further_apart_and_listed(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    _rename(telling, "P1", "a")
    there.answers = [500, 302, 404, 204]
    at, seen = NOW, []
    while len(there.bodies) < 4:
        before = len(there.bodies)
        _pass(telling, at)
        if len(there.bodies) > before:
            seen.append(at - NOW)
        at += 10 * timedelta(seconds=1)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(seen)]
    for gap, whole in zip(gaps, (30, 120, 480), strict=True):
        assert whole * 0.8 <= gap <= whole * 1.2 + 10
    [delivery] = _deliveries(telling)
    found = news_replay.get_delivery(telling.runtime, telling.sam, delivery["id"])
    assert [each["status"] for each in found["attempts"]] == [500, 302, 404, 204]
    assert [each["failure"] for each in found["attempts"]] == [
        "the receiver answered 500",
        "the receiver answered 302",
        "the receiver answered 404",
        None,
    ]
    assert all(each["duration_ms"] >= 0 for each in found["attempts"])
    assert there.elsewhere == 0


def test_a_receiver_that_asks_for_it_is_left_alone(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    _rename(telling, "P1", "a")
    there.answers, there.retry_after = [429], "3600"
    _pass(telling)
    for passed in (MINUTE, 55 * MINUTE):
        _pass(telling, NOW + passed)
    assert len(there.bodies) == 1
    _pass(telling, NOW + HOUR + MINUTE)
    assert len(there.bodies) == 2


def test_after_a_day_of_failures_it_is_disabled_and_people_are_told(
    telling: House, there: Hook
) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    _rename(telling, "P1", "a")
    there.answers = [500] * 100
    at = NOW
    while at < NOW + 2 * DAY:
        _pass(telling, at)
        at += HOUR / 4
    found = webhooks.get_webhook(telling.runtime, telling.sam, 1)
    assert found["state"] == "disabled"
    assert found["because"].startswith("10 tries failed since 2026-11-24 10:00 UTC")
    tries = len(there.bodies)
    assert tries == 10
    [told] = _notices(telling, "sam", notices.WEBHOOK_DISABLED)
    assert "is disabled" in told["text"]
    with telling.runtime.store.reading() as connection:
        kinds = [each.kind for each in events.events_of(connection, SERVICE)]
    assert kinds.count("webhook.disabled") == 1
    # What happens meanwhile waits, and goes out when it is resumed.
    there.answers = []
    _rename(telling, "P1", "b", at)
    _pass(telling, at)
    assert len(there.bodies) == tries
    resumed = webhooks.resume(telling.runtime, telling.sam, 1, version=found["version"], now=at)
    assert resumed["failures"] == 0
    _pass(telling, at)
    assert webhooks.get_webhook(telling.runtime, telling.sam, 1)["waiting"] == 0
    assert len(there.bodies) > tries


def _notices(house: House, name: str, kind: str) -> Sequence[Record]:
    page = PageRequest(limit=500)
    return notices.list_notices(house.runtime, house.actors[name], page, kind=kind).items


def test_one_event_that_is_not_taken_is_left_out_in_the_end(telling: House, there: Hook) -> None:
    for project in ("P1", "P2"):
        add_project(telling, project)
    _add(telling, there)
    _rename(telling, "P1", "poison")
    _rename(telling, "P1", "fine")

    def answer(body: bytes) -> int:
        return 500 if b"poison" in body and b"fine" not in body else 204

    there.answer = answer
    at, number = NOW, 0
    while at < NOW + 2 * DAY:
        if number % 8 == 0:
            _rename(telling, "P2", f"n{number}", at)
        _pass(telling, at)
        at, number = at + HOUR / 4, number + 1
    [left_out] = _deliveries(telling, state="failed")
    assert (left_out["project"], left_out["tries"]) == ("P1", 10)
    assert _deliveries(telling, state="waiting") == []
    assert webhooks.get_webhook(telling.runtime, OPERATOR, 1)["state"] == "active"
    [told] = _notices(telling, "sam", notices.WEBHOOK_NOT_DELIVERED)
    assert f"replay delivery {left_out['id']}" in told["text"]
    there.answer = None
    again = news_replay.replay(telling.runtime, telling.sam, left_out["id"], now=at)
    assert (again["state"], len(again["attempts"])) == ("waiting", 10)
    _pass(telling, at)
    assert there.event()["id"] == there.event(0)["id"]
    assert _deliveries(telling, state="failed") == []


def test_a_receiver_that_is_gone_is_not_asked_again(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    for name in ("a", "b"):
        _rename(telling, "P1", name)
    there.answers = [410]
    _pass(telling)
    _pass(telling, NOW + DAY)
    assert len(there.bodies) == 1
    found = webhooks.get_webhook(telling.runtime, telling.sam, 1)
    assert (found["state"], found["waiting"]) == ("disabled", 2)
    assert "410" in found["because"]


def test_a_pause_loses_nothing(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    paused = webhooks.pause(telling.runtime, telling.sam, 1, version=1, now=NOW)
    assert paused["state"] == "paused"
    for name in ("a", "b", "c"):
        _rename(telling, "P1", name)
    _pass(telling)
    assert there.bodies == []
    assert webhooks.get_webhook(telling.runtime, telling.sam, 1)["waiting"] == 3
    webhooks.resume(telling.runtime, telling.sam, 1, version=2, now=NOW)
    _pass(telling)
    sequences = [there.event(index)["sequence"] for index in range(3)]
    assert sequences == sorted(sequences)
    webhooks.pause(telling.runtime, telling.sam, 1, version=3, now=NOW)
    _rename(telling, "P1", "d")
    _pass(telling)
    webhooks.resume(telling.runtime, telling.sam, 1, drop=True, version=4, now=NOW)
    _pass(telling)
    assert len(there.bodies) == 3
    [dropped] = _deliveries(telling, state="dropped")
    assert dropped["tries"] == 0
    _rename(telling, "P1", "e")
    _pass(telling)
    assert len(there.bodies) == 4


def test_a_secret_made_anew_holds_beside_the_old_one_for_a_day(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    first = _add(telling, there)["secret"]
    second = webhooks.rotate(telling.runtime, telling.sam, 1, version=1, now=NOW)["secret"]
    assert first != second
    _rename(telling, "P1", "a")
    _pass(telling)
    there.signed(first)
    there.signed(second)
    _rename(telling, "P1", "b")
    _pass(telling, NOW + DAY)
    there.signed(second)
    with pytest.raises(AssertionError):
        there.signed(first)


def test_no_secret_stands_anywhere(telling: House, there: Hook) -> None:
    made = _add(telling, there)
    secret = made["secret"].removeprefix("whsec_")
    with telling.runtime.store.reading() as connection:
        rows = [*connection.execute(select(webhook)), *connection.execute(select(personal))]
        bodies = [each.body for each in events.events_of(connection, SERVICE)]
    assert secret not in repr(rows)
    assert not any(secret.encode() in each for each in bodies)
    assert not any(there.url.encode() in each for each in bodies)
    assert "secret" not in webhooks.get_webhook(telling.runtime, telling.sam, 1)


def test_a_ping_tells_at_once_how_it_went(telling: House, there: Hook) -> None:
    made = _add(telling, there)
    told = news_replay.ping(telling.runtime, telling.sam, 1, now=NOW)
    assert (told["taken"], told["status"], told["failure"]) == (True, 204, None)
    assert there.event()["type"] == "org.govern.ping"
    there.signed(made["secret"])
    there.answers = [500]
    told = news_replay.ping(telling.runtime, telling.sam, 1, now=NOW)
    assert (told["taken"], told["status"]) == (False, 500)
    assert told["failure"] == "the receiver answered 500"


def test_everything_since_a_time_is_sent_again(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    later = NOW + DAY
    _rename(telling, "P1", "a", later)
    _add(telling, there)
    _rename(telling, "P1", "b", later + HOUR)
    _pass(telling, later + HOUR)
    assert len(there.bodies) == 1
    told = news_replay.replay_since(
        telling.runtime, telling.sam, 1, since=later, now=later + 2 * HOUR
    )
    assert told["events"] == 2
    _pass(telling, later + 2 * HOUR)
    sequences = [there.event(index)["sequence"] for index in range(3)]
    assert sequences[0] == sequences[2] > sequences[1]
    assert there.event(0)["id"] == there.event(2)["id"]
    with pytest.raises(InvalidInput):
        news_replay.replay_since(telling.runtime, telling.sam, 1, since=later, now=later)


def test_whose_it_is_and_who_may_change_it(telling: House, there: Hook) -> None:
    _add(telling, there)
    for doing in (
        lambda: webhooks.get_webhook(telling.runtime, telling.pia, 1),
        lambda: webhooks.pause(telling.runtime, telling.pia, 1, version=1, now=NOW),
        lambda: news_replay.ping(telling.runtime, telling.pia, 1, now=NOW),
        lambda: news_replay.list_deliveries(telling.runtime, telling.pia, 1, PageRequest()),
        lambda: webhooks.get_webhook(telling.runtime, telling.sam, 2),
        lambda: news_replay.get_delivery(telling.runtime, telling.sam, 1),
    ):
        with pytest.raises(NotFound):
            doing()
    with pytest.raises(StaleVersion):
        webhooks.pause(telling.runtime, telling.sam, 1, version=2, now=NOW)
    people.add_person(telling.runtime, OPERATOR, email="eve@example.org", name="Eve", now=NOW)
    people.grant_role(
        telling.runtime, OPERATOR, email="eve@example.org", role=Role.AUDITOR, now=NOW
    )
    eve = people.person(telling.runtime, "eve@example.org", NOW)
    webhooks.get_webhook(telling.runtime, eve, 1)
    with pytest.raises(NotAllowed):
        webhooks.end(telling.runtime, eve, 1, reason="x", version=1, now=NOW)
    ended = webhooks.end(telling.runtime, OPERATOR, 1, reason="Old.", version=1, now=NOW)
    assert (ended["state"], ended["because"]) == ("ended", "Old.")
    with pytest.raises(InvalidInput, match="has ended"):
        webhooks.resume(telling.runtime, OPERATOR, 1, version=2, now=NOW)


def test_it_can_lead_elsewhere(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there, kinds=["gate.*"])
    with hook() as other:
        hooks = telling.runtime.outlets.hooks
        assert hooks is not None
        both = replace(hooks, hosts=hooks.hosts | {other.host})
        outlets = replace(telling.runtime.outlets, hooks=both)
        runtime = replace(telling.runtime, outlets=outlets)
        moved = {"url": other.url, "kinds": [], "label": "Chat"}
        told = webhooks.change(runtime, telling.sam, 1, moved, version=1, now=NOW)
        assert (told["url"], told["kinds"], told["label"]) == (other.url, [], "Chat")
        _rename(telling, "P1", "a")
        news.pass_on(runtime, OPERATOR, now=NOW, for_s=60)
        assert (len(there.bodies), len(other.bodies)) == (0, 1)


def test_what_became_of_news_is_forgotten_after_90_days(telling: House, there: Hook) -> None:
    add_project(telling, "P1")
    _add(telling, there)
    _rename(telling, "P1", "a")
    _pass(telling)
    news.forget_old(telling.runtime, now=NOW + 90 * DAY)
    assert len(_deliveries(telling)) == 1
    news.forget_old(telling.runtime, now=NOW + 90 * DAY + MINUTE)
    assert _deliveries(telling) == []
    _pass(telling, NOW + 91 * DAY)
    assert len(there.bodies) == 1

"""Webhooks over the API, the schemas of events, and the end of letters by the address in one."""

from collections.abc import Iterator
from dataclasses import replace

import jsonschema_rs
import pytest

from govern.services import news
from govern.services.outlets import Outlets
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state
from tests.services.house import NOW, House, add_project
from tests.services.receivers import Hook, Mailbox, hook, hooks_of, mailbox
from tests.web.caller import Callers, everybody, good, problem


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as made:
        yield made


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
def telling(house: House, there: Hook, box: Mailbox) -> Iterator[Callers]:
    outlets = Outlets(box.server, hooks_of(there))
    yield everybody(replace(house, runtime=replace(house.runtime, outlets=outlets)))
    assert audit_state(house.runtime, OPERATOR).differences == ()


def _pass(people: Callers) -> None:
    news.pass_on(people.house.runtime, OPERATOR, now=NOW, for_s=60)


def test_from_the_first_event_to_the_end(telling: Callers, there: Hook) -> None:
    sam, pia = telling.sam, telling.pia
    add_project(telling.house, "P1")
    wanted = {"url": there.url, "kinds": ["project.*"], "portfolio": "main", "label": "Chat"}
    made = sam.post("/webhooks", wanted)
    told = good(made, 201)
    assert told["secret"].startswith("whsec_")
    assert made.headers["Location"].endswith("/webhooks/1")
    assert (told["state"], told["waiting"], told["failures"]) == ("active", 0, 0)
    assert good(sam.post("/webhooks/1/ping", {}))["taken"] is True
    good(pia.post("/projects", {"id": "P9", "portfolio": "main", "name": "Nine"}), 201)
    there.answers = [500]
    _pass(telling)
    there.signed(told["secret"])
    [delivery] = good(sam.get("/webhooks/1/deliveries"))["items"]
    assert (delivery["state"], delivery["status"], delivery["kind"]) == (
        "waiting",
        500,
        "project.added",
    )
    read = sam.get("/webhooks/1")
    assert (good(read)["failures"], good(read)["waiting"]) == (1, 1)
    assert "secret" not in good(read)
    paused = good(sam.post("/webhooks/1/pause", {}, version=1))
    assert paused["state"] == "paused"
    good(sam.post("/webhooks/1/resume", {"drop": True}, version=2))
    [dropped] = good(sam.get("/webhooks/1/deliveries?state=dropped"))["items"]
    shown = good(sam.get(f"/webhook-deliveries/{dropped['id']}"))
    assert [each["failure"] for each in shown["attempts"]] == ["the receiver answered 500"]
    good(sam.post(f"/webhook-deliveries/{dropped['id']}/replay", {}))
    _pass(telling)
    again = good(sam.get(f"/webhook-deliveries/{dropped['id']}"))
    assert (again["state"], len(again["attempts"])) == ("sent", 2)
    replayed = sam.post("/webhooks/1/replays", {"since": "2026-11-01T00:00:00Z"})
    assert good(replayed)["events"] == 2
    rotated = good(sam.post("/webhooks/1/secret", {}, version=3))
    assert rotated["secret"] != told["secret"]
    changed = good(sam.call("PATCH", "/webhooks/1", {"kinds": []}, version=4))
    assert changed["kinds"] == []
    ended = good(sam.post("/webhooks/1/end", {"reason": "Over."}, version=5))
    assert (ended["state"], ended["because"]) == ("ended", "Over.")
    problem(sam.post("/webhooks/1/end", {"reason": "Over."}, version=6), 422, "invalid-input")
    assert good(sam.get("/webhooks?state=ended"))["items"][0]["id"] == 1
    problem(pia.get("/webhooks/1"), 404, "not-found")


def test_a_repeated_request_is_not_told_the_secret_again(telling: Callers, there: Hook) -> None:
    key = {"Idempotency-Key": '"one"'}
    first = telling.sam.post("/webhooks", {"url": there.url}, headers=key)
    secret = good(first, 201)["secret"]
    assert secret
    again = telling.sam.post("/webhooks", {"url": there.url}, headers=key)
    problem(again, 409, "answer-not-kept")
    assert len(good(telling.sam.get("/webhooks"))["items"]) == 1


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "https://x.example.org/", "https://u:p@x.org/", "x"]
)
def test_where_nothing_may_go_is_said(telling: Callers, url: str) -> None:
    told = problem(telling.sam.post("/webhooks", {"url": url}), 422, "invalid-input")
    assert list(told["errors"]) == ["url"]


def test_anybody_may_read_what_an_event_looks_like(telling: Callers) -> None:
    with telling.app.test_client() as client:
        answer = client.get("/schemas/events/gate.decided.json")
        assert answer.content_type == "application/schema+json"
        schema = answer.get_json(force=True)
        jsonschema_rs.meta.validate(schema)
        assert schema["$id"] == "http://127.0.0.1:8321/schemas/events/gate.decided.json"
        assert client.get("/schemas/events/nothing.json").status_code == 404
        assert client.get("/schemas/events/..%2f..%2fpyproject.json").status_code == 404


def test_who_chooses_gets_what_they_chose(telling: Callers, box: Mailbox) -> None:
    assert good(telling.sam.get("/me/mail")) == {"choice": "gates", "version": 0}
    chosen = good(telling.sam.call("PATCH", "/me/mail", {"choice": "daily"}))
    assert chosen == {"choice": "daily", "version": 1}
    problem(telling.sam.call("PATCH", "/me/mail", {"choice": "x"}), 422, "invalid-input")
    assert good(telling.gus.get("/me/mail"))["choice"] == "gates"
    assert box.letters == []


def test_a_look_at_the_address_in_a_letter_ends_nothing(telling: Callers, box: Mailbox) -> None:
    from govern.services import notices  # noqa: PLC0415

    house = telling.house
    news.pass_on(house.runtime, OPERATOR, now=NOW, for_s=60)
    with house.runtime.store.writing() as connection:
        to = [house.sam.person_id]
        notices.send(
            connection, OPERATOR, notices.REMINDED, None, "It waits.", to, key="k", now=NOW
        )
    _pass(telling)
    [letter] = box.letters
    path = str(letter["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8321")
    with telling.app.test_client() as client:
        asked = client.get(path)
        assert (asked.status_code, asked.mimetype) == (200, "text/html")
        assert "form-action 'self'" in asked.headers["Content-Security-Policy"]
        assert good(telling.sam.get("/me/mail"))["choice"] == "gates"
        one_click = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert one_click.status_code == 200
        assert good(telling.sam.get("/me/mail"))["choice"] == "none"
        assert client.post("/mail/stop/x").status_code == 404

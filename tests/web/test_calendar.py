"""A person's calendar: a secret address that reads what is due for them, and does nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from werkzeug.test import TestResponse

from govern.services import kpis
from govern.web.app import create_app
from tests.services import house as house_of
from tests.services.house import NOW
from tests.services.test_gates import to_stage
from tests.web.caller import API, Caller, Callers, furnish, good, problem


@pytest.fixture
def busy(people: Callers) -> Callers:
    furnish(people.house)
    return people


def _path(caller: Caller) -> str:
    told = good(caller.post("/me/calendar", {}), 201)
    assert told["made_at"] == "2026-11-24T10:00:00.000000Z"
    address = told["address"]
    assert address.startswith("http://127.0.0.1:8321/calendar/gov_")
    assert address.endswith(".ics")
    return address.removeprefix("http://127.0.0.1:8321")


def _get(people: Callers, path: str, **headers: str) -> TestResponse:
    with people.app.test_client() as client:
        return client.get(path, headers=headers)


def _events(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.get_data())
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"].startswith("-//govern//govern ")
    return {str(each["UID"]): each for each in calendar.walk("VEVENT")}


def _strict(text: bytes) -> Iterator[bytes]:
    """What RFC 5545 says of lines: each ends in CR LF, and has 75 octets at most."""
    assert text.endswith(b"\r\n")
    for line in text.split(b"\r\n")[:-1]:
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        yield line


def test_a_gatekeeper_sees_the_gates_that_wait(busy: Callers) -> None:
    path = _path(busy.sam)
    response = _get(busy, path)
    lines = [*_strict(response.get_data())]
    assert lines[0] == b"BEGIN:VCALENDAR"
    waiting = good(busy.sam.get("/waiting"))
    events = _events(response)
    assert waiting["gates"]
    assert any(each["decide_by"] is None for each in waiting["gates"])
    for each in waiting["gates"]:
        if each["decide_by"] is None:  # it has no day, and so none in a calendar
            continue
        found = events.pop(f"gate-{each['submission']}@127.0.0.1")
        day = date.fromisoformat(each["decide_by"])
        assert found["DTSTART"].dt == day
        assert found["DTSTART"].params["VALUE"] == "DATE"
        assert found["DTEND"].dt == day + timedelta(days=1)
        assert found["DTSTAMP"].dt == NOW
        assert found["TRANSP"] == "TRANSPARENT"
        assert found["LAST-MODIFIED"].dt == NOW
        assert found["SEQUENCE"] == 0
        assert found["URL"] == f"http://127.0.0.1:8321/gates/{each['submission']}"
        assert each["project_name"] in found["SUMMARY"]
    for each in waiting["recommendations"]:
        assert events.pop(f"recommendation-{each['id']}@127.0.0.1")["DTSTART"].dt == (
            date.fromisoformat(each["decide_by"])
        )
    assert not events


def test_who_reports_sees_the_readings_that_are_due(busy: Callers) -> None:
    house_of.add_project(busy.house, "P4")
    to_stage(busy.house, "P4", "monitoring")
    due = good(busy.dan.get("/due-next?by=2027-02-24"))["items"]
    wanted = {f"reading-{each['id']}-{each['on']}" for each in due if each["what"] == "reading"}
    assert wanted
    events = _events(_get(busy, _path(busy.dan)))
    # A reading is due because none was recorded: no event says so.
    assert not any("LAST-MODIFIED" in each or "SEQUENCE" in each for each in events.values())
    assert {each.removesuffix("@127.0.0.1") for each in events} == wanted
    # Who only decides is not asked for figures, nor is who only looks.
    assert not any("reading-" in each for each in _events(_get(busy, _path(busy.gus))))
    assert _events(_get(busy, _path(busy.aud))) == {}


def test_a_condition_stands_in_the_calendar_of_who_owes_it(busy: Callers) -> None:
    [condition] = good(busy.pia.get("/conditions"))["items"]
    found = _events(_get(busy, _path(busy.pia)))[f"condition-{condition['id']}@127.0.0.1"]
    assert found["DTSTART"].dt == date(2026, 12, 24)
    assert found["SUMMARY"] == "Condition: Name an owner."


def test_an_entry_says_when_it_was_changed_and_how_often(busy: Callers) -> None:
    path, later = _path(busy.sam), NOW + timedelta(hours=2)
    waits, *_ = [
        each for each in good(busy.sam.get("/waiting"))["recommendations"] if each["decide_by"]
    ]
    uid = f"recommendation-{waits['id']}@127.0.0.1"
    before = _events(_get(busy, path))[uid]
    assert (before["LAST-MODIFIED"].dt, before["SEQUENCE"]) == (NOW, 0)
    put_off = {"answer": "defer", "reason": "Not yet.", "deferred_until": "2026-11-25"}
    then = replace(busy, app=create_app(busy.house.runtime, lambda: later))
    good(
        then.sam.post(f"/recommendations/{waits['id']}/answers", put_off, version=waits["version"])
    )
    day_after = replace(busy, app=create_app(busy.house.runtime, lambda: NOW + timedelta(days=1)))
    after = _events(_get(day_after, path))[uid]
    assert (after["LAST-MODIFIED"].dt, after["SEQUENCE"]) == (later, 1)
    assert after["DTSTART"].dt == date(2026, 11, 25)


def test_texts_are_escaped(people: Callers) -> None:
    house_of.add_project(people.house, "P1", name="Shop; a, b \\ c: BEGIN")
    kpis.change_kpi(
        people.house.runtime,
        people.house.pia,
        "P1-K1",
        {"name": "Turnover; BEGIN:VEVENT, und Grüße an alle, die davon sehr viel haben"},
        version=None,
        now=NOW,
    )
    response = _get(people, _path(people.dan))
    assert [*_strict(response.get_data())].count(b"BEGIN:VEVENT") == len(_events(response))
    told = [str(each["SUMMARY"]) for each in _events(response).values()]
    if told:
        assert all("Turnover; BEGIN:VEVENT, und Grüße an alle" in each for each in told)


def test_who_has_it_is_told_that_it_is_still_the_same(busy: Callers) -> None:
    path = _path(busy.sam)
    tag = _get(busy, path).headers["ETag"]
    again = _get(busy, path, **{"If-None-Match": tag})
    assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)
    later = create_app(busy.house.runtime, lambda: NOW + timedelta(minutes=5))
    with later.test_client() as client:
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(path).headers["ETag"] == tag
    good(busy.sam.post("/submissions/2/votes", _vote(busy), version=1), 201)
    changed = _get(busy, path, **{"If-None-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] == tag) == (200, False)


def _vote(people: Callers) -> dict[str, str]:
    advice = good(people.sam.get("/submissions/2"))["advice"]
    return {"decision": advice, "reason": "As advised."}


def test_the_address_is_good_for_nothing_else(busy: Callers) -> None:
    secret = _path(busy.sam).removeprefix("/calendar/").removesuffix(".ics")
    thief = Caller(busy.app, secret)
    for path in ("/me", "/waiting", "/projects", "/me/calendar", "/webhooks"):
        assert thief.get(path).status_code in (401, 403)
    assert thief.post("/me/calendar", {}).status_code in (401, 403)
    # And another token is no address.
    token = busy.sam.token
    assert token is not None
    assert _get(busy, f"/calendar/{token}.ics").status_code == 404


def test_another_address_ends_the_one_before_and_it_can_be_revoked(busy: Callers) -> None:
    first = _path(busy.sam)
    second = _path(busy.sam)
    assert first != second
    assert _get(busy, first).status_code == 404
    assert _get(busy, second).status_code == 200
    assert good(busy.sam.get("/me/calendar"))["made_at"] is not None
    gone = good(busy.sam.post("/me/calendar/revoke", {}))
    assert gone == {"made_at": None, "expires_at": None}
    assert _get(busy, second).status_code == 404
    assert good(busy.sam.get("/me/calendar")) == gone


def test_a_repeated_request_is_not_told_the_secret_again(busy: Callers) -> None:
    key = {"Idempotency-Key": '"a-calendar"'}
    first = busy.sam.post("/me/calendar", {}, headers=key)
    assert good(first, 201)["address"]
    problem(busy.sam.post("/me/calendar", {}, headers=key), 409, "answer-not-kept")


def test_an_address_ends_with_the_roles_and_years_later(busy: Callers) -> None:
    path = _path(busy.sam)
    later = create_app(busy.house.runtime, lambda: datetime(2031, 11, 24, tzinfo=UTC))
    with later.test_client() as client:
        assert client.get(path).status_code == 404
    assert _get(busy, "/calendar/nothing.ics").status_code == 404
    assert API

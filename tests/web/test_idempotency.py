"""A request that comes twice is done once, and answered twice alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from govern.domain.refusal import AnswerNotKept, StillAnswering
from govern.services import idempotency, readings
from govern.services.erasing import erase_person
from govern.services.people import OPERATOR
from govern.services.ticking import tick
from govern.store.tables import idempotency_key
from govern.web.app import create_app
from tests.services import house as made
from tests.services.house import NOW, House
from tests.web.caller import Caller, Callers, good, problem, token_of

KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
READING = {"period": "2026-01-31", "actual": "90"}
PATH = "/kpis/P1-K1/readings"

pytestmark = pytest.mark.usefixtures("project")


def _later(people: Callers, name: str, moment: datetime) -> Caller:
    return replace(people[name], app=create_app(people.house.runtime, lambda: moment))


def _recorded(people: Callers) -> int:
    return len(good(people.dan.get(f"{PATH}?history=true"))["items"])


def test_the_same_again_has_the_same_answer_and_is_done_once(people: Callers) -> None:
    body = {"id": "P1-K2", "project": "P1", "name": "x"}
    first = people.pia.post("/kpis", body, headers=KEY)
    second = people.pia.post("/kpis", body, headers=KEY)
    assert good(first, 201)["id"] == "P1-K2"
    assert second.status_code == 201
    assert second.get_data() == first.get_data()
    own = {"Date", "X-Request-Id"}
    headers = {name: value for name, value in first.headers if name not in own}
    assert {name: value for name, value in second.headers if name not in own} == headers
    assert headers["ETag"] == '"v1"'
    problem(people.pia.post("/kpis", body), 409, "duplicate")


def test_a_change_of_a_version_is_answered_again_though_the_version_has_gone(
    people: Callers,
) -> None:
    first = people.pia.patch("/projects/P1", {"name": "y"}, version=1, headers=KEY)
    again = people.pia.patch("/projects/P1", {"name": "y"}, version=1, headers=KEY)
    assert good(again)["version"] == good(first)["version"] == 2
    other = people.pia.patch("/projects/P1", {"name": "y"}, version=2, headers=KEY)
    problem(other, 422, "key-reused")


def test_a_file_comes_once(people: Callers) -> None:
    sent = {**KEY, "Content-Type": "text/plain"}
    path = "/projects/P1/evidence-files?filename=notes.txt"
    first = people.pia.call("POST", path, raw=b"Agreed.", headers=sent)
    again = people.pia.call("POST", path, raw=b"Agreed.", headers=sent)
    assert good(again, 201) == good(first, 201)
    assert again.headers["Location"] == first.headers["Location"]
    problem(people.pia.call("POST", path, raw=b"Agreed!", headers=sent), 422, "key-reused")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PATH, {**READING, "actual": "91"}),
        (PATH, {**READING, "actual": "90.0"}),
        ("/readings", {"readings": [{**READING, "kpi": "P1-K1"}]}),
    ],
)
def test_a_key_is_of_one_request(people: Callers, path: str, body: Any) -> None:
    good(people.dan.post(PATH, READING, headers=KEY), 201)
    problem(people.dan.post(path, body, headers=KEY), 422, "key-reused")
    assert _recorded(people) == 1


def test_a_key_is_of_one_person(people: Callers) -> None:
    good(people.dan.post(PATH, READING, headers=KEY), 201)
    other = {**READING, "period": "2026-02-28"}
    good(people.fay.post(PATH, other, headers=KEY), 201)
    assert _recorded(people) == 2


def test_a_refusal_is_answered_again(people: Callers) -> None:
    wrong = {**READING, "period": "2026-01-30"}
    first = people.dan.post(PATH, wrong, headers=KEY)
    again = people.dan.post(PATH, wrong, headers=KEY)
    assert problem(again, 422, "invalid-input") == problem(first, 422, "invalid-input")


def test_a_read_needs_no_key_and_heeds_none(people: Callers) -> None:
    for _ in range(2):
        assert good(people.dan.get("/kpis/P1-K1", headers=KEY))["id"] == "P1-K1"
    with people.house.runtime.store.reading() as connection:
        assert connection.execute(select(idempotency_key)).all() == []


@pytest.mark.parametrize("key", ["", '""', '"', "a b", 'a"b', '"a", "b"', '"a\\"b"', "x" * 256])
def test_what_can_be_no_key_is_refused(people: Callers, key: str) -> None:
    refused = people.dan.post(PATH, READING, headers={"Idempotency-Key": key})
    assert "double quotes" in problem(refused, 400, "bad-request")["detail"]
    assert _recorded(people) == 0


def test_quotes_are_not_part_of_the_key(people: Callers) -> None:
    good(people.dan.post(PATH, READING, headers={"Idempotency-Key": "a-1"}), 201)
    other = people.dan.post(PATH, {**READING, "actual": 1}, headers={"Idempotency-Key": '"a-1"'})
    problem(other, 422, "key-reused")


def test_at_once_one_is_done_and_nobody_is_answered_otherwise(people: Callers) -> None:
    gate = Barrier(8)
    body = {"id": "P9", "portfolio": "main", "name": "x"}

    def call(_: int) -> tuple[int, bytes]:
        gate.wait()
        answer = people.pia.post("/projects", body, headers=KEY)
        return answer.status_code, answer.get_data()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    done = {body for status, body in answers if status == 201}
    assert len(done) == 1
    assert {status for status, _ in answers} <= {201, 409}
    events = good(people.pia.get("/projects/P9/history"))["items"]
    assert [each["kind"] for each in events].count("project.added") == 1
    last = people.pia.post("/projects", body, headers=KEY)
    assert {last.get_data()} == done


def _begin(house: House, now: datetime = NOW, key: str = "a") -> idempotency.Keyed:
    begun = idempotency.begin(house.runtime, house.dan, key, [b"x"], now=now)
    assert isinstance(begun, idempotency.Keyed)
    return begun


def _write(house: House, keyed: idempotency.Keyed) -> None:
    reading = {"kpi": "P1-K1", "period": NOW.date().replace(month=10, day=31)}
    readings.record_readings(keyed.runtime, house.dan, [{**reading, "actual": Decimal(1)}], now=NOW)


def test_after_a_crash_before_anything_was_written_it_is_done_by_whoever_repeats_it(
    people: Callers, house: House
) -> None:
    stuck = _begin(house)
    with pytest.raises(StillAnswering):
        _begin(house, NOW + idempotency.LEASE - timedelta(seconds=1))
    second = _begin(house, NOW + idempotency.LEASE)
    # The first was slow and not dead: it has lost its key, and can write no more.
    with pytest.raises(StillAnswering):
        _write(house, stuck)
    assert _recorded(people) == 0
    _write(house, second)
    assert _recorded(people) == 1


def test_after_a_crash_before_the_answer_was_kept_it_is_not_done_again(
    people: Callers, house: House
) -> None:
    _write(house, _begin(house))
    for moment in (NOW, NOW + timedelta(hours=23)):
        with pytest.raises(AnswerNotKept):
            _begin(house, moment)
    assert _recorded(people) == 1


def test_after_a_fault_the_key_is_free_unless_something_was_written(house: House) -> None:
    idempotency.give_up(_begin(house))
    written = _begin(house)
    _write(house, written)
    idempotency.give_up(written)
    with pytest.raises(AnswerNotKept):
        _begin(house)


def test_a_key_that_waits_is_told_to_try_again(people: Callers, house: House) -> None:
    parts = [b"POST", f"/api/v1{PATH}?".encode(), b"", b"application/json"]
    body = b'{"period": "2026-01-31", "actual": "90"}'
    idempotency.begin(house.runtime, house.dan, "a", [*parts, body], now=NOW)
    waiting = people.dan.call("POST", PATH, raw=body, headers={"Idempotency-Key": "a"})
    problem(waiting, 409, "still-answering")
    assert waiting.headers["Retry-After"] == "1"


def test_a_key_is_forgotten_after_a_day(people: Callers, house: House) -> None:
    good(people.dan.post(PATH, READING, headers=KEY), 201)
    day = NOW + idempotency.KEPT_FOR
    almost = tick(house.runtime, OPERATOR, now=day)
    assert not almost.failed
    with house.runtime.store.reading() as connection:
        assert len(connection.execute(select(idempotency_key)).all()) == 1
    tick(house.runtime, OPERATOR, now=day + timedelta(seconds=1))
    with house.runtime.store.reading() as connection:
        assert connection.execute(select(idempotency_key)).all() == []


def test_a_key_of_yesterday_that_nobody_cleaned_up_is_new(people: Callers) -> None:
    good(people.dan.post(PATH, READING, headers=KEY), 201)
    moment = NOW + timedelta(hours=23, minutes=59)
    other = {**READING, "actual": 91, "reason": "x"}
    problem(_later(people, "dan", moment).post(PATH, other, headers=KEY), 422, "key-reused")
    moment = NOW + timedelta(days=1)
    token = token_of(people.house, "dan", timedelta(days=3))
    dan = replace(_later(people, "dan", moment), token=token)
    good(dan.post(PATH, other, headers=KEY), 201)
    assert _recorded(people) == 2


def test_nobody_who_was_erased_stands_in_a_kept_answer(people: Callers, house: House) -> None:
    body = {"id": "P2", "portfolio": "main", "name": "x", "owner": "Gus"}
    good(people.pia.post("/projects", body, headers=KEY), 201)
    begun = _begin(house)
    erase_person(house.runtime, OPERATOR, "gus@example.org", reason="Asked for.", now=NOW)
    with house.runtime.store.reading() as connection:
        stored = connection.execute(select(idempotency_key)).all()
    assert "Gus" not in str(stored)
    # What was begun before may name them still, and is not kept either.
    idempotency.keep(begun, idempotency.Answer(200, [("ETag", '"v1"')], '{"owner": "Gus"}'))
    with house.runtime.store.reading() as connection:
        assert "Gus" not in str(connection.execute(select(idempotency_key)).all())
    problem(people.pia.post("/projects", body, headers=KEY), 409, "answer-not-kept")


def test_the_keys_of_a_person_are_kept_as_hashes(people: Callers, house: House) -> None:
    made.add_project(house, "P3")
    good(people.dan.post(PATH, READING, headers={"Idempotency-Key": "from-gus"}), 201)
    with house.runtime.store.reading() as connection:
        assert "from-gus" not in str(connection.execute(select(idempotency_key)).all())

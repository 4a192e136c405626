"""Limits on requests hold across workers, and say when to come again."""

from datetime import timedelta
from typing import Any

import pytest

from govern.web.app import create_app
from govern.web.limits import FAILED, Limits
from govern.web.pages import cookie
from tests.services.house import NOW, House
from tests.web.caller import API, Callers


class _Clock:
    now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


def _worker(house: House, clock: _Clock, limits: Limits) -> Any:
    return create_app(house.runtime, clock, limits=limits).test_client()


def test_requests_are_limited_over_all_workers(
    house: House, people: Callers, clock: _Clock
) -> None:
    workers = [_worker(house, clock, Limits(requests=10)) for _ in range(3)]
    headers = {"Authorization": f"Bearer {people.pia.token}"}
    answers = [
        workers[number % 3].get(f"{API}/me", headers=headers).status_code for number in range(15)
    ]
    assert answers == [200] * 10 + [429] * 5
    other = {"Authorization": f"Bearer {people.sam.token}"}
    assert workers[0].get(f"{API}/me", headers=other).status_code == 200
    refused = workers[1].get(f"{API}/me", headers=headers)
    assert refused.json["code"] == "too-many-requests"
    assert refused.headers["Retry-After"] == "60"
    clock.now += timedelta(minutes=1)
    assert workers[1].get(f"{API}/me", headers=headers).status_code == 200


def test_heavy_work_has_a_limit_of_its_own(house: House, people: Callers, clock: _Clock) -> None:
    client = _worker(house, clock, Limits(heavy=2))
    headers = {"Authorization": f"Bearer {people.aud.token}"}
    answers = [
        client.post(f"{API}/rules/backtest", json={}, headers=headers).status_code for _ in range(4)
    ]
    assert answers[2:] == [429, 429]
    assert 429 not in answers[:2]
    assert client.get(f"{API}/me", headers=headers).status_code == 200


def test_failed_attempts_are_limited_by_address_and_nobody_else_is(
    house: House, people: Callers, clock: _Clock
) -> None:
    workers = [_worker(house, clock, Limits()) for _ in range(2)]
    tried = [
        workers[number % 2]
        .get(f"{API}/me", headers={"Authorization": f"Bearer gov_{number}"})
        .status_code
        for number in range(FAILED.most + 5)
    ]
    assert tried == [401] * FAILED.most + [429] * 5
    good = {"Authorization": f"Bearer {people.pia.token}"}
    assert workers[0].get(f"{API}/me", headers=good).status_code == 200
    elsewhere = workers[0].get(
        f"{API}/me",
        headers={"Authorization": "Bearer gov_x"},
        environ_base={"REMOTE_ADDR": "192.0.2.9"},
    )
    assert elsewhere.status_code == 401


def test_links_are_not_guessed_either(house: House, clock: _Clock) -> None:
    client = _worker(house, clock, Limits())
    tried = [client.post(f"/sign-in/guess{number}").status_code for number in range(40)]
    assert tried == [401] * FAILED.most + [429] * (40 - FAILED.most)


def test_no_caller_says_where_they_come_from_unless_a_proxy_is_trusted(
    house: House, clock: _Clock
) -> None:
    client = _worker(house, clock, Limits())
    for number in range(FAILED.most):
        client.get(
            f"{API}/me",
            headers={"Authorization": "Bearer x", "X-Forwarded-For": f"192.0.2.{number}"},
        )
    assert client.get(f"{API}/me", headers={"Authorization": "Bearer x"}).status_code == 429


def test_behind_a_proxy_its_word_counts(house: House, clock: _Clock) -> None:
    client = create_app(house.runtime, clock, limits=Limits(), proxies=1).test_client()
    for _ in range(FAILED.most + 1):
        last = client.get(
            f"{API}/me", headers={"Authorization": "Bearer x", "X-Forwarded-For": "192.0.2.1"}
        )
    assert last.status_code == 429
    other = {"Authorization": "Bearer x", "X-Forwarded-For": "192.0.2.2"}
    assert client.get(f"{API}/me", headers=other).status_code == 401
    secure = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" in secure.headers


def test_without_limits_nothing_is_counted(house: House, clock: _Clock) -> None:
    client = create_app(house.runtime, clock).test_client()
    assert {client.get(f"{API}/me").status_code for _ in range(FAILED.most + 5)} == {401}
    assert client.get_cookie(cookie.NAME) is None

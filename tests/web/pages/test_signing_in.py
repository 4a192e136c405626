"""Signing in by a one-time link, staying signed in, and signing out; forms that others send."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from govern.services import sessions, sign_in_links
from govern.services.people import OPERATOR
from govern.web.app import create_app
from govern.web.pages import cookie
from govern.web.pages.origin import local_path
from tests.services.house import NOW, House
from tests.web.caller import Callers


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def browser(house: House, people: Callers, clock: Clock) -> FlaskClient:
    return create_app(house.runtime, clock).test_client()


def _link(house: House, email: str, **how: object) -> str:
    link = sign_in_links.issue(house.runtime, OPERATOR, email=email, now=NOW, **how)  # pyright: ignore[reportArgumentType]
    return f"/sign-in/{link.secret}"


def _email(house: House) -> str:
    from govern.store import people as stored  # noqa: PLC0415

    with house.runtime.store.reading() as connection:
        return stored.everyone(connection)[0]["email"]


def _sign_in(browser: FlaskClient, house: House) -> None:
    answer = browser.post(_link(house, _email(house)), base_url="https://localhost")
    assert answer.status_code == 303


def _get(browser: FlaskClient, path: str):
    return browser.get(path, base_url="https://localhost", headers={"Accept": "text/html"})


def test_nobody_is_led_to_where_people_sign_in(browser: FlaskClient) -> None:
    assert _get(browser, "/").location == "/sign-in"


def test_looking_at_a_link_does_not_use_it(browser: FlaskClient, house: House) -> None:
    link = _link(house, _email(house))
    for _ in range(3):
        assert _get(browser, link).status_code == 200
    assert browser.post(link, base_url="https://localhost").status_code == 303


def test_a_link_works_once(browser: FlaskClient, house: House) -> None:
    link = _link(house, _email(house))
    assert browser.post(link, base_url="https://localhost").status_code == 303
    again = browser.post(link, base_url="https://localhost")
    assert again.status_code == 401
    assert "was used already" in again.text


def test_a_link_is_dead_after_its_time(browser: FlaskClient, house: House, clock: Clock) -> None:
    link = _link(house, _email(house), lifetime=timedelta(minutes=5))
    clock.now += timedelta(minutes=5)
    assert browser.post(link, base_url="https://localhost").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_hosts(
    browser: FlaskClient, house: House
) -> None:
    answer = browser.post(_link(house, _email(house)), base_url="https://localhost")
    said = answer.headers["Set-Cookie"]
    assert said.startswith("__Host-govern=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in said
    assert "Domain" not in said


def test_a_session_ends_when_idle_and_after_half_a_day(
    browser: FlaskClient, house: House, clock: Clock
) -> None:
    _sign_in(browser, house)
    clock.now += sessions.IDLE - timedelta(minutes=1)
    assert _get(browser, "/").location != "/sign-in"
    clock.now += sessions.IDLE - timedelta(minutes=1)
    assert _get(browser, "/").location != "/sign-in"
    clock.now += sessions.IDLE
    assert _get(browser, "/").location == "/sign-in"


def test_signing_out_ends_the_session_for_good(browser: FlaskClient, house: House) -> None:
    _sign_in(browser, house)
    kept = browser.get_cookie(cookie.NAME, domain="localhost")
    assert kept is not None
    out = browser.post(
        "/sign-out",
        base_url="https://localhost",
        data={"csrf": cookie.form_token(kept.value)},
    )
    assert out.status_code == 200
    browser.set_cookie(cookie.NAME, kept.value, domain="localhost", secure=True)
    assert _get(browser, "/").location == "/sign-in"


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {}},
        {"data": {"csrf": "0" * 64}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"headers": {"Sec-Fetch-Site": "same-site"}},
        {"headers": {"Origin": "https://evil.example"}},
        {"headers": {"Origin": "null"}},
    ],
)
def test_a_form_of_another_site_does_nothing(
    browser: FlaskClient, house: House, sent: dict[str, dict[str, str]]
) -> None:
    _sign_in(browser, house)
    kept = browser.get_cookie(cookie.NAME, domain="localhost")
    assert kept is not None
    given = {"data": {"csrf": cookie.form_token(kept.value)}, **sent}
    answer = browser.post("/sign-out", base_url="https://localhost", **given)  # pyright: ignore[reportArgumentType]
    assert answer.status_code == 403
    assert "nothing was done" in answer.text
    assert _get(browser, "/").location != "/sign-in"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "/a\r\nb",
        "",
        None,
    ],
)
def test_a_sign_in_leads_nowhere_else(elsewhere: str | None) -> None:
    assert local_path(elsewhere) == "/"


def test_a_page_is_content_without_scripts(browser: FlaskClient) -> None:
    answer = _get(browser, "/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script|\son\w+=|style=", answer.text)


def test_an_address_where_nothing_is_is_a_page_for_a_browser(browser: FlaskClient) -> None:
    answer = _get(browser, "/nowhere")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    answer = browser.get("/api/v1/nowhere", headers={"Accept": "text/html"})
    assert answer.mimetype == "application/problem+json"

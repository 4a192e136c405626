"""What every answer says to a browser, whatever it is: page, data, file, refusal or fault."""

import re
from importlib import import_module
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.services.house import House
from tests.web.caller import API, Callers
from tests.web.pages.browsing import browse_as

ANSWERS = [
    "/sign-in",
    "/sign-in/unknown",
    "/waiting",
    "/portfolio",
    "/projects",
    "/rules",
    "/history",
    "/readings",
    "/me",
    "/nowhere",
    "/docs",
    "/problems/not-found",
    f"{API}/me",
    f"{API}/nowhere",
    f"{API}/openapi.json",
    f"{API}/projects?sort=wrong",
    f"{API}/health",
]


@pytest.fixture
def browser(house: House, people: Callers) -> Any:
    return browse_as(house, house.max.person_id).client


def _policy(answer: TestResponse) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {name: value for name, _, value in (each.strip().partition(" ") for each in parts)}


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_keeps_a_browser_from_harm(browser: Any, path: str) -> None:
    answer = browser.get(path, base_url="https://localhost", headers={"Accept": "text/html"})
    policy = _policy(answer)
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    scripts = policy.get("script-src", "'none'")
    assert "unsafe" not in scripts
    assert "*" not in answer.headers["Content-Security-Policy"]
    assert "http" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert "no-store" in answer.headers["Cache-Control"]
    assert re.fullmatch(r"max-age=\d{8,}", answer.headers["Strict-Transport-Security"])
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_over_http_nobody_is_told_to_use_https_only(browser: Any) -> None:
    answer = browser.get("/sign-in", base_url="http://localhost")
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("path", ["/waiting", f"{API}/waiting"])
def test_no_answer_tells_the_inside_of_a_fault(
    house: House, people: Callers, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browse_as(house, house.max.person_id).client

    def breaks(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret_table at /srv/govern/inside.py")

    # The use case itself breaks: nothing outside of govern can be made to, from here.
    for module in ("govern.web.pages.waiting", "govern.web.resources.waiting"):
        monkeypatch.setattr(import_module(module), "waiting_for", breaks)
    answer = browser.get(
        path,
        base_url="https://localhost",
        headers={"Authorization": f"Bearer {people.max.token}", "Accept": "text/html"},
    )
    assert answer.status_code == 500
    for inside in ("secret_table", "inside.py", "Traceback", "RuntimeError", ".py"):
        assert inside not in answer.text
    assert "incident" in answer.text


def test_in_no_page_stands_a_script_or_a_style_of_its_own(house: House, people: Callers) -> None:
    who = browse_as(house, house.max.person_id)
    for path in ("/waiting", "/portfolio", "/projects", "/rules", "/readings", "/me"):
        page = who.get(path)
        outside_drawings = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", outside_drawings)

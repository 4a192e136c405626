"""Objects of other portfolios are not even confirmed to exist: for whoever may not see them, every address
answers as it does for an id that nobody has."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from govern.domain.role import Role
from govern.services.importing import ensure_portfolio
from govern.services.people import OPERATOR, add_person, grant_role
from govern.web.openapi import PREFIX
from tests.services.house import NOW
from tests.web.caller import Caller, Callers, good, token_of
from tests.web.pages.browsing import Browsing, browse_as
from tests.web.test_access import WRITES, write

NUMBER = "999999"
IDS = {
    "project": ("P1", "P9"),
    "kpi": ("P1-K1", "P9-K1"),
    "deliverable": ("P1-D1", "P9-D1"),
    "outcome": ("P1-O1", "P9-O1"),
    "submission": ("1", NUMBER),
    "condition": ("1", NUMBER),
    "waiver": ("1", NUMBER),
    "recommendation": ("1", NUMBER),
    "scope_change": ("1", NUMBER),
    "review": ("1", NUMBER),
    "file": ("1", NUMBER),
    "vote": ("1", NUMBER),
    "lesson": ("1", NUMBER),
    "gate": ("value_defined", "value_defined"),
    "seq": ("1", "1"),
    "number": ("1", NUMBER),
    "period": ("2026-10-31", "2026-10-31"),
    "change": ("1", NUMBER),
    # What a form is called that lies under the page of a thing.
    "_form": ("x", "x"),
}
"""By the name that an address has for it: what is there, and what nobody has."""

OF_EVERYBODY = {
    # Of the installation, and no portfolio's.
    *("objective", "template", "digest", "webhook", "schedule", "person", "token", "grant"),
    *("delegation", "kind", "code", "name", "delivery", "secret", "size", "rule", "session"),
    *("workflow", "version", "revision", "source", "report", "number_of", "log_size"),
}


SHARED = "/lessons"
"""What was learnt in one portfolio is there for all: lessons are, with the project that they are of."""


def far_away(callers: Callers) -> Caller:
    """Who holds every role there is, on another portfolio."""
    runtime = callers.house.runtime
    ensure_portfolio(runtime, OPERATOR, "far", "Far away", now=NOW)
    add_person(runtime, OPERATOR, email="far@example.org", name="Far", now=NOW)
    for role in Role:
        grant_role(runtime, OPERATOR, email="far@example.org", role=role, portfolio="far", now=NOW)
    return Caller(callers.app, token_of(callers.house, "far"))


@pytest.fixture(scope="module")
def far(steady: Callers) -> Caller:
    return far_away(steady)


def _addresses(path: str) -> tuple[str, str] | None:
    """The address of what is there and of what nobody has; None where it names no project's."""
    names = re.findall(r"\{(\w+)\}", path)
    if not names or not set(names) - OF_EVERYBODY:
        return None
    there, nowhere = path, path
    for name in names:
        assert name in IDS or name in OF_EVERYBODY, f"{path} names a {name}: which is there?"
        known, unknown = IDS.get(name, ("1", "1"))
        there = there.replace(f"{{{name}}}", known)
        nowhere = nowhere.replace(f"{{{name}}}", unknown)
    return there, nowhere


def _same(path: str, there: TestResponse, nowhere: TestResponse, swap: dict[str, str]) -> None:
    text, other = (_told(each, swap) for each in (there, nowhere))
    assert there.status_code == nowhere.status_code, path
    assert text == other, path
    assert there.status_code in {403, 404, 405, 422}, path


def _told(answer: TestResponse, swap: dict[str, str]) -> str:
    """What the answer says, but for the id that was asked for, and the request's own."""
    text = re.sub(r'"request_id": "\w+"', "", answer.get_data(as_text=True))
    for known, unknown in swap.items():
        text = re.sub(rf"\b{re.escape(known)}\b", unknown, text)
    return text


def _swap(there: str, nowhere: str) -> dict[str, str]:
    pairs = zip(there.split("/"), nowhere.split("/"), strict=True)
    return {known: unknown for known, unknown in pairs if known != unknown}


def test_every_read_of_the_api(steady: Callers, far: Caller) -> None:
    described = good(steady.nobody.get("/openapi.json"))["paths"]
    looked = 0
    for path, operations in described.items():
        found = _addresses(path.removeprefix(PREFIX)) if "get" in operations else None
        if found is None or found[0].startswith(SHARED):
            continue
        there, nowhere = found
        _same(path, far.get(there), far.get(nowhere), _swap(there, nowhere))
        looked += 1
    assert looked >= 40


def test_every_write_of_the_api(far: Caller) -> None:
    looked = 0
    for method, path, body, version, _ in WRITES:
        parts = path.split("/")
        if len(parts) < 3 or not (parts[2].startswith("P1") or parts[2] == "1"):
            continue
        if parts[1] in (
            "lessons",
            "report-schedules",
            "delegations",
            "webhooks",
            "tokens",
            "people",
        ):
            continue
        nowhere = "/".join(
            [*parts[:2], parts[2].replace("P1", "P9") if "P1" in parts[2] else NUMBER, *parts[3:]]
        )
        _same(
            f"{method} {path}",
            write(far, method, path, body, version),
            write(far, method, nowhere, body, version),
            _swap(path, nowhere),
        )
        looked += 1
    assert looked > 25


def _pages(steady: Callers) -> Iterator[tuple[str, str]]:
    for rule in steady.app.url_map.iter_rules():
        if rule.endpoint.startswith("pages_") and "GET" in (rule.methods or ()):
            path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule)
            path = path.replace("{id}", "{project}").replace("{chain}", "{project}")
            found = _addresses(path)
            if found is not None and not found[0].startswith(SHARED):
                yield found


@pytest.fixture(scope="module")
def browser(steady: Callers, far: Caller) -> Browsing:
    return browse_as(steady.house, "far@example.org")


def test_every_page(steady: Callers, browser: Browsing) -> None:
    looked = 0
    for there, nowhere in _pages(steady):
        one, other = browser.file(there), browser.file(nowhere)
        if one.status_code == 303:
            # Signing in: nothing of it is of a project.
            continue
        text = one.get_data(as_text=True)
        assert one.status_code == other.status_code, there
        assert one.status_code in {403, 404}, there
        assert "Project P1" not in text, there
        assert "Revenue" not in text, there
        looked += 1
    assert looked > 10


def test_lists_and_totals_leave_them_out(steady: Callers, far: Caller, browser: Browsing) -> None:
    for path in ("/projects", "/kpis", "/submissions", "/recommendations", "/waiting"):
        assert "P1" not in far.get(path).get_data(as_text=True), path
    for page in ("/projects", "/portfolio", "/waiting", "/readings", "/history"):
        text: Any = browser.get(page)
        assert "P1-K1" not in text, page
        assert "Project P1" not in text, page


def test_without_a_session_every_page_leads_to_where_one_signs_in(steady: Callers) -> None:
    client = steady.app.test_client()
    for there, nowhere in _pages(steady):
        if there.startswith(("/sign-in", "/assets", "/calendar")) or there.endswith("/x"):
            continue
        for path in (there, nowhere):
            answer = client.get(path)
            assert answer.status_code == 303, path
            assert answer.headers["Location"].startswith("/sign-in?next="), path

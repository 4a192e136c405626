"""A write names the version it was made for."""

from typing import Any

import pytest

from tests.web.caller import Callers, problem

VERSIONED: list[tuple[str, str, Any]] = [
    ("PATCH", "/projects/P1", {"name": "x"}),
    ("PATCH", "/kpis/P1-K1", {"name": "x"}),
    ("PATCH", "/deliverables/P1-D1", {"name": "x"}),
    ("POST", "/projects/P1/submissions", {"gate": "planned"}),
    ("POST", "/projects/P1/moves", {"decision": "hold", "reason": "x"}),
    ("POST", "/submissions/2/votes", {"decision": "go", "reason": "x"}),
    ("POST", "/submissions/3/scores", {"criterion": "appeal", "score": 5}),
    ("POST", "/waivers/1/revoke", {"reason": "x"}),
    ("POST", "/conditions/1/close", {"evidence": "x"}),
    ("POST", "/recommendations/1/answers", {"answer": "accept", "reason": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), VERSIONED)
def test_without_a_version_nothing_is_changed(
    steady: Callers, method: str, path: str, body: Any
) -> None:
    problem(steady.ali.call(method, path, body), 428, "version-needed")
    problem(steady.ali.call(method, path, body, version="*"), 428, "version-needed")


@pytest.mark.parametrize(("method", "path", "body"), VERSIONED)
def test_a_stale_version_is_refused(steady: Callers, method: str, path: str, body: Any) -> None:
    told = problem(steady.ali.call(method, path, body, version=99), 412, "stale-version")
    assert told["expected"] == 99
    assert told["current"] < 99


@pytest.mark.parametrize(
    "tag", ["v1", '"1"', 'W/"v1"', '"v1", "v2"', '"v0"', '"v99999999999"', '"v\u0661"', "x" * 5000]
)
def test_a_foreign_tag_is_no_version_of_it(steady: Callers, tag: str) -> None:
    path, body = "/kpis/P1-K1", {"name": "x"}
    problem(steady.ali.patch(path, body, headers={"If-Match": tag}), 412, "stale-version")


@pytest.mark.parametrize(
    "path",
    [
        "/projects/P1",
        "/kpis/P1-K1",
        "/deliverables/P1-D1",
        "/submissions/1",
        "/conditions/1",
        "/recommendations/1",
        "/waivers/1",
    ],
)
def test_a_read_gives_the_version(steady: Callers, path: str) -> None:
    response = steady.ali.get(path)
    # After the version stands what else of the answer may change without it.
    tag = response.headers["ETag"].strip('"').partition(".")[0]
    assert tag == f"v{response.json['version']}"

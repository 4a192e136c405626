"""Whatever is sent, the answer is a problem that names what is wrong; never a fault of ours."""

import json
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from govern.web.app import create_app
from tests.services.house import NOW
from tests.web.caller import Caller, Callers, good, problem

KPI = {"id": "K9", "project": "P1", "name": "Ninth"}
READING = {"period": "2026-10-31", "actual": 1}
VOTE = {"decision": "go", "reason": "Yes"}


def nested(depth: int) -> bytes:
    return b'{"name": ' + b"[" * depth + b"]" * depth + b"}"


class Case(NamedTuple):
    method: str
    path: str
    body: Any
    status: int
    code: str
    fields: tuple[str, ...] = ()
    version: int | str | None = None
    says: str = ""


BODIES = [
    # No JSON at all, or none that means one thing.
    Case("POST", "/kpis", b"", 400, "malformed-json"),
    Case("POST", "/kpis", b"{", 400, "malformed-json", says="Line 1, column 2"),
    Case("POST", "/kpis", b'{"id": "K9",\n "id": "K8"}', 400, "malformed-json", says="twice"),
    Case("POST", "/kpis", b'{"a": {"b": 1, "b": 2}}', 400, "malformed-json", says="twice"),
    Case("POST", "/kpis", b'{"target": NaN}', 400, "malformed-json", says="NaN"),
    Case("POST", "/kpis", b'{"target": -Infinity}', 400, "malformed-json", says="Infinity"),
    Case("POST", "/kpis", b'{"target": 1e99999999999999999999}', 400, "malformed-json"),
    Case("POST", "/kpis", b'{"target": ' + b"9" * 5000 + b"}", 400, "malformed-json"),
    Case("POST", "/kpis", b'{"name": "\\ud800"}', 400, "malformed-json", says="surrogate"),
    Case("POST", "/kpis", b'{"\\udfff": 1}', 400, "malformed-json", says="surrogate"),
    Case("POST", "/kpis", b'{"name": "\xff"}', 400, "malformed-json", says="UTF-8"),
    Case("POST", "/kpis", b'\xef\xbb\xbf{"name": "x"}', 400, "malformed-json"),
    Case("POST", "/kpis", nested(21), 400, "malformed-json", says="deep"),
    Case("POST", "/kpis", nested(100_000), 400, "malformed-json", says="deep"),
    Case("POST", "/kpis", b'{"name": "a\nb"}', 400, "malformed-json"),
    Case("POST", "/kpis", b"[]", 422, "invalid-input", ("body",)),
    Case("POST", "/kpis", b"null", 422, "invalid-input", ("body",)),
    Case("POST", "/kpis", b'"text"', 422, "invalid-input", ("body",)),
    Case("POST", "/kpis", b"3", 422, "invalid-input", ("body",)),
    # Fields.
    Case("POST", "/kpis", {}, 422, "invalid-input", ("id", "name", "project")),
    Case("POST", "/kpis", KPI | {"nmae": "x"}, 422, "invalid-input", ("nmae",), says="known are"),
    Case("POST", "/kpis", KPI | {"version": 1}, 422, "invalid-input", ("version",)),
    Case("POST", "/kpis", KPI | {"name": 3}, 422, "invalid-input", ("name",)),
    Case("POST", "/kpis", KPI | {"name": None}, 422, "invalid-input", ("name",)),
    Case("POST", "/kpis", KPI | {"name": " "}, 422, "invalid-input", ("name",)),
    Case("POST", "/kpis", KPI | {"name": "x" * 301}, 422, "invalid-input", ("name",), says="301"),
    Case("POST", "/kpis", KPI | {"name": "a\x00b"}, 422, "invalid-input", ("name",)),
    Case("POST", "/kpis", KPI | {"name": "a\nb"}, 422, "invalid-input", ("name",)),
    Case("POST", "/kpis", KPI | {"name": "a\u202eb"}, 422, "invalid-input", ("name",)),
    Case("POST", "/kpis", KPI | {"id": "a/b"}, 422, "invalid-input", ("id",)),
    Case("POST", "/kpis", KPI | {"id": " a"}, 422, "invalid-input", ("id",)),
    Case("POST", "/kpis", KPI | {"id": ""}, 422, "invalid-input", ("id",)),
    Case("POST", "/kpis", KPI | {"id": ".."}, 422, "invalid-input", ("id",)),
    Case("POST", "/kpis", KPI | {"id": "@service"}, 422, "invalid-input", ("id",)),
    Case("POST", "/kpis", KPI | {"id": "x" * 101}, 422, "invalid-input", ("id",)),
    Case("POST", "/kpis", KPI | {"id": 7}, 422, "invalid-input", ("id",)),
    Case("POST", "/kpis", KPI | {"direction": "up"}, 422, "invalid-input", ("direction",)),
    Case("POST", "/kpis", KPI | {"direction": []}, 422, "invalid-input", ("direction",)),
    Case("POST", "/kpis", KPI | {"cadence": None}, 422, "invalid-input", ("cadence",)),
    Case("POST", "/kpis", KPI | {"cumulative": "yes"}, 422, "invalid-input", ("cumulative",)),
    Case("POST", "/kpis", KPI | {"cumulative": 1}, 422, "invalid-input", ("cumulative",)),
    Case("POST", "/kpis", KPI | {"target": True}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "many"}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "NaN"}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "1_000"}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "٣"}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "1\n"}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "1e999"}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "1" * 25}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": "0." + "1" * 19}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"target": 1234567890.123456}, 422, "invalid-input", ("target",)),
    Case("POST", "/kpis", KPI | {"weight": -1}, 422, "invalid-input", ("weight",)),
    Case("POST", "/kpis", KPI | {"target_on": "2026-02-30"}, 422, "invalid-input", ("target_on",)),
    Case("POST", "/kpis", KPI | {"target_on": "20261124"}, 422, "invalid-input", ("target_on",)),
    Case("POST", "/kpis", KPI | {"target_on": "9999-12-31"}, 422, "invalid-input", ("target_on",)),
    Case("POST", "/kpis", KPI | {"target_on": 20261124}, 422, "invalid-input", ("target_on",)),
    Case(
        "POST",
        "/kpis",
        KPI | {"reporting_lag_days": 2**63},
        422,
        "invalid-input",
        ("reporting_lag_days",),
    ),
    Case(
        "POST",
        "/kpis",
        KPI | {"reporting_lag_days": 1.5},
        422,
        "invalid-input",
        ("reporting_lag_days",),
    ),
    Case("PATCH", "/projects/P1", {"tags": "a"}, 422, "invalid-input", ("tags",), 2),
    Case("PATCH", "/projects/P1", {"tags": ["a", 3]}, 422, "invalid-input", ("tags.1",), 2),
    Case("PATCH", "/projects/P1", {"tags": ["a"] * 51}, 422, "invalid-input", ("tags",), 2),
    Case("PATCH", "/projects/P1", {"stage": "closed"}, 422, "invalid-input", ("stage",), 2),
    Case("PATCH", "/projects/P1", {"end": "1999-01-01"}, 422, "invalid-input", ("end",), 2),
    Case("PATCH", "/deliverables/P1-D1", {"serves": []}, 422, "invalid-input", ("serves",), 1),
    Case(
        "PATCH",
        "/deliverables/P1-D1",
        {"serves": {"P1-K1": 2, "a/b": 0, "P2-K1": "x"}},
        422,
        "invalid-input",
        ("serves.P1-K1", "serves.a/b", "serves.P2-K1"),
        1,
    ),
    Case(
        "PATCH",
        "/deliverables/P1-D1",
        {"serves": {"P2-K1": "0.5"}},
        422,
        "invalid-input",
        ("serves.P2-K1",),
        1,
    ),
    Case("POST", "/readings", {"readings": []}, 422, "invalid-input", ("readings",)),
    Case("POST", "/readings", {"readings": {}}, 422, "invalid-input", ("readings",)),
    Case("POST", "/readings", {"readings": [3]}, 422, "invalid-input", ("readings.0",)),
    Case(
        "POST",
        "/readings",
        {"readings": [READING | {"kpi": "P1-K1"}, {"kpi": "P1-K1", "actual": "x"}]},
        422,
        "invalid-input",
        ("readings.1.period", "readings.1.actual"),
    ),
    Case(
        "POST",
        "/readings",
        {"readings": [READING | {"kpi": "P1-K1"}] * 2},
        422,
        "invalid-input",
        ("readings.1.period",),
    ),
    Case(
        "POST",
        "/readings",
        {"readings": [READING | {"kpi": "P1-K1", "period": "2027-01-31"}]},
        422,
        "invalid-input",
        ("readings.0.period",),
    ),
    Case("POST", "/readings", {"readings": [READING | {"kpi": "K404"}]}, 404, "not-found"),
    Case("POST", "/kpis/P1-K1/readings", {"period": "2026-10-31"}, 422, "invalid-input", ("actual",)),
    Case(
        "POST",
        "/kpis/P1-K1/plan",
        {"planned": [{"period": "2026-10-30", "planned": 1}]},
        422,
        "invalid-input",
        ("planned.0.period",),
    ),
    Case(
        "POST",
        "/projects/P1/submissions",
        {"gate": "planned", "evidence": [{"name": "a", "link": "x"}, {"name": "a"}]},
        422,
        "invalid-input",
        ("evidence.0.link",),
        2,
    ),
    Case("POST", "/projects/P1/submissions", {"gate": "nowhere"}, 404, "not-found", (), 2),
    Case("POST", "/submissions/2/votes", VOTE | {"decision": "yes"}, 422, "invalid-input",
         ("decision",), 1),
    Case("POST", "/submissions/2/votes", {"decision": "go"}, 422, "invalid-input", ("reason",), 1),
    Case("POST", "/submissions/2/votes", VOTE | {"decision": "hold"}, 422,
         "override-needs-reason", (), 1),
    Case(
        "POST",
        "/submissions/2/votes",
        VOTE | {"decision": "conditional_go", "override_reason": "Because"},
        422,
        "conditions-needed",
        (),
        1,
    ),
    Case(
        "POST",
        "/submissions/2/votes",
        {
            "decision": "conditional_go",
            "reason": "Yes",
            "override_reason": "Because",
            "conditions": [{"text": "x", "owner": "y", "due": "2020-01-01"}],
        },
        422,
        "invalid-input",
        ("conditions.0.due",),
        1,
    ),
    Case(
        "POST",
        "/projects/P2/moves",
        {"decision": "go", "reason": "x"},
        422,
        "invalid-input",
        ("decision",),
        1,
    ),
    Case("POST", "/sweeps", {"as_of": "2199-01-01"}, 422, "invalid-input", ("as_of",)),
    Case("POST", "/sweeps", {"as_of": None}, 422, "invalid-input", ("as_of",)),
    Case("POST", "/recommendations/1/answers", {"answer": "defer", "reason": "x"}, 422,
         "invalid-input", ("deferred_until",), 1),
    Case(
        "POST",
        "/recommendations/1/answers",
        {"answer": "accept", "reason": "x", "deferred_until": "2026-12-31"},
        422,
        "invalid-input",
        ("deferred_until",),
        1,
    ),
    Case(
        "POST",
        "/recommendations/1/answers",
        {"answer": "accept", "reason": "x", "alternative": "nothing"},
        422,
        "invalid-input",
        ("alternative",),
        1,
    ),
    Case(
        "POST",
        "/recommendations/1/answers",
        {"answer": "reject", "reason": "x", "rejected_because": "rain"},
        422,
        "invalid-input",
        ("rejected_because",),
        1,
    ),
    Case(
        "POST",
        "/recommendations/1/implementation",
        {"note": "x"},
        409,
        "recommendation-not-ready",
        (),
        1,
    ),
    Case("POST", "/kpis", KPI | {"id": "P1-K1"}, 409, "duplicate"),
    Case("POST", "/projects", {"id": "P3", "portfolio": "none", "name": "x"}, 404, "not-found"),
]  # fmt: skip


def _name(case: Case) -> str:
    body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
    return f"{case.method} {case.path} {body[:60]!r}".replace("/", "|")


@pytest.mark.parametrize("case", BODIES, ids=_name)
def test_a_bad_body_is_refused_by_name(steady: Callers, case: Case) -> None:
    sent = {"raw": case.body} if isinstance(case.body, bytes) else {"body": case.body}
    response = steady.ali.call(case.method, case.path, version=case.version, **sent)
    told = problem(response, case.status, case.code)
    assert set(told.get("errors", {})) == set(case.fields)
    assert case.says in json.dumps(told)


QUERIES = [
    ("/projects?limit=0", "limit"),
    ("/projects?limit=501", "limit"),
    ("/projects?limit=many", "limit"),
    ("/projects?limit=1.0", "limit"),
    ("/projects?limit=1&limit=2", "limit"),
    ("/projects?sort=colour", "sort"),
    ("/projects?cursor=nonsense", "cursor"),
    ("/projects?cursor=%00", "cursor"),
    ("/projects?department=%00", "department"),
    ("/projects?department=", "department"),
    ("/projects?colour=red", "colour"),
    ("/projects?portfolio=a/b", "portfolio"),
    ("/deliverables?state=lost", "state"),
    ("/kpis/P1-K1/readings?history=1", "history"),
    ("/findings?sweep=0", "sweep"),
    ("/findings?sweep=99999999999", "sweep"),
    ("/projects/P1/history?cursor=-1", "cursor"),
    ("/projects/P1/history?cursor=abc", "cursor"),
    ("/projects/P1/history?limit=501", "limit"),
]


@pytest.mark.parametrize(("path", "field"), QUERIES)
def test_a_bad_query_is_refused_by_name(steady: Callers, path: str, field: str) -> None:
    told = problem(steady.ali.get(path), 422, "invalid-input")
    assert list(told["errors"]) == [field]


ADDRESSES = [
    ("/projects/P404", "not-found"),
    ("/kpis/P404", "not-found"),
    ("/deliverables/x", "not-found"),
    ("/submissions/999", "not-found"),
    ("/submissions/999999999", "not-found"),
    ("/submissions/1000000000", "unknown-route"),
    ("/submissions/0", "unknown-route"),
    ("/submissions/abc", "unknown-route"),
    ("/conditions/999", "not-found"),
    ("/recommendations/999", "not-found"),
    ("/projects/%00", "unknown-route"),
    ("/projects/@service/history", "unknown-route"),
    ("/projects/%20P1", "unknown-route"),
    ("/projects/P1%2Fhistory%2F", "unknown-route"),
    ("/projects/%FF%FE", "not-found"),
    ("/projects/" + "x" * 100, "not-found"),
    ("/projects/" + "x" * 101, "unknown-route"),
    ("/projects/%2E%2E", "unknown-route"),
    ("/projects/..x", "not-found"),
    ("/projects/P1/facts/sha256:12", "unknown-route"),
    ("/projects/P1/facts/sha256:" + "0" * 64, "not-found"),
    ("/workflows/none", "not-found"),
    ("/kpis?project=P404", "not-found"),
    ("/nothing", "unknown-route"),
]


@pytest.mark.parametrize(("path", "code"), ADDRESSES)
def test_a_wrong_address_is_told(steady: Callers, path: str, code: str) -> None:
    problem(steady.ali.get(path), 404, code)


def test_facts_of_another_project_are_not_shown(steady: Callers) -> None:
    [submission] = good(steady.ali.get("/submissions?project=P2"))["items"]
    problem(steady.ali.get(f"/projects/P1/facts/{submission['facts_digest']}"), 404, "not-found")


def test_another_method_is_refused_with_those_there_are(steady: Callers) -> None:
    response = steady.ali.call("DELETE", "/projects/P1")
    problem(response, 405, "method-not-allowed")
    assert {"GET", "PATCH"} <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("sent_as", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_sent_as_json_is_refused(steady: Callers, sent_as: str) -> None:
    response = steady.ali.call("POST", "/kpis", raw=b"{}", headers={"Content-Type": sent_as})
    problem(response, 415, "unsupported-media-type")


def test_a_chunked_body_is_refused_before_it_is_read(steady: Callers) -> None:
    response = steady.ali.call("POST", "/kpis", raw=b"{}", headers={"Transfer-Encoding": "chunked"})
    problem(response, 411, "length-required")


def test_a_body_over_the_limit_is_refused(steady: Callers) -> None:
    small = create_app(steady.house.runtime, lambda: NOW, largest_body=100)
    caller = Caller(small, steady.tokens["ali"])
    problem(caller.post("/kpis", KPI | {"unit": "x" * 100}), 413, "too-large")
    problem(steady.ali.post("/kpis", KPI | {"unit": "x" * 2_100_000}), 413, "too-large")


def test_numbers_are_exact_both_ways(people: Callers, project: str) -> None:
    exact = "1234567890123456.789012345678901234"
    raw = b'{"budget": "%s", "spent": 0.1}' % exact.encode()
    changed = good(people.pia.call("PATCH", "/projects/P1", raw=raw, version=1))
    assert (changed["budget"], changed["spent"]) == (exact, "0.1")
    raw = b'{"budget": 1.50e2, "spent": "-0"}'
    changed = good(people.pia.call("PATCH", "/projects/P1", raw=raw, version=2))
    assert (changed["budget"], changed["spent"]) == ("150", "0")
    events = good(people.eve.get("/projects/P1/history?kind=project.changed"))["items"]
    assert events[0]["data"]["budget"]["to"] == exact


def test_an_unexpected_fault_is_a_problem_without_its_inside(
    steady: Callers, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> datetime:
        raise ZeroDivisionError("secret inside")

    app = create_app(steady.house.runtime, broken_clock)
    told = problem(Caller(app, steady.tokens["ali"]).get("/me"), 500, "internal-error")
    assert "secret" not in json.dumps(told)
    assert told["instance"].removeprefix("/incidents/") in caplog.text
    (logged,) = [each for each in caplog.records if each.name == "govern.web"]
    assert "secret inside" in vars(logged)["exception"]


@pytest.mark.parametrize("path", ["/projects/%1D", "/submissions/1000000000/votes"])
def test_an_address_that_cannot_be_is_not_there_for_any_method(steady: Callers, path: str) -> None:
    for method in ("GET", "PATCH", "POST"):
        problem(steady.ali.call(method, path, {}), 404, "unknown-route")

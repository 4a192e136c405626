"""Who may call what: what is not listed here is refused."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from govern.web.app import create_app
from tests.services.house import NOW
from tests.web.caller import Caller, Callers, good, problem, token_of

NAMES = ("pia", "sam", "fay", "gus", "dan", "aud", "op", "eve", "rae", "ron")
"""One person per role: project manager, sponsor, finance, gatekeeper, data owner, auditor (all on the
portfolio), admin, auditor, rule author and rule publisher (on the installation)."""

MANAGER = {"pia"}
REPORTERS = {"pia", "fay", "dan"}
GATE = {"sam"}

COSIGNATURE = "/log/cosignatures?size=1&witness=w%2B00000000%2BBA%3D%3D"

# Each body is refused for something else (a stale version, a duplicate, a wrong date), after the
# roles have been looked at: the table changes nothing.
STALE = 99
NO_CHANGE = {"kind": "kpi", "kpi": "P1-K1", "fields": {"target": 1}}
"""Of a plan that is not agreed yet."""

WRITES: list[tuple[str, str, Any, int | None, set[str]]] = [
    ("POST", "/projects", {"id": "P1", "portfolio": "main", "name": "x"}, None, MANAGER),
    ("PATCH", "/projects/P1", {"name": "x"}, STALE, MANAGER),
    ("POST", "/kpis", {"id": "P2-K1", "project": "P2", "name": "x"}, None, MANAGER),
    ("PATCH", "/kpis/P1-K1", {"name": "x"}, STALE, MANAGER),
    (
        "POST",
        "/kpis/P1-K1/plan",
        {"planned": [{"period": "2026-01-30", "planned": 1}]},
        None,
        MANAGER,
    ),
    (
        "POST",
        "/kpis/P1-K1/trajectory",
        {"shape": "linear", "points": [{"day": "2026-01-31", "value": 1}]},
        None,
        MANAGER,
    ),
    ("POST", "/projects/P1/scope-change-previews", {"changes": [NO_CHANGE]}, None, MANAGER),
    (
        "POST",
        "/projects/P1/scope-changes",
        {"changes": [NO_CHANGE], "title": "x", "reason": "x"},
        None,
        MANAGER,
    ),
    # There is none yet, for anybody: docs/who-may-what.md has who decides one, and its test tries it.
    (
        "POST",
        "/scope-changes/1/votes",
        {"decision": "go", "reason": "x"},
        STALE,
        set(NAMES),
    ),
    ("POST", "/scope-changes/1/withdrawal", {"reason": "x"}, STALE, set(NAMES)),
    ("PATCH", "/scope-changes/1", {"title": "x"}, STALE, set(NAMES)),
    ("POST", "/recommendations/1/scope-change", {"changes": [NO_CHANGE]}, STALE, MANAGER),
    ("POST", "/projects/P1/reviews", {}, None, {"pia", "sam"}),
    # There is none yet, for anybody: docs/who-may-what.md has who writes and signs one.
    ("PATCH", "/reviews/1", {"summary": "x"}, STALE, set(NAMES)),
    ("POST", "/reviews/1/answers", {"question": "in-use", "score": 1}, None, set(NAMES)),
    ("POST", "/reviews/1/signature", {"reason": "x"}, STALE, set(NAMES)),
    (
        "POST",
        "/projects/P1/lessons",
        {"title": "x", "happened": "x", "because": "x", "next_time": "x", "review": 99},
        None,
        {"pia", "sam", "gus"},
    ),
    ("PATCH", "/lessons/1", {"title": "x"}, STALE, {"pia", "sam"}),
    ("POST", "/lessons/1/withdrawal", {"reason": "x"}, STALE, {"pia", "sam"}),
    (
        "POST",
        "/kpis/P1-K1/readings",
        {"period": "2026-01-30", "actual": 1},
        None,
        REPORTERS,
    ),
    (
        "POST",
        "/readings",
        {"readings": [{"kpi": "P1-K1", "period": "2026-01-30", "actual": 1}]},
        None,
        REPORTERS,
    ),
    ("POST", "/readings/validations", {"readings": [1, 1]}, None, {"fay"}),
    ("POST", "/deliverables", {"id": "P1-D1", "project": "P1", "name": "x"}, None, MANAGER),
    ("PATCH", "/deliverables/P1-D1", {"name": "x"}, STALE, MANAGER),
    ("POST", "/outcomes", {"id": "P1-O1", "project": "P1", "name": "x"}, None, MANAGER),
    ("PATCH", "/outcomes/P1-O1", {"name": "x"}, STALE, MANAGER),
    ("POST", "/objectives", {"id": "GROW", "name": "x"}, None, {"op"}),
    ("PATCH", "/objectives/GROW", {"name": "x"}, STALE, {"op"}),
    ("POST", "/projects/P1/submissions", {"gate": "planned"}, STALE, MANAGER),
    ("POST", "/projects/P1/moves", {"decision": "hold", "reason": "x"}, STALE, GATE | {"fay"}),
    (
        "POST",
        "/submissions/2/votes",
        {"decision": "hold", "reason": "Without a reason against the advice"},
        1,
        GATE,
    ),
    (
        "POST",
        "/submissions/3/scores",
        {"criterion": "appeal", "score": 5, "role": "auditor"},
        3,
        {"sam", "fay"},
    ),
    (
        "POST",
        "/projects/P3/waivers",
        {"gate": "start", "criterion": "x", "reason": "x", "expires_on": "2026-12-31"},
        None,
        {"gus"},
    ),
    ("POST", "/waivers/1/revoke", {"reason": "x"}, STALE, {"gus"}),
    (
        "POST",
        "/delegations",
        {"to": "x", "starts_on": "2026-12-01", "ends_on": "2026-12-01", "reason": "x"},
        None,
        set(NAMES),
    ),
    ("POST", "/delegations/1/revoke", {"reason": "x"}, STALE, set(NAMES)),
    # Nothing can be sent, for anybody; and there is no schedule yet.
    (
        "POST",
        "/report-schedules",
        {"report": "x", "every": "daily", "channel": "email", "address": "x@example.org"},
        None,
        set(NAMES),
    ),
    ("POST", "/report-schedules/1/end", {"reason": "x"}, STALE, set(NAMES)),
    # Nor is there a way out for webhooks, or one of them.
    ("POST", "/webhooks", {"url": "https://hooks.example.org/"}, None, set(NAMES)),
    ("PATCH", "/webhooks/1", {"label": "x"}, STALE, set(NAMES)),
    ("POST", "/webhooks/1/pause", {}, STALE, set(NAMES)),
    ("POST", "/webhooks/1/resume", {}, STALE, set(NAMES)),
    ("POST", "/webhooks/1/secret", {}, STALE, set(NAMES)),
    ("POST", "/webhooks/1/end", {"reason": "x"}, STALE, set(NAMES)),
    ("POST", "/webhooks/1/ping", {}, None, set(NAMES)),
    ("POST", "/webhooks/1/replays", {"since": "2026-11-01T00:00:00Z"}, None, set(NAMES)),
    ("POST", "/webhook-deliveries/1/replay", {}, None, set(NAMES)),
    # One's own: whatever the body, it is of nobody else.
    ("PATCH", "/me/mail", {"choice": "x"}, None, set(NAMES)),
    ("POST", "/me/calendar", {"x": 1}, None, set(NAMES)),
    ("POST", "/me/calendar/revoke", {"x": 1}, None, set(NAMES)),
    ("POST", "/people", {"email": "sam@example.org", "name": "x"}, None, {"op"}),
    ("POST", "/grants", {"person": "nobody@example.org", "role": "sponsor"}, None, {"op"}),
    ("POST", "/grants/99999/revoke", {}, None, {"op"}),
    # There is none yet, for anybody: docs/who-may-what.md has who revokes one.
    ("POST", "/tokens/99999/revoke", {}, None, set(NAMES)),
    ("POST", "/sessions/end", {"person": "nobody@example.org"}, None, {"op"}),
    ("POST", "/people/erasures", {"person": "nobody@example.org", "reason": "x"}, None, {"op"}),
    (
        "POST",
        "/submissions/2/evidence",
        {"evidence": [{"name": "x", "link": "https://example.org/x"}]},
        STALE,
        {"pia", "sam"},
    ),
    (
        "POST",
        "/workflows/value-realization/migration-previews",
        {"version": 99},
        None,
        {"op"},
    ),
    (
        "POST",
        "/workflows/value-realization/migrations",
        {"version": 99, "preview": f"sha256:{'0' * 64}", "reason": "x"},
        None,
        {"op"},
    ),
    ("POST", "/conditions/1/close", {"evidence": "x"}, STALE, {"sam", "fay", "gus"}),
    ("POST", "/recommendations/1/answers", {"answer": "accept", "reason": "x"}, STALE, GATE),
    ("POST", "/recommendations/1/implementation", {"note": "x"}, STALE, MANAGER | GATE),
    (
        "POST",
        "/exchange-rates",
        {"rates": [{"currency": "EUR", "to_currency": "EUR", "rate_on": "2026-01-30", "rate": 1}]},
        None,
        {"op"},
    ),
    ("POST", "/sweeps", {"as_of": "2199-01-01"}, None, {"op", "ron"}),
    (
        "POST",
        "/rulebook/revisions",
        {"sources": {"a.yaml": "area:"}, "note": "x"},
        None,
        {"rae"},
    ),
    ("POST", f"/rulebook/revisions/sha256:{'0' * 64}/publish", {}, STALE, {"ron"}),
    ("POST", COSIGNATURE, "— w AAAA\n".encode(), None, {"eve"}),
    (
        "POST",
        "/projects/P1/alternatives",
        {"alternatives": [{"action": "terminate", "periods": 2}]},
        None,
        set(NAMES),
    ),
    ("POST", "/rules/explain", {"project": "P1", "rule": "x"}, None, set(NAMES)),
    ("POST", "/rules/backtest", {"rules": ["x"]}, None, {"aud", "op", "eve", "rae", "ron"}),
]


TAKES_A_FILE = {"/api/v1/projects/{project}/evidence-files", "/api/v1/readings/files"}
"""Whose body is a file: test_who_may_what.py and test_reading_files.py try them."""


@pytest.mark.parametrize(
    ("method", "path", "body", "version", "may"),
    WRITES,
    ids=[f"{each[0]} {each[1]}".replace("/", "|") for each in WRITES],
)
def test_only_the_roles_listed_maywrite(
    steady: Callers, method: str, path: str, body: Any, version: int | None, may: set[str]
) -> None:
    allowed: set[str] = set()
    for name in NAMES:
        response = write(steady[name], method, path, body, version)
        assert response.status_code in {403, 404, 409, 412, 422}, (name, response.get_data(True))
        if response.status_code != 403:
            allowed.add(name)
    assert allowed == may


def write(caller: Caller, method: str, path: str, body: Any, version: int | None) -> TestResponse:
    if isinstance(body, bytes):
        return caller.call(method, path, raw=body, headers={"Content-Type": "text/plain"})
    return caller.call(method, path, body, version=version)


def test_the_table_lists_every_write_there_is(steady: Callers) -> None:
    shapes = {
        (method, path.split("/")[1], path.count("/"), path.rsplit("/", 1)[-1])
        for method, path in ((each[0], each[1].partition("?")[0]) for each in WRITES)
    }
    described = good(steady.nobody.get("/openapi.json"))["paths"]
    writes = [
        (method.upper(), path)
        for path, operations in described.items()
        for method in operations
        if method in {"post", "put", "patch", "delete"} and path not in TAKES_A_FILE
    ]
    assert len(shapes) == len(WRITES) == len(writes)


READS = (
    "/projects",
    "/kpis",
    "/deliverables",
    "/outcomes",
    "/submissions",
    "/conditions",
    "/waivers",
    "/findings",
)


@pytest.mark.parametrize("path", [*READS, "/recommendations"])
def test_who_holds_no_role_sees_nothing(steady: Callers, path: str) -> None:
    assert good(steady.nil.get(path)) == {"items": [], "next": None}
    assert good(steady.aud.get(path))["items"]


@pytest.mark.parametrize(
    "path",
    [
        "/projects/P1",
        "/projects/P1/workflow",
        "/projects/P1/baselines",
        "/projects/P1/scope-changes",
        "/projects/P1/history",
        "/projects/P1/gates/planned/history",
        "/kpis/P1-K1",
        "/kpis/P1-K1/plan",
        "/kpis/P1-K1/readings",
        "/kpis/P1-K1/punctuality",
        "/readings/due?project=P1",
        "/deliverables/P1-D1",
        "/outcomes/P1-O1",
        "/projects/P1/benefits-map",
        "/submissions/1",
        "/conditions/1",
        "/waivers/1",
        "/recommendations/1",
        "/recommendations/1/alternatives",
    ],
)
def test_what_may_not_be_seen_is_not_there(steady: Callers, path: str) -> None:
    problem(steady.nil.get(path), 404, "not-found")
    good(steady.aud.get(path))


def test_the_submitter_never_decides_and_the_attempt_is_kept(people: Callers, project: str) -> None:
    told = good(
        people.max.post("/projects/P1/submissions", {"gate": "value_defined"}, version=1), 201
    )
    vote = {"decision": told["advice"], "reason": "I agree with myself."}
    refused = people.max.post(f"/submissions/{told['id']}/votes", vote, version=1)
    problem(refused, 403, "separation-of-duties")
    kinds = [each["kind"] for each in good(people.eve.get("/projects/P1/history"))["items"]]
    assert kinds[-1] == "vote.refused"


def _says(response: Any) -> str:
    problem(response, 401, "not-signed-in")
    return response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("path", ["/me", "/projects", "/projects/P1", "/rulebook", "/waiting"])
def test_without_a_token_nothing_is_told(steady: Callers, path: str) -> None:
    assert _says(steady.nobody.get(path)) == 'Bearer realm="govern"'


@pytest.mark.parametrize(
    "sent", ["Bearer", "Bearer ", "Bearer gov_x", "Basic YTpi", "Token x", "Bearer \u00fc", "x"]
)
def test_a_token_that_is_none_is_refused(steady: Callers, sent: str) -> None:
    response = steady.nobody.get("/me", headers={"Authorization": sent})
    assert 'error="invalid_token"' in _says(response)


def test_a_token_ends(people: Callers) -> None:
    token = token_of(people.house, "pia", timedelta(hours=1))
    good(Caller(people.app, token).get("/me"))
    later = create_app(people.house.runtime, lambda: NOW + timedelta(hours=1))
    assert "invalid_token" in _says(Caller(later, token).get("/me"))


def test_sign_in_comes_before_the_body_is_read(steady: Callers) -> None:
    _says(steady.nobody.call("POST", "/kpis", raw=b"{"))

"""What a token may be used for: every operation, with a token for each scope."""

from datetime import timedelta
from typing import Any

import pytest

from govern.domain.token_scope import MEANINGS, TokenScope
from govern.services import tokens
from govern.services.people import OPERATOR
from tests.services.house import NOW, House
from tests.web.caller import Caller, Callers, good, problem
from tests.web.operations import address, known, operations

PLAN = """
POST /projects
PATCH /projects/{project}
POST /kpis
PATCH /kpis/{kpi}
POST /kpis/{kpi}/plan
POST /kpis/{kpi}/trajectory
POST /deliverables
PATCH /deliverables/{deliverable}
POST /outcomes
PATCH /outcomes/{outcome}
POST /objectives
PATCH /objectives/{objective}
POST /projects/{project}/submissions
POST /projects/{project}/evidence-files
POST /submissions/{submission}/evidence
POST /projects/{project}/scope-change-previews
POST /projects/{project}/scope-changes
PATCH /scope-changes/{scope_change}
POST /scope-changes/{scope_change}/withdrawal
POST /recommendations/{recommendation}/scope-change
POST /recommendations/{recommendation}/implementation
POST /projects/{project}/reviews
PATCH /reviews/{review}
POST /projects/{project}/lessons
PATCH /lessons/{lesson}
POST /lessons/{lesson}/withdrawal
"""
READINGS = """
POST /kpis/{kpi}/readings
POST /readings
POST /readings/validations
POST /readings/files
POST /exchange-rates
"""
DECIDE = """
POST /submissions/{submission}/votes
POST /conditions/{condition}/close
POST /submissions/{submission}/scores
POST /projects/{project}/waivers
POST /waivers/{waiver}/revoke
POST /scope-changes/{scope_change}/votes
POST /reviews/{review}/answers
POST /reviews/{review}/signature
POST /projects/{project}/moves
POST /delegations
POST /delegations/{delegation}/revoke
POST /recommendations/{recommendation}/answers
"""
RULES = """
POST /sweeps
POST /rulebook/revisions
POST /rulebook/revisions/{digest}/publish
POST /rules/explain
POST /rules/backtest
"""
AUDIT = """
GET /projects/{project}/history
GET /projects/{project}/gates/{gate}/history
GET /projects/{project}/gates
GET /submissions/{submission}/votes/{vote}/seen
GET /projects/{project}/facts/{digest}
GET /service/history
GET /log/key
GET /log/checkpoint
GET /log/checkpoints/{size}
GET /log/consistency
GET /log/entries/{seq}/proof
POST /log/cosignatures
GET /projects/{project}/corrections
GET /audit/export
"""
MANAGE = """
POST /me/calendar
POST /me/calendar/revoke
GET /people
POST /people
GET /people/{person}
GET /grants
POST /grants
POST /grants/{grant}/revoke
GET /tokens
POST /tokens/{token}/revoke
GET /sessions
POST /sessions/end
POST /people/erasures
PATCH /me/mail
POST /report-schedules
POST /report-schedules/{schedule}/end
POST /webhooks
PATCH /webhooks/{webhook}
POST /webhooks/{webhook}/pause
POST /webhooks/{webhook}/resume
POST /webhooks/{webhook}/secret
POST /webhooks/{webhook}/end
POST /webhooks/{webhook}/ping
POST /webhooks/{webhook}/replays
POST /webhook-deliveries/{delivery}/replay
POST /workflows/{workflow}/migration-previews
POST /workflows/{workflow}/migrations
"""
NEEDED = {
    **{
        operation: scope
        for scope, listed in (
            (TokenScope.PLAN, PLAN),
            (TokenScope.READINGS, READINGS),
            (TokenScope.DECIDE, DECIDE),
            (TokenScope.RULES, RULES),
            (TokenScope.AUDIT, AUDIT),
            (TokenScope.MANAGE, MANAGE),
        )
        for operation in listed.split("\n")
        if operation
    },
    "POST /projects/{project}/alternatives": TokenScope.READ,
}
"""What needs another scope than `read`, and the one write that changes nothing."""

OPEN = {"GET /health"}


def _named() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        f"{method} {path.removeprefix('/api/v1')}": (name, method, operation)
        for name, (method, path, operation) in operations().items()
    }


def _needed(operation: str) -> TokenScope:
    if operation in NEEDED:
        return NEEDED[operation]
    assert operation.startswith("GET "), f"say in this table which scope {operation} needs"
    return TokenScope.READ


def test_each_operation_needs_one_scope_and_its_description_says_which() -> None:
    described = _named()
    assert not NEEDED.keys() - described.keys()
    for operation, (_, __, told) in described.items():
        if operation in OPEN:
            assert told["security"] == []
            continue
        scope = _needed(operation)
        assert told["security"] == [{"bearer": [scope.value]}], operation
        assert f"with the scope `{scope}`" in told["description"]


def _caller(house: House, callers: Callers, name: str, *scopes: TokenScope) -> Caller:
    secret = tokens.issue_token(
        house.runtime,
        OPERATOR,
        email=f"{name}@example.org",
        label="x",
        lifetime=timedelta(days=1),
        scopes=scopes,
        now=NOW,
    )
    return Caller(callers.app, secret)


def test_every_operation_with_every_scope(steady: Callers) -> None:
    """Of somebody without a role, so that what the scope lets through changes nothing."""
    # Of nobody: a token that is revoked would sign in no more.
    values = {**known(steady), "token": 99_999, "webhook": 99_999}
    wrong: list[str] = []
    for scope in TokenScope:
        caller = _caller(steady.house, steady, "nil", scope)
        for operation, (name, method, _) in _named().items():
            if operation in OPEN:
                continue
            body = None if method == "GET" else {}
            answer = caller.call(method, address(name, values), body)
            if "/me/calendar" in operation and method == "POST":
                # The address of a calendar is a token too, and the one before ends with the next.
                caller = _caller(steady.house, steady, "nil", scope)
            told = answer.get_json(silent=True, force=True)
            code = told.get("code") if isinstance(told, dict) else None
            refused = answer.status_code == 403 and code == "scope-needed"
            if refused is (scope is _needed(operation)):
                wrong.append(f"{operation} with {scope}: {answer.status_code} {code}")
    assert wrong == []


def test_a_refusal_names_the_scope(people: Callers, house: House) -> None:
    reader = _caller(house, people, "pia", TokenScope.READ, TokenScope.PLAN)
    answer = reader.post("/readings", {"readings": []})
    told = problem(answer, 403, "scope-needed")
    assert (told["needed"], told["held"]) == ("readings", ["read", "plan"])
    says = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope", scope="readings"' in says


def test_scopes_add_nothing_to_what_the_person_may(people: Callers, house: House) -> None:
    everything = _caller(house, people, "dan", *TokenScope)
    refused = everything.post("/people", {"email": "x@example.org", "name": "X"})
    problem(refused, 403, "not-allowed")
    problem(everything.get("/people"), 403, "not-allowed")


def test_a_token_is_worth_what_its_person_is_at_that_moment(people: Callers, house: House) -> None:
    manager = _caller(house, people, "op", TokenScope.MANAGE)
    good(manager.get("/people"))
    [grant] = good(manager.get("/grants?person=op@example.org"))["items"]
    good(manager.post("/grants", {"person": "ali@example.org", "role": "admin"}), 201)
    good(manager.post(f"/grants/{grant['id']}/revoke", {"reason": "Has left."}))
    problem(manager.get("/people"), 403, "not-allowed")


def test_a_token_without_scopes_may_do_all(people: Callers) -> None:
    good(people.op.get("/people"))
    good(people.op.get("/me"))


def test_the_scope_is_looked_at_before_the_body(people: Callers, house: House) -> None:
    reader = _caller(house, people, "pia", TokenScope.READ)
    problem(reader.call("POST", "/kpis", raw=b"{"), 403, "scope-needed")


def test_own_tokens_and_everybodys(people: Callers, house: House) -> None:
    reader = _caller(house, people, "pia", TokenScope.READ)
    mine = good(reader.get("/me/tokens"))["items"]
    assert [each["scopes"] for each in mine] == [["read"], None]
    assert {each["person_name"] for each in mine} == {"Pia"}
    assert mine[0]["last_used_on"] == NOW.date().isoformat()
    every = good(people.op.get("/tokens"))["items"]
    assert len(every) > len(mine)
    only = good(people.op.get("/tokens?person=pia@example.org"))["items"]
    assert [each["id"] for each in only] == [each["id"] for each in mine]


@pytest.mark.parametrize("who", ["pia", "op"])
def test_a_token_is_revoked_at_once_by_whose_it_is_or_an_admin(
    people: Callers, house: House, who: str
) -> None:
    lost = _caller(house, people, "pia", TokenScope.READ)
    number = good(lost.get("/me/tokens"))["items"][0]["id"]
    problem(people.dan.post(f"/tokens/{number}/revoke", {}), 404, "not-found")
    good(people[who].post(f"/tokens/{number}/revoke", {"reason": "Lost."}))
    problem(lost.get("/me"), 401, "not-signed-in")
    good(people[who].post(f"/tokens/{number}/revoke", {}))


def test_every_scope_says_what_it_lets_a_program_do() -> None:
    assert set(MEANINGS) == set(TokenScope)

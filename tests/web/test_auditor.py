"""An auditor reads everything, writes nothing, and is seen reading what concerns other people."""

from typing import Any

import pytest

from tests.services import house as made
from tests.services.house import House
from tests.web.caller import Callers, good
from tests.web.pages.browsing import browse_as
from tests.web.test_access import COSIGNATURE, WRITES, write

KNOWN = {
    "project": "P1",
    "kpi": "P1-K1",
    "deliverable": "P1-D1",
    "submission": "1",
    "condition": "1",
    "waiver": "1",
    "gate": "planned",
    "workflow": "value-realization",
}

NOT_THERE = ("/scope-changes/1", "/reviews/1", "/tokens/")

MAY_BE_ASKED = {"/rules/explain", "/rules/backtest", "/projects/P1/alternatives"}
"""Take a body and change nothing."""
HIS_OWN = {
    *("/delegations", "/delegations/1/revoke", "/report-schedules", "/report-schedules/1/end"),
    *(each[1] for each in WRITES if each[1].startswith(("/webhook", "/me/"))),
    COSIGNATURE,
}
"""Concern the auditor's own votes, of which there are none; or what is sent to the auditor of what may be
read; or hand in what a witness signed, which
adds to what vouches for the log and changes nothing in it."""


def test_an_auditor_reads_everything(steady: Callers) -> None:
    described = good(steady.nobody.get("/openapi.json"))["paths"]
    answered: list[str] = []
    for path, operations in described.items():
        if "get" not in operations:
            continue
        names = [each.split("}")[0] for each in path.split("{")[1:]]
        there = path.removeprefix("/api/v1").format(**{n: KNOWN.get(n, "1") for n in names})
        status = steady.eve.get(there).status_code
        assert status not in {401, 403}, there
        if status == 200:
            answered.append(path)
        elif set(names) <= KNOWN.keys():
            assert status in {404, 409, 422}, (there, status)
    assert len(answered) >= 25


@pytest.mark.parametrize("name", ["aud", "eve"], ids=["of the portfolio", "of the installation"])
def test_an_auditor_writes_nothing(steady: Callers, name: str) -> None:
    for method, path, body, version, _ in WRITES:
        if path not in MAY_BE_ASKED | HIS_OWN:
            response = write(steady[name], method, path, body, version)
            # Of these there is none yet; who may do what with one is tried in every role elsewhere.
            refused = 404 if path.startswith(NOT_THERE) else 403
            assert response.status_code == refused, (method, path)


def _reads(people: Callers) -> list[dict[str, Any]]:
    found = good(people.eve.get("/service/history?limit=200"))["items"]
    return [each for each in found if each["kind"] == "personal.read"]


def test_what_an_auditor_reads_of_others_is_recorded_once(house: House, people: Callers) -> None:
    made.add_project(house, owner="Wilhelmina Quist")
    assert good(people.pia.get("/projects/P1"))["owner"] == "Wilhelmina Quist"
    assert _reads(people) == []
    good(people.aud.get("/projects/P1"))
    good(people.aud.get("/me"))
    good(people.aud.get("/health"))
    itself, read = _reads(people)
    assert read["actor"] == house.aud.person_id
    assert read["data"] == {"read": "/api/v1/projects/P1", "of": ["objective", "owner"]}
    assert itself["data"]["read"] == "/api/v1/service/history"


@pytest.mark.parametrize("path", ["/people", "/grants", "/tokens", "/sessions"])
def test_who_has_access_is_read_by_auditors_of_the_installation_and_that_is_recorded(
    house: House, people: Callers, path: str
) -> None:
    browse_as(house, house.sam.person_id)
    answer = people.eve.get(path)
    told = good(answer)["items"]
    assert told
    assert len(told) == len(good(people.op.get(path))["items"])
    assert not any(each in answer.text for each in people.tokens.values())
    assert people.aud.get(path).status_code == 403
    [read] = [each for each in _reads(people) if each["data"]["read"] == f"/api/v1{path}"]
    assert set(read["data"]["of"]) & {"email", "person", "person_name"}

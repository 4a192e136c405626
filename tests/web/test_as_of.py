"""Reads of the past: what was answered then is answered again, to the byte."""

from datetime import datetime, timedelta

import pytest

from govern.services import as_of
from govern.store import checkpoints, log
from tests.services import house as made
from tests.services.house import NOW, House
from tests.web.caller import Callers, everybody, furnish

ASKED = (
    "/projects",
    "/projects/P1",
    "/projects/P1/workflow",
    "/projects/P1/history",
    "/projects/P1/gates",
    "/projects/P1/evidence-files",
    "/kpis",
    "/kpis?project=P1",
    "/kpis/P1-K1",
    "/kpis/P1-K1/plan",
    "/kpis/P1-K1/readings",
    "/kpis/P1-K1/readings?history=true",
    "/deliverables",
    "/deliverables/P1-D1",
    "/submissions",
    "/submissions/1",
    "/conditions",
    "/findings",
    "/sweeps/current",
    "/recommendations",
    "/waivers",
    "/overrides",
    "/rulebook",
)


def seal(house: House, at: datetime) -> int:
    """Puts every event into the log under a checkpoint; the size of the log."""
    with house.runtime.store.writing() as connection:
        frontier = log.append(connection, log.waiting(connection, 100_000))
        checkpoints.add(connection, frontier.size, frontier.root().hex(), "(unsigned)", at)
    return frontier.size


@pytest.fixture
def people(house: House) -> Callers:
    furnish(house)
    return everybody(house)


def test_what_was_answered_then_is_answered_again_to_the_byte(
    house: House, people: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = {path: people.aud.get(path) for path in ASKED}
    size = seal(house, NOW)
    first = {path: people.aud.get(_at(path, size)) for path in ASKED}
    made.report(house, "P1-K1", {"2026-01-31": 77})
    made.add_project(house, "P9")
    seal(house, NOW + timedelta(hours=1))
    # Computed anew, as another process would.
    monkeypatch.setattr(as_of, "AT_HAND", as_of.AtHand())
    for path, before in then.items():
        assert before.status_code == 200, (path, before.text)
        again = people.aud.get(_at(path, size))
        assert again.status_code == 200, (path, again.text)
        assert again.headers["As-Of-Log-Size"] == str(size)
        assert "ETag" not in again.headers
        assert again.text == first[path].text, path
        # PostgreSQL gives the keys of stored objects in an order of its own.
        assert again.get_json() == before.get_json(), path
    assert "77" in people.aud.get("/kpis/P1-K1/readings").text


def _at(path: str, size: int) -> str:
    return f"{path}{'&' if '?' in path else '?'}as_of_size={size}"


def test_a_moment_is_the_last_checkpoint_before_it(house: House, people: Callers) -> None:
    hour = timedelta(hours=1)
    first = seal(house, NOW - 3 * hour)
    made.report(house, "P1-K1", {"2026-01-31": 77})
    second = seal(house, NOW - hour)
    for moment, size in ((NOW - 2 * hour, first), (NOW - hour, second)):
        answer = people.aud.get("/kpis/P1-K1/readings", query={"as_of": moment.isoformat()})
        assert answer.headers["As-Of-Log-Size"] == str(size)
        assert ("77" in answer.text) is (size == second)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"as_of_size": "99999"}, "as_of_size"),
        ({"as_of": NOW.isoformat()}, "as_of"),
        ({"as_of": "2020-01-01T00:00:00Z"}, "as_of"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2026-11-24T09:30:00Z", "as_of_size": "1"}, "as_of"),
    ],
)
def test_a_past_that_cannot_be_told_is_refused(
    house: House, people: Callers, query: dict[str, str], field: str
) -> None:
    seal(house, NOW - timedelta(hours=1))
    refused = people.aud.get("/projects", query=query)
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == [field]

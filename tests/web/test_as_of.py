"""Reads of the past: what was answered then is answered again, to the byte."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from govern.services import as_of
from govern.services.ledger import record_event
from govern.services.people import OPERATOR
from govern.store import checkpoints, log
from tests.services import house as made
from tests.services.house import NOW, House
from tests.web.caller import Callers, everybody, furnish, good

ASKED = (
    "/projects",
    "/projects/P1",
    "/projects/P1/workflow",
    "/projects/P1/history",
    "/projects/P1/gates",
    "/projects/P1/evidence-files",
    "/projects/P1/dossier",
    "/projects/P1/dossier?currency=USD",
    "/projects/P1/reviews",
    "/reviews",
    "/kpis",
    "/kpis?project=P1",
    "/kpis/P1-K1",
    "/kpis/P1-K1/plan",
    "/kpis/P1-K1/readings",
    "/kpis/P1-K1/readings?history=true",
    "/kpis/P1-K1/punctuality",
    "/kpis/P1-K1/forecast",
    "/projects/P1/forecast",
    "/portfolio/forecast",
    "/rollup",
    "/rollup?project=P1&currency=USD",
    "/rollup/curves",
    "/portfolio/rag",
    "/portfolio/rag?at=2026-10-31",
    "/portfolio/pipeline",
    "/exchange-rates",
    "/due-next",
    "/due-next?project=P1&by=2027-01-31",
    "/report-schedules",
    "/readings/due",
    "/readings/due?project=P1&by=2027-01-31",
    "/deliverables",
    "/deliverables/P1-D1",
    "/outcomes",
    "/outcomes/P1-O1",
    "/objectives",
    "/objectives/GROW",
    "/projects/P1/benefits-map",
    "/submissions",
    "/submissions/1",
    "/conditions",
    "/findings",
    "/sweeps/current",
    "/recommendations",
    "/recommendations?open=true&kpi=P1-K1",
    "/recommendations/by-project",
    "/recommendations/1/alternatives",
    "/waivers",
    "/lessons",
    "/lessons?q=training",
    "/lessons?q=training&project=P1",
    "/lessons/1",
    "/projects/P2/lessons/alike",
    "/forecast-bias",
    "/forecast-bias?portfolio=main",
    "/overrides",
    "/projects/P1/effects",
    "/rules/records",
    "/rules/records?portfolio=main&from=2026-01-01",
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
        # Of the answer, and no version that a write could be made for.
        assert not again.headers["ETag"].startswith('"v')
        assert again.text == first[path].text, path
        # PostgreSQL gives the keys of stored objects in an order of its own.
        assert again.get_json() == before.get_json(), path
    assert "77" in people.aud.get("/kpis/P1-K1/readings").text


@pytest.mark.parametrize("kind", ["svg", "mmd"])
def test_a_map_is_drawn_as_it_was(house: House, people: Callers, kind: str) -> None:
    path = f"/projects/P1/benefits-map.{kind}"
    then = people.aud.get(path).text
    size = seal(house, NOW)
    good(people.pia.patch("/outcomes/P1-O1", {"name": "Another", "serves": {}}, version=1))
    good(people.op.patch("/objectives/GROW", {"name": "Shrink"}, version=1))
    assert people.aud.get(path).text != then
    again = people.aud.get(_at(path, size))
    assert again.text == then
    assert again.headers["As-Of-Log-Size"] == str(size)


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
        assert ('"actual":"77"' in answer.text) is (size == second)


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


def _written_before(house: House, chain: str, kind: str) -> int:
    """An event that does not say what it changed, under a checkpoint; the size of the log."""
    with house.runtime.store.writing() as connection:
        record_event(connection, chain, OPERATOR, kind, {"decision": "go"}, NOW)
    return seal(house, NOW - timedelta(hours=1))


@pytest.mark.parametrize("kind", ["vote.cast", "gate.dreamt"])
def test_a_past_whose_events_do_not_tell_all_is_refused(
    house: House, people: Callers, kind: str
) -> None:
    before = seal(house, NOW - timedelta(hours=2))
    made.add_project(house, "P7")
    size = _written_before(house, "P7", kind)
    for path in ("/projects", "/projects/P7", "/kpis/P7-K1/readings", "/findings?project=P7"):
        refused = people.aud.get(_at(path, size))
        assert refused.status_code == 409, (path, refused.text)
        told = refused.get_json()
        assert told["code"] == "past-incomplete"
        assert (told["project"], told["seq"], told["kind"]) == ("P7", 5, kind)
        assert f"event 5 of P7 ({kind})" in told["detail"]
    for path, then in (("/projects/P1", size), ("/projects", before), ("/projects/P1", before)):
        assert people.aud.get(_at(path, then)).status_code == 200, path


def test_what_the_service_did_not_tell_concerns_every_project(
    house: House, people: Callers
) -> None:
    size = _written_before(house, "@service", "role.granted")
    refused = people.aud.get(_at("/projects/P1", size))
    assert (refused.status_code, refused.get_json()["project"]) == (409, "@service")


def test_the_page_of_refusals_shows_one_as_it_is_answered(house: House, people: Callers) -> None:
    made.add_project(house, "P7")
    size = _written_before(house, "P7", "vote.cast")
    page = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
    shown = page.rpartition("```json\n")[2].partition("```")[0]
    answer = people.aud.get(_at("/projects/P7", size)).get_json()
    assert answer.pop("request_id")
    assert answer == json.loads(shown), json.dumps(answer, indent=2)

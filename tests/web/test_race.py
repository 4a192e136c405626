"""Two people who do the same at the same moment: one is first, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.services import house as made
from tests.services import waived_house
from tests.services.house import House
from tests.web.caller import Callers, good

AT_ONCE = 6


def _together(people: Callers, path: str, bodies: list[Any], **options: Any) -> list[int]:
    gate = Barrier(len(bodies))

    def call(body: Any) -> int:
        gate.wait()
        return people.ali.post(path, body, **options).status_code

    with ThreadPoolExecutor(len(bodies)) as pool:
        return sorted(pool.map(call, bodies))


def test_one_project_is_added_once(people: Callers) -> None:
    body = {"id": "P9", "portfolio": "main", "name": "x"}
    codes = _together(people, "/projects", [body] * AT_ONCE)
    assert codes.count(201) == 1
    assert set(codes) <= {201, 409}
    assert good(people.ali.get("/projects"))["items"][0]["id"] == "P9"


def test_one_kpi_is_added_once_whatever_its_project(people: Callers, house: House) -> None:
    for number in range(AT_ONCE):
        made.add_project(house, f"P{number}")
    bodies = [{"id": "K", "project": f"P{n}", "name": "x"} for n in range(AT_ONCE)]
    codes = _together(people, "/kpis", bodies)
    assert codes.count(201) == 1
    assert set(codes) <= {201, 409}


@pytest.mark.usefixtures("project")
def test_one_submission_is_opened_and_one_change_is_made(people: Callers) -> None:
    body = {"gate": "value_defined"}
    codes = _together(people, "/projects/P1/submissions", [body] * AT_ONCE, version=1)
    assert codes.count(201) == 1
    assert set(codes) <= {201, 409}


@pytest.mark.usefixtures("project")
def test_one_sweep_is_written(people: Callers) -> None:
    codes = _together(people, "/sweeps", [{"as_of": "2026-10-31"}] * AT_ONCE)
    assert set(codes) <= {200, 503}
    assert 200 in codes


def test_a_criterion_is_waived_once(people: Callers, house: House) -> None:
    opened = waived_house.submitted(house)
    body = {
        "gate": "start",
        "criterion": "strategic-fit",
        "reason": "x",
        "expires_on": "2026-12-31",
    }
    codes = _together(people, "/projects/P1/waivers", [body] * AT_ONCE)
    assert codes.count(201) == 1
    assert set(codes) <= {201, 409}
    assert len(good(people.ali.get(f"/submissions/{opened['id']}"))["waivers"]) == 1


def test_one_score_is_given_on_what_was_seen(people: Callers, house: House) -> None:
    path = f"/submissions/{waived_house.submitted(house)['id']}"
    bodies = [{"criterion": "appeal", "score": score} for score in range(AT_ONCE)]
    codes = _together(people, f"{path}/scores", bodies, version=1)
    assert codes.count(201) == 1
    assert set(codes) <= {201, 412}
    events = good(people.ali.get("/projects/P1/history?kind=criterion.scored"))["items"]
    assert len(events) == 1

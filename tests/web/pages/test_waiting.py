"""What waits for somebody, on their first page."""

import pytest

from govern.services import delegations, waiting
from govern.services.waiting_list import listed
from govern.web.app import create_app
from tests.services import waived_house
from tests.services.house import NOW, House, add_project, submit
from tests.web.pages.approving import Open, sign_in, text_of


@pytest.fixture
def open_for(house: House) -> Open:
    app = create_app(house.runtime, lambda: NOW)
    return lambda name: sign_in(app, house.runtime, f"{name}@example.org")


def test_a_gate_waits_for_its_decider_with_what_is_asked(house: House, open_for: Open) -> None:
    add_project(house)
    made = submit(house, "P1", "value_defined")
    page = open_for("sam").get("/waiting")
    assert f'href="/gates/{made["id"]}"' in page
    told = text_of(page)
    assert "1 gate." in told
    assert "Decide the gate as sponsor." in told
    assert "Decide by 8 Dec 2026" in told
    assert "advice" in told


def test_where_nothing_waits_it_says_what_would(house: House, open_for: Open) -> None:
    told = text_of(open_for("gus").get("/waiting"))
    assert "Nothing waits for you." in told
    assert "gates that you decide" in told
    assert "Your roles: gatekeeper." in told


def test_where_nothing_waits_it_leads_to_what_is_theirs(house: House, open_for: Open) -> None:
    page = open_for("pia").get("/waiting")
    assert 'href="/projects?manager=Pia"' in page
    assert 'href="/readings"' in page
    told = open_for("gus").get("/waiting")
    assert 'href="/projects"' in told
    assert "which figures are due" not in told


def test_a_criterion_to_score_leads_to_its_form(house: House, open_for: Open) -> None:
    made = waived_house.submitted(house)
    sam = open_for("sam")
    assert f"/gates/{made['id']}/scores?criterion=strategic-fit" in sam.get("/waiting")
    page = sam.get(f"/gates/{made['id']}/scores?criterion=strategic-fit")
    answer = sam.fill(page, f"/gates/{made['id']}/scores", score="8", note="As asked for.")
    assert answer.status_code == 303
    assert "As asked for." in text_of(sam.get(f"/gates/{made['id']}"))


def test_a_deputy_sees_what_waits_for_a_colleague(house: House, open_for: Open) -> None:
    add_project(house)
    submit(house, "P1", "value_defined")
    delegations.delegate(
        house.runtime,
        house.sam,
        to="gus@example.org",
        portfolio="main",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        reason="Away.",
        now=NOW,
    )
    assert "Value is defined" in open_for("gus").get("/waiting")


def test_the_most_urgent_stands_first(house: House) -> None:
    add_project(house, "P1")
    add_project(house, "P2")
    submit(house, "P1", "value_defined")
    submit(house, "P2", "value_defined")
    found = waiting.waiting_for(house.runtime, house.sam, now=NOW)
    found["gates"][1]["decide_by"] = NOW.date()
    found["gates"][0]["decide_by"] = None
    assert [each.project for each in listed(found, NOW.date())] == [
        found["gates"][1]["project"],
        found["gates"][0]["project"],
    ]

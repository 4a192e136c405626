"""Holds that end by themselves, on a day or once something is so."""

from datetime import date
from decimal import Decimal

import pytest

from govern.services import moves
from govern.services.conditions import close_condition
from govern.services.holds import Until
from govern.services.people import OPERATOR
from govern.services.projects import change_project
from govern.services.ticking import tick
from govern.store import projects as stored
from tests.services.house import NOW, House
from tests.services.timed import (
    at,
    events,
    kinds,
    pass_gate,
    pass_time,
    put,
    stage,
    start,
    take,
    vote,
)

WHEN = "spent > 200"


def hold(house: House, until: Until, project: str = "P1") -> None:
    moves.move(
        house.runtime,
        house.sam,
        project,
        to_do="hold",
        reason="Wait.",
        until=until,
        version=None,
        now=NOW,
    )


def spend(house: House, amount: int | None) -> None:
    value = None if amount is None else Decimal(amount)
    change_project(house.runtime, house.pia, "P1", {"spent": value}, version=None, now=NOW)


@pytest.fixture
def project(house: House) -> str:
    take(house)
    return start(house)


@pytest.mark.usefixtures("project")
def test_it_goes_on_where_it_stopped_on_the_day_that_was_set(house: House) -> None:
    hold(house, Until(on=date(2026, 12, 1)))
    assert kinds(pass_time(house, "2026-11-30")) == []
    result = pass_time(house, "2026-12-01")
    assert kinds(result) == ["project.resumed"]
    assert result.done[0].text == "P1 goes on in draft: It was held until 2026-12-01."
    assert result.done[0].told == ("Fay", "Max", "Pia", "Sam")
    assert stage(house) == "draft"
    event = events(house, kind="stage.moved")[-1]
    assert (event["data"]["decision"], event["data"]["reason"]) == (
        "resume",
        "It was held until 2026-12-01.",
    )
    assert kinds(pass_time(house, "2026-12-02")) == []


@pytest.mark.usefixtures("project")
def test_it_goes_on_once_the_condition_is_true_and_never_for_what_is_unknown(
    house: House,
) -> None:
    hold(house, Until(when=WHEN))
    assert kinds(pass_time(house, "2026-12-01")) == []
    spend(house, None)
    assert kinds(pass_time(house, "2026-12-01")) == []
    spend(house, 201)
    result = pass_time(house, "2026-12-01")
    assert result.done[0].text.endswith("It was held until spent > 200, which is so now.")
    assert stage(house) == "draft"


@pytest.mark.usefixtures("project")
def test_a_hold_decided_at_a_gate_ends_the_same_way(house: House) -> None:
    found = put(house, "P1", "start")
    vote(house, "sam", found["id"], "hold", resume_on=date(2026, 12, 1))
    assert stage(house) == "on_hold"
    assert kinds(pass_time(house, "2026-12-01")) == ["project.resumed"]
    assert stage(house) == "draft"


@pytest.mark.usefixtures("project")
def test_it_does_not_end_while_a_conditional_go_has_lapsed(house: House) -> None:
    owed = [{"text": "Contract", "owner": "Fay", "due": date(2026, 12, 1)}]
    pass_gate(house, "P1", "start", "conditional_go", owed=owed)
    hold(house, Until(on=date(2026, 12, 5)))
    assert kinds(pass_time(house, "2026-12-02")) == ["gate.lapsed"]
    assert kinds(pass_time(house, "2026-12-06")) == []
    close_condition(house.runtime, house.sam, 1, evidence="x", version=None, now=at("2026-12-06"))
    assert stage(house) == "on_hold"
    assert kinds(pass_time(house, "2026-12-07")) == ["project.resumed"]
    assert stage(house) == "running"


@pytest.mark.usefixtures("project")
def test_one_that_cannot_be_read_any_more_is_told_and_stops_no_other(house: House) -> None:
    start(house, "P2")
    hold(house, Until(on=date(2026, 12, 1)), "P2")
    hold(house, Until(when=WHEN))
    with house.runtime.store.writing() as connection:
        stored.change(connection, "P1", 2, {"resume_when": "no longer a name > 1"})
    result = tick(house.runtime, OPERATOR, now=at("2026-12-01"))
    assert [each.project for each in result.done] == ["P2"]
    assert [(each.project, each.why) for each in result.failed] == [
        ("P1", "The condition to resume cannot be read.")
    ]
    assert (stage(house), stage(house, "P2")) == ("on_hold", "draft")

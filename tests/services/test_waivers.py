"""Waivers: who may, until when, what they let pass, and where they stay listed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.refusal import (
    Duplicate,
    InvalidInput,
    NotAllowed,
    NotFound,
    SeparationOfDuties,
    StaleVersion,
    WaiverEnded,
)
from govern.domain.role import Role
from govern.services import decisions, gates, history, people, projects, waiver_list, waivers
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.status import portfolio_status
from govern.store import people as stored_people
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project
from tests.services.waived_house import results, submitted, take, vote

LATER = date(2026, 12, 31)


def waive(
    house: House, by: str = "gus", project: str = "P1", now: datetime = NOW, **more: Any
) -> dict[str, Any]:
    options: dict[str, Any] = {
        "gate": "start",
        "criterion": "strategic-fit",
        "reason": "The board has said so.",
        "expires_on": LATER,
        **more,
    }
    return waivers.grant(house.runtime, house.actors[by], project, now=now, **options)


def read(house: House, submission: int, now: datetime = NOW) -> dict[str, Any]:
    return gates.get_submission(house.runtime, house.sam, submission, now=now)


def events(house: House, kind: str) -> list[dict[str, Any]]:
    return history.project_history(house.runtime, house.pia, "P1", kind=kind, limit=500).items


def test_an_open_submission_is_judged_again_at_once_and_says_waived(house: House) -> None:
    opened = submitted(house)
    assert opened["advice"] == "hold"
    waiver = waive(house)
    found = read(house, opened["id"])
    result = results(found)["strategic-fit"]
    assert (result["outcome"], result["waiver_id"]) == ("waived", waiver["id"])
    assert result["waiver"] == "by Gus (gatekeeper) until 2026-12-31: The board has said so."
    assert results(found)["budget-set"]["waiver_id"] is None
    assert found["advice"] == "conditional_go"
    assert any("'strategic-fit' is waived" in each for each in found["advice_because"])
    assert not any("All" in each for each in found["advice_because"])
    (told,) = events(house, "waiver.granted")
    assert told["told"] == (
        f"waiver {waiver['id']} of 'strategic-fit' at gate start as gatekeeper until 2026-12-31: "
        "The board has said so."
    )
    assert [each["missing"] for each in found["scorecards"]] == [0, 1]


def test_votes_cast_before_are_asked_for_again(house: House) -> None:
    opened = submitted(house)
    vote(house, "sam", opened["id"], Ballot(Answer.GO, "Good.", "Enough."))
    waive(house)
    assert read(house, opened["id"])["round"] == 2


def test_missing_evidence_can_be_waived_and_is_never_met(house: House) -> None:
    take(house)
    add_project(house, workflow="scored")
    waive(house, criterion="evidence-business_case")
    opened = gates.submit(house.runtime, house.pia, "P1", "start", now=NOW)
    assert results(opened)["evidence-business_case"]["outcome"] == "waived"
    assert "waived: evidence-business_case" in events(house, "gate.submitted")[0]["told"]


def test_a_criterion_that_is_met_stays_met(house: House) -> None:
    opened = submitted(house)
    waive(house, criterion="budget-set")
    found = read(house, opened["id"])
    assert results(found)["budget-set"]["outcome"] == "met"
    assert found["version"] == opened["version"]


@pytest.mark.parametrize("by", ["pia", "sam", "aud"])
def test_only_the_authority_of_the_gate_waives(house: House, by: str) -> None:
    submitted(house)
    with pytest.raises(NotAllowed) as refused:
        waive(house, by=by)
    assert refused.value.facts["needed"] == ["gatekeeper"]
    assert events(house, "waiver.granted") == []


def test_where_the_gate_names_no_authority_nobody_waives(house: House) -> None:
    submitted(house)
    with pytest.raises(NotAllowed, match="Nobody waives") as refused:
        waive(house, gate="close", criterion="budget-set")
    assert refused.value.facts["needed"] == []


def test_not_even_an_administrator_waives(house: House) -> None:
    submitted(house)
    with pytest.raises(NotAllowed):
        waivers.grant(
            house.runtime,
            OPERATOR,
            "P1",
            gate="start",
            criterion="strategic-fit",
            reason="No.",
            expires_on=LATER,
            now=NOW,
        )


def test_who_submitted_never_waives_there_and_the_attempt_is_recorded(house: House) -> None:
    opened = submitted(house, by="max")
    with pytest.raises(SeparationOfDuties):
        waive(house, by="max")
    (refused,) = events(house, "waiver.refused")
    assert (refused["data"]["gate"], refused["data"]["code"]) == ("start", "separation-of-duties")
    assert results(read(house, opened["id"]))["strategic-fit"]["outcome"] == "unknown"
    waive(house)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"criterion": "nothing"}, "criterion"), ({"expires_on": date(2026, 11, 23)}, "expires_on")],
)
def test_what_cannot_be_waived(house: House, wrong: dict[str, Any], field: str) -> None:
    submitted(house)
    with pytest.raises(InvalidInput) as refused:
        waive(house, **wrong)
    assert list(refused.value.facts["errors"]) == [field]


def test_a_gate_or_project_that_is_not_there(house: House) -> None:
    submitted(house)
    with pytest.raises(NotFound):
        waive(house, gate="nothing")
    with pytest.raises(NotFound):
        waive(house, project="P9")


def test_it_ends_after_its_last_day_and_the_criterion_stands_in_the_way_again(
    house: House,
) -> None:
    opened = submitted(house)
    waive(house, expires_on=NOW.date())
    tomorrow = NOW + timedelta(days=1)
    assert read(house, opened["id"])["waivers"][0]["state"] == "in_force"
    assert read(house, opened["id"], tomorrow)["waivers"][0]["state"] == "expired"
    seen = read(house, opened["id"])["version"]
    ballot = Ballot(Answer.GO, "Good.", "Enough.")
    with pytest.raises(StaleVersion, match="has changed"):
        decisions.vote(house.runtime, house.sam, opened["id"], ballot, version=seen, now=tomorrow)
    found = read(house, opened["id"], tomorrow)
    assert results(found)["strategic-fit"]["outcome"] == "unknown"
    waive(house, now=tomorrow)


def test_revoking_ends_it_at_once_and_it_stays_listed(house: House) -> None:
    opened = submitted(house)
    waiver = waive(house)
    with pytest.raises(StaleVersion):
        revoke(house, waiver, version=9)
    with pytest.raises(NotAllowed):
        revoke(house, waiver, by="pia")
    ended = revoke(house, waiver)
    assert (ended["state"], ended["revoked_by_name"], ended["version"]) == ("revoked", "Gus", 2)
    assert results(read(house, opened["id"]))["strategic-fit"]["outcome"] == "unknown"
    with pytest.raises(WaiverEnded, match="revoked"):
        revoke(house, ended)
    assert [each["data"]["reason"] for each in events(house, "waiver.revoked")] == ["Over."]
    again = waive(house)
    states = [each["state"] for each in read(house, opened["id"])["waivers"]]
    assert (states, again["state"]) == (["revoked", "in_force"], "in_force")


def revoke(
    house: House, waiver: dict[str, Any], by: str = "gus", version: int | None = None
) -> dict[str, Any]:
    return waivers.revoke(
        house.runtime, house.actors[by], waiver["id"], reason="Over.", version=version, now=NOW
    )


def test_one_at_a_time(house: House) -> None:
    submitted(house)
    first = waive(house)
    with pytest.raises(Duplicate) as refused:
        waive(house, expires_on=LATER + timedelta(days=1))
    assert refused.value.facts["waiver"] == first["id"]
    waive(house, criterion="appeal")


def test_every_later_page_lists_it_with_what_was_passed_with_it(house: House) -> None:
    opened = submitted(house)
    waiver = waive(house)
    for by in ("sam", "fay"):
        vote(house, by, opened["id"], Ballot(Answer.GO, "Good.", "The rest is in sight."))
    assert "waived: strategic-fit" in events(house, "gate.decided")[0]["told"]
    later = NOW + timedelta(days=100)
    pages = [
        projects.view_project(house.runtime, house.aud, "P1", now=later)["waivers"],
        read(house, opened["id"], later)["waivers"],
        portfolio_status(house.runtime, OPERATOR, now=later)["waivers"],
        waiver_list.list_waivers(
            house.runtime, house.aud, PageRequest(), project="P1", now=later
        ).items,
    ]
    for (listed,) in pages:
        assert (listed["by"], listed["reason"]) == ("Gus", "The board has said so.")
        assert (listed["expires_on"], listed["state"]) == (LATER, "expired")
        assert [(each["submission"], each["decision"]) for each in listed["passed"]] == [
            (opened["id"], "go")
        ]
    # The next gate shows it too.
    closing = gates.submit(house.runtime, house.pia, "P1", "close", now=NOW)
    assert [each["id"] for each in closing["waivers"]] == [waiver["id"]]


def test_only_who_may_see_the_project_sees_its_waivers(house: House) -> None:
    submitted(house)
    waiver = waive(house)
    person_id = people.add_person(
        house.runtime, OPERATOR, email="out@example.org", name="Out", now=NOW
    )
    people.grant_role(
        house.runtime,
        OPERATOR,
        email="out@example.org",
        role=Role.AUDITOR,
        project=add_project(house, "P2"),
        now=NOW,
    )
    with house.runtime.store.reading() as connection:
        outsider = stored_people.actor_of_person(connection, person_id, NOW)
    assert outsider is not None
    with pytest.raises(NotFound):
        waiver_list.get_waiver(house.runtime, outsider, waiver["id"], now=NOW)
    assert waiver_list.list_waivers(house.runtime, outsider, PageRequest(), now=NOW).items == []
    assert portfolio_status(house.runtime, outsider, now=NOW)["waivers"] == []

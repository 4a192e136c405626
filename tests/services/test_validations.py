"""Readings are provisional until finance, and somebody else, has validated them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.actor import Actor, Grant
from govern.domain.refusal import InvalidInput, NotAllowed, NotFound, SeparationOfDuties
from govern.domain.role import Role
from govern.services import delegations, history, importing, readings
from govern.services.audit import verify_ledger
from govern.services.people import OPERATOR
from govern.services.separation import switch
from govern.services.validations import validate_readings
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project, report

LATER = NOW + timedelta(hours=1)
MONTHS = {"2026-08-31": 100, "2026-09-30": 200, "2026-10-31": None}


@pytest.fixture
def project(house: House) -> str:
    name = add_project(house)
    report(house, f"{name}-K1", MONTHS)
    return name


def of(house: House, project: str, **wanted: Any) -> list[dict[str, Any]]:
    page = PageRequest()
    return readings.list_readings(house.runtime, house.aud, f"{project}-K1", page, **wanted).items


def ids(house: House, project: str) -> list[int]:
    return [each["id"] for each in of(house, project)]


def events(house: House, project: str, kind: str) -> list[dict[str, Any]]:
    found = history.project_history(house.runtime, house.aud, project, kind=kind).items
    return [each for each in found if each["kind"] == kind]


def also(actor: Actor, *roles: Role) -> Actor:
    return replace(actor, grants=(*actor.grants, *(Grant(role, "main") for role in roles)))


def correct(house: House, by: Actor, project: str, period: str, actual: int) -> None:
    given = {
        "kpi": f"{project}-K1",
        "period": date.fromisoformat(period),
        "actual": Decimal(actual),
        "reason": "Counted again.",
    }
    readings.record_readings(house.runtime, by, [given], now=LATER)


def test_several_are_validated_at_once_and_say_by_whom_and_when(house: House, project: str) -> None:
    other = add_project(house, "P2")
    report(house, "P2-K1", {"2026-10-31": 7})
    wanted = [*ids(house, project), *ids(house, other)]
    assert {each["state"] for each in of(house, project)} == {"provisional"}

    told = validate_readings(house.runtime, house.fay, wanted[:1], now=NOW)["results"]
    assert [each["status"] for each in told] == ["validated"]
    told = validate_readings(house.runtime, house.fay, wanted[::-1], now=LATER)["results"]
    assert [each["reading"] for each in told] == wanted[::-1]
    assert [each["status"] for each in told] == ["validated"] * 3 + ["unchanged"]

    first, *later = of(house, project)
    assert (first["validated_by"], first["validated_at"]) == (house.fay.person_id, NOW)
    assert {(each["state"], each["validated_at"]) for each in later} == {("validated", LATER)}
    assert len(of(house, project, state="validated")) == len(MONTHS)
    assert of(house, project, state="provisional") == []


def test_the_event_tells_all_that_the_row_holds(house: House, project: str) -> None:
    validate_readings(house.runtime, house.fay, ids(house, project), now=NOW)
    (event,) = events(house, project, "readings.validated")
    assert event["actor"] == house.fay.person_id
    assert event["at"] == NOW
    assert len({each["validation"] for each in event["data"]["readings"]}) == len(MONTHS)
    assert [each["reading"] for each in event["data"]["readings"]] == ids(house, project)
    first = event["data"]["readings"][0]
    assert (first["kpi"], first["period"], first["actual"]) == ("P1-K1", "2026-08-31", "100")
    assert first["recorded_by"] == house.dan.person_id
    assert event["told"] == "3 readings of P1-K1 for 2026-08-31 to 2026-10-31"
    assert not verify_ledger(house.runtime, OPERATOR).faults


def test_a_correction_is_provisional_again(house: House, project: str) -> None:
    (first, *_) = ids(house, project)
    validate_readings(house.runtime, house.fay, [first], now=NOW)
    correct(house, house.dan, project, "2026-08-31", 100)
    assert of(house, project)[0]["state"] == "validated", "reporting the same changes nothing"
    correct(house, house.dan, project, "2026-08-31", 90)
    corrected = of(house, project)[0]
    assert (corrected["state"], corrected["validated_by"]) == ("provisional", None)
    both = [each for each in of(house, project, history=True) if each["actual"] in (90, 100)]
    assert [each["state"] for each in both] == ["validated", "provisional"]
    assert [each["id"] for each in of(house, project, history=True, state="validated")] == [first]


def test_what_was_corrected_meanwhile_is_refused_and_nothing_is_validated(
    house: House, project: str
) -> None:
    seen = ids(house, project)
    correct(house, house.dan, project, "2026-09-30", 190)
    in_force = ids(house, project)[1]
    with pytest.raises(InvalidInput) as refused:
        validate_readings(house.runtime, house.fay, [*seen, seen[0]], now=LATER)
    assert refused.value.facts["errors"] == {
        "readings.1": [
            f"reading {seen[1]} of P1-K1 for 2026-09-30 was corrected: "
            f"reading {in_force} is in force"
        ],
        "readings.3": ["it stands twice: entry 0 has it too"],
    }
    assert of(house, project, history=True, state="validated") == []
    assert events(house, project, "readings.validated") == []


@pytest.mark.parametrize("role", Role)
def test_who_reported_does_not_validate_in_any_role(house: House, project: str, role: Role) -> None:
    dan = also(house.dan, Role.FINANCE, role)
    with pytest.raises(SeparationOfDuties) as refused:
        validate_readings(house.runtime, dan, ids(house, project), now=NOW)
    assert refused.value.facts["readings"] == ids(house, project)
    (event,) = events(house, project, "validation.refused")
    assert event["actor"] == house.dan.person_id
    assert event["told"] == (
        "validating 3 readings of P1-K1 for 2026-08-31 to 2026-10-31 was refused: "
        "separation-of-duties"
    )
    assert of(house, project, state="validated") == []


def test_who_corrected_and_who_was_corrected_do_not_validate(house: House, project: str) -> None:
    """Fay corrects what Dan reported: neither of them says whether it is right."""
    correct(house, house.fay, project, "2026-08-31", 90)
    corrected, untouched, _ = ids(house, project)
    for actor in (house.fay, also(house.dan, Role.FINANCE)):
        with pytest.raises(SeparationOfDuties) as refused:
            validate_readings(house.runtime, actor, [corrected], now=LATER)
        assert refused.value.facts["readings"] == [corrected]
    with pytest.raises(SeparationOfDuties):
        validate_readings(house.runtime, house.fay, [untouched, corrected], now=LATER)
    assert of(house, project, state="validated") == []
    validate_readings(house.runtime, house.fay, [untouched], now=LATER)
    validate_readings(house.runtime, also(house.sam, Role.FINANCE), [corrected], now=LATER)
    assert len(of(house, project, state="validated")) == 2


def test_an_attempt_on_several_projects_stands_in_each_of_them(house: House, project: str) -> None:
    add_project(house, "P2")
    report(house, "P2-K1", {"2026-10-31": 7})
    dan = also(house.dan, Role.FINANCE)
    wanted = [*ids(house, "P2"), *ids(house, project)]
    with pytest.raises(SeparationOfDuties):
        validate_readings(house.runtime, dan, wanted, now=NOW)
    assert [len(events(house, each, "validation.refused")) for each in (project, "P2")] == [1, 1]


def test_a_delegation_lends_votes_and_no_validation(house: House, project: str) -> None:
    today = NOW.date()
    for to in (house.dan, house.sam):
        delegations.delegate(
            house.runtime,
            house.fay,
            to=to.person_id,
            starts_on=today,
            ends_on=today,
            reason="Leave",
            now=NOW,
        )
        with pytest.raises(NotAllowed) as refused:
            validate_readings(house.runtime, to, ids(house, project), now=NOW)
        assert refused.value.facts["needed"] == ["finance"]


def test_readings_that_cannot_be_seen_are_named_and_nothing_is_validated(
    house: House, project: str
) -> None:
    importing.ensure_portfolio(house.runtime, OPERATOR, "other", "Other", now=NOW)
    outsider = replace(house.fay, grants=(Grant(Role.FINANCE, "other"),))
    wanted = [*ids(house, project), 999]
    with pytest.raises(NotFound) as refused:
        validate_readings(house.runtime, house.fay, wanted, now=NOW)
    assert refused.value.facts["readings"] == [999]
    with pytest.raises(NotFound) as refused:
        validate_readings(house.runtime, outsider, wanted, now=NOW)
    assert refused.value.facts["readings"] == wanted
    assert of(house, project, state="validated") == []


def test_a_pair_that_is_switched_off_is_used_in_the_open(house: House, project: str) -> None:
    switched: Callable[[bool], bool] = lambda on: switch(  # noqa: E731 - once here
        house.runtime,
        OPERATOR,
        "reading_submitter/reading_validator",
        separated=on,
        reason="One person in finance",
        now=NOW,
    )
    assert switched(False)
    first, second, _ = ids(house, project)
    dan = also(house.dan, Role.FINANCE)
    validate_readings(house.runtime, dan, [first], now=NOW)
    (event,) = events(house, project, "readings.validated")
    assert event["data"]["not_separated"] == [first]
    assert event["told"].endswith(f"validated by who reported them: {first}")
    with pytest.raises(NotAllowed):
        validate_readings(house.runtime, house.dan, [second], now=NOW)
    assert switched(True)
    with pytest.raises(SeparationOfDuties):
        validate_readings(house.runtime, dan, [second], now=NOW)

"""How often people decide against the advice, counted from the submissions."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.refusal import InvalidInput
from govern.domain.role import Role
from govern.services import decisions, people, waivers
from govern.services.ballots import Ballot
from govern.services.overrides import override_rates
from govern.services.people import OPERATOR
from govern.store import people as stored_people
from tests.services.house import NOW, House, add_project, submit
from tests.services.waived_house import submitted

NEXT_YEAR = NOW + timedelta(days=400)


def decide(house: House, submission: int, answer: Answer, *by: str, now: Any = NOW) -> None:
    for each in by:
        decisions.vote(
            house.runtime,
            house.actors[each],
            submission,
            Ballot(answer, "So.", "So it is."),
            version=None,
            now=now,
        )


def rates(house: House, **wanted: Any) -> dict[str, Any]:
    return override_rates(house.runtime, OPERATOR, **wanted)


@pytest.fixture
def decided(house: House) -> House:
    """Three decisions at `start`: against the advice with an unknown criterion, with a waived one,
    and as advised with one not met; and one at `value_defined` as advised."""
    first = submitted(house, "P1")
    decide(house, first["id"], Answer.GO, "sam", "fay")
    second = submitted(house, "P2")
    waivers.grant(
        house.runtime,
        house.gus,
        "P2",
        gate="start",
        criterion="strategic-fit",
        reason="So.",
        expires_on=date(2026, 12, 31),
        now=NOW,
    )
    decide(house, second["id"], Answer.GO, "sam", "fay")
    third = submitted(house, "P3", spent=None, budget=None)
    assert third["advice"] == "recycle"
    decide(house, third["id"], Answer.RECYCLE, "sam")
    add_project(house, "P4")
    other = submit(house, "P4", "value_defined")
    decide(house, other["id"], Answer.GO, "sam", now=NEXT_YEAR)
    submitted(house, "P5")
    return house


def test_a_rate_per_gate(decided: House) -> None:
    assert rates(decided)["gates"] == [
        {
            "workflow": "scored",
            "gate": "start",
            "decisions": 3,
            "overrides": 2,
            "rate": Decimal("0.666666667"),
        },
        {
            "workflow": "value-realization",
            "gate": "value_defined",
            "decisions": 1,
            "overrides": 0,
            "rate": Decimal(0),
        },
    ]


def test_per_criterion_how_often_it_stood_in_the_way_and_was_passed_over(decided: House) -> None:
    found = {each["criterion"]: each for each in rates(decided, workflow="scored")["criteria"]}
    assert found["strategic-fit"] == {
        "workflow": "scored",
        "gate": "start",
        "criterion": "strategic-fit",
        "kind": "must",
        "judged": 3,
        "not_met": 0,
        "unknown": 2,
        "waived": 1,
        "passed_not_met": 0,
        "passed_unknown": 1,
        "passed_waived": 1,
        "rate": Decimal("0.666666667"),
    }
    budget = found["budget-set"]
    assert (budget["judged"], budget["not_met"], budget["passed_not_met"]) == (3, 1, 0)
    assert budget["rate"] == 0
    assert found["evidence-business_case"]["rate"] is None, "it never stood in the way"


@pytest.mark.parametrize(
    ("wanted", "decisions_told"),
    [
        ({"gate": "start"}, [3]),
        ({"workflow": "value-realization"}, [1]),
        ({"portfolio": "main"}, [3, 1]),
        ({"portfolio": "other"}, []),
        ({"first": NEXT_YEAR.date()}, [1]),
        ({"last": NOW.date()}, [3]),
        ({"last": NOW.date() - timedelta(days=1)}, []),
    ],
)
def test_what_is_asked_for(
    decided: House, wanted: dict[str, Any], decisions_told: list[int]
) -> None:
    assert [each["decisions"] for each in rates(decided, **wanted)["gates"]] == decisions_told


def test_only_projects_that_one_may_see(decided: House) -> None:
    email = "one@example.org"
    person_id = people.add_person(decided.runtime, OPERATOR, email=email, name="One", now=NOW)
    people.grant_role(
        decided.runtime, OPERATOR, email=email, role=Role.AUDITOR, project="P1", now=NOW
    )
    with decided.runtime.store.reading() as connection:
        one = stored_people.actor_of_person(connection, person_id, NOW)
    assert one is not None
    assert [each["decisions"] for each in override_rates(decided.runtime, one)["gates"]] == [1]


def test_nothing_decided_is_nothing_to_tell(house: House) -> None:
    assert rates(house) == {"gates": [], "criteria": []}


def test_a_range_that_ends_before_it_begins(house: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        rates(house, first=date(2026, 2, 1), last=date(2026, 1, 1))
    assert refused.value.facts["errors"] == {"to": ["2026-02-01 or later"]}

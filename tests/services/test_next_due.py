"""What is due next: each kind of thing by its day, the most urgent first, and only what one may see."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from govern.domain.actor import Grant
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput, NotFound
from govern.domain.role import Role
from govern.services import next_due, reviews
from govern.services.next_due import due_next
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from govern.store import projects
from tests.services.house import NOW, House, add_project, report
from tests.services.test_gates import to_stage
from tests.services.timed import pass_gate, put, start, take

OWED: list[dict[str, Any]] = [
    {"text": "Contract", "owner": "Fay", "due": date(2026, 12, 1)},
    {"text": "Team", "owner": "Sam", "due": date(2027, 3, 1)},
]


def _items(told: Record, but: str = next_due.READING) -> list[tuple[str, str, str, str]]:
    return [
        (each["on"].isoformat(), each["what"], each["project"], each["text"])
        for each in told["items"]
        if each["what"] != but
    ]


def _counts(told: Record) -> dict[str, tuple[int, int]]:
    return {each["what"]: (each["due"], each["overdue"]) for each in told["counts"]}


def test_everything_with_a_day_is_told_in_order(house: House) -> None:
    take(house)
    put(house, start(house, "WAITS"), "start")
    pass_gate(house, start(house, "RUNS"), "start", "conditional_go", owed=OWED)
    with house.runtime.store.writing() as connection:
        project = projects.locked(connection, "RUNS")
        reviews.add(connection, OPERATOR, project, None, date(2026, 11, 20), NOW)
    told = due_next(house.runtime, house.sam, now=NOW)
    assert (told["today"], told["by"]) == (date(2026, 11, 24), date(2026, 12, 8))
    assert _items(told) == [
        ("2026-11-20", "review", "RUNS", "Review 1"),
        ("2026-11-30", "value_check", "RUNS", "Value check"),
        ("2026-12-01", "condition", "RUNS", "Contract"),
        ("2026-12-08", "gate", "WAITS", "Gate start, iteration 1"),
    ]
    counts = _counts(told)
    assert [counts[each] for each in ("review", "value_check", "condition", "gate")] == [
        *((1, 1), (1, 0), (1, 0), (1, 0)),
    ]
    only = due_next(house.runtime, house.sam, project="WAITS", now=NOW)
    assert [each[1] for each in _items(only)] == ["gate"]
    far = due_next(house.runtime, house.sam, by=date(2027, 3, 1), now=NOW)
    assert ("2027-03-01", "condition", "RUNS", "Team") in _items(far)


def test_readings_and_answers_are_due(house: House) -> None:
    to_stage(house, add_project(house), "monitoring")
    report(house, "P1-K1", {"2026-10-31": 700})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    told = due_next(house.runtime, house.sam, portfolio="main", now=NOW)
    assert ("2026-12-08", "recommendation", "P1", "Behind plan") in _items(told)
    # January to September are missing, and November is to come.
    assert _counts(told)["reading"] == (10, 9)
    readings = [each for each in told["items"] if each["what"] == "reading"]
    assert (readings[-1]["on"], readings[-1]["id"], readings[-1]["overdue"]) == (
        *(date(2026, 11, 30), "P1-K1"),
        False,
    )
    assert readings[-1]["text"] == "Revenue, period to 2026-11-30"


def test_so_many_are_listed_and_all_are_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(next_due, "MOST_ITEMS", 3)
    to_stage(house, add_project(house), "monitoring")
    told = due_next(house.runtime, house.sam, now=NOW)
    assert len(told["items"]) == 3
    assert sum(each["due"] for each in told["counts"]) == 3 + told["left_out"] > 10


def test_what_one_may_not_see_is_not_told(house: House) -> None:
    take(house)
    put(house, start(house), "start")
    elsewhere = replace(house.sam, grants=(Grant(Role.SPONSOR, "elsewhere"),))
    assert due_next(house.runtime, elsewhere, now=NOW)["items"] == []
    with pytest.raises(NotFound):
        due_next(house.runtime, elsewhere, project="P1", now=NOW)
    with pytest.raises(InvalidInput) as refused:
        due_next(house.runtime, house.sam, by=NOW.date() + timedelta(days=367), now=NOW)
    assert list(refused.value.facts["errors"]) == ["by"]

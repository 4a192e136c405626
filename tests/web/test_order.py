"""Every list has one order, and who turns its pages while others add to it misses nothing and sees nothing
twice. Which lists there are, and what each can be sorted by, is taken from the description."""

from datetime import date
from itertools import count
from typing import Any

import pytest

from govern.domain.period import Cadence, ends_between
from govern.services import evidence_files
from tests.services import house as made
from tests.services.house import NOW
from tests.web.caller import Callers, good
from tests.web.operations import address, known, operations, reads

MONTHS = [*ends_between(Cadence.MONTHLY, date(2020, 1, 1), date(2026, 9, 30))]
"""A reading each: a second one of a month would take the place of the first."""

_numbers = count(1)


OF_NOTHING = {"listWebhookDeliveries"}
"""Of a webhook, which the house has none of."""


def _lists() -> list[str]:
    return [
        name
        for name in reads()
        if name not in OF_NOTHING
        and any(each["name"] == "cursor" for each in operations()[name][2]["parameters"])
    ]


def _sorts(name: str) -> list[str | None]:
    for each in operations()[name][2]["parameters"]:
        if each["name"] == "sort":
            return [None, *each["schema"]["enum"]]
    return [None]


def _key(item: dict[str, Any]) -> str:
    """What one item is known by: its id, or what stands for one."""
    for names in (("id",), ("project", "seq"), ("kpi",), ("project",), ("seq",)):
        if all(item.get(each) is not None for each in names):
            return "/".join(str(item[each]) for each in names)
    raise AssertionError(f"nothing tells this item from others: {item}")


def _grow(people: Callers) -> None:
    """One more of nearly everything, early and late in each order."""
    house, number = people.house, next(_numbers)
    for project in (f"A{number}", f"Z{number}"):
        made.add_project(house, project, department="Sales" if number % 2 else None)
        opened = made.submit(house, project, "value_defined")
        assert opened["id"]
    made.report(house, "P2-K1", {MONTHS[number].isoformat(): number})
    evidence_files.hand_in(
        house.runtime,
        house.pia,
        "P2",
        filename=f"notes-{number}.txt",
        media_type="text/plain",
        content=f"Note {number}.".encode(),
        now=NOW,
    )
    for identifier in (f"A{number}", f"Z{number}"):
        good(people.ali.post("/objectives", {"id": identifier, "name": "One of many"}), 201)
        outcome = {"id": identifier, "project": "P2", "name": "Used", "serves": {"P2-K1": "0.001"}}
        people.ali.post("/outcomes", outcome)
    rate = {"currency": "EUR", "to_currency": "USD", "rate": "1.1", "origin": "test"}
    day = {"rate_on": f"2026-03-{1 + number % 28:02}"}
    good(people.ali.post("/exchange-rates", {"rates": [{**rate, **day}]}))
    lent = {"to": "sam@example.org", "starts_on": "2026-12-01", "ends_on": "2026-12-24"}
    people.pia.post("/delegations", {**lent, "reason": f"Away {number}", "portfolio": "main"})


@pytest.fixture(scope="module")
def grown(steady: Callers) -> Callers:
    """The furnished house, which nobody else of this module reads, with some of each."""
    for _ in range(2):
        _grow(steady)
    return steady


def _pages(people: Callers, path: str, sort: str | None, *, grow: bool) -> list[str]:
    seen: list[str] = []
    cursor: str | None = None
    turned = 0
    while True:
        asked = {"limit": 2, "sort": sort, "cursor": cursor}
        query = {name: value for name, value in asked.items() if value is not None}
        page = good(people.ali.get(path, query=query))
        seen += [_key(each) for each in page["items"]]
        if page["next"] is None:
            return seen
        cursor, turned = page["next"], turned + 1
        if grow and turned == 1:
            _grow(people)


def _whole(people: Callers, path: str, sort: str | None) -> list[str]:
    query = {"limit": 500, **({"sort": sort} if sort else {})}
    return [_key(each) for each in good(people.ali.get(path, query=query))["items"]]


@pytest.mark.parametrize("name", _lists())
def test_no_page_repeats_or_leaves_out_what_was_there(grown: Callers, name: str) -> None:
    path = address(name, known(grown))
    for number, sort in enumerate(_sorts(name)):
        before = _whole(grown, path, sort)
        assert len(set(before)) == len(before), (sort, before)
        seen = _pages(grown, path, sort, grow=number in (0, 2))
        assert len(set(seen)) == len(seen), (sort, seen)
        assert [each for each in seen if each in set(before)] == before, sort


def test_most_lists_have_something_to_turn(grown: Callers) -> None:
    lengths = {name: len(_whole(grown, address(name, known(grown)), None)) for name in _lists()}
    assert sum(length > 2 for length in lengths.values()) >= 9, lengths

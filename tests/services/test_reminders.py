"""Readings that are due: whoever answers for them is told, each thing once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from govern.domain.role import Role
from govern.services import kpis, moves, people, readings
from govern.services.notices import list_notices
from govern.services.people import OPERATOR
from govern.services.ticking import tick
from govern.store import kpis as stored_kpis
from govern.store import people as stored_people
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, report
from tests.services.timed import at, days, pass_all, pass_gate, put, start, take, vote

DUE, OVERDUE, ESCALATED = "reading.due", "reading.overdue", "reading.escalated"
READINGS = (DUE, OVERDUE, ESCALATED)
REPORTED = {f"2026-{month:02d}-{day}": 100 * month for month, day in enumerate(
    (31, 28, 31, 30, 31, 30, 31, 31, 30, 31), start=1)}  # fmt: skip


@pytest.fixture
def project(house: House) -> str:
    """In `running`, which reports, since 2026-11-24; every month up to October is in."""
    take(house)
    report_all(house, start(house))
    pass_gate(house, "P1", "start")
    return "P1"


def report_all(house: House, project: str) -> None:
    report(house, f"{project}-K1", REPORTED)


def told(house: House, day: str) -> list[tuple[str, str, tuple[str, ...]]]:
    done = [each for each in pass_all(house, day).done if each.kind in READINGS]
    return [(each.kind, each.text, each.told) for each in done]


def kinds(house: House, day: str) -> list[str]:
    return [kind for kind, _, _ in told(house, day)]


def change(house: House, kpi: str, **fields: object) -> None:
    kpis.change_kpi(house.runtime, house.pia, kpi, fields, version=None, now=NOW)


def test_a_reading_is_asked_for_when_due_when_overdue_and_of_the_manager_later(
    house: House, project: str
) -> None:
    change(house, "P1-K1", reporting_lag_days=7, source="ledger", department="Sales")
    asked = {day: told(house, day) for day in days("2026-11-25", 25)}
    shown = {day: found for day, found in asked.items() if found}
    first = "P1-K1 'Revenue' for 2026-11-30 (from Sales, ledger)."
    # Nobody on the project is called Olga, as the KPI's owner is: whoever reports is told.
    assert shown == {
        "2026-11-30": [(DUE, f"1 reading of P1 is to come, due by 2026-12-07: {first}", ("Dan",))],
        "2026-12-07": [(DUE, f"1 reading of P1 is due today, 2026-12-07: {first}", ("Dan",))],
        "2026-12-08": [
            (
                OVERDUE,
                f"1 reading of P1 is overdue, the oldest since 2026-12-07: {first}",
                ("Dan",),
            )
        ],
        # 8, 9, 10, 11 and 14 December are five working days.
        "2026-12-15": [
            (
                ESCALATED,
                "1 reading of P1 is overdue by more than 5 working days, the oldest since "
                f"2026-12-07: {first}",
                ("Max", "Pia"),
            )
        ],
    }


def test_what_is_reported_is_asked_for_no_longer(house: House, project: str) -> None:
    assert kinds(house, "2026-11-30") == [DUE]
    report(house, "P1-K1", {"2026-10-31": 1000})
    report_later(house, "2026-11-30", 1100, "2026-12-01")
    assert [each for day in days("2026-12-01", 20) for each in kinds(house, day)] == []


def report_later(house: House, period: str, actual: int | None, day: str) -> None:
    value = {"kpi": "P1-K1", "period": date.fromisoformat(period), "actual": actual}
    readings.record_readings(house.runtime, house.dan, [value], now=at(day))


def test_a_report_without_a_figure_is_none(house: House, project: str) -> None:
    report_later(house, "2026-11-30", None, "2026-11-30")
    assert kinds(house, "2026-12-01") == [OVERDUE]


def test_the_owner_is_told_where_a_person_on_the_project_is_called_so(
    house: House, project: str
) -> None:
    change(house, "P1-K1", owner="fay")
    people.add_person(house.runtime, OPERATOR, email="olga@example.org", name="Olga", now=NOW)
    ((_, _, names),) = told(house, "2026-11-30")
    assert names == ("Fay",)
    change(house, "P1-K1", owner="sam@example.org")
    assert [names for kind, _, names in told(house, "2026-12-01") if kind == OVERDUE] == [("Sam",)]
    # Olga is a person, and may not read the project: she would be told nothing.
    change(house, "P1-K1", owner="Olga")
    assert {(kind, names) for kind, _, names in told(house, "2026-12-31")} == {
        (DUE, ("Dan",)),
        (ESCALATED, ("Max", "Pia")),
    }
    people.grant_role(
        house.runtime,
        OPERATOR,
        email="olga@example.org",
        role=Role.BENEFIT_OWNER,
        project="P1",
        now=NOW,
    )
    assert (DUE, ("Olga",)) in {(kind, names) for kind, _, names in told(house, "2027-01-31")}


def test_where_nobody_reports_the_manager_is_told(house: House, project: str) -> None:
    with house.runtime.store.writing() as connection:
        stored_people.close(connection, house.dan.person_id, "x@example.org", "Dan", NOW)
    ((_, _, names),) = told(house, "2026-11-30")
    assert names == ("Max", "Pia")


def test_after_a_standstill_there_is_one_notice_and_no_other_until_the_next_day_that_counts(
    house: House,
) -> None:
    take(house)
    pass_gate(house, start(house), "start")
    found = told(house, "2026-11-25")
    assert [kind for kind, _, _ in found] == [OVERDUE, ESCALATED]
    # January ended on a Saturday; October, too.
    assert "10 readings of P1 are overdue, the oldest since 2026-02-02" in found[0][1]
    assert "P1-K1 'Revenue' for 2026-01-31 and 9 more" in found[0][1]
    assert kinds(house, "2026-11-26") == []
    # What the newest notice named is not told again when only the newest comes in.
    report(house, "P1-K1", {"2026-10-31": 1000, "2026-09-30": 900})
    assert kinds(house, "2026-11-27") == []
    assert kinds(house, "2026-11-30") == [DUE]
    assert kinds(house, "2026-12-01") == [OVERDUE]


def test_what_a_tick_slept_through_is_told_once(house: House, project: str) -> None:
    found = told(house, "2027-04-20")
    assert [kind for kind, _, _ in found] == [OVERDUE, ESCALATED]
    assert "5 readings of P1 are overdue, the oldest since 2026-11-30" in found[0][1]
    assert kinds(house, "2027-04-21") == []


def move(house: House, to_do: str, day: str) -> None:
    moves.move(
        house.runtime,
        house.sam,
        "P1",
        to_do=to_do,
        reason="So.",
        version=None,
        now=at(day),
    )


def test_nobody_is_asked_before_the_work_begins(house: House) -> None:
    take(house)
    start(house)
    assert kinds(house, "2026-11-30") == []


def test_nobody_is_asked_while_it_is_on_hold_and_all_is_when_it_goes_on(
    house: House, project: str
) -> None:
    move(house, "hold", "2026-11-25")
    assert [each for day in days("2026-11-26", 10) for each in kinds(house, day)] == []
    move(house, "resume", "2026-12-05")
    assert kinds(house, "2026-12-05") == [OVERDUE]


def test_nobody_is_asked_of_what_was_terminated(house: House, project: str) -> None:
    move(house, "kill", "2026-11-25")
    assert kinds(house, "2026-11-30") == []


def test_a_closed_project_owes_nothing(house: House, project: str) -> None:
    for gate, day in (("next", "2026-11-25"), ("finish", "2026-11-26")):
        found = put(house, "P1", gate, at(day))
        vote(house, "sam", found["id"], now=at(day))
    assert kinds(house, "2026-12-15") == []


def test_a_composite_kpi_is_asked_of_nobody(house: House, project: str) -> None:
    with house.runtime.store.writing() as connection:
        # By hand: which formulas can be taken is not what this is about.
        stored_kpis.change(connection, "P1-K1", 1, {"formula": "benefit / cost"})
    assert kinds(house, "2026-11-30") == []


def test_many_ticks_at_once_tell_it_once(house: House, project: str) -> None:
    start(house, "P2")
    report_all(house, "P2")
    pass_gate(house, "P2", "start")

    def run(_: int) -> list[str]:
        result = tick(house.runtime, OPERATOR, now=at("2026-11-30"))
        assert result.failed == ()
        return [each.project for each in result.done if each.kind in READINGS]

    with ThreadPoolExecutor(4) as pool:
        projects = sorted(one for found in pool.map(run, range(4)) for one in found)
    assert projects == ["P1", "P2"]
    assert kinds(house, "2026-11-30") == []


def test_who_is_told_reads_it_among_their_notices(house: House, project: str) -> None:
    pass_all(house, "2026-11-30")
    (notice,) = list_notices(house.runtime, house.dan, PageRequest(), kind=DUE).items
    assert notice["project"] == "P1"
    assert notice["submission"] is None
    assert list_notices(house.runtime, house.pia, PageRequest(), kind=DUE).items == []

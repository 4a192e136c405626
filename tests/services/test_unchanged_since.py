"""Where nothing has changed since a submission was judged, a vote does not look at the project, and comes to
the same as one that does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import Refusal, SeparationOfDuties
from govern.services import decisions, gates, kpis, standing_judgement
from govern.services.ballots import Ballot
from govern.services.erasing import erase_person
from govern.services.ledger import kept, record_event
from govern.services.people import OPERATOR, add_person
from govern.services.runtime import Runtime
from govern.services.sweeps import sweep
from govern.store import submissions
from govern.store.engine import is_sqlite
from govern.store.events import events_of
from govern.store.tables import kpi, personal, submission, vote
from tests.services.house import NOW, RULES, House, add_project, publish_rules, report, submit
from tests.services.random_days import Days

AGAIN = Ballot(Answer.RECYCLE, "Once more.", override_reason="Once more.")
STEPS = 12
A_MOMENT_S = 0.3


class TakenBack(Exception):  # noqa: N818 - it is no error
    """Raised where a transaction is to leave nothing."""


def stands(house: House, found: Record, now: Any = NOW) -> bool:
    with house.runtime.store.writing() as connection:
        held = submissions.find(connection, found["id"])
        assert held is not None
        return standing_judgement.stands(connection, held, now.date(), now)


def cast(runtime: Runtime, house: House, number: int, now: Any) -> None:
    decisions.vote(runtime, house.sam, number, AGAIN, version=None, now=now)


# --- the same events -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_a_vote_is_told_as_if_all_were_judged_anew(house: House, seed: int) -> None:
    days = Days(house, Random(seed))  # noqa: S311 - nothing secret
    days.begin()
    days.as_of = NOW.date()
    stood = voted = 0
    for _ in range(STEPS):
        project_id = days.random.choice(["P1", "P1", "P2", "N0"])
        try:
            found = submit_at(days, project_id)
        except Refusal:
            continue
        for _ in range(days.random.choice([0, 0, 1, 3])):
            days.random.choice([days.something, days.something, *meanwhile(days, found)])()
        if stands(house, found, days.now):
            stood += 1
        expected = judged_anew(house, found, days.now)
        before = bodies(house, project_id)
        with suppress(Refusal):
            cast(house.runtime, house, found["id"], days.now)
        written = bodies(house, project_id)[len(before) :]
        assert written == expected
        voted += bool(written)
        days.now += timedelta(minutes=1)
    assert 0 < stood < voted, (stood, voted)


def submit_at(days: Days, project_id: str) -> Record:
    house = days.house
    with house.runtime.store.reading() as connection:
        waiting = submissions.open_one(connection, project_id)
    if waiting is not None:
        return waiting
    return gates.submit(house.runtime, house.pia, project_id, "value_defined", now=days.now)


def meanwhile(days: Days, found: Record) -> list[Callable[[], object]]:
    house = days.house

    def refused() -> None:
        with_refusal(
            lambda: decisions.vote(
                house.runtime, house.pia, found["id"], AGAIN, version=None, now=days.now
            )
        )

    def swept() -> None:
        with_refusal(lambda: sweep(house.runtime, OPERATOR, as_of=days.now.date(), now=days.now))

    return [refused, swept]


def with_refusal(do: Callable[[], object]) -> None:
    with suppress(Refusal):
        do()


def judged_anew(house: House, found: Record, now: Any) -> list[bytes]:
    """What the vote tells where the submission was judged on another day, which no event of a vote says,
    so that nothing of it is taken over; it is taken back."""
    told: list[bytes] = []
    drawn: list[dict[str, Any]] = []

    def end(connection: Connection) -> None:
        told.extend(each.body for each in events_of(connection, found["project"]))
        drawn.extend(map(dict, connection.execute(select(personal)).mappings()))
        raise TakenBack

    had = len(bodies(house, found["project"]))
    with house.runtime.store.writing() as connection:
        was = connection.scalar(select(submission.c.as_of).where(submission.c.id == found["id"]))
        _as_of(connection, found, date(2020, 1, 1))
    runtime = replace(house.runtime, store=house.runtime.store.ending(end))
    with suppress(TakenBack, Refusal):
        cast(runtime, house, found["id"], now)
    with house.runtime.store.writing() as connection:
        _as_of(connection, found, was)
        # References are drawn by chance when a text first comes in.
        known = set(connection.scalars(select(personal.c.ref)))
        new = [each for each in drawn if each["ref"] not in known]
        if new:
            connection.execute(insert(personal), new)
        if not is_sqlite(connection):
            # Numbers that were given to what was taken back are given again.
            sequence = "pg_get_serial_sequence('vote', 'id')"
            last = connection.scalar(select(func.coalesce(func.max(vote.c.id), 0))) or 0
            connection.exec_driver_sql(f"SELECT setval({sequence}, {last + 1}, false)")
    return told[had:]


def _as_of(connection: Connection, found: Record, day: date | None) -> None:
    connection.execute(update(submission).where(submission.c.id == found["id"]).values(as_of=day))


def bodies(house: House, project_id: str) -> list[bytes]:
    with house.runtime.store.reading() as connection:
        return [each.body for each in events_of(connection, project_id)]


# --- what it depends on --------------------------------------------------------------------------


def test_it_stands_where_nothing_has_happened(house: House) -> None:
    found = submit(house, add_project(house), "value_defined")
    assert stands(house, found)


def test_a_refused_vote_and_what_a_sweep_finds_are_not_judged(house: House) -> None:
    found = submit(house, add_project(house), "value_defined")
    with pytest.raises(SeparationOfDuties):
        decisions.vote(house.runtime, house.pia, found["id"], AGAIN, version=None, now=NOW)
    assert sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW).looked_at
    assert stands(house, found)


def test_a_figure_and_what_a_sweep_proposes_are(house: House) -> None:
    found = submit(house, add_project(house), "value_defined")
    report(house, "P1-K1", {"2026-10-31": 700})
    assert not stands(house, found)
    other = submit(house, add_project(house, "P2"), "value_defined")
    assert stands(house, other)
    assert sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW).proposed
    assert stands(house, other)


def test_another_day_and_other_rules_have_it_judged_anew(house: House) -> None:
    found = submit(house, add_project(house), "value_defined")
    assert not stands(house, found, NOW + timedelta(days=1))
    publish_rules(house.runtime, RULES.replace("severity: red", "severity: amber"))
    assert not stands(house, found)


def test_another_engine_has_it_judged_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    found = submit(house, add_project(house), "value_defined")
    monkeypatch.setattr(standing_judgement, "ENGINE_VERSION", "0.0.1")
    assert not stands(house, found)


def test_a_composite_kpi_has_it_judged_anew(house: House) -> None:
    add_project(house)
    values = {"id": "twice", "project": "P1", "name": "Twice", "direction": "increase"}
    formula = {"formula": "base * 2", "inputs": {"base": "P1-K1"}}
    kpis.add_kpi(house.runtime, house.pia, {**values, **formula}, now=NOW)
    assert not stands(house, submit(house, "P1", "value_defined"))


@pytest.mark.parametrize(("name", "still"), [("Olga", False), ("Nobody Here", True)])
def test_the_erasing_of_who_is_in_the_facts_has_it_judged_anew(
    house: House, name: str, still: bool
) -> None:
    found = submit(house, add_project(house), "value_defined")
    email = "gone@example.org"
    add_person(house.runtime, OPERATOR, email=email, name=name, now=NOW)
    erase_person(house.runtime, OPERATOR, email, reason="Asked for it.", now=NOW)
    assert stands(house, found) is still


def test_a_submission_has_seen_all_that_stands_before_it(house: House) -> None:
    """Also what somebody writes at the same moment who does not lock the project, as a sweep does not."""
    add_project(house)
    store = house.runtime.store
    if is_sqlite(store.engine):
        pytest.skip("SQLite has one writer at a time")
    with ThreadPoolExecutor(1) as pool:
        with store.writing() as connection:
            data = {"kpi": "P1-K1", "owner": "Ole", "version": 2}
            record_event(connection, "P1", house.pia, "kpi.changed", data, NOW)
            changed = update(kpi).where(kpi.c.id == "P1-K1").values(owner="Ole", version=2)
            connection.execute(changed)
            other = pool.submit(submit, house, "P1", "value_defined")
            with pytest.raises(TimeoutError):
                other.result(A_MOMENT_S)
        found = other.result(10)
    with store.reading() as connection:
        (seen,) = kept(connection, found["facts_digest"])["kpis"]
    assert seen["owner"] == "Ole"
    assert stands(house, found)

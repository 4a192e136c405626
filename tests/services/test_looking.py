"""A sweep looks at what may come out otherwise, and comes to the same as one that looks at all."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from govern.domain.refusal import Busy
from govern.services import kpis
from govern.services.erasing import erase_person
from govern.services.findings import list_findings
from govern.services.people import OPERATOR
from govern.services.personal import reveal
from govern.services.state_audit import audit_state
from govern.services.sweeps import SweepResult, sweep
from govern.store import blobs
from govern.store.engine import is_sqlite
from govern.store.events import events_of
from govern.store.observations import load_tables
from govern.store.paging import PageRequest
from govern.store.projection.owned import OF_A_PROJECT
from govern.store.tables import (
    blob,
    finding,
    metadata,
    recommendation,
    sweep_base,
    swept_input,
    swept_project,
)
from govern.store.tables import event as events
from govern.store.tables import sweep as sweeps
from tests.services.house import NOW, RULES, House, add_project, publish_rules, report
from tests.services.random_days import Days

TODAY = NOW.date()
STEPS = 14
State = dict[str, list[Any]]


class TakenBack(Exception):  # noqa: N818 - it is no error
    """Raised where a transaction is to leave nothing."""


def judge(house: House, as_of: date = TODAY, **more: Any) -> SweepResult:
    return sweep(house.runtime, OPERATOR, as_of=as_of, now=more.pop("now", NOW), **more)


# --- the same as a sweep of all ------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_it_comes_to_the_same_as_a_sweep_of_all(house: House, seed: int) -> None:
    days = Days(house, Random(seed))  # noqa: S311 - nothing secret
    days.begin()
    seen: set[str] = set()
    skipped = changed = 0
    for _ in range(STEPS):
        for _ in range(days.random.randrange(4)):
            days.something()
        if days.random.random() < 0.6:
            days.as_of = min(TODAY, days.as_of + timedelta(days=days.random.randrange(25)))
        asked = days.as_of
        if days.random.random() < 0.1:
            asked -= timedelta(days=40)
        expected = _left_by_all(house, asked, days.now)
        found = judge(house, asked, now=days.now)
        with house.runtime.store.reading() as connection:
            state = _state(connection)
        for name, rows in expected.items():
            assert state[name] == rows, f"{name}, looking at {found.why}"
        seen |= found.why.keys()
        skipped += found.projects - found.looked_at
        changed += found.proposed + found.cleared
    assert skipped > STEPS / 2, "it looked at nearly all of them all the time"
    assert changed
    assert {"changed", "first"} <= seen
    assert audit_state(house.runtime, OPERATOR).differences == ()


def _length(house: House) -> int:
    with house.runtime.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(events)) or 0


def _left_by_all(house: House, as_of: date, now: datetime) -> State:
    """What a sweep of all would leave; it is taken back."""
    left: State = {}

    def end(connection: Connection) -> None:
        left.update(_state(connection))
        raise TakenBack

    runtime = replace(house.runtime, store=house.runtime.store.ending(end))
    with pytest.raises(TakenBack):
        sweep(runtime, OPERATOR, as_of=as_of, everything=True, now=now)
    _count_on(house)
    return left


def _count_on(house: House) -> None:
    """Numbers that PostgreSQL gave to what was taken back are given again."""
    if is_sqlite(house.runtime.store.engine):
        return
    with house.runtime.store.writing() as connection:
        for table in (finding, recommendation, sweeps):
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            last = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"  # noqa: S608
            connection.exec_driver_sql(f"SELECT setval({sequence}, {last}, false)")


def _state(connection: Connection) -> State:
    """All that a sweep writes, texts and kept facts in words: references are drawn by chance."""
    found: State = {}
    for table in (finding, recommendation, sweeps, swept_project, swept_input, sweep_base):
        rows = connection.execute(select(table)).mappings()
        found[table.name] = sorted((_in_words(connection, dict(row)) for row in rows), key=str)
    written = select(events.c.project, events.c.seq, events.c.body)
    found["events"] = [
        (project, seq, _in_words(connection, {**json.loads(body), "prev": None}))
        for project, seq, body in connection.execute(
            written.order_by(events.c.project, events.c.seq)
        )
    ]
    return found


def _in_words(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    told = reveal(connection, row)
    return {name: _facts(connection, value) for name, value in told.items()}


def _facts(connection: Connection, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _facts(connection, each) for name, each in value.items()}
    if not isinstance(value, str) or not value.startswith("sha256:"):
        return value
    kept = blobs.get(connection, value)
    if kept is None or kept.media_type != "application/json":
        return "of several" if kept is None else value
    return reveal(connection, json.loads(kept.content))


# --- why -----------------------------------------------------------------------------------------


def test_by_other_rules_all_are_looked_at(house: House) -> None:
    add_project(house, "P1")
    judge(house)
    publish_rules(house.runtime, RULES.replace("severity: red", "severity: amber"))
    assert judge(house).why == {"rules": 1}


def test_what_has_not_changed_is_not_looked_at(house: House) -> None:
    for name in ("P1", "P2", "P3"):
        add_project(house, name)
    assert judge(house).why == {"first": 3}
    again = judge(house)
    assert (again.looked_at, again.why, again.unchanged) == (0, {}, True)
    report(house, "P2-K1", {"2026-10-31": 990})
    changed = judge(house)
    assert (changed.projects, changed.looked_at, changed.why) == (3, 1, {"changed": 1})
    assert judge(house, everything=True).why == {"all": 3}


def test_what_a_sweep_proposes_is_looked_at_once_more(house: House) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-10-31": 700})
    assert judge(house).proposed == 1
    assert judge(house).why == {"changed": 1}
    assert judge(house).looked_at == 0


def test_who_reads_a_figure_of_another_project_is_looked_at_with_it(house: House) -> None:
    for name in ("P1", "P2", "P3"):
        add_project(house, name)
    for name, formula, inputs in (
        ("P2-twice", "base * 2", {"base": "P1-K1"}),
        ("P3-again", "twice + 1", {"twice": "P2-twice"}),
    ):
        values = {"id": name, "project": name[:2], "name": name, "category": "revenue"}
        values |= {"direction": "increase", "baseline": Decimal(0)}
        fields = {**values, "formula": formula, "inputs": inputs}
        kpis.add_kpi(house.runtime, house.pia, fields, now=NOW)
    judge(house)
    report(house, "P1-K1", {"2026-10-31": 700})
    found = judge(house)
    assert found.why == {"changed": 1, "reads": 2}
    assert found.counts["fires"] == 3


def test_a_day_on_which_nothing_ends_changes_nothing(house: House) -> None:
    add_project(house)
    kpis.add_kpi(
        house.runtime,
        house.pia,
        {"id": "late", "project": "P1", "name": "Late", "reporting_lag_days": 5},
        now=NOW,
    )
    first = judge(house, date(2026, 10, 30))
    for day, why in (
        (date(2026, 10, 31), {"period": 1}),
        (date(2026, 11, 4), {}),
        (date(2026, 11, 5), {"period": 1}),
        (date(2026, 11, 23), {}),
        # It came into its stage on this day.
        (date(2026, 11, 24), {"period": 1}),
    ):
        found = judge(house, day)
        assert (found.why, found.unchanged) == (why, False), day
        assert found.id > first.id


@pytest.mark.parametrize("condition", ["days_in_stage > 3", 'as_of > @"2026-11-20"'])
def test_rules_that_read_the_day_have_all_looked_at_each_day(house: House, condition: str) -> None:
    add_project(house)
    publish_rules(house.runtime, RULES.replace("attainment < act\n", f"{condition}\n"))
    judge(house, date(2026, 11, 20))
    assert judge(house, date(2026, 11, 20)).looked_at == 0
    assert judge(house, date(2026, 11, 21)).why == {"date": 1}


def test_the_erasing_of_a_person_has_all_looked_at(house: House) -> None:
    add_project(house)
    judge(house)
    erase_person(house.runtime, OPERATOR, "dan@example.org", reason="Asked for it.", now=NOW)
    assert judge(house).why == {"erasure": 1}
    assert judge(house).looked_at == 0


def test_another_version_of_govern_has_all_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_project(house)
    judge(house)
    monkeypatch.setattr("govern.services.looking.ENGINE_VERSION", "99")
    assert judge(house).why == {"engine": 1}


def test_what_is_judged_is_written_with_events_of_its_project(house: House) -> None:
    """Otherwise a sweep could not tell from the chains what has changed."""
    add_project(house)
    read: set[str] = set()

    def watch(_: Any, __: Any, statement: str, *___: Any) -> None:
        read.update(re.findall(r"(?:FROM|JOIN) (\w+)", statement))

    store = house.runtime.store
    event.listen(store.engine, "before_cursor_execute", watch)
    with store.reading() as connection:
        load_tables(connection)
    event.remove(store.engine, "before_cursor_execute", watch)
    known = read & metadata.tables.keys()
    assert {"project", "kpi", "reading"} <= known
    assert known <= {table.name for table in OF_A_PROJECT} | {blob.name}


# --- several, and what stands --------------------------------------------------------------------


def test_two_that_sweep_at_once_propose_once(house: House) -> None:
    for number in range(2):
        add_project(house, f"P{number}")
        report(house, f"P{number}-K1", {"2026-10-31": 700})
    results: list[SweepResult] = []

    def sweeping() -> None:
        while True:
            try:
                results.append(judge(house))
            except Busy:  # The machine is slow, and the other one took its time.
                continue
            return

    threads = [Thread(target=sweeping) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.proposed for each in results) == [0, 2]
    assert sorted(each.unchanged for each in results) == [False, True]
    with house.runtime.store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(recommendation)) == 2


def test_a_finding_stands_until_a_sweep_finds_otherwise(house: House) -> None:
    for name in ("P1", "P2"):
        add_project(house, name)
        report(house, f"{name}-K1", {"2026-10-31": 700})
    first = judge(house)
    report(house, "P1-K1", {"2026-10-31": 1000})
    second = judge(house)

    def of(number: int) -> list[tuple[str, int]]:
        page = list_findings(house.runtime, OPERATOR, PageRequest(), sweep=number)
        return [(each["project"], each["sweep"]) for each in page.items]

    assert of(first.id) == [("P1", first.id), ("P2", first.id)]
    assert of(second.id) == [("P2", first.id)]
    back = judge(house, date(2026, 10, 31))
    assert back.historic
    assert of(back.id) == [("P2", back.id)]
    assert of(second.id) == [("P2", first.id)]
    assert judge(house, date(2026, 10, 31)).unchanged
    with house.runtime.store.reading() as connection:
        last = events_of(connection, "P1")[-1]
    assert last.kind in ("findings.recorded", "recommendation.cleared")
    assert audit_state(house.runtime, OPERATOR).differences == ()

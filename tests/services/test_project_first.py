"""Whoever changes something of a project waits for whoever has the project, and sees what they did."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from govern.domain.decision import Answer
from govern.domain.refusal import BaselineFrozen, IllegalMove, Refusal, StaleVersion
from govern.services import audit, decisions, gates, kpis, moves, readings
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.store import projects
from govern.store.tables import project
from tests.services.house import NOW, House, add_project, submit

A_MOMENT_S = 0.3


def _meanwhile(house: House, fields: dict[str, Any], do: Callable[[], Any]) -> Any:
    """What comes of it while somebody else has the project and writes `fields`."""
    with ThreadPoolExecutor(1) as pool:
        with house.runtime.store.writing() as connection:
            found = projects.locked(connection, "P1")
            other: Future[Any] = pool.submit(do)
            with pytest.raises(TimeoutError):
                other.result(A_MOMENT_S)
            changed = update(project).where(project.c.id == "P1")
            connection.execute(changed.values(**fields, version=found["version"] + 1))
        return other.result(10)


def test_a_target_is_not_changed_under_the_gate_that_freezes_it(house: House) -> None:
    add_project(house)

    def change() -> None:
        fields = {"target": Decimal(1)}
        kpis.change_kpi(house.runtime, house.pia, "P1-K1", fields, version=None, now=NOW)

    with pytest.raises(BaselineFrozen):
        _meanwhile(house, {"baseline_frozen_at": NOW}, change)


def test_a_plan_is_not_changed_under_the_gate_that_freezes_it(house: House) -> None:
    add_project(house)
    planned = [{"period": date(2026, 11, 30), "planned": Decimal(1)}]

    def change() -> None:
        readings.record_plan(house.runtime, house.pia, "P1-K1", planned, now=NOW)

    with pytest.raises(BaselineFrozen):
        _meanwhile(house, {"baseline_frozen_at": NOW}, change)


def test_a_project_is_found_that_gets_another_workflow_meanwhile(house: House) -> None:
    add_project(house)
    add_project(house, "P2", workflow="small-project")
    with house.runtime.store.reading() as connection:
        other = projects.find(connection, "P2")
    assert other is not None
    digest = {"workflow_digest": other["workflow_digest"]}

    def hold() -> Any:
        return moves.move(
            house.runtime, house.sam, "P1", to_do="hold", reason="Wait.", version=None, now=NOW
        )

    held = _meanwhile(house, digest, hold)
    assert (held["stage"], held["workflow"]) == ("on_hold", "small-project")


def test_a_vote_waits_for_the_project_and_does_not_move_one_that_has_moved(house: House) -> None:
    add_project(house)
    found = submit(house, "P1", "value_defined")

    def vote() -> Any:
        ballot = Ballot(Answer.GO, "Good.", "It is known.")
        return decisions.vote(house.runtime, house.sam, found["id"], ballot, version=None, now=NOW)

    with pytest.raises(IllegalMove):
        _meanwhile(house, {"stage": "terminated"}, vote)
    assert gates.get_submission(house.runtime, house.sam, found["id"], now=NOW)["votes"] == []


def test_two_who_report_on_two_projects_do_not_wait_for_each_other(house: House) -> None:
    """Each in the other's order, again and again: nobody is told that the database is busy."""
    for name in ("P1", "P2"):
        add_project(house, name)

    def report(names: tuple[str, str], turn: int) -> list[Refusal]:
        given = [
            {
                "kpi": f"{each}-K1",
                "period": date(2026, 9, 30),
                "actual": Decimal(turn),
                "reason": "Counted again.",
            }
            for each in names
        ]
        try:
            readings.record_readings(
                house.runtime, house.dan, given, now=NOW + timedelta(seconds=turn)
            )
        except Refusal as refused:
            return [refused]
        return []

    with ThreadPoolExecutor(2) as pool:
        for turn in range(10):
            both = [
                pool.submit(report, order, 2 * turn + n)
                for n, order in enumerate((("P1", "P2"), ("P2", "P1")))
            ]
            assert [each.result(30) for each in both] == [[], []]
    assert audit.verify_ledger(house.runtime, OPERATOR).faults == ()


def test_a_version_that_was_overtaken_is_told_with_the_current_one(house: House) -> None:
    add_project(house)

    def hold() -> Any:
        return moves.move(
            house.runtime, house.sam, "P1", to_do="hold", reason="Wait.", version=1, now=NOW
        )

    with pytest.raises(StaleVersion) as refused:
        _meanwhile(house, {"name": "Another"}, hold)
    assert refused.value.facts["current"] == 2

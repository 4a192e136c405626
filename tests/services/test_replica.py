"""A replica that lags shows in a report and never in a decision; one that is gone stops no decision."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from govern.domain.decision import Answer
from govern.domain.refusal import Busy
from govern.services import data_export, decisions, gates
from govern.services.backtests import backtest
from govern.services.ballots import Ballot
from govern.services.ledger import kept
from govern.services.people import OPERATOR
from govern.services.report_kinds import kind_named
from govern.services.reports import Asking, build
from govern.services.runtime import Runtime
from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.services.house import NOW, House, add_project, report

FIRST, THEN = {"2026-10-31": 300}, {"2026-10-31": 1000}


@contextmanager
def copied(house: House, request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """A copy of the house's database as it is now: a replica that hears of nothing any more."""
    url = house.runtime.store.engine.url
    house.runtime.store.close()
    if url.get_backend_name() == "sqlite":
        place = folder / "replica"
        place.mkdir()
        shutil.copy(str(url.database), place / "copy.db")
        store = Store(open_engine(f"sqlite:///{place / 'copy.db'}"))
        yield store
        store.close()
        shutil.rmtree(place)
    else:
        like = url.render_as_string(hide_password=False)
        with request.getfixturevalue("postgres").database(migrated=True, like=like) as address:
            assert make_url(address).database != url.database
            store = Store(open_engine(address))
            yield store
            store.close()


def told(runtime: Runtime, kind: str, about: str | int) -> dict[str, Any]:
    return build(kind_named(kind), Asking(runtime, OPERATOR, about, NOW))


def tried(runtime: Runtime) -> dict[str, Any]:
    return backtest(runtime, OPERATOR, first=date(2026, 10, 1), last=date(2026, 10, 31), now=NOW)


def exported(runtime: Runtime) -> dict[str, bytes]:
    files = data_export.data_files(runtime, OPERATOR, project="P1")
    return {name: b"".join(pieces) for name, pieces in files}


def test_what_lags_is_in_the_report_and_not_in_the_decision(
    house: House, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    project = add_project(house)
    report(house, "P1-K1", FIRST)
    with copied(house, request, tmp_path) as store:
        report(house, "P1-K1", THEN)
        live, copy = house.runtime, replace(house.runtime, store=store)
        both = replace(live, replica=store)
        for kind in ("project-status", "portfolio-value"):
            about = project if kind == "project-status" else "main"
            assert told(both, kind, about) == told(copy, kind, about) != told(live, kind, about)
        assert exported(both) == exported(copy) != exported(live)
        assert tried(both) == tried(copy) != tried(live)
        judged = gates.submit(both, house.pia, project, "value_defined", now=NOW)
        assert seen(live, judged["facts_digest"]) == "1000"
        page = told(both, "gate-pack", judged["id"])
        assert page["about"]["id"] == judged["id"]
        voted = decisions.vote(
            both, house.sam, judged["id"], Ballot(Answer.GO, "So.", "So."), version=None, now=NOW
        )
        assert voted["state"] == "decided"


def seen(live: Runtime, facts_digest: str) -> str:
    """The actual of October in the facts that a decision cites."""
    with live.store.reading() as connection:
        facts = kept(connection, facts_digest)
    [october] = [each for each in facts["kpis"][0]["values"] if each["period"] == "2026-10-31"]
    return october["actual"]


def test_a_replica_that_is_gone_stops_reports_and_nothing_else(
    house: House, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    project = add_project(house)
    with copied(house, request, tmp_path) as store:
        pass
    both = replace(house.runtime, replica=store)
    with pytest.raises(Busy):
        told(both, "project-status", project)
    judged = gates.submit(both, house.pia, project, "value_defined", now=NOW)
    decisions.vote(
        both, house.sam, judged["id"], Ballot(Answer.GO, "So.", "So."), version=None, now=NOW
    )
    assert told(both, "gate-pack", judged["id"])["about"]["id"] == judged["id"]
    store.close()

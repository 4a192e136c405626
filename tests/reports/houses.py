"""Portfolios to report on: the example, a published one, and a small one in which much was decided."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Any

from govern.domain.decision import Answer
from govern.rulebook.load import load
from govern.services import scope_changes, scope_votes
from govern.services.example import load_example
from govern.services.importing import import_folder
from govern.services.people import OPERATOR
from govern.services.report_kinds import kind_named
from govern.services.reports import Asking, build
from govern.services.rulebooks import publish
from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.published import published
from tests.services import house as made
from tests.services.house import NOW, ROOT, House
from tests.services.test_gates import to_stage
from tests.web.caller import Callers, everybody


@contextmanager
def opened(migrated: Path, folder: Path) -> Generator[House]:
    """The usual people with the shipped rulebook, on SQLite."""
    path = folder / "govern.db"
    copyfile(migrated, path)
    store = Store(open_engine(f"sqlite:///{path}"))
    house = made.build(store)
    shipped = load(ROOT / "rules").rulebook
    assert shipped is not None
    publish(house.runtime, OPERATOR, shipped, note=None, now=NOW)
    yield house
    store.close()


def example(house: House) -> Callers:
    load_example(house.runtime, OPERATOR, ROOT / "examples", now=NOW)
    return everybody(house)


def transit(house: House) -> Callers:
    """The published figures of a transit authority; skips where they are not at hand."""
    report = import_folder(house.runtime, OPERATOR, published("mta_perf"), now=NOW)
    assert report.refusals == []
    return everybody(house)


def decided(house: House) -> Callers:
    """P1 in trouble, whose plan was changed; P2 at a gate; a figure that is overdue; advice not taken."""
    to_stage(house, made.add_project(house), "monitoring")
    made.report(
        house,
        "P1-K1",
        {"2026-06-30": 500, "2026-07-31": 600, "2026-08-31": 640, "2026-09-30": 700},
    )
    made.submit(house, made.add_project(house, "P2", name="Pay <less> & $save$"), "value_defined")
    rescope(house)
    return everybody(house)


def rescope(house: House) -> None:
    found = scope_changes.propose(
        house.runtime,
        house.pia,
        "P1",
        title="A smaller web shop",
        reason="Half of it is not wanted.",
        changes=[{"kind": "kpi", "kpi": "P1-K1", "fields": {"target": Decimal(1000)}}],
        effects=[{"kpi": "P1-K1", "size": Decimal(50), "by": date(2027, 1, 31)}],
        now=NOW,
    )
    for name in ("sam", "fay"):
        scope_votes.vote(
            house.runtime,
            house.actors[name],
            found["id"],
            decision=Answer.GO,
            reason="Better.",
            version=None,
            now=NOW,
        )


def report_of(house: House, kind: str, about: str | int | None = None, **asked: Any) -> Any:
    """A report as whoever may see everything has it."""
    return build(kind_named(kind), Asking(house.runtime, OPERATOR, about, NOW, **asked))

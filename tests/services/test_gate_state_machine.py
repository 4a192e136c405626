"""Whatever people do to a project in whatever order, whenever time passes and wherever the process
ends: the services do what the workflow file says, nothing twice, and nothing is lost.

`python -m tests.services.long_run` looks longer, and for other examples each time.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.databases import Postgres
from tests.services import gate_paths
from tests.services.gate_copies import Copies, postgresql_copies, sqlite_copies
from tests.services.gate_machine import Projects
from tests.services.gate_model import ON_HOLD, TERMINATED
from tests.services.gate_twin import Twin


def search(copies: Copies, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: Projects(copies),
        settings=settings(max_examples=examples, stateful_step_count=steps),
    )


def test_whatever_happens_on_sqlite(migrated_sqlite: Path, tmp_path: Path) -> None:
    search(sqlite_copies(migrated_sqlite, tmp_path), 16, 25)


def test_whatever_happens_on_postgresql(postgres: Postgres) -> None:
    with postgresql_copies(postgres) as copies:
        search(copies, 5, 20)


EXPECTED = {
    ("draft", None, False, None),
    ("draft", None, False, "start"),
    ("running", None, False, None),
    ("running", None, False, "check"),
    ("running", None, False, "panel"),
    ("review", None, False, None),
    ("review", None, False, "finish"),
    ("done", None, False, None),
    *((ON_HOLD, stage, False, None) for stage in ("draft", "running", "review")),
    # A conditional go leads out of draft, so that nothing can lapse there.
    *((ON_HOLD, stage, True, None) for stage in ("running", "review")),
    *((TERMINATED, stage, False, None) for stage in ("draft", "running", "review")),
}
"""Every state that a project can be in: stage, where it was held or ended, whether by a lapse, and
the gate that it stands before."""


def test_every_state_can_be_reached_and_from_each_there_is_a_way_to_an_end() -> None:
    ways = gate_paths.ways()
    assert set(ways) == EXPECTED
    for state, way in ways.items():
        assert gate_paths.ending(way) is not None, state


def test_the_services_go_the_same_ways(migrated_sqlite: Path, tmp_path: Path) -> None:
    _go(gate_paths.ways(), sqlite_copies(migrated_sqlite, tmp_path))


def test_the_services_go_the_same_ways_on_postgresql(postgres: Postgres) -> None:
    """Those that are no beginning of another one; so each state is seen."""
    ways = gate_paths.ways()
    longest = {
        state: way
        for state, way in ways.items()
        if not any(way == each[: len(way)] for each in ways.values() if each != way)
    }
    with postgresql_copies(postgres) as copies:
        _go(longest, copies)


def _go(ways: Mapping[gate_paths.State, Sequence[gate_paths.Step]], copies: Copies) -> None:
    for state, way in ways.items():
        with copies() as (store, furnished):
            twin = Twin(store, furnished)
            for step in way:
                assert step(twin), (state, step)
            assert gate_paths.state_of(twin.model) == state
            for step in gate_paths.ending(way) or ():
                assert step(twin), (state, step)
            assert twin.model.ended
            twin.verify()

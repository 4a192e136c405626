"""From stored rows to what fires: govern, and ZEN with rows that it reads for itself, from one file.

govern reads of its tables what the rules name, makes the observations, and judges: the state and the
streak of every rule for every KPI and project, as a backtest does. ZEN reads the same rows by one query of
`sqlite3`, which gives attainment and progress, counts what the rules on projects ask for, and evaluates.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks import dense
from benchmarks.goal import Goal, at_least
from benchmarks.peers.compare import write_job
from benchmarks.peers.measured import (
    HERE,
    Measured,
    NotMeasuredError,
    digest,
    in_a_process,
    measured,
    peers_python,
)
from benchmarks.peers.ours import facts
from benchmarks.peers.ready import rulebook
from benchmarks.peers.stored import store
from govern.domain.finding import FindingState
from govern.observation.frame import observe
from govern.rulebook.judge import columns_judged, judge_each
from govern.rulebook.rule import Scope
from govern.services.judging import projects_at_once
from govern.services.observing import load_tables
from govern.store.engine import open_engine
from govern.store.observations import count_values
from govern.store.projects import portfolios
from govern.store.transaction import Store

SIZES = (1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Compared:
    """Seconds of processor time by the number of projects."""

    govern: dict[int, float]
    zen: dict[int, float]

    def ratio(self, projects: int) -> float:
        return self.zen[projects] / self.govern[projects]


def compare(sizes: tuple[int, ...] = SIZES) -> Compared:
    """Raises NotMeasuredError where they do not find the same."""
    python = peers_python()
    found = Compared({}, {})
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "govern.db"
            store(path, size)
            write_job(Path(place), facts(1))
            ours = in_a_process([sys.executable, "-m", "benchmarks.peers.from_database", str(path)])
            runner = str(HERE / "runners" / "zen_from_database.py")
            theirs = in_a_process([str(python), runner, place])
        differing = [name for name in ours.found if theirs.found.get(name) != ours.found[name]]
        if differing:
            raise NotMeasuredError(f"ZEN does not find the same: {', '.join(differing)}")
        found.govern[size], found.zen[size] = ours.seconds, theirs.seconds
    return found


def goals(*, full: bool = False) -> list[Goal]:
    try:
        found = compare(SIZES if full else SIZES[:2])
    except NotMeasuredError as why:
        raise SystemExit(str(why)) from why
    return [
        at_least(f"database to findings, {size:,} projects: against ZEN", 5, found.ratio(size))
        for size in found.govern
    ]


def tell(found: Compared) -> Iterator[str]:
    yield "from the database to what fires, seconds of processor time; both find the same"
    yield "| projects | govern | ZEN | ratio |"
    yield "|---|---|---|---|"
    for size, seconds in found.govern.items():
        yield f"| {size:,} | {seconds:.2f} | {found.zen[size]:.2f} | {found.ratio(size):.2f} × |"


def judged(path: str) -> Measured:
    rules = rulebook().judged
    columns = columns_judged(rules)

    def run() -> dict[str, pl.Series]:
        rows: dict[str, list[pl.Series]] = {rule.id: [] for rule in rules}
        passed = {Scope.KPI: 0, Scope.PROJECT: 0}
        opened = Store(open_engine(f"sqlite:///{path}"))
        with opened.reading() as connection:
            ids = sorted(project for project, _ in portfolios(connection))
            size = projects_at_once(len(ids), count_values(connection))
            for first in range(0, len(ids), size):
                piece = set(ids[first : first + size])
                tables = load_tables(connection, piece, columns)
                observations = observe(tables, dense.AS_OF, columns)
                for each in judge_each(rules, observations):
                    fires = each.loud.filter(pl.col("state") == FindingState.FIRES.value)["row"]
                    rows[each.rule.id].append(fires + passed[each.rule.scope])
                passed[Scope.KPI] += observations.kpis.height
                passed[Scope.PROJECT] += observations.projects.height
        opened.close()
        return {name: pl.concat(told) for name, told in rows.items()}

    return measured(run, lambda: {name: digest(told) for name, told in run().items()})


if __name__ == "__main__":
    print(judged(sys.argv[1]).told())

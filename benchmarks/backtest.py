"""A backtest of 25 rules over 10,000 projects × 8 KPIs × 24 months (1.92 million rows), and the same
query as somebody would write it by hand in Polars, each in a process of its own, in one run.

Both are given the observations: the dense, sorted frames with attainment, progress and the like, in
memory. From there govern's side is what `govern rules backtest` does: all conditions, the state of
every rule in every period, counts of periods and subjects, the report for each rule, episodes that
flap or go on. By hand there is only where each rule fires and where it is unknown, and from this the
episodes. Both have the whole portfolio in one frame, and must name the same rows and the same
episodes, or there are no figures. Then the same in pieces of about a million rows, as the command
goes through a portfolio to bound its memory, which must not change what is found.
"""

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks import by_hand, dense
from govern.domain.finding import FindingState
from govern.observation.frame import Observations, observe
from govern.rulebook.backtest import Backtesting
from govern.rulebook.judge import judge, judge_each
from govern.rulebook.load import load
from govern.rulebook.rule import Rulebook, Scope
from govern.services.judged import PROJECTS_AT_ONCE
from govern.services.judging import projects_at_once

REPEATS = 5
FIRST = date(2024, 1, 1)
EPISODES = "episodes"
RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True)
class Side:
    """Medians of the repeats, in seconds; MiB at the peak, and before the first run. `found`: the
    rows of each rule, and their digest, where it fires and where it is unknown."""

    cpu: float
    wall: float
    peak: float
    before: float
    found: dict[str, tuple[int, str]]


def of_govern(projects: int) -> Side:
    return in_pieces_of(projects, projects)


def in_pieces(projects: int) -> Side:
    """As the command takes a portfolio of this size."""
    return in_pieces_of(projects_at_once(projects, projects * dense.KPIS * dense.MONTHS), projects)


def in_pieces_of(at_once: int, projects: int) -> Side:
    rulebook, pieces = rules(), observed(projects, at_once)

    def run() -> pl.DataFrame:
        testing = Backtesting(rulebook.judged, FIRST, dense.AS_OF)
        for piece in pieces:
            testing.add(piece)
        return testing.result().episodes

    return measured(run, lambda: _judged(rulebook, pieces) | {EPISODES: _digest_of(run())})


def by_somebody(projects: int) -> Side:
    (observations,) = observed(projects, projects)

    def run() -> pl.DataFrame:
        return by_hand.episodes(observations, by_hand.fired(observations))

    def found() -> dict[str, tuple[int, str]]:
        columns = [c for frame in by_hand.fired(observations) for c in frame.get_columns()]
        rows = {column.name: _digest(column.arg_true().cast(pl.Int64)) for column in columns}
        return rows | {EPISODES: _digest_of(run())}

    return measured(run, found)


def only_fired(projects: int) -> Side:
    """By hand, without the episodes."""
    (observations,) = observed(projects, projects)
    return measured(lambda: by_hand.fired(observations), dict)


def on_one_date(projects: int) -> Side:
    """The last period only, as a sweep judges it."""
    rulebook, pieces = rules(), observed(projects, PROJECTS_AT_ONCE)

    def run() -> None:
        for piece in pieces:
            judge(rulebook, piece)

    return measured(run, dict)


SIDES = {
    "govern": of_govern,
    "pieces": in_pieces,
    "hand": by_somebody,
    "fired": only_fired,
    "date": on_one_date,
}


def rules() -> Rulebook:
    loaded = load(RULES)
    if loaded.rulebook is None:
        raise SystemExit("\n".join(problem.message for problem in loaded.problems))
    return loaded.rulebook


def observed(projects: int, at_once: int) -> list[Observations]:
    return [observe(piece, dense.AS_OF) for piece in dense.pieces(projects, at_once)]


def measured(run: Callable[[], object], found: Callable[[], dict[str, tuple[int, str]]]) -> Side:
    """The first run, which warms up, does not count."""
    before = _peak()
    run()
    cpu: list[float] = []
    wall: list[float] = []
    for _ in range(REPEATS):
        started, used = time.perf_counter(), _used()
        run()
        cpu.append(_used() - used)
        wall.append(time.perf_counter() - started)
    peak = _peak()
    return Side(statistics.median(cpu), statistics.median(wall), peak, before, found())


def _judged(rulebook: Rulebook, pieces: list[Observations]) -> dict[str, tuple[int, str]]:
    """Rows are counted on over the pieces, as in one frame."""
    rows: dict[str, list[pl.Series]] = {}
    passed = {Scope.KPI: 0, Scope.PROJECT: 0}
    for piece in pieces:
        for judged in judge_each(rulebook.judged, piece):
            for state, mark in ((FindingState.FIRES, ""), (FindingState.UNKNOWN, "?")):
                told = judged.loud.filter(pl.col("state") == state).get_column("row")
                so_far = rows.setdefault(judged.rule.id + mark, [])
                so_far.append(told + passed[judged.rule.scope])
        passed[Scope.KPI] += piece.kpis.height
        passed[Scope.PROJECT] += piece.projects.height
    return {name: _digest(pl.concat(told)) for name, told in rows.items()}


def _digest(rows: pl.Series) -> tuple[int, str]:
    text = "\n".join(map(str, rows.to_list()))
    return len(rows), hashlib.sha256(text.encode()).hexdigest()


def _digest_of(episodes: pl.DataFrame) -> tuple[int, str]:
    named = episodes.select("rule", "project", "kpi", "start", "end")
    text = named.sort(named.columns).write_csv()
    return named.height, hashlib.sha256(text.encode()).hexdigest()


def _used() -> float:
    """Seconds of CPU time of all threads of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process(side: str, projects: int) -> Side:
    command = [sys.executable, "-m", "benchmarks.backtest", side, "--projects", str(projects)]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return Side(**told | {"found": {name: tuple(each) for name, each in told["found"].items()}})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", nargs="?", choices=SIDES, help="one side, told as JSON")
    parser.add_argument("--projects", type=int, default=10_000)
    given = parser.parse_args()
    if given.side is not None:
        print(json.dumps(asdict(SIDES[given.side](given.projects))))
        return
    compare(given.projects)


def compare(projects: int = 10_000) -> None:
    sides = {side: in_a_process(side, projects) for side in SIDES}
    govern, hand = sides["govern"], sides["hand"]
    for other in (hand, sides["pieces"]):
        if other.found != govern.found:
            names = govern.found.keys() | other.found.keys()
            differing = (n for n in names if govern.found.get(n) != other.found.get(n))
            raise SystemExit(f"not the same rows: {', '.join(sorted(differing))}")
    counts = {name: count for name, (count, _) in govern.found.items()}
    episodes = counts.pop(EPISODES)
    unknown = sum(count for name, count in counts.items() if name.endswith("?"))
    fired = sum(counts.values()) - unknown
    rows = projects * dense.KPIS * dense.MONTHS
    print(f"{len(rules().judged)} rules, {rows:,} rows of KPIs, median of {REPEATS}")
    print(f"identical: {fired:,} rows fire, {unknown:,} are unknown, {episodes:,} episodes")
    print("| query | CPU time | wall time | peak memory | of it the observations |")
    print("|---|---|---|---|---|")
    for name, side in (
        ("backtest by govern", govern),
        ("the same in pieces", sides["pieces"]),
        ("the same by hand", hand),
        ("by hand, without episodes", sides["fired"]),
        ("the last period only, by govern", sides["date"]),
    ):
        print(
            f"| {name} | {side.cpu:.2f} s | {side.wall:.2f} s | {side.peak:.0f} MiB "
            f"| {side.before:.0f} MiB |"
        )
    ratios = (
        govern.cpu / hand.cpu,
        sides["pieces"].cpu / hand.cpu,
        govern.cpu / sides["fired"].cpu,
    )
    text = (
        "CPU time against the same by hand: {:.2f} ×, in pieces {:.2f} ×; without episodes {:.2f} ×"
    )
    print(text.format(*ratios))


if __name__ == "__main__":
    main()

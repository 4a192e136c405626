"""A backtest of 25 rules over 10,000 projects × 8 KPIs × 24 months (1.92 million rows), and the same
query as somebody would write it by hand in Polars, each in a process of its own, in one run.

Both are given the observations: the dense, sorted frames with attainment, progress and the like, in
memory. From there govern's side is what `govern rules backtest` does: all conditions, the state of
every rule in every period, counts of periods and subjects, the report for each rule, episodes that
flap or go on. By hand there is only where each rule fires and where it is unknown, and from this the
episodes. Both have the whole portfolio in one frame, and must name the same rows and the same
episodes, or there are no figures. Then the same in pieces, as the command goes through a portfolio to
bound its memory, which must not change what is found.

At last one piece after the other, made when it is wanted and observed as far as the rules read it, over
10,000 and 100,000 projects (19.2 million rows): what a process takes that holds one piece at a time.
"""

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks import by_hand, dense
from benchmarks.goal import Goal, at_most
from govern.domain.finding import FindingState
from govern.observation.frame import Observations, observe
from govern.observation.tables import ObservationTables
from govern.rulebook.backtest import Backtesting
from govern.rulebook.judge import columns_judged, judge, judge_each
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


def one_after_the_other(projects: int) -> Side:
    """As the command does it: only one piece is there at a time; its making counts for the memory."""
    rulebook = rules()
    testing = Backtesting(rulebook.judged, FIRST, dense.AS_OF, listed=0)

    def run(tables: ObservationTables) -> Callable[[], object]:
        piece = testing.observed(tables)
        return lambda: testing.add(piece)

    def found() -> dict[str, tuple[int, str]]:
        result = testing.result()
        states = {each.rule.id: (each.counts.fired, "") for each in result.rules}
        states |= {f"{each.rule.id}?": (each.counts.unknown, "") for each in result.rules}
        return states | {EPISODES: (sum(each.episodes for each in result.rules), "")}

    return streamed(projects, run, found)


def one_by_hand(projects: int) -> Side:
    """By hand over the same pieces."""
    columns = columns_judged(rules().judged)
    counts: Counter[str] = Counter()

    def run(tables: ObservationTables) -> Callable[[], object]:
        piece = observe(tables, dense.AS_OF, columns)

        def judged() -> None:
            fired = by_hand.fired(piece)
            found = by_hand.episodes(piece, fired)
            counts[EPISODES] += found.height
            for column in (each for frame in fired for each in frame.get_columns()):
                counts[column.name] += int(column.sum())

        return judged

    return streamed(projects, run, lambda: {name: (each, "") for name, each in counts.items()})


def streamed(
    projects: int,
    run: Callable[[ObservationTables], Callable[[], object]],
    found: Callable[[], dict[str, tuple[int, str]]],
) -> Side:
    """`run` prepares a piece, which is not timed, and gives what is."""
    before = _peak()
    cpu = wall = 0.0
    at_once = projects_at_once(projects, projects * dense.KPIS * dense.MONTHS)
    for tables in dense.pieces(projects, at_once):
        judge_it = run(tables)
        started, used = time.perf_counter(), _used()
        judge_it()
        cpu, wall = cpu + _used() - used, wall + time.perf_counter() - started
    return Side(cpu, wall, _peak(), before, found())


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
    "streamed": one_after_the_other,
    "hand_streamed": one_by_hand,
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
    parser.add_argument("--large", type=int, default=100_000, help="projects, one piece at a time")
    given = parser.parse_args()
    if given.side is not None:
        print(json.dumps(asdict(SIDES[given.side](given.projects))))
        return
    compare(given.projects)
    for size in (given.projects, given.large):
        show_streamed(size)


def goals(*, full: bool = False) -> list[Goal]:
    """One piece at a time, so that the size says nothing of the ratio or the memory: 10,000 projects, or
    100,000."""
    projects = 100_000 if full else 10_000
    ours, by_them = both_streamed(projects)
    rows = projects * dense.KPIS * dense.MONTHS
    return [
        at_most(
            f"backtest of {rows:,} rows against the query by hand", 1.3, ours.cpu / by_them.cpu
        ),
        at_most(f"peak memory of a backtest of {rows:,} rows", 512, ours.peak, "MiB"),
    ]


def both_streamed(projects: int) -> tuple[Side, Side]:
    """Raises SystemExit where they do not find the same."""
    ours, by_them = in_a_process("streamed", projects), in_a_process("hand_streamed", projects)
    require_same(ours, by_them)
    return ours, by_them


def show_streamed(projects: int) -> None:
    ours, by_them = both_streamed(projects)
    print(f"\n{projects:,} projects, one piece at a time")
    print("| query | CPU time | wall time | peak memory |")
    print("|---|---|---|---|")
    for name, side in (("backtest by govern", ours), ("the same by hand", by_them)):
        print(f"| {name} | {side.cpu:.2f} s | {side.wall:.2f} s | {side.peak:.0f} MiB |")
    print(f"CPU time against the same by hand: {ours.cpu / by_them.cpu:.2f} ×")


def require_same(one: Side, other: Side) -> None:
    if one.found != other.found:
        names = one.found.keys() | other.found.keys()
        differing = (n for n in names if one.found.get(n) != other.found.get(n))
        raise SystemExit(f"not the same rows: {', '.join(sorted(differing))}")


def compare(projects: int = 10_000) -> None:
    whole = ("govern", "pieces", "hand", "fired", "date")
    sides = {side: in_a_process(side, projects) for side in whole}
    govern, hand = sides["govern"], sides["hand"]
    require_same(govern, hand)
    require_same(govern, sides["pieces"])
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

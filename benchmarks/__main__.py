"""`python -m benchmarks`: every goal, what was measured, and what falls short, in one table.

Each benchmark runs in a process of its own, so that one that fails takes no other along; it is told as
not measured, with its last words. Sizes are those that take a minute or so each; `--full` takes those
that README.md tells of. With the names of some benchmarks only these run.
"""

import argparse
import importlib
import inspect
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.goal import Goal

BENCHMARKS = (
    *("startup", "rule_check", "peers.compare", "peers.from_database", "backtest"),
    *("sweeping", "gate_check", "service", "flat", "importing", "verify", "sealing", "watching"),
)
MOST_S, MOST_FULL_S = 240, 3_600
"""How long one benchmark may take."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benchmarks", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--full", action="store_true", help="at the sizes of README.md")
    parser.add_argument("--goals-of", choices=BENCHMARKS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.goals_of is not None:
        print(json.dumps([asdict(goal) for goal in _goals(given.goals_of, given.full)]))
        return
    unknown = [name for name in given.benchmarks if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    _tell(given.benchmarks or BENCHMARKS, given.full)


def _tell(benchmarks: Sequence[str], full: bool) -> None:
    """The table, row after row, as each is measured."""
    print(f"Goals, {datetime.now(UTC).date().isoformat()}; {_machine()}\n", flush=True)
    print("| benchmark | goal | asked | measured | |")
    print("|---|---|---|---|---|", flush=True)
    missed, unmeasured = 0, 0
    for name in benchmarks:
        began = time.monotonic()
        try:
            goals = _asked(name, full)
        except _FailedError as why:
            print(f"| {name} | | | could not be measured: {why} | **?** |", flush=True)
            unmeasured += 1
            continue
        for goal in goals:
            mark = "met" if goal.met else "**falls short**"
            missed += not goal.met
            print(f"| {name} | {goal.what} | {goal.asked} | {goal.measured} | {mark} |", flush=True)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(f"\n{missed} fall short, {unmeasured} benchmarks could not be measured")


class _FailedError(Exception):
    pass


def _asked(name: str, full: bool) -> list[Goal]:
    """What a process with the one benchmark tells. Raises _FailedError with the reason."""
    command = [sys.executable, "-m", "benchmarks", "--goals-of", name]
    command += ["--full"] if full else []
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    most = MOST_FULL_S if full else MOST_S
    try:
        told, said = child.communicate(timeout=most)
    except subprocess.TimeoutExpired:
        _end(child)
        raise _FailedError(f"it took more than {most} s") from None
    if child.returncode:
        raise _FailedError((said.strip() or "it said nothing").splitlines()[-1])
    return [Goal(**each) for each in json.loads(told.splitlines()[-1])]


def _end(child: subprocess.Popen[str]) -> None:
    """Interrupted first, so that it stops the servers that it started."""
    os.killpg(child.pid, signal.SIGINT)
    try:
        child.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def _goals(name: str, full: bool) -> list[Goal]:
    """A benchmark of one size only has no `full`."""
    goals = importlib.import_module(f"benchmarks.{name}").goals
    return goals(full=full) if "full" in inspect.signature(goals).parameters else goals()


def _machine() -> str:
    found = Path("/proc/cpuinfo")
    lines = found.read_text().splitlines() if found.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} × {next(iter(models), 'unknown')}, load {load:.1f}"


if __name__ == "__main__":
    main()

"""What a person waits for until `govern` answers: `--help` and `--version`, each a process of its own,
beside a bare interpreter that starts and ends, and one that imports click, which the commands are made
with. They take turns; medians.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.goal import Goal, at_most

ROUNDS, FEW = 31, 11
MOST_S = 0.15
_GOVERN = "from govern.cli.main import main; main()"
HELP = "govern --help"
WAYS: dict[str, list[str]] = {
    "a bare interpreter": ["-c", "pass"],
    "that imports click": ["-c", "import click"],
    HELP: ["-c", _GOVERN, "--help"],
    "govern --version": ["-c", _GOVERN, "--version"],
    "govern sweep --help": ["-c", _GOVERN, "sweep", "--help"],
}


@dataclass(frozen=True)
class Started:
    """Seconds on the clock and of the processor."""

    clock: float
    processor: float


def started(arguments: list[str]) -> Started:
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    clock = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments)} exited with {child.returncode}")
    return Started(clock, usage.ru_utime + usage.ru_stime)


def measure(rounds: int, ways: dict[str, list[str]]) -> dict[str, Started]:
    runs: dict[str, list[Started]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, arguments in ways.items():
            runs[way].append(started(arguments))
    return {
        way: Started(
            statistics.median(run.clock for run in of),
            statistics.median(run.processor for run in of),
        )
        for way, of in runs.items()
    }


def goals(*, full: bool = False) -> list[Goal]:
    """Of the processor: on the clock the figure is the machine's."""
    found = measure(ROUNDS if full else FEW, {HELP: WAYS[HELP]})
    return [at_most("start-up of `govern --help`", MOST_S, found[HELP].processor, "s")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    found = measure(parser.parse_args().rounds, WAYS)
    bare = found["a bare interpreter"]
    print("| process | on the clock | of the processor | against a bare interpreter |")
    print("|---|---|---|---|")
    for way, took in found.items():
        print(
            f"| {way} | {took.clock:.3f} s | {took.processor:.3f} s "
            f"| {took.processor / bare.processor:.1f} × |"
        )


if __name__ == "__main__":
    main()

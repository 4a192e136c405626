"""`govern rules check` on a file of 1,000 rules, in a process of its own, beside three bounds measured
in the same run: what libyaml's parser (in C) and PyYAML's own (in Python) take for nothing but the
events of the same text, and `govern rules check` on a file of one rule.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.goal import Goal, at_most
from benchmarks.many_rules import many_rules

REPEATS, RULES = 5, 1_000
AS_IT_WAS = 33
"""Times libyaml's bare parse, on a busy machine: the table in README.md."""


@dataclass(frozen=True)
class Run:
    """Seconds on the clock and of the processor, and MiB of resident memory at the peak."""

    clock: float
    processor: float
    peak: float


def check(folder: Path) -> Run:
    """One `govern rules check`, measured by the operating system as the child ends."""
    code = "from govern.cli.main import main; main()"
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", code, "--rules", str(folder), "rules", "check"],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    clock = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"govern rules check exited with {child.returncode}")
    return Run(clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def parse(text: str, loader: Any) -> Run:
    """One pass over the text's events, in this process."""
    clock, processor = time.perf_counter(), time.process_time()
    for _ in yaml.parse(text, Loader=loader):
        pass
    return Run(time.perf_counter() - clock, time.process_time() - processor, 0)


def median(runs: list[Run]) -> Run:
    return Run(
        statistics.median(run.clock for run in runs),
        statistics.median(run.processor for run in runs),
        statistics.median(run.peak for run in runs),
    )


def written(folder: Path, rules: int) -> str:
    text = many_rules(rules)
    folder.mkdir()
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    return text


@dataclass(frozen=True)
class Measured:
    """Medians: the command on all rules and on one, and the bounds. `text` is what was checked."""

    text: str
    many: Run
    one: Run
    bare: Run
    python: Run


def measure(rules: int, repeats: int) -> Measured:
    many, one, bare, python = [], [], [], []
    with tempfile.TemporaryDirectory() as place:
        text = written(Path(place) / "many", rules)
        written(Path(place) / "one", 1)
        check(Path(place) / "one")
        for _ in range(repeats):
            many.append(check(Path(place) / "many"))
            one.append(check(Path(place) / "one"))
            bare.append(parse(text, yaml.CBaseLoader))
            python.append(parse(text, yaml.BaseLoader))
    return Measured(text, median(many), median(one), median(bare), median(python))


def goals(*, full: bool = False) -> list[Goal]:
    """Nothing was asked for; it is not to become slower than it was."""
    found = measure(RULES, REPEATS if full else 1)
    what = f"check of {RULES:,} rules against libyaml's bare parse, as it was"
    return [at_most(what, AS_IT_WAS, found.many.processor / found.bare.processor)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=RULES)
    given = parser.parse_args()
    found = measure(given.rules, REPEATS)
    lines = found.text.count("\n")
    print(
        f"{given.rules} rules, {lines} lines, {len(found.text) / 2**20:.1f} MiB; median of {REPEATS}"
    )
    print("| job | wall time | processor | peak memory | against libyaml | against PyYAML |")
    print("|---|---|---|---|---|---|")
    for name, run in (
        (f"check {given.rules} rules", found.many),
        ("check one rule", found.one),
        ("events from libyaml (C)", found.bare),
        ("events from PyYAML (Python)", found.python),
    ):
        peak = f"{run.peak:.0f} MiB" if run.peak else ""
        print(
            f"| {name} | {run.clock:.2f} s | {run.processor:.2f} s | {peak} "
            f"| {run.processor / found.bare.processor:.1f} × "
            f"| {run.processor / found.python.processor:.1f} × |"
        )


if __name__ == "__main__":
    main()

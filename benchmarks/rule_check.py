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

from benchmarks.many_rules import many_rules

REPEATS = 5


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=1000)
    given = parser.parse_args()
    many, one, bare, python = [], [], [], []
    with tempfile.TemporaryDirectory() as place:
        text = written(Path(place) / "many", given.rules)
        written(Path(place) / "one", 1)
        check(Path(place) / "one")
        for _ in range(REPEATS):
            many.append(check(Path(place) / "many"))
            one.append(check(Path(place) / "one"))
            bare.append(parse(text, yaml.CBaseLoader))
            python.append(parse(text, yaml.BaseLoader))
    lines = text.count("\n")
    print(f"{given.rules} rules, {lines} lines, {len(text) / 2**20:.1f} MiB; median of {REPEATS}")
    print("| job | wall time | processor | peak memory | against libyaml | against PyYAML |")
    print("|---|---|---|---|---|---|")
    c, py = median(bare), median(python)
    for name, found in (
        (f"check {given.rules} rules", median(many)),
        ("check one rule", median(one)),
        ("events from libyaml (C)", c),
        ("events from PyYAML (Python)", py),
    ):
        peak = f"{found.peak:.0f} MiB" if found.peak else ""
        print(
            f"| {name} | {found.clock:.2f} s | {found.processor:.2f} s | {peak} "
            f"| {found.processor / c.processor:.1f} × | {found.processor / py.processor:.1f} × |"
        )


if __name__ == "__main__":
    main()

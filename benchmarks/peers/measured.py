"""One pass over the workload, timed, and what fired in it, as every side tells it."""

import hashlib
import json
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

REPEATS = 5
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Found = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Measured:
    """`seconds` of processor time of a pass, the median of its repeats; `found`: per rule how many
    rows it fires in, and the digest of their numbers."""

    seconds: float
    found: Found

    def told(self) -> str:
        return json.dumps(asdict(self))


class NotMeasuredError(Exception):
    """With the reason why a side cannot be measured here."""


def measured(run: Callable[[], object], found: Callable[[], Found]) -> Measured:
    """The first run, which warms up, does not count."""
    run()
    seconds: list[float] = []
    for _ in range(REPEATS):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return Measured(statistics.median(seconds), found())


def in_a_process(command: list[str]) -> Measured:
    """What a process tells of itself. Raises NotMeasuredError with its last words."""
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise NotMeasuredError((done.stderr.strip() or "it said nothing").splitlines()[-1])
    told = json.loads(done.stdout)
    return Measured(told["seconds"], {name: tuple(each) for name, each in told["found"].items()})


def peers_python() -> Path:
    """Of the peers' own environment. Raises NotMeasuredError where there is none."""
    python = ROOT / ".venv" / "peers" / "bin" / "python"
    if not python.exists():
        raise NotMeasuredError("the peers are not installed; make bench does")
    return python


def fired(columns: Mapping[str, pl.Series]) -> Found:
    """Of Boolean columns, in which null does not fire."""
    return {name: digest(column.arg_true()) for name, column in columns.items()}


def digest(rows: pl.Series) -> tuple[int, str]:
    text = "\n".join(map(str, rows.to_list()))
    return len(rows), hashlib.sha256(text.encode()).hexdigest()

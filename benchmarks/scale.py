"""What a piece of a portfolio takes on its way to an executor and back, for `docs/scale.md`: processor time
and bytes a project, against judging the same rows from tables in memory.

    POLARS_MAX_THREADS=1 .venv/bin/python -m benchmarks.scale [--projects N]
"""

import argparse
import pickle
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time
from typing import TypeVar

import polars as pl

from benchmarks import dense
from govern.observation.frame import observe
from govern.observation.nested import flat, nested
from govern.observation.tables import ObservationTables
from govern.rulebook.backtest import Backtesting
from govern.rulebook.load import load
from govern.rulebook.rule import Rulebook
from govern.settings import shipped

FIRST = date(2024, 11, 1)
T = TypeVar("T")


def timed(what: str, projects: int, work: Callable[[], T]) -> T:
    began = process_time()
    made = work()
    print(f"{what}: {(process_time() - began) / projects * 1000:.4f} ms a project")
    return made


def judged(rulebook: Rulebook, tables: ObservationTables) -> Backtesting:
    """Two years of the shipped rules."""
    testing = Backtesting(rulebook.judged, FIRST, dense.AS_OF)
    testing.add(observe(tables, dense.AS_OF))
    return testing


def measure(projects: int, file: Path) -> None:
    rulebook = load(shipped("rules")).rulebook
    if rulebook is None:
        raise SystemExit("the shipped rules have errors")
    tables = dense.tables(projects)
    rows = timed("tables to rows", projects, lambda: nested(tables))
    timed("rows to Parquet", projects, lambda: rows.write_parquet(file))
    again = timed("Parquet to tables", projects, lambda: flat(pl.read_parquet(file)))
    found = timed("judged from tables", projects, lambda: judged(rulebook, again))
    backtest = timed("a backtest packed", projects, lambda: pickle.dumps(found))
    sweep = timed("the tables of a sweep packed", projects, lambda: pickle.dumps(tables))
    sizes = {"Parquet": file.stat().st_size, "a backtest": len(backtest), "a sweep": len(sweep)}
    for what, size in sizes.items():
        print(f"{what}: {size / projects / 1024:.2f} KiB a project")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--projects", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        measure(asked.projects, Path(place) / "frame.parquet")


if __name__ == "__main__":
    main()

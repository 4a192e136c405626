"""`python -m tests.torture --seconds 600`, or `make torture SECONDS=600`: every fault, for a stated time.

Prints, for each trial, the faults that were injected and what was acknowledged, lost and duplicated; ends
with 1 where anything is not as it must be. With the same `--seed` the same faults are chosen; at which
moment of the load they come is left to the machine.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.torture.place import POSTGRESQL, SQLITE, place
from tests.torture.tally import Tally
from tests.torture.trials import TRIALS


def rounds_for(seconds: float) -> Iterator[int]:
    """One at least, and another as long as there is time."""
    until = time.monotonic() + seconds
    for number in count():
        yield number
        if time.monotonic() > until:
            return


def main() -> int:
    asked = _asked()
    chosen = [
        (name, kind)
        for name in asked.only or TRIALS
        for kind in TRIALS[name].ON
        if kind in asked.on
    ]
    each_s = asked.seconds / max(len(chosen), 1)
    sys.stdout.write(
        f"{len(chosen)} trials of {each_s:.0f} s each, seed {asked.seed}; each ends the round it is in\n"
    )
    results: list[tuple[str, str, Tally]] = []
    for name, kind in chosen:
        with tempfile.TemporaryDirectory() as folder, place(kind, Path(folder) / kind) as there:
            # By name, so that a trial does the same alone as among others.
            pick = random.Random(f"{asked.seed} {name} {kind}")  # noqa: S311
            found = TRIALS[name].run(there, pick, rounds_for(each_s))
        results.append((name, kind, found))
        sys.stdout.write(f"{name} on {kind}: {_told(found)}\n")
        for each in found.wrong:
            sys.stdout.write(f"  {each}\n")
        sys.stdout.flush()
    whole = sum((found for *_, found in results), Tally())
    Console().print(_table(results, whole))
    return 0 if whole.holds else 1


def _asked() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        prog="python -m tests.torture",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("only", nargs="*", metavar="TRIAL", help=f"of {', '.join(TRIALS)}")
    options.add_argument("--seconds", type=float, default=600, help="for all of them together")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--on", choices=(SQLITE, POSTGRESQL), action="append")
    asked = options.parse_args()
    asked.on = asked.on or [SQLITE, POSTGRESQL]
    if unknown := set(asked.only) - set(TRIALS):
        options.error(
            f"there is no trial {', '.join(sorted(unknown))}; there is {', '.join(TRIALS)}"
        )
    return asked


def _told(found: Tally) -> str:
    told = f"{found.injected} faults, {found.acknowledged} acknowledged, {found.lost} lost"
    return f"{told}, {found.duplicated} duplicated, {len(found.wrong)} wrong"


def _table(results: list[tuple[str, str, Tally]], whole: Tally) -> Table:
    table = Table("Fault", "Database")
    for name in ("Injected", "Acknowledged", "Lost", "Duplicated", "Wrong"):
        table.add_column(name, justify="right")
    for name, kind, found in results:
        table.add_row(TRIALS[name].NAME, kind, *_numbers(found))
    table.add_section()
    table.add_row("all", "", *_numbers(whole))
    return table


def _numbers(found: Tally) -> list[str]:
    counts = (found.injected, found.acknowledged, found.lost, found.duplicated, len(found.wrong))
    return [str(each) for each in counts]


if __name__ == "__main__":
    sys.exit(main())

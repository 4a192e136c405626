"""Damaged conditions by the million: `python -m tests.language.fuzz --seed 1`, or `make fuzz`.

What it finds is printed as a line to run again, `--text '…'`: the number that stands before it is
another text as soon as a condition is added to a document or test. Ends by itself.
"""

import argparse
import ast
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from shlex import quote
from types import FrameType

from govern.documents.problem import Problem
from govern.language.analysis import is_never_false, is_never_true, overlap
from govern.language.check import Checked
from govern.language.columns import evaluate
from govern.language.errors import LanguageError
from govern.language.explain import explain
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.scopes import DELIVERABLE, KPI, PROJECT, Scope
from govern.language.spacing import respaced
from govern.language.types import BOOLEAN
from govern.language.write import write
from govern.observation.frame import Observations
from tests.language.mutants import mutant
from tests.language.portfolio import as_decimal, checked, kpi, observed

PATH = "test"
SCOPES: tuple[Scope, ...] = (KPI, PROJECT, DELIVERABLE)
LONGEST_SECONDS = 20
"""No input takes a tenth of it; the alarm is for what would not end."""
_BLOCK = 1000


class FaultError(Exception):
    """The language did with an input what it never should."""


def conditions_of(text: str) -> list[Checked]:
    """The conditions that a text is in the scopes it fits; none of them if it is refused.

    Raises `FaultError` where it is refused without a place inside the text, or where the tree that
    was read is not the one that its writing gives. Everything else that is raised is a fault too.
    """
    try:
        expression = parse(text, within(PATH, text))
    except LanguageError as error:
        _check_places(error.problems, text)
        return []
    written = write(expression.tree)
    if _reads_otherwise(written, expression.tree):
        raise FaultError(f"written as {written!r}")
    respaced(text)
    found: list[Checked] = []
    for scope in SCOPES:
        try:
            found.append(checked(text, scope))
        except LanguageError as error:
            _check_places(error.problems, text)
    for condition in found:
        if condition.type == BOOLEAN:
            is_never_true(condition)
            is_never_false(condition)
            overlap(condition, condition)
    return found


def _reads_otherwise(written: str, tree: object) -> bool:
    try:
        return parse(written, within(PATH, written)).tree != tree
    except LanguageError as error:
        # Writing may take more characters than were read: blanks, and brackets around `-1`.
        return {problem.code for problem in error.problems} != {"E207"}


def _check_places(problems: tuple[Problem, ...], text: str) -> None:
    if not problems:
        raise FaultError("refused without a problem")
    lines = text.split("\n")
    for problem in problems:
        place = problem.place
        inside = place.path == PATH and 1 <= place.line <= len(lines) and place.column >= 1
        end = place.column + place.length - 1
        if not inside or place.length < 1 or end > len(lines[place.line - 1]) + 1:
            raise FaultError(f"{problem.code} stands at {place}, {place.length} long")


def portfolio() -> Observations:
    """A few rows with gaps, zeros, negatives, and values on thresholds."""
    kpis = [
        kpi("A", [84, None, 84, 90, 0, -3], 105, direction="increase", baseline=0.0, weight=0.0),
        kpi("B", [5, 4, 4, 1e14, 1e300], 100, direction="at_most", category="cost", owner="Ann"),
        kpi("C", [], project="P2"),
    ]
    deliverables = [
        {"project": "P1", "deliverable": "D", "name": "D", "state": "done", "cost": 5.0},
        {"project": "P2", "deliverable": "E", "name": "E"},
    ]
    serves = [{"deliverable": "D", "kpi": "A", "contribution": 0.05}]
    projects = [{"project": name, "name": name, "tags": ["x"]} for name in ("P1", "P2")]
    return observed(kpis, 6, projects=projects, deliverables=deliverables, serves=serves)


def check_readings(conditions: list[Checked], observations: Observations) -> None:
    """Raises `FaultError` where columns and explanation differ."""
    values = [condition for condition in conditions if condition.type.is_scalar]
    for condition, column in zip(values, evaluate(observations, values), strict=True):
        plain = [explain(condition, observations, row).value for row in range(len(column))]
        if [as_decimal(cell) for cell in column] != plain:
            raise FaultError(f"{column.to_list()} in columns, {plain} explained")


class _Alarm(BaseException):
    """Not an `Exception`: nothing catches it on the way."""


@contextmanager
def _alarmed() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise _Alarm

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST_SECONDS)
    yield
    signal.alarm(0)


def _judged(seed: int, number: int, observations: Observations, read: bool) -> tuple[str, str]:
    """What became of an input, and the fault if there is one."""
    text = mutant(seed, number)
    try:
        with _alarmed():
            found = conditions_of(text)
            if read:
                check_readings(found, observations)
    except (Exception, _Alarm) as error:  # whatever it is, it is what is looked for
        signal.alarm(0)
        return "faults", f"{number}: {type(error).__name__}: {str(error)[:500]}"
    return ("conditions" if found else "refused"), ""


def _block(work: tuple[int, int, int]) -> tuple[Counter[str], list[str]]:
    seed, start, end = work
    observations = portfolio()
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for number in range(start, end):
        kind, fault = _judged(seed, number, observations, read=number % 50 == 0)
        counts[kind] += 1
        if fault:
            faults.append(f"{fault}\n    --text {quote(ascii(mutant(seed, number)))}")
    return counts, faults


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--text", type=ast.literal_eval, help="only this one, as Python writes it")
    asked = options.parse_args()
    if asked.text is not None:
        check_readings(conditions_of(asked.text), portfolio())
        return 0
    sys.stdout.write(f"seed {asked.seed}, {asked.count} inputs\n")
    starts = range(0, asked.count, _BLOCK)
    work = [(asked.seed, start, min(start + _BLOCK, asked.count)) for start in starts]
    counts: Counter[str] = Counter()
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        for done, (found, faults) in enumerate(pool.imap_unordered(_block, work), 1):
            counts += found
            for fault in faults[:20]:
                sys.stdout.write(f"{fault}\n")
            if done % 100 == 0 or done == len(work):
                told = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
                sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
    return 1 if counts["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())

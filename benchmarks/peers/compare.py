"""Every side on the same workload, in one run: whether all fire the same, and how fast each is.

An evaluation is one rule for one KPI or project, so that there are 165 to a project. All times are
processor time, so that what is told is the speed of one core.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.goal import Goal, at_least, at_most
from benchmarks.peers import json_logic, ours
from benchmarks.peers.dialects import CEL, RULE_ENGINE, ZEN
from benchmarks.peers.measured import (
    HERE,
    REPEATS,
    ROOT,
    Measured,
    NotMeasuredError,
    in_a_process,
    peers_python,
)
from benchmarks.peers.ready import SCOPES, Ready

SIZES = (1_000, 10_000, 100_000)
EVALUATIONS = 20 * 8 + 5
"""Of a project: 20 rules on each of its KPIs, and 5 on itself."""
PEERS = ("zen", "cel_expr_python", "common_expression_language", "rule_engine", "json_logic")
NAMES = {
    "govern": "govern, conditions on ready columns",
    "judged": "govern, as a sweep judges: counts made, states and streaks",
    "hand": "Polars, written by hand",
    "numpy": "numpy, generated",
    "python": "Python, generated",
    "zen": "zen-engine",
    "cel_expr_python": "cel-expr-python",
    "common_expression_language": "common-expression-language",
    "rule_engine": "rule-engine",
    "json_logic": "json-logic-engine, compiled, in Node.js",
}
_LANGUAGES = {
    "zen": ZEN.write,
    "cel_expr_python": CEL.write,
    "common_expression_language": CEL.write,
    "rule_engine": RULE_ENGINE.write,
    "json_logic": json_logic.write,
}
_PATIENCE = 20.0
"""Seconds that a pass over the next size may take, by the pass before; a slower peer stops there."""
_NODE_WARM_UP = 5


@dataclass(frozen=True)
class Compared:
    """What was measured at each size; `left_out`: side → why it is not there."""

    sizes: tuple[int, ...]
    sides: dict[str, dict[int, Measured]]
    left_out: dict[str, str]

    def rate(self, side: str, projects: int) -> float:
        """Evaluations a second; at a size that the side was too slow for, those of the largest."""
        at = self.sides[side]
        size = projects if projects in at else max(at)
        return size * EVALUATIONS / at[size].seconds

    def fastest(self, projects: int) -> str:
        """The runtime for rules that is quickest; what is written by hand or generated is none."""
        there = (peer for peer in PEERS if peer in self.sides)
        return max(there, key=lambda peer: self.rate(peer, projects))


def compare(sizes: tuple[int, ...] = SIZES) -> Compared:
    """Raises NotMeasuredError where two sides do not fire the same, or one of govern's own fails."""
    sides: dict[str, dict[int, Measured]] = {}
    left_out: dict[str, str] = {}
    for size in sizes:
        for side in ours.SIDES:
            sides.setdefault(side, {})[size] = _own(side, size)
        with tempfile.TemporaryDirectory() as folder:
            going = [
                peer for peer in PEERS if peer not in left_out and _has_time(sides, peer, size)
            ]
            write_job(Path(folder), ours.facts(size))
            for peer in going:
                try:
                    sides.setdefault(peer, {})[size] = in_a_process(_command(peer, folder))
                except NotMeasuredError as why:
                    left_out[peer] = str(why)
        _must_agree(sides, size)
    return Compared(sizes, {side: at for side, at in sides.items() if at}, left_out)


def goals(*, full: bool = False) -> list[Goal]:
    try:
        found = compare(SIZES if full else SIZES[:2])
    except NotMeasuredError as why:
        raise SystemExit(str(why)) from why
    told = [
        Goal(f"rules, {NAMES[peer]}", "measured in the same run", f"left out: {why}", met=False)
        for peer, why in found.left_out.items()
    ]
    return [*told, *(goal for size in found.sizes for goal in _goals_at(found, size))]


def _goals_at(found: Compared, size: int) -> Iterator[Goal]:
    rate, at = found.rate("govern", size), f"rules on ready columns, {size:,} projects"
    if "zen" in found.sides:
        yield at_least(f"{at}: against ZEN", 100, rate / found.rate("zen", size))
    if any(peer in found.sides for peer in PEERS):
        fastest = found.fastest(size)
        against = f"{at}: against the fastest runtime, {fastest.replace('_', '-')}"
        yield at_least(against, 15, rate / found.rate(fastest, size))
    by_hand = found.rate("hand", size) / rate
    yield at_most(f"{at}: time against Polars by hand", 1.3, by_hand)


def tell(found: Compared) -> Iterator[str]:
    """Lines of a table in Markdown."""
    yield f"evaluations a second in millions, median of {REPEATS} passes; all fire the same"
    yield "| projects | " + " | ".join(f"{size:,}" for size in found.sizes) + " |"
    yield "|---|" + "---|" * len(found.sizes)
    for side, name in NAMES.items():
        if side in found.sides:
            cells = (_cell(found, side, size) for size in found.sizes)
            yield f"| {name} | {' | '.join(cells)} |"
    for peer, why in found.left_out.items():
        yield f"left out: {NAMES[peer]}: {why}"


def _cell(found: Compared, side: str, size: int) -> str:
    return f"{found.rate(side, size) / 1e6:.2f}" if size in found.sides[side] else "too slow"


def _own(side: str, size: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.peers", side, "--projects", str(size)]
    return in_a_process(command)


def _command(peer: str, folder: str) -> list[str]:
    if peer == "json_logic":
        modules = ROOT / ".venv" / "json-logic"
        node = shutil.which("node")
        if node is None or not modules.is_dir():
            raise NotMeasuredError("it takes Node.js with npm, and make bench to install it")
        return [node, str(HERE / "runners" / "json_logic.mjs"), str(modules), folder]
    return [str(peers_python()), str(HERE / "runners" / f"with_{peer}.py"), folder]


def write_job(folder: Path, given: Ready) -> None:
    """What the runners of peers read: the rules in each one's language, and the facts."""
    for scope in SCOPES:
        given.frame(scope).write_json(folder / f"{scope.value}.json")
    rules = {
        peer: {
            scope.value: {name: write(each) for name, each in given.formulas(scope).items()}
            for scope in SCOPES
        }
        for peer, write in _LANGUAGES.items()
    }
    job = {"rules": rules, "repeats": REPEATS, "warm_up": _NODE_WARM_UP}
    (folder / "job.json").write_text(json.dumps(job))


def _has_time(sides: dict[str, dict[int, Measured]], peer: str, size: int) -> bool:
    return all(
        measured.seconds * size / before <= _PATIENCE
        for before, measured in sides.get(peer, {}).items()
    )


def _must_agree(sides: dict[str, dict[int, Measured]], size: int) -> None:
    expected = sides["govern"][size].found
    for side, at in sides.items():
        found = at[size].found if size in at else expected
        differing = [name for name in expected if found.get(name) != expected[name]]
        if differing or found.keys() != expected.keys():
            raise NotMeasuredError(f"{side} does not fire the same: {', '.join(differing)}")

"""Damaged rule and workflow files: `python -m tests.rulebook.fuzz --seed 1`, or `make fuzz`.

Loading them never raises, and every problem has a place inside its file. What is found is printed
as a line to run again.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from random import Random

from govern.documents.problem import Problem, render
from govern.documents.source import Source
from govern.process import load as workflows
from govern.rulebook import load as rules
from govern.rulebook.fmt import formatted
from tests.language.mutants import ODD, WORDS

ROOT = Path(__file__).parents[2]
PATH = "area/file.yaml"
_YAML = [
    *(
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\n- ",
        " #",
        "|",
        ">",
        "|\n",
        "{",
        "}",
        "[",
        "]",
        "'",
        '"',
        "&a ",
        "*a",
    ),
    *(
        "!!str ",
        "!",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "<<: ",
        "? ",
        "~",
        "\t",
        "\t\n",
        "null",
        "yes",
    ),
    *("80%", "-1", "2026-02-30", "1e999", "0x1f", "{a: 1}", "[1, ~]", "id", "rules:", "tables:"),
]


@cache
def _bases() -> tuple[str, ...]:
    paths = [*ROOT.glob("rules/**/*.yaml"), *ROOT.glob("workflows/*.yaml")]
    return tuple(path.read_text() for path in sorted(paths))


def damaged(seed: int, number: int) -> str:
    """The damaged file of this number: the same on every run, and each on its own."""
    pick = Random(seed * 2**40 + number)  # noqa: S311
    text = pick.choice(_bases())
    for _ in range(pick.choice((1, 1, 2, 3, 5))):
        text = pick.choice(_DAMAGES)(text, pick)
    return text


def _lines(change: Callable[[list[str], Random], None]) -> Callable[[str, Random], str]:
    def changed(text: str, pick: Random) -> str:
        lines = text.split("\n")
        change(lines, pick)
        return "\n".join(lines)

    return changed


def _drop(lines: list[str], pick: Random) -> None:
    start = pick.randrange(len(lines))
    del lines[start : start + pick.choice((1, 1, 3, 40))]


def _swap(lines: list[str], pick: Random) -> None:
    one, other = pick.randrange(len(lines)), pick.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _repeat(lines: list[str], pick: Random) -> None:
    start = pick.randrange(len(lines))
    piece = lines[start : start + pick.choice((1, 5, 20))]
    at = pick.choice((start, pick.randrange(len(lines))))
    lines[at:at] = piece


def _shift(lines: list[str], pick: Random) -> None:
    at = pick.randrange(len(lines))
    lines[at] = pick.choice((" " + lines[at], "    " + lines[at], lines[at][1:], "\t" + lines[at]))


def _value(lines: list[str], pick: Random) -> None:
    at = pick.randrange(len(lines))
    key = lines[at].partition(":")[0]
    lines[at] = f"{key}: {pick.choice((*_YAML, *ODD, *WORDS))}"


def _inserted(text: str, pick: Random) -> str:
    at = pick.randint(0, len(text))
    piece = pick.choice((*_YAML, *ODD, *WORDS, chr(pick.randrange(0x110000))))
    return text[:at] + piece * pick.choice((1, 1, 1, 2, 200)) + text[at:]


def _deleted(text: str, pick: Random) -> str:
    at = pick.randint(0, len(text))
    return text[:at] + text[at + pick.choice((1, 1, 2, 10, 300)) :]


def _cut(text: str, pick: Random) -> str:
    return text[: pick.randint(0, len(text))]


_DAMAGES: tuple[Callable[[str, Random], str], ...] = (
    *map(_lines, (_drop, _swap, _repeat, _shift, _shift, _value, _value)),
    *(_inserted, _inserted, _deleted, _cut),
)


def faults(text: str) -> Iterable[str]:
    """What goes wrong with the file, other than that it is refused."""
    for load in (rules.load_sources, workflows.load_sources):
        found = load({PATH: text})
        yield from _misplaced(found.problems, found.sources, text)
    source = Source(PATH, text)
    yield from _misplaced(formatted(source).problems, {PATH: source}, text)


def _misplaced(
    problems: tuple[Problem, ...], sources: Mapping[str, Source], text: str
) -> Iterable[str]:
    lines = text.splitlines() or [""]
    for problem in problems:
        place = problem.place
        render(problem, sources)
        inside = 1 <= place.line <= len(lines) + 1 and place.column >= 1 and place.length >= 1
        if not inside:
            yield f"{problem.code} stands at {place}, {place.length} long"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=5_000)
    options.add_argument("--number", type=int, help="only this one")
    asked = options.parse_args()
    only = asked.number
    numbers = range(asked.count) if only is None else range(only, only + 1)
    sys.stdout.write(f"seed {asked.seed}, {len(numbers)} files\n")
    found = 0
    for number in numbers:
        try:
            told = list(faults(damaged(asked.seed, number)))
        except Exception as error:  # whatever it is, it is what is looked for
            if only is not None:
                raise
            told = [f"{type(error).__name__}: {error}"]
        found += len(told)
        for fault in told[:3]:
            sys.stdout.write(f"--seed {asked.seed} --number {number}: {fault}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{found} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

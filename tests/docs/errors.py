"""Runs the examples of `docs/errors.md`: each makes sound files wrong, and its code is what they get.

The page shows the sound files in blocks `yaml FILE`. The block of a code begins with its problem as it is
printed, and with those that come with it. Then follows one of two things:

- In a block `diff`, lines with `-` are what is wrong and lines with `+` what is right and stands in the
  files (lines with a blank stand in both). `@@` stands between changes of different places. A line
  `B8: text` is the cell of the workbook that `govern rules table export` writes for the table.
- In a block `console`, commands behind `$ ` are called in a directory with these files.

`python -m tests.docs.errors` writes the page anew with what is printed now.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path
from unittest import mock

from click.testing import CliRunner
from openpyxl import load_workbook

from govern.catalogue.load import load as load_catalogue
from govern.cli.main import govern
from govern.documents.problem import Problem
from govern.intake.source_load import load_sources
from govern.process.conditions import misfits
from govern.process.load import load as load_workflows
from govern.rulebook.load import load as load_rules
from govern.services.tables import Told, export_table, import_table

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
TODAY = date(2026, 11, 24)
RULES, WORKFLOWS, WORKBOOK = Path("rules"), Path("workflows"), Path("rag.xlsx")
CATALOGUE, SOURCES = Path("catalogue"), Path("sources")
TABLE = "kpi-rag"

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PROBLEM = re.compile(r"^\S.*?: (?:error|warning)\[(E\d\d\d)\]: .+$", re.MULTILINE)
_CELL = re.compile(r"([A-Z]+\d+):(?: (.*))?")


@dataclass(frozen=True)
class Example:
    """`told` are the problems as the page prints them, the first one of the code; `lines` is the rest
    of the block, `line` the number of its first line."""

    code: str
    told: tuple[str, ...]
    kind: str
    lines: tuple[str, ...]
    line: int


def sound_files(page: str) -> dict[str, str]:
    return {name: text for kind, name, text in _BLOCK.findall(page) if kind == "yaml" and name}


def examples(page: str) -> Iterator[Example]:
    for found in _BLOCK.finditer(page):
        lines = found[3].splitlines()
        told = tuple(takewhile(_PROBLEM.fullmatch, lines))
        if found[1] in {"diff", "console"} and told:
            code = _PROBLEM.sub(r"\1", told[0])
            number = page.count("\n", 0, found.start(3)) + 1
            yield Example(code, told, found[1], tuple(lines[len(told) :]), number)


@contextmanager
def directory_with(files: dict[str, str]) -> Generator[None]:
    """A scratch directory with these files, to work in; no settings."""
    before = Path.cwd()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GOVERN_")}
    with tempfile.TemporaryDirectory() as scratch, mock.patch.dict(os.environ, plain, clear=True):
        os.chdir(scratch)
        try:
            _write(files)
            yield
        finally:
            os.chdir(before)


def problems_of(example: Example, files: dict[str, str]) -> list[str]:
    """The problems of the files made wrong, each as it is printed on its first line."""
    with directory_with(files):
        if example.kind == "console":
            return _printed(example.lines)
        wrong, cells = _changed(example.lines, files, "-")
        found = _imported(cells, wrong) if cells else _checked(wrong)
        told = [_line(each) for each in found]
        return sorted(told, key=lambda each: f"[{example.code}]" not in each)


def problems_when_cured(example: Example, files: dict[str, str]) -> list[str]:
    """What is left of them with what the example says is right."""
    with directory_with(files):
        right, cells = _changed(example.lines, files, "+")
        assert right == files, "what is right is not what stands in the files"
        found = _imported(cells, right) if cells else _checked(right)
        return [_line(each) for each in found]


def _write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def _line(problem: Problem) -> str:
    return f"{problem.place}: {problem.level}[{problem.code}]: {problem.message}"


def _printed(commands: tuple[str, ...]) -> list[str]:
    output = ""
    for command in commands:
        words = command.removeprefix("$ ")
        if words.startswith("govern "):
            output += CliRunner().invoke(govern, words.split()[1:], prog_name="govern").output
        else:
            subprocess.run(["bash", "-c", words], check=True)
    return [found[0] for found in _PROBLEM.finditer(output)]


def _changed(
    lines: tuple[str, ...], files: dict[str, str], side: str
) -> tuple[dict[str, str], dict[str, str]]:
    """The files, and the contents of cells, with one side of the changes."""
    changed, cells = dict(files), dict[str, str]()
    for change in "\n".join(lines).split("\n@@\n"):
        kept = [line for line in change.split("\n") if line[0] in f" {side}"]
        if all(_CELL.fullmatch(line[1:]) for line in change.split("\n")):
            cells |= {found[1]: found[2] or "" for found in _cells(kept)}
            continue
        right = "".join(f"{line[1:]}\n" for line in change.split("\n") if line[0] in " +")
        there = [name for name, text in changed.items() if f"\n{text}".count(f"\n{right}") == 1]
        assert len(there) == 1, f"{there} hold once:\n{right}"
        text = "".join(f"{line[1:]}\n" for line in kept)
        changed[there[0]] = f"\n{changed[there[0]]}".replace(f"\n{right}", f"\n{text}")[1:]
    return changed, cells


def _cells(lines: list[str]) -> Iterator[re.Match[str]]:
    return (found for line in lines if (found := _CELL.fullmatch(line[1:])))


def _checked(files: dict[str, str]) -> list[Problem]:
    """The problems with files in the place of those that are there, and in use."""
    before = load_rules(RULES).readable
    in_use = load_workflows(WORKFLOWS, None).workflows.values()
    _write(files)
    rules = load_rules(RULES, today=TODAY)
    found = [*rules.problems, *load_workflows(WORKFLOWS, before, rules.calendars).problems]
    found += load_catalogue([CATALOGUE]).problems
    found += load_sources(SOURCES).problems
    if rules.rulebook is not None:
        for workflow in in_use:
            found += misfits(workflow, before, rules.readable)
    return found


def _imported(cells: dict[str, str], files: dict[str, str]) -> tuple[Problem, ...]:
    """The problems with the table's workbook where these cells were edited in it, and the files."""
    assert export_table(RULES, TABLE, WORKBOOK) is None
    book = load_workbook(WORKBOOK)
    for name, text in cells.items():
        book[TABLE][name] = text
    book.save(WORKBOOK)
    _write(files)
    done = import_table(RULES, WORKBOOK, dry_run=True)
    return done.problems if isinstance(done, Told) else done.told.problems


def _write_anew() -> None:
    page = PAGE.read_text(encoding="utf-8")
    files = sound_files(page)
    lines = page.splitlines()
    for example in reversed(list(examples(page))):
        found = problems_of(example, files)
        if found != list(example.told):
            sys.stdout.write(f"{PAGE.name}:{example.line}: {example.code}: {found}\n")
        if any(f"[{example.code}]" in each for each in found):
            start = example.line - 1
            lines[start : start + len(example.told)] = found
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write_anew()

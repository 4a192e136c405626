"""docs/rule-files.md: every file in it is loaded and tested, every trap is shown to be one."""

import re
from pathlib import Path

import pytest

from govern.documents import given
from govern.documents.problem import Level, render
from govern.documents.scalars import day, number
from govern.documents.shape import Record
from govern.domain.recommendation import Action
from govern.rulebook import format as keys
from govern.rulebook.load import Loaded, load_sources
from govern.rulebook.message import FORMATS, written
from govern.rulebook.trials import run
from tests.rulebook.rule_files import file, rule

DOC = (Path(__file__).parents[2] / "docs" / "rule-files.md").read_text(encoding="utf-8")
FILES = re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)
GOOD, BAD = FILES[:-1], FILES[-1]
PATH = "rules/revenue/revenue.yaml"


def load(text: str) -> Loaded:
    return load_sources({PATH: text})


@pytest.mark.parametrize("text", GOOD)
def test_every_file_is_right_and_its_tests_pass(text: str) -> None:
    found = load(text)
    assert found.rulebook is not None, found.problems
    assert all(each.level is Level.WARNING for each in found.problems)
    results = run(found.rulebook)
    assert len(results) >= 2
    assert [each for each in results if not each.passed] == []


def test_the_file_with_problems_has_the_ones_that_are_shown() -> None:
    (output,) = re.findall(r"```text\n(.*?)```", DOC, re.DOTALL)
    found = load(BAD)
    assert found.rulebook is None
    assert "\n".join(render(each, found.sources) for each in found.problems) + "\n" == output


TRAPS = re.findall(r"^\| `((?:when|message): .*?)` \| .*? \| `(.*?)` \|$", DOC, re.MULTILINE)


def in_a_rule(line: str) -> str:
    key = line.split(":", maxsplit=1)[0]
    text = file(rule(when="actual = 1"))
    return re.sub(rf"^    {key}: .*$", lambda _: f"    {line}", text, flags=re.MULTILINE)


@pytest.mark.parametrize(("trap", "cure"), TRAPS)
def test_every_trap_is_caught_and_its_cure_is_named(trap: str, cure: str) -> None:
    first = load(in_a_rule(trap)).problems[0]
    assert first.code in {"E103", "E104"}
    assert first.help is not None
    assert cure.split(": ", 1)[1] in first.help
    assert not {each.code for each in load(in_a_rule(cure)).problems} & {"E103", "E104", "E101"}


def test_there_are_as_many_traps_as_rows() -> None:
    assert len(TRAPS) == 9


def keys_of(record: Record) -> set[str]:
    return {each.key for each in record.fields}


@pytest.mark.parametrize(
    "keys_",
    [
        keys_of(keys.FILE),
        *(keys_of(record) for record in keys.RULE_OF.values()),
        keys_of(keys.RECOMMEND_RECORD),
        keys_of(given.KPI_GIVEN),
        keys_of(given.PROJECT_GIVEN),
        keys_of(given.DELIVERABLE),
        keys_of(given.CONDITION),
        keys_of(given.RECOMMENDATION),
    ],
)
def test_every_key_is_in_the_doc(keys_: set[str]) -> None:
    assert [key for key in sorted(keys_) if f"`{key}`" not in DOC] == []


def test_every_action_is_in_the_doc() -> None:
    assert [action for action in Action if f"`{action}`" not in DOC] == []


def test_every_format_is_in_the_doc_as_it_writes() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (.*?) \|$", DOC, re.MULTILINE)
    shown = {name: (value, text) for name, value, text in rows if name in FORMATS}
    assert set(shown) == set(FORMATS)
    for name, (value, text) in shown.items():
        assert written(number(value) or day(value), name) == text

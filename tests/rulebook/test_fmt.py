"""Formatting rule files: one layout, the same rules, every comment."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.documents.node import Mapping, Sequence
from govern.documents.parts import comments
from govern.documents.source import Place, Source
from govern.documents.yaml import load
from govern.language.check import Checked
from govern.rulebook.fmt import formatted
from govern.rulebook.load import load_sources
from tests.documents.ugly import Ugly

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "rules").rglob("*.yaml"))


def fmt(text: str) -> str:
    found = formatted(Source("a.yaml", text))
    assert found.text is not None, found.problems
    return found.text


def said(value: Any) -> Any:
    """What a rule says, wherever it stands."""
    if isinstance(value, Place):
        return None
    if isinstance(value, Checked):
        return value.meaning, dict(value.params)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value), [said(getattr(value, each.name)) for each in fields(value)]
    if isinstance(value, tuple):
        return [said(each) for each in value]
    return value


def rules(text: str) -> Any:
    found = load_sources({"a.yaml": text})
    assert found.rulebook is not None, found.problems
    return said(found.rulebook.rules)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_rules_are_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert fmt(text) == text


UGLY = """\
# About this file.

rules:
# the first one
- title: 'A'   # why
  id: a
  # a threshold of our own
  when: 'attainment<act  and( count(deliverables)>0 or -change(2)>=1 )'



  severity: "red"
  message: "{kpi} is late"
  tests:
  - {expect: fires, given: {actual: [ 1,2 ],   planned: 3}, name: "n"}
      # more to come
- {id: b, severity: amber, when: |-, title: "80%", message: "m"}
area: "x"
schema: govern/rules/v1
params: {act: "word", more: 80%}
"""


def test_a_file_before_and_after() -> None:
    text = UGLY.replace("when: |-", "when: actual>1 ")
    assert fmt(text) == (
        "# About this file.\n"
        "\n"
        "schema: govern/rules/v1\n"
        "area: x\n"
        "params: {act: word, more: 80%}\n"
        "\n"
        "rules:\n"
        "  # the first one\n"
        "  - id: a\n"
        "    title: A # why\n"
        "    # a threshold of our own\n"
        "    when: attainment < act and (count(deliverables) > 0 or -change(2) >= 1)\n"
        "\n"
        "    severity: red\n"
        '    message: "{kpi} is late"\n'
        "    tests:\n"
        '      - {name: "n", given: {actual: [1, 2], planned: 3}, expect: fires}\n'
        "      # more to come\n"
        "\n"
        "  - id: b\n"
        '    title: "80%"\n'
        "    when: actual > 1\n"
        "    severity: amber\n"
        "    message: m\n"
    )


def test_a_file_with_errors_stays_and_says_why() -> None:
    found = formatted(Source("a.yaml", "schema: govern/rules/v1\nara: x\n"))
    assert found.text is None
    assert {problem.code for problem in found.problems} == {"E110", "E111"}


def test_a_condition_that_cannot_be_read_is_kept() -> None:
    text = fmt(UGLY.replace("when: |-", "when: actual>>1 "))
    assert "when: actual>>1\n" in text


def one_rule_each(root: Mapping) -> Iterator[Mapping]:
    """Files with one rule each, so that what differs is seen and the test is quick."""
    for entry in root.entries:
        if entry.key == "rules" and isinstance(entry.value, Sequence):
            for item in entry.value.items:
                only = replace(entry, value=Sequence((item,), entry.value.place))
                others = (only if each is entry else each for each in root.entries)
                yield replace(root, entries=tuple(others))


TREES = [
    tree
    for path in SHIPPED
    if isinstance(root := load(Source("a.yaml", path.read_text(encoding="utf-8"))).root, Mapping)
    for tree in one_rule_each(root)
]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32), index=st.integers(0, len(TREES) - 1))
def test_any_layout_becomes_one_that_stays_and_means_the_same(seed: int, index: int) -> None:
    ugly = Ugly(Random(seed))  # noqa: S311 - layouts, not secrets
    text = ugly.text(TREES[index])
    pretty = fmt(text)
    assert fmt(pretty) == pretty
    assert Counter(comments(pretty)) == Counter(ugly.comments)
    assert rules(pretty) == rules(text)

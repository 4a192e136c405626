"""The JSON Schemas accept what the loaders accept, and refuse what they refuse."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.catalogue.shapes import CATALOGUE
from govern.documents.json_schema import json_schema
from govern.documents.node import Entry, Mapping, Node, Run, Scalar, Sequence
from govern.documents.problem import Problem
from govern.documents.read import read
from govern.documents.shape import Record
from govern.documents.source import Place, Source
from govern.documents.yaml import load
from govern.process.shapes import WORKFLOW
from govern.rulebook.format import FILE
from tests.documents.as_json import value

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "rules").rglob("*.yaml"))
WORKFLOWS = sorted((ROOT / "workflows").rglob("*.yaml"))
CATALOGUES = sorted((ROOT / "catalogue").rglob("*.yaml"))
FILES = [
    *((path, FILE) for path in RULES),
    *((path, WORKFLOW) for path in WORKFLOWS),
    *((path, CATALOGUE) for path in CATALOGUES),
]
SHAPES = (FILE, WORKFLOW, CATALOGUE)
CHECKERS = {shape: jsonschema_rs.validator_for(json_schema(shape, "t")) for shape in SHAPES}
HERE = Place("a.yaml", 1, 1)


def plain(text: str, style: str = "") -> Scalar:
    return Scalar(text, HERE, style, (Run(0, 1, 1, len(text)),))


def root(text: str) -> Node:
    document = load(Source("a.yaml", text))
    assert document.root is not None
    assert not document.problems
    return document.root


def refused(node: Node, shape: Record) -> list[Problem]:
    problems: list[Problem] = []
    read(node, shape, problems)
    return problems


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_schema_is_one(shape: Record) -> None:
    jsonschema_rs.meta.validate(json_schema(shape, "title"))
    assert json_schema(shape, "title")["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize(("path", "shape"), FILES, ids=lambda each: getattr(each, "name", ""))
def test_every_shipped_file_is_accepted(path: Path, shape: Record) -> None:
    CHECKERS[shape].validate(value(root(path.read_text(encoding="utf-8"))))


def test_what_an_editor_completes_has_a_description() -> None:
    schema = json_schema(FILE, "govern rule file")
    rule = schema["$defs"]["a-rule"]
    assert rule["properties"]["when"]["description"] == "true where something is wrong"
    assert rule["properties"]["severity"]["enum"] == ["green", "amber", "red"]
    assert set(rule["required"]) == {"id", "title", "when", "severity", "message"}
    assert rule["additionalProperties"] is False


RULE = {
    "id": "a", "title": "A", "when": "actual < 1", "severity": "red", "message": "m",
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"wehn": "x"},
        {"severity": "crimson"},
        {"for": 2},
        {"for": "0 periods"},
        {"id": "A b"},
        {"tests": [{"name": "n", "given": {"kpis": []}, "expect": "fires"}]},
        {"tests": [{"name": "n", "given": {"actual": "many"}, "expect": "fires"}]},
        {"tests": [{"name": "n", "given": {"start": "31.3.2026"}, "expect": "fires"}]},
        {"tests": [{"name": "n", "given": {}, "expect": []}]},
        {"recommend": {"action": "descope"}},
        {"when": None},
        {"title": ""},
    ],
)
def test_what_is_wrong_with_a_rule_is_refused(change: dict[str, Any]) -> None:
    file = {"schema": "govern/rules/v1", "area": "x", "rules": [RULE]}
    assert CHECKERS[FILE].is_valid(file)
    assert not CHECKERS[FILE].is_valid({**file, "rules": [{**RULE, **change}]})


def test_a_rule_on_projects_gives_kpis_in_its_tests() -> None:
    test = {"name": "n", "given": {"kpis": [{"actual": 1}]}, "expect": "fires"}
    rule = {**RULE, "scope": "project", "tests": [test]}
    file = {"schema": "govern/rules/v1", "area": "x", "rules": [rule]}
    assert CHECKERS[FILE].is_valid(file)
    assert not CHECKERS[FILE].is_valid({**file, "rules": [{**rule, "scope": "kpi"}]})


OTHERS: list[Node] = [
    plain("~"), plain("word"), plain("12"), plain("-3"), plain("0.5"), plain("80%"), plain("true"),
    plain("2026-03-31"), plain("2 periods"), plain("10 working days"), plain("", '"'),
    plain("kpi"), plain("project"), plain("fires"), plain("red"), plain("sponsor"),
    Sequence((), HERE), Sequence((plain("fires"), plain("~")), HERE), Mapping((), HERE),
]  # fmt: skip


def spots(node: Node) -> Iterator[tuple[int | str, ...]]:
    """The way to every node below."""
    match node:
        case Mapping():
            for entry in node.entries:
                yield (entry.key,)
                yield from ((entry.key, *rest) for rest in spots(entry.value))
        case Sequence():
            for index, item in enumerate(node.items):
                yield (index,)
                yield from ((index, *rest) for rest in spots(item))
        case Scalar():
            return


def changed(node: Node, way: tuple[int | str, ...], new: Node | None, key: str | None) -> Node:
    """`new` (`None`: nothing) in place of the node there; `key` renames the key it stands under."""
    at, *rest = way
    if isinstance(node, Mapping):
        entries: list[Entry] = []
        for entry in node.entries:
            if entry.key != at:
                entries.append(entry)
            elif rest:
                below = changed(entry.value, tuple(rest), new, key)
                entries.append(replace(entry, value=below))
            elif key is not None:
                entries.append(replace(entry, key=key))
            elif new is not None:
                entries.append(replace(entry, value=new))
        return replace(node, entries=tuple(entries))
    assert isinstance(node, Sequence)
    items: list[Node] = []
    for index, item in enumerate(node.items):
        if index != at:
            items.append(item)
        elif rest:
            items.append(changed(item, tuple(rest), new, key))
        elif new is not None:
            items.append(new)
    return replace(node, items=tuple(items))


STRICTER = {"true"}
"""A text `true` is a truth value to an editor, which an identifier is not."""
ROOTS = [(root(path.read_text(encoding="utf-8")), shape) for path, shape in FILES]
SPOTS = [(tree, shape, tuple(spots(tree))) for tree, shape in ROOTS]


@given(data=st.data())
def test_a_schema_and_its_loader_agree_on_any_changed_file(data: st.DataObject) -> None:
    tree, shape, ways = SPOTS[data.draw(st.integers(0, len(SPOTS) - 1))]
    way = ways[data.draw(st.integers(0, len(ways) - 1))]
    kind = data.draw(st.sampled_from(["replace", "remove", "rename"]))
    new = data.draw(st.sampled_from(OTHERS)) if kind == "replace" else None
    key = data.draw(st.sampled_from(["scope", "when", "oops"])) if kind == "rename" else None
    other = changed(tree, way, new, key if isinstance(way[-1], str) else None)
    keys = [entry.key for entry in other.entries] if isinstance(other, Mapping) else []
    if len(keys) != len(set(keys)):
        return
    accepted = CHECKERS[shape].is_valid(value(other))
    problems = refused(other, shape)
    if accepted or (isinstance(new, Scalar) and new.text in STRICTER):
        assert not (accepted and problems), (way, problems)
    else:
        assert problems, (way, new, key)

"""Changing parameters in the text of rule files, and nothing else of it: comments, order and spacing stay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from govern.rulebook.difference import params_of
from govern.rulebook.rule import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter as a file sets it. `path` is the file's, `line` counts from 1, `text` is what stands
    there; `portfolio` is None where it holds for all that say nothing of their own."""

    path: str
    name: str
    portfolio: str | None
    text: str
    line: int

    @property
    def key(self) -> str:
        """What names the setting in a form: unlike every other of the rulebook."""
        return "|".join((self.path, self.portfolio or "", self.name))


@dataclass(frozen=True, slots=True)
class _Found:
    setting: Setting
    start: int
    end: int


def settings_of(rulebook: Rulebook, rule: Rule) -> tuple[Setting, ...]:
    """The parameters that a rule's conditions read, where they are set: its own file, else the nearest
    folder above; and what portfolios have in their place."""
    wanted = set(params_of(rule))
    found: list[Setting] = []
    settled: set[str] = set()
    for path in _files_for(rulebook.sources, rule.place.path):
        here = [each.setting for each in _settings(path, rulebook.sources[path])]
        found += [each for each in here if each.name in wanted - settled]
        settled |= {each.name for each in here if each.portfolio is None}
    return tuple(found)


def with_settings(sources: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The files with other texts for some settings, by `Setting.key`; a key of none is left out.

    The texts are put in as they are: whether they can be read is for whoever loads the files to say. A
    text of more than one line, or with a comment in it, is none of a parameter. Raises ValueError.
    """
    changed = dict(sources)
    for path, text in sources.items():
        spans = [each for each in _settings(path, text) if each.setting.key in given]
        for each in sorted(spans, key=lambda one: one.start, reverse=True):
            value = given[each.setting.key].strip()
            if not value or any(part in value for part in ("\n", "\r", "#", ": ")):
                raise ValueError(each.setting.key)
            whole = changed[path]
            changed[path] = whole[: each.start] + value + whole[each.end :]
    return changed


def _files_for(sources: Mapping[str, str], path: str) -> Iterator[str]:
    """The rule's own file, then the parameter files of its folders, the nearest first."""
    known = {str(PurePosixPath(each)): each for each in sources}
    own = next((each for name, each in known.items() if path.endswith(name)), None)
    if own is None:
        return
    yield own
    for folder in PurePosixPath(own).parents:
        for name in sorted(known):
            beside = PurePosixPath(name).parent == folder and known[name] != own
            if beside and "govern/params/" in sources[known[name]]:
                yield known[name]


def _settings(path: str, text: str) -> Iterator[_Found]:
    try:
        read: Any = yaml
        root: yaml.Node | None = read.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return
    for key, node in _pairs(root):
        if key == "params":
            yield from _values(path, text, None, node)
        elif key == "portfolios":
            for portfolio, inner in _pairs(node):
                yield from _values(path, text, portfolio, inner)


def _values(path: str, text: str, portfolio: str | None, node: yaml.Node) -> Iterator[_Found]:
    for name, value in _pairs(node):
        if isinstance(value, yaml.ScalarNode):
            start, end = value.start_mark.index, value.end_mark.index
            setting = Setting(path, name, portfolio, text[start:end], value.start_mark.line + 1)
            yield _Found(setting, start, end)


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield str(key.value), value

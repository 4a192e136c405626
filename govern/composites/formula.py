"""The formula of a composite KPI: its text → the names in it → what it means.

A formula is an expression of the condition language that gives a number. Its names stand for other
KPIs, so that `(benefit - cost) / cost` is read on one period of two of them.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from govern.documents.problem import Level, Problem, did_you_mean
from govern.language import tree
from govern.language.check import Checked, check
from govern.language.errors import LanguageError
from govern.language.meaning import Read
from govern.language.origin import Origin, within
from govern.language.parse import parse
from govern.language.scopes import COMPOSITE
from govern.language.table import Table
from govern.language.types import NUMBER

PATH: Final = "formula"
"""What stands for the file where a formula comes from none."""


def names_in(text: str, origin: Origin | None = None) -> tuple[str, ...]:
    """The names that a formula reads, each once, in the order of the text.

    Raises `LanguageError` for a text that is not in the grammar.
    """
    expression = parse(text, origin or within(PATH, text))
    return tuple(dict.fromkeys(node.name for node in _names(expression.tree, frozenset())))


def check_formula(text: str, names: Collection[str], origin: Origin | None = None) -> Checked:
    """The formula, checked against the names that it may read; each of them is a number.

    Raises `LanguageError` with every problem. Warnings are in `problems` of what it gives.
    """
    if origin is None:
        return _checked(text, tuple(sorted(names)))
    return _check(text, names, origin)


@lru_cache(maxsize=4096)
def alike(text: str) -> tuple[str, tuple[str, ...]]:
    """The formula with its names numbered, and the names in that order: formulas that differ in nothing
    but their names are computed together. Raises `LanguageError` as `names_in` does.
    """
    expression = parse(text, within(PATH, text))
    free = list(_names(expression.tree, frozenset()))
    order = {name: number for number, name in enumerate(dict.fromkeys(n.name for n in free), 1)}
    written, end = "", 0
    for node in free:
        start, after = node.span
        written += text[end:start] + numbered(order[node.name])
        end = after
    return written + text[end:], tuple(order)


def numbered(number: int) -> str:
    """The name that stands for the input with a number, from 1 on."""
    return f"input_{number}"


def column_of(name: str) -> str:
    """The column of the frame `inputs` that holds the values of an input."""
    return f"input {name}"


def told(problem: Problem) -> str:
    """What a problem is, with the column in the formula that it is about."""
    return f"column {problem.place.column}: {problem.message}"


@lru_cache(maxsize=256)
def _checked(text: str, names: tuple[str, ...]) -> Checked:
    """The same formulas are read again with every load."""
    return _check(text, names, within(PATH, text))


def _check(text: str, names: Collection[str], origin: Origin) -> Checked:
    expression = parse(text, origin)
    checked = check(expression, COMPOSITE, expect=NUMBER, tables={n: _input(n) for n in names})
    read = {node.name for node in _names(expression.tree, frozenset())}
    if not read:
        raise LanguageError(
            (
                Problem(
                    "E216",
                    "the formula reads no other KPI",
                    origin.at(0, max(1, len(text))),
                    "name one, as in (benefit - cost) / cost",
                ),
            )
        )
    problems = [*checked.problems]
    for name in names:
        if name not in read:
            help_ = did_you_mean(name, read - set(names)) or "leave it out of the inputs"
            message = f"the formula does not read `{name}`"
            problems.append(Problem("E210", message, origin.at(0), help_))
    if any(problem.level is Level.ERROR for problem in problems):
        raise LanguageError(tuple(problems))
    return checked


def _input(name: str) -> Table:
    read = Read(NUMBER, tree.Name(name), column_of(name), 0)
    return Table(name, COMPOSITE.name, {"value": read})


def _names(node: tree.Node, bound: frozenset[str]) -> Iterator[tree.Name]:
    """The free names of a tree, in the order of the text: not those that `some` and `every` bring with
    them."""
    if isinstance(node, tree.Name):
        if node.name not in bound:
            yield node
        return
    if isinstance(node, tree.Quantified):
        yield from _names(node.collection, bound)
        yield from _names(node.condition, bound | {node.variable})
        return
    for child in tree.children(node):
        yield from _names(child, bound)

"""The clauses of a condition, those parts that are true or false by themselves, and what is read of
them on a row.

A comparison, a test with `in` or `between`, a truth value, a quantifier; also where it stands in a
filter, in a quantifier's body or behind `if`. Not `and`, `or` and `not`, which only join clauses, and
not what reads nothing but constants.
"""

from collections.abc import Iterator
from dataclasses import replace

from govern.language import tree
from govern.language.check import Checked
from govern.language.frames import Frames
from govern.language.meaning import (
    Choose,
    Collect,
    History,
    Logic,
    Meaning,
    Members,
    Not,
    Pick,
    parts,
    rows_read,
)
from govern.language.row_place import RowPlace
from govern.language.row_reading import elements, value_at
from govern.language.types import BOOLEAN


def clauses(meaning: Meaning) -> tuple[Meaning, ...]:
    """The clauses in the order of the text. Those in the rows of decision tables are the tables'."""
    by_span: dict[tree.Span, Meaning] = {}
    for clause in _clauses(meaning, is_test=False):
        by_span.setdefault(clause.source.span, clause)
    return tuple(by_span.values())


def _clauses(meaning: Meaning, is_test: bool) -> Iterator[Meaning]:
    """`is_test`: one of the comparisons that `in` or `between` stands for, which are one clause."""
    if isinstance(meaning, Pick | Collect):
        return
    joined = joins(meaning)
    if meaning.type == BOOLEAN and not joined and not is_test and rows_read(meaning):
        yield meaning
    for part in parts(meaning):
        yield from _clauses(part, isinstance(meaning, Logic) and not joined)


def joins(meaning: Meaning) -> bool:
    """Whether it only joins or chooses among clauses."""
    match meaning:
        case Logic(source=source):
            return isinstance(source, tree.Logic | tree.Filter)
        case Not() | Choose():
            return True
        case _:
            return False


def reached(checked: Checked, observations: Frames, row: int) -> Iterator[tuple[Meaning, RowPlace]]:
    """Every part of the condition that is evaluated at one row of its scope's frame, and where.

    Of an `if` that is one branch. A filter is read on every element of its list, what stands behind
    it on those that it keeps, the argument of a function of history on the row itself.
    """
    return _reached(checked.meaning, RowPlace(observations, checked.scope.name, row))


def _reached(meaning: Meaning, place: RowPlace) -> Iterator[tuple[Meaning, RowPlace]]:
    yield meaning, place
    match meaning:
        case Choose(condition=condition, then=then, otherwise=otherwise):
            yield from _reached(condition, place)
            holds = value_at(condition, place) is True
            yield from _reached(then if holds else otherwise, place)
        case Members(keep=keep, value=value):
            for element in elements(replace(meaning, keep=None), place):
                if keep is not None:
                    yield from _reached(keep, element)
                kept = keep is None or value_at(keep, element) is True
                if value is not None and kept:
                    yield from _reached(value, element)
        case History(up=up):
            for part in parts(meaning):
                yield from _reached(part, place.at(up))
        case _:
            for part in parts(meaning):
                yield from _reached(part, place)

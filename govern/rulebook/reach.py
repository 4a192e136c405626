"""What one reading of a condition reaches: which clauses were true or false, which rows counted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from govern.language.check import Checked
from govern.language.clauses import clauses, joins, reached
from govern.language.meaning import Collect, Logic, Meaning, Pick, parts, raised
from govern.language.row_place import RowPlace
from govern.language.row_reading import value_at
from govern.observation.frame import Observations
from govern.rulebook.table import DecisionTable, Hit

_LISTS: Final = 4
"""From inside how many lists a table may be read."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a condition by its number in `targets`, with a value that it had."""

    number: int
    value: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, by its number, that was the value or part of it."""

    table: str
    number: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A table that is read; `order`: the number of the row behind each operand."""

    table: DecisionTable
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """By the identity of a condition's parts: which target it is, which table it reads."""

    checked: Checked
    targets: Mapping[int, int]
    tables: Mapping[int, _Read]


class Reach:
    """Knows a rulebook's tables, and the conditions that it has looked at."""

    def __init__(self, tables: Iterable[DecisionTable]) -> None:
        self._tables: dict[Meaning, _Read] = {}
        self._prepared: dict[int, _Prepared] = {}
        for table in (each for base in tables for each in (base, *base.portfolios.values())):
            rows = {id(row.condition): number for number, row in enumerate(table.rows)}
            for output in table.read.outputs.values():
                read = _Read(table, tuple(rows[id(each)] for each in _operands(output)))
                for up in range(_LISTS):
                    self._tables.setdefault(raised(output, up), read)

    def of(self, checked: Checked, observations: Observations, row: int) -> Iterator[Clause | Row]:
        """What is reached where the condition is evaluated at one row of its scope's frame."""
        prepared = self._prepared.get(id(checked)) or self._prepare(checked)
        for meaning, place in reached(checked, observations, row):
            target = prepared.targets.get(id(meaning))
            if target is not None:
                value = value_at(meaning, place)
                if isinstance(value, bool):
                    yield Clause(target, value)
            read = prepared.tables.get(id(meaning))
            if read is not None:
                yield from _rows(meaning, read, place)

    def _prepare(self, checked: Checked) -> _Prepared:
        targets = {id(each): number for number, each in enumerate(targets_of(checked))}
        read = {
            id(each): self._tables[each]
            for each in _all(checked.meaning)
            if isinstance(each, Pick | Collect) and each in self._tables
        }
        prepared = self._prepared[id(checked)] = _Prepared(checked, targets, read)
        return prepared


def targets_of(checked: Checked) -> tuple[Meaning, ...]:
    """What is to be seen true and false: the condition as a whole where it joins clauses with `and`
    or `or`, and each of its clauses."""
    meaning = checked.meaning
    whole = (meaning,) if isinstance(meaning, Logic) and joins(meaning) else ()
    return (*whole, *clauses(meaning))


def _rows(meaning: Meaning, read: _Read, place: RowPlace) -> Iterator[Row]:
    """The rows that count; with a hit policy that takes one of several, the one that is taken."""
    for number, operand in zip(read.order, _operands(meaning), strict=True):
        if value_at(operand, place) is True:
            yield Row(read.table.id, number)
            if read.table.hit in {Hit.FIRST, Hit.PRIORITY}:
                return


def _operands(meaning: Meaning) -> tuple[Meaning, ...]:
    return meaning.operands if isinstance(meaning, Pick | Collect) else ()


def _all(meaning: Meaning) -> Iterator[Meaning]:
    yield meaning
    for part in parts(meaning):
        yield from _all(part)

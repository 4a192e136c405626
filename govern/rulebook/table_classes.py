"""Examples of the values that the cells of a table's column tell apart."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from govern.language.meaning import (
    Aggregate,
    Compare,
    Constant,
    Days,
    History,
    IsNull,
    Length,
    Logic,
    Meaning,
    Not,
    OneOf,
    Read,
    Value,
    parts,
)
from govern.language.row_values import both, compared, either
from govern.language.types import BOOLEAN, DATE, TEXT
from govern.language.write import plain, quoted

WHOLE: Final = frozenset(
    {"days_in_stage", "staleness_days", "planned_points", "overdue_days", "unvalidated_periods"}
)
"""Columns that hold whole numbers."""
NEVER_MISSING: Final = frozenset(
    {"name", "project_name", "cumulative", "disbenefit", "cadence", "aggregation", "period"}
    | {"seen_on", "overdue_days", "unvalidated_periods"}
)
"""Columns that always have a value."""
OTHER: Final = "\0"
"""A text that no cell names."""

Example = tuple[Value, str]
"""A value and how it is told to a person."""


class OpaqueError(Exception):
    """The test depends on more than the input and constants."""


def examples(header: Meaning, cells: Sequence[Meaning]) -> list[Example]:
    """At least one example of each class of values; a missing one stands last."""
    constants = [value for cell in cells for value in _constants(cell, header)]
    found = [(value, _shown(value)) for value in _known(header, constants)]
    return found if _always_there(header) else [*found, (None, "null")]


def is_true(test: Meaning, header: Meaning, value: Value) -> bool:
    """Whether the test is true where the input has the value. Raises `OpaqueError`."""
    return _value(test, header, value) is True


def _value(meaning: Meaning, header: Meaning, value: Value) -> Value:  # noqa: PLR0911 - one a form
    if meaning == header:
        return value
    match meaning:
        case Constant(value=fixed):
            return fixed
        case Compare(operator=operator, left=left, right=right):
            sides = (_value(left, header, value), _value(right, header, value))
            return compared(operator, *sides)
        case OneOf(value=tested, constants=constants):
            found = _value(tested, header, value)
            return None if found is None else found in constants
        case IsNull(operand=operand, negated=negated):
            return (_value(operand, header, value) is None) != negated
        case Logic(operator=operator, operands=operands):
            truths = [_value(operand, header, value) for operand in operands]
            return both(truths) if operator == "and" else either(truths)
        case Not(operand=operand):
            held = _value(operand, header, value)
            return None if held is None else not held
        case _:
            raise OpaqueError


def _constants(meaning: Meaning, header: Meaning) -> Iterator[Value]:
    if meaning == header:
        return
    match meaning:
        case Constant(value=value):
            yield value
        case OneOf(constants=constants):
            yield from constants
        case _:
            for part in parts(meaning):
                yield from _constants(part, header)


def _known(header: Meaning, constants: list[Value]) -> list[Value]:
    kind = header.type
    if kind == BOOLEAN:
        return [True, False]
    if kind == TEXT and kind.choices:
        return list(kind.choices)
    if kind == TEXT:
        return [*dict.fromkeys(each for each in constants if isinstance(each, str)), OTHER]
    if kind == DATE:
        days = {each for each in constants if isinstance(each, date)} or {date(2026, 1, 1)}
        return [*sorted({day + timedelta(by) for day in days for by in (-1, 0, 1)})]
    return list(_numbers(header, sorted({c for c in constants if isinstance(c, Decimal)})))


def _numbers(header: Meaning, at: list[Decimal]) -> Iterator[Decimal]:
    """Every number named, one between each two, one below and one above them all."""
    if not at:
        yield Decimal(0)
        return
    if _is_whole(header):
        yield from sorted({number + by for number in at for by in (-1, 0, 1)})
        return
    step = Decimal("0.1") if at[-1] - at[0] < 3 and abs(at[-1]) < 3 else Decimal(1)
    yield at[0] - step
    for number, following in pairwise(at):
        yield number
        yield (number + following) / 2
    yield at[-1]
    yield at[-1] + step


def _is_whole(header: Meaning) -> bool:
    match header:
        case Read(column=column):
            return column in WHOLE
        case Aggregate(function="count") | History(function="streak") | Days() | Length():
            return True
        case _:
            return False


def _always_there(header: Meaning) -> bool:
    match header:
        case Read(column=column):
            return column in NEVER_MISSING
        case Aggregate(function="count"):
            return True
        case _:
            return False


def _shown(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain(value)
        case str():
            return "any other text" if value == OTHER else quoted(value)
        case date():
            return f'@"{value.isoformat()}"'
        case _:
            raise OpaqueError

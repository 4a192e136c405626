"""Which values make a condition true: finds conditions that never hold, always hold, or overlap.

A condition becomes a list of cases, each of which says for some *subjects* (names, function calls
and whatever else is compared with a constant) which values they have. The cases cover every row on
which the condition is true, and perhaps some on which it is not: where there is no case, no row
can be. Equal subjects have equal values on a row; nothing else is known of how they hang together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, cast

from govern.language.check import Checked
from govern.language.explain import constant, shown
from govern.language.meaning import (
    Aggregate,
    Apply,
    Calendar,
    Choose,
    Compare,
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
    reads_a_row,
)
from govern.language.sets import (
    ALL,
    ANY,
    Numbers,
    Span,
    Values,
    Words,
    between_points,
    compared,
    points,
)
from govern.language.tree import Operator
from govern.language.write import write

_MOST = 200
"""Cases, and constants of one list, that are followed; beyond, whatever they say is left out."""
_FLIPPED: Final[dict[str, Operator]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: Final[dict[str, Operator]] = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"
}  # fmt: skip
_NOT_NEGATIVE: Final = Numbers((Span(Decimal(0), None, True),))
_COUNTED: Final = replace(_NOT_NEGATIVE, whole=True)
_TRUTHS: Final = Words(frozenset((True, False)))
_CALENDAR: Final = {"month": 12, "day": 31, "weekday": 7}
_MASTER_DATA: Final = frozenset(
    (
        *("name", "project_name", "category", "unit", "direction", "cadence", "owner", "source"),
        *("aggregation", "cumulative", "disbenefit", "stage", "department", "objective"),
    )
)
"""Columns that say nothing of a KPI's values, and its values nothing of them."""


@dataclass(frozen=True, slots=True)
class _Allowed:
    values: Values
    null: bool = False

    @property
    def is_empty(self) -> bool:
        return self.values.is_empty and not self.null

    def both(self, other: "_Allowed") -> "_Allowed":
        null = self.null and other.null
        match self.values, other.values:
            case (Numbers() as one, Numbers() as two):
                return _Allowed(one.both(two), null)
            case (Words() as one, Words() as two):
                return _Allowed(one.both(two), null)
            case _:
                return self


_Case = Mapping[Meaning, _Allowed]
_EVERYTHING: Final[list[_Case]] = [{}]


def is_never_true(*conditions: Checked) -> bool:
    """Whether there can be no row on which all of them are true."""
    return not _together(conditions, _Reader())


def is_never_false(condition: Checked) -> bool:
    """Whether it is true wherever it is known."""
    return not _Reader().cases(condition.meaning, False)


def overlap(one: Checked, other: Checked) -> str | None:
    """Values with which both are true, as text; `None` where it is not certain that there are any.

    Certain is a case with a single subject, or with names of which at most one is a measured value.
    """
    reader = _Reader()
    cases = _together((one, other), reader)
    found = [case for case in cases if case and _is_certain(case)]
    if not reader.exact or not found:
        return None
    return " and ".join(_example(subject, allowed) for subject, allowed in found[0].items())


def _together(conditions: tuple[Checked, ...], reader: "_Reader") -> list[_Case]:
    cases = _EVERYTHING
    for condition in conditions:
        cases = reader.met(cases, reader.cases(condition.meaning, True))
    return cases


def _is_certain(case: _Case) -> bool:
    if len(case) == 1:
        return True
    columns = [subject.column for subject in case if isinstance(subject, Read)]
    measured = [column for column in columns if column not in _MASTER_DATA]
    return len(columns) == len(case) and len(measured) <= 1


def _example(subject: Meaning, allowed: _Allowed) -> str:
    if isinstance(subject, Compare) and isinstance(allowed.values, Numbers):
        order = allowed.values.example() if not allowed.values.is_empty else Decimal(0)
        operator = "=" if order == 0 else "<" if order < 0 else ">"
        return f"{write(subject.left.source)} {operator} {write(subject.right.source)}"
    name = write(subject.source)
    if allowed.values.is_empty:
        return f"{name} = null"
    value = allowed.values.example()
    if value is None:
        return f"{name} is something else"
    if isinstance(value, Decimal) and subject.type.kind == "date":
        return f'{name} = @"{date.fromordinal(int(value)).isoformat()}"'
    return f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {shown(value)}"


class _Reader:
    """`exact` until a case has been left vague."""

    def __init__(self) -> None:
        self.exact = True

    def cases(self, meaning: Meaning, wanted: bool) -> list[_Case]:  # noqa: PLR0911 - one a form
        """The cases in which a condition is true, or false; never those in which it is unknown."""
        if not reads_a_row(meaning):
            # It reads no row, so that there need not be any.
            value = constant(meaning)
            return _EVERYTHING if value is wanted else []
        match meaning:
            case Not(operand=operand):
                return self.cases(operand, not wanted)
            case Logic(operator=operator, operands=operands):
                parts = (self.cases(operand, wanted) for operand in operands)
                join = self.met if (operator == "and") is wanted else self.either
                found = next(parts)
                for part in parts:
                    found = join(found, part)
                return found
            case Choose(condition=condition, then=then, otherwise=otherwise):
                self.exact = False
                first = self.met(self.cases(condition, True), self.cases(then, wanted))
                return self.either(first, self.cases(otherwise, wanted))
            case Compare():
                return self._comparison(meaning, wanted)
            case OneOf(value=value, constants=constants):
                return self._one_of(value, constants, wanted)
            case IsNull(operand=operand, negated=negated):
                if negated is wanted:
                    return [{operand: _Allowed(_domain(operand))}]
                return [{operand: _Allowed(_none(operand), null=True)}]
            case _:
                return [{meaning: _Allowed(Words(frozenset((wanted,))))}]

    def met(self, one: list[_Case], other: list[_Case]) -> list[_Case]:
        if len(one) * len(other) > _MOST:
            self.exact = False
            return one
        found = (_merged(first, second) for first in one for second in other)
        return [case for case in found if case is not None]

    def either(self, one: list[_Case], other: list[_Case]) -> list[_Case]:
        if len(one) + len(other) > _MOST:
            self.exact = False
            return _EVERYTHING
        return one + other

    def _comparison(self, meaning: Compare, wanted: bool) -> list[_Case]:
        left, right, operator = meaning.left, meaning.right, meaning.operator
        if not reads_a_row(left):
            left, right, operator = right, left, _FLIPPED.get(operator, operator)
        operator = operator if wanted else _OPPOSITE[operator]
        if not reads_a_row(right):
            value = constant(right)
            if isinstance(value, bool):
                return self.cases(left, (operator == "=") is value)
            return _compared(left, operator, value)
        if repr(left) > repr(right):
            left, right, operator = right, left, _FLIPPED.get(operator, operator)
        # The subject is how the two stand to each other, as the sign of a difference.
        order = replace(meaning, operator="=", left=left, right=right)
        domain = points((Decimal(0),)) if left == right else ALL
        return _case(order, compared(operator, Decimal(0)).both(domain))

    def _one_of(self, subject: Meaning, constants: tuple[Value, ...], wanted: bool) -> list[_Case]:
        if len(constants) > _MOST:
            self.exact = False
            return _EVERYTHING
        values = [each for each in map(_plain, constants) if each is not None]
        domain = _domain(subject)
        if isinstance(domain, Words):
            words = frozenset(each for each in values if not isinstance(each, Decimal))
            return _case(subject, Words(words, not wanted).both(domain))
        numbers = [each for each in values if isinstance(each, Decimal)]
        return _case(subject, (points if wanted else between_points)(numbers).both(domain))


def _merged(one: _Case, other: _Case) -> _Case | None:
    """Both cases at once; `None` where a subject would have no value left."""
    found = dict(one)
    for subject, allowed in other.items():
        met = allowed.both(found[subject]) if subject in found else allowed
        if met.is_empty:
            return None
        found[subject] = met
    return found


def _compared(subject: Meaning, operator: Operator, value: Value) -> list[_Case]:
    plain, domain = _plain(value), _domain(subject)
    if plain is None:
        return []
    if isinstance(domain, Words):
        word = frozenset((plain,)) if not isinstance(plain, Decimal) else frozenset[str | bool]()
        return _case(subject, Words(word, operator == "!=").both(domain))
    return _case(subject, compared(operator, cast(Decimal, plain)).both(domain))


def _case(subject: Meaning, values: Values) -> list[_Case]:
    return [] if values.is_empty else [{subject: _Allowed(values)}]


def _plain(value: Value) -> Decimal | str | bool | None:
    if isinstance(value, date):
        return Decimal(value.toordinal())
    return None if isinstance(value, tuple) else value


def _none(subject: Meaning) -> Values:
    return Words(frozenset()) if isinstance(_domain(subject), Words) else Numbers(())


def _domain(subject: Meaning) -> Values:
    """All values that the subject can have."""
    kind = subject.type
    match kind.kind:
        case "number":
            return _numbers(subject)
        case "date":
            return _from_to(date.min.toordinal(), date.max.toordinal())
        case "truth":
            return _TRUTHS
        case _:
            return Words(frozenset(kind.choices)) if kind.choices else ANY


def _numbers(subject: Meaning) -> Numbers:
    match subject:
        case Aggregate(function="count") | Length() | History(function="streak" | "history count"):
            return _COUNTED
        case Calendar(function=name) if name in _CALENDAR:
            return _from_to(1, _CALENDAR[name])
        case Calendar() | Days():
            return replace(ALL, whole=True)
        case Apply(function="abs") | History(function="volatility"):
            return _NOT_NEGATIVE
        case _:
            return ALL


def _from_to(low: int, high: int) -> Numbers:
    return Numbers((Span(Decimal(low), Decimal(high), True, True),), whole=True)

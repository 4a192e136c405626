"""What a condition comes to where every comparison is either true or not: the form that peers are given.

In govern's language a comparison with a missing value is unknown, and so may be a whole condition. A
peer without such a thing is told where the condition is *surely* true, with every missing value spelled
out; `true` and `false` below go through govern's own checked condition and make that.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch
from typing import Literal, cast

from govern.language.meaning import Compare, Constant, IsNull, Logic, Meaning, Not, OneOf, Read

Plain = float | str | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the subject that is judged: a number, a text or a truth."""

    name: str
    kind: Literal["number", "text", "truth"]


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison of a fact with a constant or with another fact; but for `=` with a constant, both
    are there."""

    operator: str
    left: Fact
    right: Fact | Plain


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a fact is one of the constants; or, where it is there, none of them."""

    fact: Fact
    constants: tuple[Plain, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Missing:
    fact: Fact
    negated: bool


@dataclass(frozen=True, slots=True)
class All:
    parts: "tuple[Formula, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    parts: "tuple[Formula, ...]"


Formula = Test | Among | Missing | All | Any
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@singledispatch
def true(meaning: Meaning) -> Formula:
    """Where the meaning is true. Raises TypeError for what not every peer can say."""
    raise TypeError(f"no formula for {type(meaning).__name__}")


@singledispatch
def false(meaning: Meaning) -> Formula:
    """Where the meaning is false, and not only unknown."""
    raise TypeError(f"no formula for {type(meaning).__name__}")


@true.register
def _(meaning: Read) -> Formula:
    return _there(Test("=", _fact(meaning), True))


@false.register
def _(meaning: Read) -> Formula:
    return _there(Test("=", _fact(meaning), False))


@true.register
def _(meaning: Compare) -> Formula:
    return _test(meaning, meaning.operator)


@false.register
def _(meaning: Compare) -> Formula:
    return _test(meaning, _OPPOSITE[meaning.operator])


@true.register
def _(meaning: OneOf) -> Formula:
    return _among(meaning, negated=False)


@false.register
def _(meaning: OneOf) -> Formula:
    return _among(meaning, negated=True)


@true.register
def _(meaning: IsNull) -> Formula:
    return Missing(_fact(meaning.operand), meaning.negated)


@false.register
def _(meaning: IsNull) -> Formula:
    return Missing(_fact(meaning.operand), not meaning.negated)


@true.register
def _(meaning: Not) -> Formula:
    return false(meaning.operand)


@false.register
def _(meaning: Not) -> Formula:
    return true(meaning.operand)


@true.register
def _(meaning: Logic) -> Formula:
    parts = tuple(true(operand) for operand in meaning.operands)
    return both(*parts) if meaning.operator == "and" else Any(parts)


@false.register
def _(meaning: Logic) -> Formula:
    parts = tuple(false(operand) for operand in meaning.operands)
    return Any(parts) if meaning.operator == "and" else both(*parts)


def both(*formulas: Formula) -> Formula:
    """All of them, in one level, each once: what one has said of a missing value counts for the next."""
    parts: dict[Formula, None] = {}
    for formula in formulas:
        for part in formula.parts if isinstance(formula, All) else (formula,):
            parts[part] = None
    return All(tuple(parts)) if len(parts) > 1 else next(iter(parts))


def _test(meaning: Compare, operator: str) -> Formula:
    left, right = _side(meaning.left), _side(meaning.right)
    if isinstance(left, Fact):
        return _there(Test(operator, left, right))
    if isinstance(right, Fact):
        return _there(Test(_TURNED[operator], right, left))
    raise TypeError("a comparison of two constants")


def _among(meaning: OneOf, *, negated: bool) -> Formula:
    constants = tuple(_plain(value) for value in meaning.constants)
    return _there(Among(_fact(meaning.value), constants, negated))


def _there(formula: Test | Among) -> Formula:
    """A missing value equals no constant in any peer, which needs no saying."""
    if isinstance(formula, Among) and not formula.negated:
        return formula
    if (
        isinstance(formula, Test)
        and formula.operator == "="
        and not isinstance(formula.right, Fact)
    ):
        return formula
    sides = (formula.left, formula.right) if isinstance(formula, Test) else (formula.fact,)
    guards = [Missing(side, negated=True) for side in sides if isinstance(side, Fact)]
    return both(*guards, formula)


def _side(meaning: Meaning) -> Fact | Plain:
    return _plain(meaning.value) if isinstance(meaning, Constant) else _fact(meaning)


def _fact(meaning: Meaning) -> Fact:
    if not isinstance(meaning, Read):
        raise TypeError(f"a fact is needed, and {type(meaning).__name__} is computed")
    if meaning.type.kind not in {"number", "text", "truth"}:
        raise TypeError(f"no fact is {meaning.type}")
    return Fact(meaning.column, cast(Literal["number", "text", "truth"], meaning.type.kind))


def _plain(value: object) -> Plain:
    return float(value) if isinstance(value, Decimal) else cast(Plain, value)

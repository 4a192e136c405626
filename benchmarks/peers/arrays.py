"""Formulas as a function over numpy's arrays: what can be had of numpy, as a bound.

A missing number is NaN, which no comparison but `!=` is true with; a text is the number of its word,
-1 where it is missing; a truth is 1, 0, or -1 where it is missing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any as Anything

import polars as pl

from benchmarks.peers.formula import All, Among, Any, Fact, Formula, Missing, Plain, Test

Array = Anything
"""Of numpy, one-dimensional."""


def numbered(frame: pl.DataFrame, formulas: Iterable[Formula]) -> dict[str, int]:
    """A number for each text of the facts and of the formulas."""
    columns = [column for column in frame.get_columns() if column.dtype == pl.String]
    found = {text for column in columns for text in column.drop_nulls().unique()}
    return {text: at for at, text in enumerate(sorted(found.union(*map(_texts, formulas))))}


def arrays(frame: pl.DataFrame, words: Mapping[str, int]) -> dict[str, Array]:
    return {column.name: _array(column, words) for column in frame.get_columns()}


def compiled(
    formulas: Mapping[str, Formula], words: Mapping[str, int]
) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
    """Facts → for each rule, where it fires."""
    body = "".join(f"{name!r}: {_code(each, words)},\n" for name, each in formulas.items())
    return eval(f"lambda facts: {{\n{body}}}")  # noqa: S307 - of the rules of this benchmark


def _array(column: pl.Series, words: Mapping[str, int]) -> Array:
    if column.dtype == pl.String:
        numbers = column.replace_strict(words, default=None, return_dtype=pl.Int8)
        return numbers.fill_null(-1).to_numpy()
    if column.dtype == pl.Boolean:
        return column.cast(pl.Int8).fill_null(-1).to_numpy()
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _texts(formula: Formula) -> set[str]:
    match formula:
        case All(parts) | Any(parts):
            return set[str]().union(*map(_texts, parts))
        case Among(_, constants, _):
            return {each for each in constants if isinstance(each, str)}
        case Test(_, _, str(text)):
            return {text}
        case _:
            return set()


def _code(formula: Formula, words: Mapping[str, int]) -> str:
    match formula:
        case All(parts):
            told = (part for part in parts if not _is_told(part, parts))
            return f"({' & '.join(_code(part, words) for part in told)})"
        case Any(parts):
            return f"({' | '.join(_code(part, words) for part in parts)})"
        case Missing(fact, negated):
            name = _side(fact, words)
            if fact.kind == "number":
                return f"({name} {'==' if negated else '!='} {name})"
            return f"({name} {'>=' if negated else '<'} 0)"
        case Among(fact, constants, negated):
            word, sign = ("&", "!=") if negated else ("|", "==")
            name = _side(fact, words)
            return f"({f' {word} '.join(f'({name} {sign} {_side(c, words)})' for c in constants)})"
        case Test(operator, left, right):
            sign = "==" if operator == "=" else operator
            return f"({_side(left, words)} {sign} {_side(right, words)})"


def _is_told(part: Formula, beside: Iterable[Formula]) -> bool:
    """Whether a number is said to be there, and a comparison beside it says so anyway."""
    if not (isinstance(part, Missing) and part.negated and part.fact.kind == "number"):
        return False
    tests = (each for each in beside if isinstance(each, Test) and each.operator != "!=")
    return any(part.fact in (test.left, test.right) for test in tests)


def _side(side: Fact | Plain, words: Mapping[str, int]) -> str:
    match side:
        case Fact(name):
            return f"facts[{name!r}]"
        case bool(truth):
            return str(int(truth))
        case str(text):
            return str(words[text])
        case number:
            return repr(number)

"""The column reading of aggregates over `history`: running counts and sums over the sorted frame.

What was counted before a history's first row is taken off its rows, so that only minima and maxima
need a window for each history.
"""

import polars as pl

from govern.language.meaning import History
from govern.language.numbers import addends_column, total_column
from govern.language.row_columns import Of

PREFIX = "history "
FUNCTIONS = frozenset({"count", "sum", "mean", "min", "max", "any", "all"})


def expression(meaning: History, first: pl.Expr, segment: pl.Expr, of: Of) -> pl.Expr:
    """`first`: whether a row is its history's first; `segment` numbers the histories."""
    function = meaning.function.removeprefix(PREFIX)
    kept = pl.lit(True) if meaning.keep is None else of(meaning.keep).fill_null(False)
    if meaning.argument is None or function == "count":
        return _running(kept & first.is_not_null(), first).cast(pl.Float64)
    value = of(meaning.argument)
    missing = _running(kept & value.is_null(), first)
    if function in {"any", "all"}:
        decides = value if function == "any" else ~value
        decided = _running(kept & decides.fill_null(False), first) > 0
        found = pl.when(decided).then(function == "any")
        return found.when(missing == 0).then(function != "any")
    number = _running(kept & value.is_not_null(), first)
    if function in {"sum", "mean"}:
        addends = addends_column(value)
        missing = _running(kept & addends.is_null(), first)
        summed = _total(pl.when(kept & addends.is_not_null()).then(addends).otherwise(0), first)
        share = number.cast(pl.Float64) if function == "mean" else None
        found = total_column(summed, share)
    else:
        found = _extreme(pl.when(kept).then(value), function, segment)
    return pl.when((number > 0) & (missing == 0)).then(found)


def _running(counted: pl.Expr, first: pl.Expr) -> pl.Expr:
    return _total(counted.cast(pl.Int64), first)


def _total(addends: pl.Expr, first: pl.Expr) -> pl.Expr:
    total = addends.cum_sum()
    return total - pl.when(first).then(total - addends).forward_fill()


def _extreme(value: pl.Expr, function: str, segment: pl.Expr) -> pl.Expr:
    running = value.cum_min() if function == "min" else value.cum_max()
    return running.forward_fill().over(segment)

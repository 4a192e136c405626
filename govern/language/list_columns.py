"""The column reading of aggregates: one value for each row, from the rows that belong to it."""

from collections.abc import Callable, Sequence

import polars as pl

from govern.language.meaning import Aggregate
from govern.language.numbers import addends_column, settled_column, total_column
from govern.language.row_columns import Of

PARENT = "@parent"
_PRESENT = "@present"
_EMPTY = {"count": 0.0, "any": False, "all": True}
"""What an empty list gives; unknown where nothing stands here."""


def aggregated(
    table: pl.DataFrame, wanted: Sequence[Aggregate], of: Of, length: int
) -> list[pl.Series]:
    """One series of `length` for each aggregate.

    `table` has a row for each link, sorted by the position `PARENT` of the row that the link
    belongs to; `of` gives the column in it of a filter or value.
    """
    # Whatever is computed per link comes before the grouping, and per list behind it: inside, only
    # bare columns are fast.
    before: list[pl.Expr] = [pl.col(PARENT)]
    inside: list[pl.Expr] = [pl.lit(True).alias(_PRESENT)]
    behind: list[pl.Expr] = []
    absent = pl.col(_PRESENT).is_null()
    for number, one in enumerate(wanted):
        columns = _columns(one, of)
        before += [column.alias(f"{number}{name}") for name, column in columns.items()]
        inside += [_grouped(one, name, f"{number}{name}") for name in columns]
        found = _result(one, {name: pl.col(f"{number}{name}") for name in columns})
        empty = pl.lit(_EMPTY.get(one.function))
        behind.append(pl.when(absent).then(empty).otherwise(found).alias(str(number)))
    links = table.lazy().select(before).set_sorted(PARENT)
    groups = links.group_by(PARENT, maintain_order=True).agg(inside)
    every = pl.LazyFrame({PARENT: pl.int_range(length, eager=True)})
    joined = every.join(groups, on=PARENT, how="left", maintain_order="left")
    return joined.select(behind).collect().get_columns()


def _columns(aggregate: Aggregate, of: Of) -> dict[str, pl.Expr]:
    """What is known of each link: how often it counts, its value, whether that is missing."""
    members, function = aggregate.members, aggregate.function
    kept = pl.lit(True) if members.keep is None else of(members.keep).fill_null(False)
    counted = {"number": kept.cast(pl.Int32)}
    if function == "count" or members.value is None:
        return counted
    value = of(members.value)
    if function in {"any", "all"}:
        return {"value": pl.when(kept).then(value).otherwise(pl.lit(function == "all"))}
    if function in {"sum", "mean"}:
        value = addends_column(value)
    missing = (kept & value.is_null()).cast(pl.Int32)
    return counted | {"value": pl.when(kept).then(value), "missing": missing}


def _grouped(aggregate: Aggregate, name: str, column: str) -> pl.Expr:
    grouped = _GROUPED.get(aggregate.function, pl.Expr.sum) if name == "value" else pl.Expr.sum
    return grouped(pl.col(column))


def _any(truths: pl.Expr) -> pl.Expr:
    return truths.any(ignore_nulls=False)


def _all(truths: pl.Expr) -> pl.Expr:
    return truths.all(ignore_nulls=False)


_GROUPED: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "any": _any,
    "all": _all,
    "min": pl.Expr.min,
    "max": pl.Expr.max,
    "median": pl.Expr.median,
}
"""How the values of a list become one; the others are sums."""


def _result(aggregate: Aggregate, columns: dict[str, pl.Expr]) -> pl.Expr:
    if "value" not in columns:
        return columns["number"].cast(pl.Float64)
    value = columns["value"]
    if "missing" not in columns:
        return value
    known = (columns["number"] > 0) & (columns["missing"] == 0)
    match aggregate.function:
        case "sum":
            value = total_column(value)
        case "mean":
            value = total_column(value, columns["number"].cast(pl.Float64))
        case "median":
            value = settled_column(value)
        case _:
            pass
    return pl.when(known).then(value)

"""The column reading of aggregates: one value for each row, from the rows that belong to it."""

from collections.abc import Sequence

import polars as pl

from govern.language.meaning import Aggregate
from govern.language.numbers import millionths_column, settled_column
from govern.language.row_columns import Of, total_column

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
    exprs = [_expression(one, of).alias(str(i)) for i, one in enumerate(wanted)]
    present = pl.lit(True).alias(_PRESENT)
    groups = table.lazy().set_sorted(PARENT).group_by(PARENT, maintain_order=True)
    every = pl.LazyFrame({PARENT: pl.int_range(length, eager=True)})
    joined = every.join(groups.agg(present, *exprs), on=PARENT, how="left", maintain_order="left")
    absent = pl.col(_PRESENT).is_null()
    found = joined.select(
        pl.when(absent)
        .then(pl.lit(_EMPTY.get(one.function)))
        .otherwise(pl.col(str(i)))
        .alias(str(i))
        for i, one in enumerate(wanted)
    ).collect()
    return found.get_columns()


def _expression(aggregate: Aggregate, of: Of) -> pl.Expr:
    members, function = aggregate.members, aggregate.function
    kept = pl.lit(True) if members.keep is None else of(members.keep).fill_null(False)
    number = kept.sum() if members.keep is not None else pl.len()
    if function == "count" or members.value is None:
        return number.cast(pl.Float64)
    value = of(members.value)
    if function in {"any", "all"}:
        neutral = function == "all"
        tested = pl.when(kept).then(value).otherwise(pl.lit(neutral))
        return tested.all(ignore_nulls=False) if neutral else tested.any(ignore_nulls=False)
    if function in {"sum", "mean"}:
        value = millionths_column(value)
    known = (number > 0) & ~(kept & value.is_null()).any()
    values = pl.when(kept).then(value)
    if function == "min":
        found = values.min()
    elif function == "max":
        found = values.max()
    elif function == "median":
        found = settled_column(values.median())
    else:
        found = total_column(values.sum())
        if function == "mean":
            found = settled_column(found / number.cast(pl.Float64))
    return pl.when(known).then(found)

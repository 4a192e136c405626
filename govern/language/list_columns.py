"""The column reading of aggregates: one value for each row, from the rows that belong to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from govern.language.meaning import Aggregate, Meaning
from govern.language.numbers import addends_column, settled_column, share_column
from govern.language.row_columns import Of

PARENT = "@parent"
_PRESENT = "@present"
_ADDEND = "@addend"
_EMPTY = {"count": 0.0, "any": False, "all": True}
"""What an empty list gives; unknown where nothing stands here."""


@dataclass(frozen=True, slots=True)
class Lists:
    """How aggregates are computed, all over the same list.

    Whatever is computed per link comes before the grouping (`addends`, then `links`, in which they are
    named more than once), and per list behind it (`raw`, then `results`): inside, where values are
    `summed` or `grouped`, only bare columns are fast.
    """

    addends: tuple[pl.Expr, ...]
    links: tuple[pl.Expr, ...]
    summed: tuple[str, ...]
    grouped: tuple[pl.Expr, ...]
    raw: tuple[pl.Expr, ...]
    results: tuple[pl.Expr, ...]

    @classmethod
    def of(cls, wanted: Sequence[Aggregate], of: Of) -> "Lists":
        """`of` gives the column of a filter or value in the table of links."""
        addends: dict[Meaning, pl.Expr] = {}
        links: list[pl.Expr] = [pl.col(PARENT)]
        summed: list[str] = []
        grouped: list[pl.Expr] = []
        raw: list[pl.Expr] = []
        results: list[pl.Expr] = []
        absent = pl.col(_PRESENT).is_null()
        for number, one in enumerate(wanted):
            value = one.members.value
            if value is not None and one.function in {"sum", "mean"}:
                name = f"{_ADDEND}{len(addends)}"
                addends.setdefault(value, addends_column(of(value)).alias(name))
            columns = _columns(one, of, addends)
            links += [column.alias(f"{number}{name}") for name, column in columns.items()]
            for name in columns:
                if name in {"some", "missing"}:
                    grouped.append(_any(pl.col(f"{number}{name}")))
                elif name == "value" and one.function in _GROUPED:
                    grouped.append(_GROUPED[one.function](pl.col(f"{number}{name}")))
                else:
                    summed.append(f"{number}{name}")
            of_list = {name: pl.col(f"{number}{name}") for name in columns}
            if "value" in of_list:
                raw.append(_raw(one, of_list))
            found = _result(one, of_list)
            empty = pl.lit(_EMPTY.get(one.function))
            results.append(pl.when(absent).then(empty).otherwise(found).alias(str(number)))
        return cls(
            tuple(addends.values()),
            tuple(links),
            tuple(summed),
            tuple(grouped),
            tuple(raw),
            tuple(results),
        )

    def aggregated(self, table: pl.DataFrame, length: int) -> list[pl.Series]:
        """One series of `length` for each aggregate.

        `table` has a row for each link, sorted by the position `PARENT` of the row that the link
        belongs to.
        """
        links = table.lazy().with_columns(self.addends).select(self.links).collect()
        lists = _sums(links, self.summed)
        if self.grouped:
            by_list = links.lazy().set_sorted(PARENT).group_by(PARENT, maintain_order=True)
            lists = lists.hstack(by_list.agg(self.grouped).drop(PARENT).collect())
        lists = lists.with_columns(self.raw)
        if lists.height < length:
            every = pl.DataFrame({PARENT: pl.int_range(length, eager=True)})
            lists = every.join(lists, on=PARENT, how="left", maintain_order="left")
        return lists.select(self.results).get_columns()


def _sums(links: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """One row for each list that has an element: `PARENT`, `_PRESENT` and the sums of whole numbers.

    A sum is what a running total gained since the end of the list before: exact, and several times
    faster than a sum for each group.
    """
    parent = pl.col(PARENT)
    ends = links.select((parent != parent.shift(-1)).fill_null(True).arg_true()).to_series()
    running = pl.col(columns).fill_null(0).cum_sum().gather(ends)
    totals = links.lazy().select(parent.gather(ends), pl.lit(True).alias(_PRESENT), running)
    return totals.with_columns(pl.col(columns) - pl.col(columns).shift(1, fill_value=0)).collect()


def _columns(
    aggregate: Aggregate, of: Of, addends: Mapping[Meaning, pl.Expr]
) -> dict[str, pl.Expr]:
    """What is known of each link: how often or whether it counts, its value, whether that is
    missing."""
    members, function = aggregate.members, aggregate.function
    kept = pl.lit(True) if members.keep is None else of(members.keep).fill_null(False)
    if function == "count" or members.value is None:
        return {"number": kept.cast(pl.Int32)}
    value = of(members.value)
    if function in {"any", "all"}:
        return {"value": pl.when(kept).then(value).otherwise(pl.lit(function == "all"))}
    if function in {"sum", "mean"}:
        value = pl.col(addends[members.value].meta.output_name())
    columns = {"some": kept, "value": pl.when(kept).then(value), "missing": kept & value.is_null()}
    return columns | ({"number": kept.cast(pl.Int32)} if function == "mean" else {})


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
    known = columns["some"] & ~columns["missing"]
    settles = aggregate.function in {"sum", "mean", "median"}
    return pl.when(known).then(settled_column(value) if settles else value)


def _raw(aggregate: Aggregate, columns: dict[str, pl.Expr]) -> pl.Expr:
    """The value of a list before it is settled."""
    match aggregate.function:
        case "sum":
            return share_column(columns["value"])
        case "mean":
            return share_column(columns["value"], columns["number"].cast(pl.Float64))
        case _:
            return columns["value"]

"""The values of one KPI in the periods of another that reads it."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from govern.domain.kpi import Aggregation
from govern.domain.reading import Confidence
from govern.language.numbers import addends_column, total_column
from govern.observation.calendar import completed_by, end_of, months_of, number_of
from govern.observation.numbers import sum_to_date, summed_as

NUMBERS: Final = ("planned", "actual", "original_planned")
FIGURES: Final = (*NUMBERS, "validated", "confidence")

_KEY: Final = ("kpi", "number")
_PERIOD: Final = pl.col("period number")
_SURENESS: Final = (Confidence.LOW.value, Confidence.MEDIUM.value, Confidence.HIGH.value)


def combined(
    kpis: pl.DataFrame, values: pl.DataFrame, inputs: Sequence[tuple[str, int, str]]
) -> pl.DataFrame:
    """What each input says in the periods of the KPI that reads it.

    `inputs`: the reading KPI, the number of the input, and the KPI that it is. Gives `kpi`, `number`,
    `period` (the end of the reading KPI's) and `FIGURES`, one row per input and period in which it
    says anything. An input of a coarser cadence says nothing.
    """
    of = kpis.select("kpi", "aggregation", "cumulative", months=months_of(pl.col("cadence")))
    schema = {"kpi": pl.String(), "number": pl.Int64(), "input": pl.String()}
    links = pl.DataFrame(inputs, schema=schema, orient="row")
    paired = links.join(of.select("kpi", "cumulative", "months"), on="kpi").join(
        of.rename({"kpi": "input"}), on="input", suffix=" in"
    )
    fits = pl.col("months in") <= pl.col("months")
    own, its = pl.col("cumulative").fill_null(value=False), pl.col("cumulative in")
    paired = paired.filter(fits).with_columns(
        flow=its.fill_null(value=False) & own, to_date=its.fill_null(value=False) & ~own
    )
    return _in_coarser(_dense(paired, values))


def _dense(paired: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """One row per link and period of the input, from its first with a value to its last, and sums to
    date where they are asked for."""
    said = values.rename({"kpi": "input"}).join(
        paired.select("input", "months in").unique(), on="input"
    )
    said = said.with_columns(
        number_of(pl.col("period"), pl.col("months in")).alias("period number")
    )
    spans = said.group_by("input").agg(first=_PERIOD.min(), last=_PERIOD.max())
    rows = (
        paired.join(spans, on="input")
        .sort(*_KEY)
        .with_columns(pl.int_ranges("first", pl.col("last") + 1).alias("period number"))
        .explode("period number")
        .with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
        .with_columns(first_row=pl.col("row") - (_PERIOD - pl.col("first")))
        .join(
            said.select("input", "period number", *FIGURES),
            on=["input", "period number"],
            how="left",
            maintain_order="left",
        )
    )
    if rows.is_empty():
        return rows
    validated = pl.col("validated").fill_null(value=False)
    integers = summed_as(rows[name] for name in NUMBERS)
    sums = {
        name: pl.when("to_date")
        .then(sum_to_date(pl.col(name), pl.col("first_row"), integers))
        .otherwise(name)
        for name in NUMBERS
    }
    return rows.with_columns(
        **sums,
        validated=pl.when("to_date")
        .then(validated.cast(pl.Int8).cum_min().over(*_KEY).cast(pl.Boolean))
        .otherwise(validated),
    )


def _in_coarser(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of each link combined into the periods of the KPI that reads."""
    months, its = pl.col("months"), pl.col("months in")
    end = end_of(_PERIOD, its)
    placed = rows.with_columns(into=number_of(end, months))
    last = completed_by(end_of(pl.col("into"), months), its)
    before = completed_by(end_of(pl.col("into") - 1, months), its)
    placed = placed.with_columns(last_in=last, needed=last - before)
    to_date, aggregation = pl.col("to_date"), pl.col("aggregation")
    adds = pl.col("flow") | (aggregation == Aggregation.SUM.value)
    takes_mean = aggregation == Aggregation.MEAN.value
    how = (
        pl.when(to_date | (months == its))
        .then(pl.lit("last"))
        .when(adds)
        .then(pl.lit("sum"))
        .when(takes_mean)
        .then(pl.lit("mean"))
        .otherwise(pl.lit("last"))
    )
    sure = {word: number for number, word in enumerate(_SURENESS)}
    found = placed.with_columns(
        how=how,
        is_last=pl.col("last_in") == _PERIOD,
        sure=pl.col("confidence").replace_strict(sure, default=None, return_dtype=pl.Int64),
    )
    return _taken(found.group_by(*_KEY, "into", "how", "months", "needed").agg(*_told()))


def _told() -> list[pl.Expr]:
    """Of the values in one coarser period: the totals of all, and the last one."""
    needed = pl.col("needed").first()
    told: list[pl.Expr] = []
    for name in NUMBERS:
        addends = addends_column(pl.col(name))
        whole = addends.count() == needed
        told += [
            pl.when(whole).then(addends.sum()).alias(f"{name} total"),
            pl.col(name).filter("is_last").first().alias(f"{name} last"),
        ]
    return [
        *told,
        (pl.col("validated").all() & (pl.len() == needed)).alias("validated total"),
        pl.col("validated").filter("is_last").first().alias("validated last"),
        pl.when(pl.col("sure").count() == needed).then(pl.col("sure").min()).alias("sure total"),
        pl.col("sure").filter("is_last").first().alias("sure last"),
    ]


def _taken(grouped: pl.DataFrame) -> pl.DataFrame:
    several = pl.col("how") != "last"
    share = pl.when(pl.col("how") == "mean").then(pl.col("needed")).otherwise(1).cast(pl.Float64)

    def of(name: str) -> pl.Expr:
        return pl.when(several).then(f"{name} total").otherwise(f"{name} last")

    numbers = {
        name: pl.when(several)
        .then(total_column(pl.col(f"{name} total"), share))
        .otherwise(f"{name} last")
        for name in NUMBERS
    }
    words = dict(enumerate(_SURENESS))
    return grouped.select(
        *_KEY,
        period=end_of(pl.col("into"), pl.col("months")),
        **numbers,
        validated=of("validated"),
        confidence=of("sure").replace_strict(words, default=None, return_dtype=pl.String),
    )

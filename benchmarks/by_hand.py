"""The rules of `benchmarks/rules` as somebody who knows Polars well would write them, once, for the
one question where they fire and where nobody can tell.

Parameters are written into the conditions. History is shifts on the sorted frame, masked at a KPI's
first row; a count starts anew by a running maximum; nothing is grouped but a project's KPIs.
"""

import polars as pl

from govern.observation.frame import Observations

_FIRST = pl.col("is_first")
_MONITORED = pl.col("stage") == "monitoring"
_ATTAINMENT = pl.col("attainment")
_ACTUAL = pl.col("actual")
_MILLIONTHS = pl.col("millionths")
"""Of the attainment: what is added up is added in whole millionths, as the language has it."""
_WATCH, _ACT = 0.9, 0.8


def fired(observations: Observations) -> tuple[pl.DataFrame, pl.DataFrame]:
    """On KPIs and on projects: for each rule a Boolean column where it fires, and one named with a
    question mark where it is unknown; rows as in the observations."""
    return _on_kpis(observations.kpis), _on_projects(observations)


def _on_kpis(frame: pl.DataFrame) -> pl.DataFrame:
    revenue, cost, satisfaction = (
        (pl.col("category") == each) & _MONITORED for each in ("revenue", "cost", "satisfaction")
    )
    actual, variance, planned = _ACTUAL, pl.col("variance"), pl.col("planned")
    shared = pl.col("category").is_in(["market_share", "other"])
    good = (
        pl.when(pl.col("direction").is_in(["increase", "at_least"]))
        .then(1)
        .when(pl.col("direction").is_in(["decrease", "at_most"]))
        .then(-1)
    )
    ready = (
        frame.lazy()
        .with_columns(age=_age(), good=good, millionths=_millionths(_ATTAINMENT))
        .with_columns(
            step=pl.when(~_FIRST).then((actual - actual.shift(1)).sign() * pl.col("good"))
        )
    )
    behind = _ATTAINMENT < _WATCH
    average = (_MILLIONTHS + _before(_MILLIONTHS, 1) + _before(_MILLIONTHS, 2)) / 3_000_000.0
    year = _before(actual, 12)
    change = ((actual - year) * pl.col("good") / year.abs()).round(9)
    points = pl.when(pl.col("unit") == "%").then(variance <= -200).otherwise(_ATTAINMENT < _ACT)
    low = behind.fill_null(False).cast(pl.Int32)
    return ready.select(
        *_latched("revenue-behind-plan", revenue, _ATTAINMENT < _ACT, _ATTAINMENT >= _WATCH, 2),
        *_held("revenue-falling", revenue, _falling(3) & behind),
        *_held("revenue-ahead", revenue, _ATTAINMENT > 1.1, 2),
        *_plain("revenue-slips", revenue, (_before(_ATTAINMENT, 1) - _ATTAINMENT).round(9) > 0.05),
        *_held("revenue-far-from-promise", revenue, pl.col("progress") < 0.6, 3),
        *_latched("cost-behind-plan", cost, _ATTAINMENT < 0.85, _ATTAINMENT >= _WATCH, 2),
        *_plain("cost-worse-than-a-year-ago", cost, change < -0.1),
        *_held("cost-rising", cost, _falling(4), 2),
        *_plain(
            "cost-beyond-tolerance", cost, variance < -(pl.col("tolerance") * planned).round(9)
        ),
        *_latched(
            "cost-over-plan-again",
            cost,
            (variance < 0) & _before(variance < 0, 1),
            variance >= 0,
            2,
        ),
        *_counted("satisfaction-below-plan", satisfaction, points, 2),
        *_held("satisfaction-falling", satisfaction, _falling(3) & (_ATTAINMENT < 0.95)),
        *_plain("satisfaction-stays-low", satisfaction, _flat(6) & behind),
        *_plain(
            "satisfaction-low-for-long",
            satisfaction,
            _since(low, _FIRST | (_ATTAINMENT >= _WATCH).fill_null(False)) >= 3,
        ),
        *_plain("readings-overdue", _MONITORED, pl.col("staleness_days") > 31),
        *_plain("missing-twice", pl.lit(True), actual.is_null() & _before(actual, 1).is_null()),
        *_plain(
            "cannot-be-judged",
            _MONITORED,
            pl.col("direction").is_null()
            | ((pl.col("planned_points") == 0) & pl.col("target").is_null()),
        ),
        *_counted(
            "value-to-be-watched", _MONITORED, _ATTAINMENT.is_between(_ACT, _WATCH, "left"), 3
        ),
        *_latched(
            "share-behind-plan",
            shared,
            (_ATTAINMENT < _ACT).fill_null(True),
            _ATTAINMENT >= _WATCH,
            3,
        ),
        *_plain("low-on-average", _MONITORED, average.round(9) < _ACT),
    ).collect()


def _on_projects(observations: Observations) -> pl.DataFrame:
    kpis = observations.kpis.select(
        "attainment",
        _millionths(pl.col("weighted_attainment", "weight", "progress")),
    )
    links = observations.project_kpis
    told = pl.col("weighted_attainment").is_not_null()
    by_project = (
        links.lazy()
        .select("parent")
        .with_columns(kpis.select(pl.all().gather(links["row"])))
        .group_by(row="parent", maintain_order=True)
        .agg(
            behind=(_ATTAINMENT < _WATCH).sum(),
            deep=(_ATTAINMENT < 0.5).any(ignore_nulls=False),
            all_behind=(_ATTAINMENT < 1).all(ignore_nulls=False),
            reached=pl.col("weighted_attainment").sum(),
            weight=pl.col("weight").filter(told).sum(),
            progress=pl.col("progress").mean() / 1e6,
        )
    )
    share = (pl.col("reached") / pl.col("weight")).round(9)
    share = pl.when(pl.col("weight") > 0).then(share)
    spent = (pl.col("spent") / pl.col("budget")).round(9)
    gap = (pl.col("progress").round(9) + 0.25).round(9)
    return (
        observations.projects.lazy()
        .select("row", "is_first", "stage", "spent", "budget")
        .join(by_project, on="row", how="left", maintain_order="left")
        .select(
            *_counted("several-behind", _MONITORED, pl.col("behind") >= 3, 2),
            *_counted("one-far-behind", pl.lit(True), pl.col("deep"), 2),
            *_held("all-behind", _MONITORED, pl.col("all_behind")),
            *_latched("project-behind", _MONITORED, share < _ACT, share >= _WATCH, 2),
            *_plain("money-ahead-of-value", pl.col("budget") > 0, spent > gap),
        )
        .collect()
    )


def _age() -> pl.Expr:
    row = pl.col("row")
    return row - pl.when(_FIRST).then(row).otherwise(0).cum_max()


def _millionths(number: pl.Expr) -> pl.Expr:
    return (number * 1e6 + 0.5).floor()


def _before(value: pl.Expr, back: int) -> pl.Expr:
    return pl.when(pl.col("age") >= back).then(value.shift(back))


def _falling(periods: int) -> pl.Expr:
    steps = [pl.col("step").shift(back) for back in range(periods - 1)]
    known = pl.sum_horizontal(steps, ignore_nulls=False).is_not_null()
    return pl.when(known).then((pl.max_horizontal(steps) <= 0) & (pl.min_horizontal(steps) < 0))


def _flat(periods: int) -> pl.Expr:
    steps = [pl.col("step").shift(back) for back in range(periods - 1)]
    known = pl.sum_horizontal(steps, ignore_nulls=False).is_not_null()
    return pl.when(known).then((pl.max_horizontal(steps) > 0) == (pl.min_horizontal(steps) < 0))


def _plain(rule: str, on: pl.Expr, when: pl.Expr) -> list[pl.Expr]:
    """Fires where it is true, without `for`."""
    return _named(rule, on & when.fill_null(False), on & when.is_null())


def _held(rule: str, on: pl.Expr, when: pl.Expr, periods: int = 1) -> list[pl.Expr]:
    """What is unknown stays what it was, and is not reported."""
    if periods > 1:
        return _named(rule, _enough(on, when, periods) & when.fill_null(True), pl.lit(False))
    known = pl.when(~on).then(False).when(_FIRST).then(when.fill_null(False)).otherwise(when)
    return _named(rule, known.forward_fill(), pl.lit(False))


def _counted(rule: str, on: pl.Expr, when: pl.Expr, periods: int) -> list[pl.Expr]:
    return _named(rule, _enough(on, when, periods) & when.fill_null(False), on & when.is_null())


def _latched(rule: str, on: pl.Expr, when: pl.Expr, clear: pl.Expr, periods: int) -> list[pl.Expr]:
    begins = _enough(on, when, periods) & when.fill_null(False)
    ends = ~on | (~when & clear).fill_null(False)
    latched = pl.when(begins).then(True).when(ends | _FIRST).then(False).forward_fill()
    return _named(rule, latched & when.is_not_null(), on & when.is_null())


def _enough(on: pl.Expr, when: pl.Expr, periods: int) -> pl.Expr:
    true = on & when.fill_null(False)
    return on & (_since(true.cast(pl.Int32), ~on | _FIRST | ~when.fill_null(True)) >= periods)


def _since(counted: pl.Expr, starts: pl.Expr) -> pl.Expr:
    total = counted.cum_sum()
    return total - pl.when(starts).then(total - counted).otherwise(0).cum_max()


def _named(rule: str, fires: pl.Expr, unknown: pl.Expr) -> list[pl.Expr]:
    return [fires.alias(rule), unknown.alias(f"{rule}?")]

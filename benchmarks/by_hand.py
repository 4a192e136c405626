"""The rules of `benchmarks/rules` as somebody who knows Polars well would write them, once: where
they fire, where nobody can tell, and the episodes that this makes.

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


def episodes(observations: Observations, fired: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    """From the first period that a rule fires in to the last, over periods that are unknown."""
    on_projects = observations.projects.with_columns(kpi=pl.lit(None, pl.String))
    found: list[pl.LazyFrame] = []
    for frame, rules in zip((observations.kpis, on_projects), fired, strict=True):
        rows = frame.select("project", "kpi", "period", "row", "is_first").hstack(rules).lazy()
        for rule in rules.columns[::2]:
            fires, unknown = pl.col(rule), pl.col(f"{rule}?")
            found.append(
                rows.filter(fires | unknown)
                .with_columns(run=(_FIRST | (pl.col("row").diff() != 1)).fill_null(True).cum_sum())
                .filter(fires)
                .group_by("run", maintain_order=True)
                .agg(
                    pl.col("project", "kpi").first(),
                    start=pl.col("period").first(),
                    end=pl.col("period").last(),
                )
                .select(pl.lit(rule).alias("rule"), "project", "kpi", "start", "end")
            )
    return pl.concat(pl.collect_all(found))


def _on_kpis(frame: pl.DataFrame) -> pl.DataFrame:
    category, direction = pl.col("category"), pl.col("direction")
    variance, behind = pl.col("variance"), _ATTAINMENT < _WATCH
    up = (direction == "increase") | (direction == "at_least")
    down = (direction == "decrease") | (direction == "at_most")
    rises, falls = _ACTUAL.diff() > 0, _ACTUAL.diff() < 0
    year = _before(_ACTUAL, 12)
    average = (_MILLIONTHS + _before(_MILLIONTHS, 1) + _before(_MILLIONTHS, 2)) / 3_000_000.0
    good = pl.when("up").then(1).when("down").then(-1)
    conditions = {
        "revenue-behind-plan": _ATTAINMENT < _ACT,
        "revenue-falling": _falling(3) & behind,
        "revenue-ahead": _ATTAINMENT > 1.1,
        "revenue-slips": (_before(_ATTAINMENT, 1) - _ATTAINMENT).round(9) > 0.05,
        "revenue-far-from-promise": pl.col("progress") < 0.6,
        "cost-behind-plan": _ATTAINMENT < 0.85,
        "cost-worse-than-a-year-ago": ((_ACTUAL - year) * good / year.abs()).round(9) < -0.1,
        "cost-rising": _falling(4),
        "cost-beyond-tolerance": variance < -(pl.col("tolerance") * pl.col("planned")).round(9),
        "cost-over-plan-again": (variance < 0) & _before(variance < 0, 1),
        "satisfaction-below-plan": pl.when(pl.col("unit") == "%")
        .then(variance <= -200)
        .otherwise(_ATTAINMENT < _ACT),
        "satisfaction-falling": _falling(3) & (_ATTAINMENT < 0.95),
        "satisfaction-stays-low": _flat(6) & behind,
        "satisfaction-low-for-long": _streak(behind) >= 3,
        "readings-overdue": pl.col("staleness_days") > 31,
        "missing-twice": _ACTUAL.is_null() & _before(_ACTUAL, 1).is_null(),
        "cannot-be-judged": direction.is_null()
        | ((pl.col("planned_points") == 0) & pl.col("target").is_null()),
        "value-to-be-watched": _ATTAINMENT.is_between(_ACT, _WATCH, "left"),
        "share-behind-plan": (_ATTAINMENT < _ACT).fill_null(True),
        "low-on-average": average.round(9) < _ACT,
    }
    recovered = _ATTAINMENT >= _WATCH
    return (
        frame.lazy()
        .with_columns(
            age=_age(),
            millionths=_millionths(_ATTAINMENT),
            up=up,
            down=down,
            better=pl.when(~_FIRST & up).then(rises).when(~_FIRST & down).then(falls),
            worse=pl.when(~_FIRST & up).then(falls).when(~_FIRST & down).then(rises),
            revenue=(category == "revenue") & _MONITORED,
            cost=(category == "cost") & _MONITORED,
            satisfaction=(category == "satisfaction") & _MONITORED,
            shared=(category == "market_share") | (category == "other"),
            monitored=_MONITORED,
            always=pl.lit(True),
        )
        .with_columns(**conditions)
        .select(
            *_latched("revenue-behind-plan", "revenue", recovered, 2),
            *_held("revenue-falling", "revenue"),
            *_held("revenue-ahead", "revenue", 2),
            *_plain("revenue-slips", "revenue"),
            *_held("revenue-far-from-promise", "revenue", 3),
            *_latched("cost-behind-plan", "cost", recovered, 2),
            *_plain("cost-worse-than-a-year-ago", "cost"),
            *_held("cost-rising", "cost", 2),
            *_plain("cost-beyond-tolerance", "cost"),
            *_latched("cost-over-plan-again", "cost", variance >= 0, 2),
            *_counted("satisfaction-below-plan", "satisfaction", 2),
            *_held("satisfaction-falling", "satisfaction"),
            *_plain("satisfaction-stays-low", "satisfaction"),
            *_plain("satisfaction-low-for-long", "satisfaction"),
            *_plain("readings-overdue", "monitored"),
            *_plain("missing-twice", "always"),
            *_plain("cannot-be-judged", "monitored"),
            *_counted("value-to-be-watched", "monitored", 3),
            *_latched("share-behind-plan", "shared", recovered, 3),
            *_plain("low-on-average", "monitored"),
        )
        .collect()
    )


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
        .with_columns(
            monitored=_MONITORED,
            always=pl.lit(True),
            funded=pl.col("budget") > 0,
            **{
                "several-behind": pl.col("behind") >= 3,
                "one-far-behind": pl.col("deep"),
                "all-behind": pl.col("all_behind"),
                "project-behind": share < _ACT,
                "money-ahead-of-value": spent > gap,
            },
        )
        .select(
            *_counted("several-behind", "monitored", 2),
            *_counted("one-far-behind", "always", 2),
            *_held("all-behind", "monitored"),
            *_latched("project-behind", "monitored", share >= _WATCH, 2),
            *_plain("money-ahead-of-value", "funded"),
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
    better, worse, known = _steps(periods)
    return pl.when(known).then(worse & ~better)


def _flat(periods: int) -> pl.Expr:
    better, worse, known = _steps(periods)
    return pl.when(known).then(better == worse)


def _steps(periods: int) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Whether one was for the better, one for the worse, and whether all are known."""
    better, worse = pl.col("better"), pl.col("worse")
    one_better, one_worse, known = better, worse, better.is_not_null()
    for back in range(1, periods - 1):
        one_better = one_better | better.shift(back)
        one_worse = one_worse | worse.shift(back)
        known = known & better.shift(back).is_not_null()
    return one_better, one_worse, known


def _streak(when: pl.Expr) -> pl.Expr:
    return _since(when.fill_null(False), _FIRST | ~when.fill_null(True))


def _plain(rule: str, on: str) -> list[pl.Expr]:
    """Fires where it is true, without `for`."""
    when, looks = pl.col(rule), pl.col(on)
    return _named(rule, looks & when.fill_null(False), looks & when.is_null())


def _held(rule: str, on: str, periods: int = 1) -> list[pl.Expr]:
    """What is unknown stays what it was, and is not reported."""
    when, looks = pl.col(rule), pl.col(on)
    if periods > 1:
        return _named(rule, _enough(rule, on, periods) & when.fill_null(True), pl.lit(False))
    known = pl.when(~looks).then(False).when(_FIRST).then(when.fill_null(False)).otherwise(when)
    return _named(rule, known.forward_fill(), pl.lit(False))


def _counted(rule: str, on: str, periods: int) -> list[pl.Expr]:
    when = pl.col(rule)
    fires = _enough(rule, on, periods) & when.fill_null(False)
    return _named(rule, fires, pl.col(on) & when.is_null())


def _latched(rule: str, on: str, clear: pl.Expr, periods: int) -> list[pl.Expr]:
    when, looks = pl.col(rule), pl.col(on)
    begins = _enough(rule, on, periods) & when.fill_null(False)
    ends = ~looks | (~when & clear).fill_null(False)
    latched = pl.when(begins).then(True).when(ends | _FIRST).then(False).forward_fill()
    return _named(rule, latched & when.is_not_null(), looks & when.is_null())


def _enough(rule: str, on: str, periods: int) -> pl.Expr:
    when, looks = pl.col(rule), pl.col(on)
    true = looks & when.fill_null(False)
    return looks & (_since(true, ~looks | _FIRST | ~when.fill_null(True)) >= periods)


def _since(counted: pl.Expr, starts: pl.Expr) -> pl.Expr:
    total = counted.cast(pl.Int32).cum_sum()
    return total - pl.when(starts).then(total - counted).otherwise(0).cum_max()


def _named(rule: str, fires: pl.Expr, unknown: pl.Expr) -> list[pl.Expr]:
    return [fires.alias(rule), unknown.alias(f"{rule}?")]

"""The rules of the benchmark as somebody who knows Polars well would write them: where each fires.

Parameters are written into the conditions, and nothing is said twice; Polars computes once what several
rules have in common.
"""

import polars as pl

_CATEGORY, _STAGE = pl.col("category"), pl.col("stage")
_MONITORED = _STAGE == "monitoring"
_WATCHED = _MONITORED | (_STAGE == "post_review")


def on_kpis(kpis: pl.DataFrame) -> pl.DataFrame:
    revenue, cost = _CATEGORY == "revenue", _CATEGORY == "cost"
    satisfaction, share = _CATEGORY == "satisfaction", _CATEGORY == "market_share"
    attainment, progress, variance = pl.col("attainment"), pl.col("progress"), pl.col("variance")
    actual, planned, baseline = pl.col("actual"), pl.col("planned"), pl.col("baseline")
    target, confidence, harm = pl.col("target"), pl.col("confidence"), pl.col("disbenefit")
    unsure, untold = confidence == "low", confidence.is_null()
    rules = {
        "revenue-behind": revenue & _MONITORED & (attainment < 0.8),
        "revenue-to-watch": revenue & (attainment >= 0.8) & (attainment < 0.9),
        "revenue-ahead": revenue & _MONITORED & (attainment > 1.1) & (variance > 0),
        "revenue-far-from-promise": revenue & ~harm & (progress < 0.5),
        "revenue-nothing-yet": revenue & (actual.is_null() | (actual <= baseline)),
        "cost-behind": cost & _MONITORED & (attainment < 0.95),
        "cost-above-plan": cost & (variance < 0) & (actual > planned),
        "cost-above-start": cost & ((actual > baseline) | (progress < 0)),
        "cost-below-target": cost & (actual < target),
        "satisfaction-behind": satisfaction & _MONITORED & (attainment < 0.8) & ~unsure,
        "satisfaction-low": satisfaction & (actual < planned) & (attainment <= 0.9),
        "satisfaction-unsure": satisfaction & (unsure | untold),
        "share-behind": (share | (_CATEGORY == "other")) & (attainment < 0.8),
        "share-never-moved": share & (progress >= 0) & (progress <= 0.05),
        "heavy-and-behind": (_STAGE != "planned") & (pl.col("weight") >= 3) & (attainment < 0.9),
        "far-behind": (attainment < 0.5) & ~harm,
        "harm-above-plan": harm & ((attainment < 1) | (variance <= -10)),
        "cannot-be-judged": pl.col("direction").is_null() | (planned.is_null() & target.is_null()),
        "nothing-reported": _WATCHED & actual.is_null() & planned.is_not_null(),
        "better-not-believed": (attainment > 1.15) & (untold | unsure | (confidence == "medium")),
    }
    return kpis.lazy().select(**rules).collect()


def on_projects(projects: pl.DataFrame) -> pl.DataFrame:
    """With what is counted over a project's KPIs given ready."""
    budget, spent = pl.col("budget"), pl.col("spent")
    behind, red = pl.col("count_kpis_attainment_watch"), pl.col("count_kpis_attainment_act")
    worst = pl.col("min_kpis_attainment_null_attainment")
    unreported, kpis = pl.col("count_kpis_actual_null"), pl.col("count_kpis")
    reached = pl.col("count_kpis_attainment_1")
    harms = pl.col("count_kpis_disbenefit_and_attainment_1")
    rules = {
        "several-behind": _MONITORED & (behind >= 3),
        "one-far-behind": (budget > 0) & (worst < 0.5),
        "nobody-reports": (unreported > 1) & (kpis >= 3),
        "money-without-value": (budget > 0) & (spent > budget) & (reached < 3),
        "harm-or-red": _WATCHED & ((harms > 0) | (red >= 5)),
    }
    return projects.lazy().select(**rules).collect()

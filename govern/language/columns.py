"""The column reading: many conditions in one pass over the observation frames."""

from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from govern.language.check import Checked
from govern.language.frames import Frames
from govern.language.history_columns import TREND
from govern.language.meaning import Collect, Meaning
from govern.language.plan import Plan, planned

_PLANS = 64
"""How many are kept: a rulebook, a table and the criteria of a gate are one each."""


def evaluate(observations: Frames, conditions: Sequence[Checked]) -> list[pl.Series]:
    """One series for each condition, aligned with the rows of its scope's frame; null is unknown.

    Boolean, Float64, String or Date by the condition's type; a list of one of them
    where a table collects. Raises `UnsortedFrameError`, and `TypeError` for a condition that gives a
    list of anything else (see `explain.select`). How it is done is found out once for the same
    conditions.
    """
    for condition in conditions:
        is_list = condition.type.kind == "list" and not isinstance(condition.meaning, Collect)
        if is_list or condition.type.kind in {"record", "table"}:
            raise TypeError(f"{condition.type} is not a value: {condition.expression.text}")
    plan = _plan(tuple((each.scope.name, each.meaning) for each in conditions))
    found = plan.run(observations)
    return [_final(each, column) for each, column in zip(conditions, found, strict=True)]


@lru_cache(_PLANS)
def _plan(conditions: tuple[tuple[str, Meaning], ...]) -> Plan:
    return planned(conditions)


def _final(condition: Checked, found: pl.Series) -> pl.Series:
    if found.dtype == TREND:
        found = found.cast(pl.String)
    return found.alias(condition.expression.text)

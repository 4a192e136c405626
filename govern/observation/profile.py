"""The column reading of `govern.domain.profile.missing`: whether a KPI's benefit profile is whole."""

import polars as pl

from govern.domain.profile import ASKED, HELD

_COLUMNS = {"department": "responsible"}
PROFILE = frozenset(
    {_COLUMNS.get(name, name) for name in ASKED} | {"direction", "formula", "currency"}
)
"""What `profile_complete` reads."""


def profile_complete() -> pl.Expr:
    """True where nothing is missing. Reads the KPI's own columns."""
    held = pl.col("direction").is_in(sorted(each.value for each in HELD)).fill_null(value=False)
    spared = {
        "baseline": held,
        "baseline_on": held,
        "baseline_source": held,
        "source": pl.col("formula").is_not_null(),
        "calculation": pl.col("formula").is_not_null(),
        "cashable": pl.col("currency").is_null(),
    }
    never = pl.lit(value=False)
    return pl.all_horizontal(
        pl.col(_COLUMNS.get(name, name)).is_not_null() | spared.get(name, never) for name in ASKED
    )

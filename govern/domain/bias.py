"""What reviews say of forecasts: how much of what was promised came, and what that means for a plan.

A rate is what was realised as a share of what was promised. Of several rates the middle one is taken,
and the quarters beside it tell how far apart they lie: all three by position among the rates in order,
between two of them in proportion (type 7 of Hyndman and Fan, The American Statistician 50, 1996).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

FEWEST = 3
"""Reviewed KPIs that it takes to offer an adjustment."""

PLACES = 4
"""Decimal places of a rate."""


@dataclass(frozen=True, slots=True)
class Bias:
    """Of `n` rates the median, a quarter of them at `low` or below it, a quarter at `high` or above."""

    n: int
    rate: Decimal | None
    low: Decimal | None
    high: Decimal | None

    @property
    def why(self) -> str | None:
        """Why no adjustment is offered; None where one is."""
        if self.n < FEWEST:
            reviewed = "no KPI" if self.n == 0 else f"{self.n} KPI" + ("s" if self.n > 1 else "")
            return f"{reviewed} reviewed; it takes {FEWEST}"
        if self.rate is None or self.rate <= 0:
            return "of half of what was promised nothing came: there is no plan to adjust"
        return None


def bias(rates: Sequence[Decimal]) -> Bias:
    if not rates:
        return Bias(0, None, None, None)
    ordered = sorted(map(Fraction, rates))
    low, middle, high = (_at(ordered, Fraction(share, 4)) for share in (1, 2, 3))
    return Bias(len(ordered), middle, low, high)


def adjusted(planned: Decimal, baseline: Decimal, rate: Decimal, places: int) -> Decimal:
    """The planned value, brought nearer to the baseline: baseline + rate × (planned − baseline)."""
    start = Fraction(baseline)
    return _rounded(start + Fraction(rate) * (Fraction(planned) - start), places)


def _at(ordered: Sequence[Fraction], share: Fraction) -> Decimal:
    place = share * (len(ordered) - 1)
    index = int(place)
    value = ordered[index]
    if index + 1 < len(ordered):
        value += (place - index) * (ordered[index + 1] - value)
    return _rounded(value, PLACES)


def _rounded(value: Fraction, places: int) -> Decimal:
    return Decimal(f"{round(value * 10**places)}E-{places}")

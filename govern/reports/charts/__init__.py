"""The charts that a page can have."""

from collections.abc import Callable
from typing import Any

from govern.reports.charts.bars import counted_bars, grouped_bars
from govern.reports.charts.curves import curves
from govern.reports.charts.small import small_multiples
from govern.reports.charts.spark import sparkline
from govern.reports.charts.waterfall import waterfall

CHARTS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (waterfall, curves, grouped_bars, counted_bars, small_multiples, sparkline)
}

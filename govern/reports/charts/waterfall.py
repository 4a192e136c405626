"""A waterfall: from one total to another, by what was gained and lost in between."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from govern.reports import shown
from govern.reports.charts.canvas import Figure, drawing, framed
from govern.reports.charts.palette import GAIN, INK, LINE, LOSS, TOTAL
from govern.reports.charts.table import table
from govern.reports.charts.texts import wrapped


def waterfall(
    caption: str, steps: Sequence[Mapping[str, Any]], unit: str = "", under: str = ""
) -> Markup:
    """`steps` in order: `label`, `value` (a plain number) and `total`: whether it is one, or a change."""
    bars = _laid(steps)
    first, last = bars[0], bars[-1]
    says = (
        f"{first[0]} {shown.number(first[2])} {unit}; "
        + "; ".join(f"{label} {_signed(after - before)}" for label, before, after, _ in bars[1:-1])
        + f"; {last[0]} {shown.number(last[2])} {unit}."
    )
    svg = drawing(caption, says, height(steps), lambda figure: paint(figure, steps, unit))
    listed = table(["step", unit or "value"], [(each["label"], each["value"]) for each in steps])
    return framed(caption, under, svg, listed)


def height(steps: Sequence[Mapping[str, Any]]) -> float:
    return 0.9 + 0.34 * len(steps)


def paint(figure: Figure, steps: Sequence[Mapping[str, Any]], unit: str) -> None:
    bars = _laid(steps)
    axes = figure.add_subplot()
    ends = [0.0, *(float(end) for _, before, after, _ in bars for end in (before, after))]
    room = (max(ends) - min(ends) or 1.0) * 0.16
    for at, (_, before, after, total) in enumerate(bars):
        look = TOTAL if total else GAIN if after >= before else LOSS
        axes.barh(
            at,
            float(after - before),
            left=float(before),
            height=0.62,
            color=look.fill,
            hatch=look.hatch,
            edgecolor=look.colour,
            linewidth=0.9,
        )
        right = max(before, after)
        told = shown.compact(after) if total else _signed(after - before, compact=True)
        axes.annotate(
            told,
            (float(right), at),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontweight="bold" if total else "normal",
        )
        if at + 1 < len(bars):
            axes.plot([float(after)] * 2, [at + 0.31, at + 1 - 0.31], color=INK, linewidth=0.6)
    axes.set_yticks(range(len(bars)), [wrapped(label, 30) for label, *_ in bars])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=INK, linewidth=0.8)
    low, high = min(ends), max(ends)
    axes.set_xlim(low - (room if low < 0 else 0), high + room)
    axes.xaxis.set_major_formatter(shown.tick)
    axes.grid(axis="x", color=LINE, linewidth=0.4)
    axes.set_axisbelow(True)
    axes.set_xlabel(unit)
    axes.spines["left"].set_visible(False)


def _laid(steps: Sequence[Mapping[str, Any]]) -> list[tuple[str, Decimal, Decimal, bool]]:
    """Each bar: label, where it begins, where it ends, whether it is a total."""
    bars: list[tuple[str, Decimal, Decimal, bool]] = []
    level = Decimal(0)
    for each in steps:
        value = shown.decimal(each["value"]) or Decimal(0)
        if each["total"]:
            bars.append((str(each["label"]), Decimal(0), value, True))
            level = value
        else:
            bars.append((str(each["label"]), level, level + value, False))
            level += value
    return bars


def _signed(value: Decimal, *, compact: bool = False) -> str:
    told = shown.compact(value) if compact else shown.number(value)
    return told if value <= 0 else f"+{told}"

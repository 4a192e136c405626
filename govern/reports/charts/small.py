"""Small charts beside each other: one KPI each, planned and actual."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from markupsafe import Markup

from govern.reports import shown
from govern.reports.charts.canvas import Figure, drawing, framed
from govern.reports.charts.curves import line, ticked
from govern.reports.charts.palette import INK, LINE, PLANNED, REALISED
from govern.reports.charts.texts import wrapped

IN_A_ROW = 3


def small_multiples(caption: str, items: Sequence[Mapping[str, Any]], under: str = "") -> Markup:
    """`items`: `label`, and `points` in order of time with `day`, `planned`, `actual` as plain numbers
    or None. Their figures stand in a table of the page's own."""
    says = "; ".join(_says(each) for each in items)
    svg = drawing(
        caption, f"{says}.", small_height(items), lambda figure: paint_small(figure, items)
    )
    return framed(caption, under, svg, Markup(""))


def small_height(items: Sequence[Mapping[str, Any]]) -> float:
    return 0.3 + 1.5 * ceil(len(items) / IN_A_ROW)


def paint_small(figure: Figure, items: Sequence[Mapping[str, Any]]) -> None:
    lines = ceil(len(items) / IN_A_ROW)
    for at, each in enumerate(items):
        axes = figure.add_subplot(lines, IN_A_ROW, at + 1)
        for name, look in (("planned", PLANNED), ("actual", REALISED)):
            known = [
                (date.fromisoformat(one["day"]), float(one[name]))
                for one in each["points"]
                if one[name] is not None
            ]
            if not known:
                continue
            line(axes, known, look)
            axes.annotate(
                shown.compact(Decimal(repr(known[-1][1]))),
                known[-1],
                xytext=(0, 5 if name == "actual" else -11),
                textcoords="offset points",
                ha="right",
                fontsize=7,
                color=look.colour,
                fontweight="bold",
            )
        axes.set_title(wrapped(str(each["label"]), 30), fontsize=7.5, loc="left", color=INK)
        axes.tick_params(labelsize=6.5, length=2)
        ticked(axes, [date.fromisoformat(one["day"]) for one in each["points"]], 3)
        axes.yaxis.set_major_formatter(shown.tick)
        axes.locator_params(axis="y", nbins=3)
        axes.grid(axis="y", color=LINE, linewidth=0.3)
        axes.margins(x=0.05, y=0.2)


def _says(item: Mapping[str, Any]) -> str:
    ends = [
        f"{name} {shown.number(known[-1])}"
        for name in ("planned", "actual")
        if (known := [one[name] for one in item["points"] if one[name] is not None])
    ]
    return f"{item['label']}: {', '.join(ends) or 'nothing is known'}"

"""Episodes of a rule on a time line: one bar from the first to the last period, in the page's colours."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from govern.reports import shown

WIDTH, HEIGHT, LEAST = 600, 18, 4


def bars(episodes: Sequence[Mapping[str, Any]], first: date, last: date) -> Markup:
    """The episodes of one subject between two days, each with `start`, `end`, `periods` and `ongoing`."""
    days = max(1, (last - first).days)
    drawn: list[str] = []
    for each in episodes:
        left = _x(each["start"], first, days)
        right = max(_x(each["end"], first, days), left + LEAST)
        kind = "ongoing" if each["ongoing"] else "over"
        drawn.append(
            f'<rect class="{kind}" x="{left}" y="3" width="{right - left}" height="12" rx="2"/>'
        )
    years = "".join(
        f'<line x1="{at}" y1="0" x2="{at}" y2="{HEIGHT}"/>'
        for year in range(first.year + 1, last.year + 1)
        for at in [_x(date(year, 1, 1), first, days)]
    )
    return Markup(  # noqa: S704 - numbers, and one text that is escaped
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(says(episodes))}">{years}{"".join(drawn)}</svg>'
    )


def says(episodes: Sequence[Mapping[str, Any]]) -> str:
    """What the bars show, in a sentence."""
    if not episodes:
        return "never fires"
    return "fires " + ", ".join(
        f"from {shown.day(each['start'])} "
        + ("on" if each["ongoing"] else f"to {shown.day(each['end'])}")
        + f" ({each['periods']} period{'s' if each['periods'] != 1 else ''})"
        for each in episodes
    )


def _x(day: date, first: date, days: int) -> int:
    return round(max(0, min((day - first).days, days)) * WIDTH / days)

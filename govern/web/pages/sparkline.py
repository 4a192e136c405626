"""A small drawing of a KPI: what was reported, beside what was planned. Its colours are the page's."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from govern.reports import shown

WIDTH, HEIGHT, EDGE = 132, 36, 4


def sparkline(kpi: Mapping[str, Any]) -> Markup:
    """`kpi`: `name`, and `points` in order of time with `day`, `planned` and `actual`, each a number or
    None. A period that nobody reported is a gap in the line. Nothing where no figure is known."""
    points: Sequence[Mapping[str, Any]] = kpi["points"]
    known = [
        float(each[name])
        for each in points
        for name in ("planned", "actual")
        if each[name] is not None
    ]
    if not known:
        return Markup("")
    place = _places(len(points), min(known), max(known))
    drawn: list[str] = []
    for name in ("planned", "actual"):
        for run in _runs([each[name] for each in points]):
            drawn.append(_line(name, [place(at, value) for at, value in run]))
    reported = [
        (at, each["actual"]) for at, each in enumerate(points) if each["actual"] is not None
    ]
    if reported:
        x, y = place(*reported[-1])
        drawn.append(f'<circle class="actual" cx="{x}" cy="{y}" r="3"/>')
    return Markup(  # noqa: S704 - numbers, and one text that is escaped
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(says(kpi))}">{"".join(drawn)}</svg>'
    )


def says(kpi: Mapping[str, Any]) -> str:
    """What the drawing shows, in a sentence."""
    points: Sequence[Mapping[str, Any]] = kpi["points"]
    reported = [each for each in points if each["actual"] is not None]
    if not reported:
        last = points[-1]
        return (
            f"{kpi['name']}: nothing is reported yet; planned is {shown.number(last['planned'])} "
            f"for the period to {shown.day(last['day'])}"
        )
    last = reported[-1]
    return (
        f"{kpi['name']}: {shown.number(last['actual'])} reported for the period to "
        f"{shown.day(last['day'])}, {shown.number(last['planned'])} planned"
    )


def _places(count: int, low: float, high: float) -> Any:
    span = (high - low) or 1.0
    step = (WIDTH - 2 * EDGE) / max(count - 1, 1)

    def place(at: int, value: Decimal) -> tuple[float, float]:
        share = (float(value) - low) / span if high > low else 0.5
        return round(EDGE + at * step, 1), round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)

    return place


def _runs(values: Sequence[Decimal | None]) -> list[list[tuple[int, Decimal]]]:
    """The values that follow each other without a gap."""
    runs: list[list[tuple[int, Decimal]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [each for each in runs if each]


def _line(name: str, places: Sequence[tuple[float, float]]) -> str:
    if len(places) == 1:
        x, y = places[0]
        places = [(x - 1, y), (x + 1, y)]
    points = " ".join(f"{x},{y}" for x, y in places)
    return f'<polyline class="{name}" points="{points}"/>'

"""The charts: the same figures give the same drawing, in whichever thread; what people wrote stays text."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree

import pytest

from govern.reports import shown
from govern.reports.charts import CHARTS
from govern.reports.charts.palette import GAIN, LOOKS, LOSS, PROPERTIES, TOTAL

HOSTILE = '<script>$x_1$ & "quoted"\''

STEPS = [
    {"label": "promised", "value": "1000", "total": True},
    {"label": HOSTILE, "value": "-250.5", "total": False},
    {"label": "cost", "value": "40", "total": False},
    {"label": "forecast", "value": "789.5", "total": True},
]
POINTS = [
    {"day": "2026-01-31", "planned": "10", "realised": "8", "forecast": None},
    {"day": "2026-02-28", "planned": None, "realised": "17", "forecast": None},
    {
        "day": "2026-03-31",
        "planned": "30",
        "realised": "20",
        "forecast": "20",
        "low": "20",
        "high": "20",
    },
    {
        "day": "2026-04-30",
        "planned": "40",
        "realised": None,
        "forecast": "28",
        "low": "25",
        "high": "31",
    },
]
ROWS = [
    {"label": HOSTILE, "promised": "100", "planned": "50", "realised": None, "forecast": "-20"},
    {"label": "cost", "promised": "0", "planned": "0", "realised": "0", "forecast": "0"},
]
STAGES = [
    {"label": "planned", "value": 3, "waiting": 2, "outside": False},
    {"label": "on hold", "value": 1, "waiting": 0, "outside": True},
]
SMALL = [
    {"label": HOSTILE, "points": [{"day": "2026-01-31", "planned": "1", "actual": None}]},
    {"label": "nothing", "points": []},
]
SPARK = [
    {"day": "2026-01-31", "planned": "10", "actual": "8"},
    {"day": "2026-02-28", "planned": "20", "actual": None},
    {"day": "2026-03-31", "planned": "30", "actual": "20"},
    {"day": "2026-04-30", "planned": "40", "actual": None},
]
DRAWN: dict[str, tuple[Any, ...]] = {
    "waterfall": (HOSTILE, STEPS, "EUR"),
    "curves": (HOSTILE, POINTS, "EUR", "2026-03-31"),
    "grouped_bars": (HOSTILE, ROWS, "EUR"),
    "counted_bars": (HOSTILE, STAGES, "projects"),
    "small_multiples": (HOSTILE, SMALL),
    "sparkline": (HOSTILE, SPARK, "EUR"),
}


def drawn(name: str) -> str:
    return str(CHARTS[name](*DRAWN[name]))


def svg_of(chart: str) -> Any:
    (found,) = re.findall(r"<svg.*</svg>", chart, re.DOTALL)
    return ElementTree.fromstring(found)  # noqa: S314 - ours


def texts(chart: str) -> list[str]:
    return ["".join(each.itertext()) for each in svg_of(chart).iter("text")]


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_figures_give_the_same_drawing_in_any_thread(name: str) -> None:
    first = drawn(name)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(drawn, [name] * 8)) == {first}


@pytest.mark.parametrize("name", DRAWN)
def test_what_people_wrote_stays_text(name: str) -> None:
    chart = drawn(name)
    assert "<script" not in chart
    svg = svg_of(chart)
    assert svg.find("title").text.startswith(HOSTILE)
    assert svg.get("role") == "img"
    told = {each.get("id") for each in svg.iter() if each.get("id")}
    assert set(svg.get("aria-labelledby", "").split()) <= told
    assert not [each for each in svg.iter() if "http" in "".join(each.attrib.values())]


@pytest.mark.parametrize("name", DRAWN)
def test_every_colour_can_be_given_by_a_theme_and_else_is_the_one_of_paper(name: str) -> None:
    svg = ElementTree.tostring(svg_of(drawn(name)), encoding="unicode")
    colours = re.findall(r"(?:var\((--[a-z-]+), )?(#[0-9a-fA-F]{6}\b)", svg)
    assert colours
    assert {(PROPERTIES.get(colour), colour) for _, colour in colours} == set(colours)


def test_a_sparkline_says_its_last_figure_and_has_gaps() -> None:
    spark = drawn("sparkline")
    assert svg_of(spark).find("title").text == f"{HOSTILE}: 20 EUR, planned 30, by 31 Mar 2026"
    planned, *actual = [each.get("points") for each in svg_of(spark).iter("polyline")]
    assert len(planned.split()) == 4
    assert [len(each.split()) for each in actual] == [1, 1]
    assert "no figure is known" in str(CHARTS["sparkline"]("x", []))


def test_a_chart_says_in_words_what_it_shows() -> None:
    says = svg_of(drawn("curves")).find("desc").text
    assert says == (
        "planned: 40 EUR by 30 Apr 2026. realised: 20 EUR by 31 Mar 2026. "
        "forecast: 28 EUR by 30 Apr 2026, with 80 % from 25 to 31."
    )
    says = svg_of(drawn("waterfall")).find("desc").text
    assert says == f"promised 1,000 EUR; {HOSTILE} −250.5; cost +40; forecast 789.5 EUR."


def test_bars_are_named_at_their_ends() -> None:
    assert {"1 k", "−250", "+40", "790"} <= set(texts(drawn("waterfall")))
    told = texts(drawn("grouped_bars"))
    assert {"promised 100", "realised unknown", "forecast −20"} <= set(told)
    assert "3, 2 waiting" in texts(drawn("counted_bars"))


def test_a_gap_is_no_line() -> None:
    """Planned is unknown in February: two pieces of line, neither of which leads across."""
    (planned,) = [
        each
        for each in svg_of(drawn("curves")).iter("path")
        if LOOKS["planned"].colour in each.get("style", "").partition("stroke:")[2]
        and "stroke-width: 1.8" in each.get("style", "")
    ]
    assert planned.get("d").count("M") == 2


def test_what_is_not_known_yet_is_blank_and_what_is_missing_is_unknown() -> None:
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", drawn("curves"), re.DOTALL)
    february, april = rows[1], rows[3]
    assert february.count("unknown</span>") == 1
    assert february.count("<td></td>") == 3
    assert "unknown" not in april
    assert april.count("<td></td>") == 1


def test_no_two_looks_differ_by_colour_alone() -> None:
    lines = [(look.dashes, look.marker) for look in LOOKS.values()]
    assert len(set(lines)) == len(lines)
    assert len({GAIN.hatch, LOSS.hatch, TOTAL.hatch}) == 3


@pytest.mark.parametrize(
    ("value", "number", "compact"),
    [
        ("1234567.89", "1,234,568", "1.23 m"),
        ("-1500", "−1,500", "−1.5 k"),
        ("0.000123456", "0.0001235", "0.000123"),
        ("999.96", "1,000", "1,000"),
        ("12", "12", "12"),
        ("100", "100", "100"),
        ("0", "0", "0"),
        (None, "unknown", "unknown"),
        ("007", "unknown", "unknown"),
        ("2500000000", "2,500,000,000", "2.5 bn"),
    ],
)
def test_how_a_number_is_shown(value: str | None, number: str, compact: str) -> None:
    assert (shown.number(value), shown.compact(value)) == (number, compact)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0.909822434", "91 %"),
        ("0.05", "5 %"),
        ("0.0512", "5.1 %"),
        ("-0.3", "−30 %"),
        (None, "unknown"),
    ],
)
def test_how_a_share_is_shown(value: str | None, told: str) -> None:
    assert shown.percent(value) == told

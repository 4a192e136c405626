"""Colours that people tell apart who see fewer of them (Okabe and Ito), each with a pattern beside it.

In a drawing each stands as a property of CSS with the colour as its fallback: a page that has a dark
theme gives the properties other colours, and a page that names none has these.
"""

from dataclasses import dataclass

INK, SOFT, LINE = "#1a1a1a", "#595959", "#b3b3b3"
PAPER = "#ffffff"
BLUE, VERMILION = "#0072b2", "#d55e00"
BLUE_TINT, VERMILION_TINT = "#bcdcf0", "#f7d9c4"
PALE, GREY = "#d9d9d9", "#8c8c8c"

PROPERTIES = {
    INK: "--chart-ink",
    SOFT: "--chart-soft",
    LINE: "--chart-line",
    PAPER: "--chart-paper",
    BLUE: "--chart-blue",
    BLUE_TINT: "--chart-blue-tint",
    VERMILION: "--chart-vermilion",
    VERMILION_TINT: "--chart-vermilion-tint",
    PALE: "--chart-pale",
    GREY: "--chart-grey",
}


def themed(rules: str) -> str:
    """Rules of CSS, with every colour of ours as its property."""
    for colour, name in PROPERTIES.items():
        rules = rules.replace(colour, f"var({name}, {colour})")
    return rules


@dataclass(frozen=True, slots=True)
class Look:
    """How a series looks: `dashes` and `marker` as a line, `hatch` as a bar."""

    colour: str
    fill: str
    hatch: str
    dashes: tuple[float, ...]
    marker: str


PROMISED = Look(INK, PAPER, "", (), "s")
PLANNED = Look(SOFT, PALE, "", (4.0, 2.0), "")
REALISED = Look(BLUE, BLUE, "", (), "o")
FORECAST = Look(VERMILION, VERMILION_TINT, "////", (1.0, 1.5), "")
LOOKS = {
    "promised": PROMISED,
    "planned": PLANNED,
    "realised": REALISED,
    "forecast": FORECAST,
}
TOTAL = Look(INK, GREY, "", (), "")
GAIN = Look(BLUE, BLUE_TINT, "\\\\\\\\", (), "")
LOSS = Look(VERMILION, VERMILION_TINT, "////", (), "")

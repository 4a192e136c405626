"""Colours that people tell apart who see fewer of them (Okabe and Ito), each with a pattern beside it."""

from dataclasses import dataclass

INK, SOFT, LINE = "#1a1a1a", "#595959", "#b3b3b3"
BLUE, ORANGE, GREEN, VERMILION, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9"
PALE = "#d9d9d9"


@dataclass(frozen=True, slots=True)
class Look:
    """How a series looks: `dashes` and `marker` as a line, `hatch` as a bar."""

    colour: str
    fill: str
    hatch: str
    dashes: tuple[float, ...]
    marker: str


PROMISED = Look(INK, "#ffffff", "", (), "s")
PLANNED = Look(SOFT, PALE, "", (4.0, 2.0), "")
REALISED = Look(BLUE, BLUE, "", (), "o")
FORECAST = Look(VERMILION, "#f7d9c4", "////", (1.0, 1.5), "")
LOOKS = {
    "promised": PROMISED,
    "planned": PLANNED,
    "realised": REALISED,
    "forecast": FORECAST,
}
TOTAL = Look(INK, "#8c8c8c", "", (), "")
GAIN = Look(BLUE, "#bcdcf0", "\\\\\\\\", (), "")
LOSS = Look(VERMILION, "#f7d9c4", "////", (), "")

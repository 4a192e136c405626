"""What a benchmark was asked for, and what it measured: a row of the table of `make bench`.

A benchmark that has goals has `goals(*, full: bool = False) -> list[Goal]` next to its `main()`: it
measures on sizes that take about a minute, or on those its section in README.md tells of, and raises
`SystemExit` with the reason where it cannot measure. It prints nothing. Where there is one size only it
takes no `full`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """`asked` and `measured` are as a person reads them, in the same unit: "at most 1.3 ×", "1.18 ×"."""

    what: str
    asked: str
    measured: str
    met: bool


def at_most(what: str, asked: float, measured: float, unit: str = "×") -> Goal:
    """A figure that is to be small: a time against its bound, mebibytes, seconds."""
    return _limit(what, ("at most", asked), measured, unit, met=measured <= asked)


def at_least(what: str, asked: float, measured: float, unit: str = "×") -> Goal:
    """A figure that is to be large: a rate against its bound."""
    return _limit(what, ("at least", asked), measured, unit, met=measured >= asked)


def _limit(what: str, asked: tuple[str, float], measured: float, unit: str, *, met: bool) -> Goal:
    word, limit = asked
    return Goal(what, f"{word} {limit:,g} {unit}", f"{_figure(measured)} {unit}", met)


def _figure(measured: float) -> str:
    if abs(measured) >= 100:
        return f"{measured:,.0f}"
    return f"{measured:.2f}"

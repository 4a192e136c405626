"""Texts that fit beside a bar."""

from textwrap import wrap


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """On at most so many lines; what does not fit ends with an ellipsis."""
    found = wrap(text, width) or [""]
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1][: width - 1].rstrip() + "…"]
    return "\n".join(found)

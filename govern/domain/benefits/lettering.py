"""How wide a text runs in a plain sans-serif face, and where it breaks: no font is at hand to ask."""

import unicodedata

_NARROW = frozenset("ijlftrI.,:;'|!()[]/-\u00a0 ")
_WIDE = frozenset("mwMWQOG@%&→")


def width(text: str, size: float) -> float:
    """An estimate in the units of `size`, on the wide side for the usual faces."""
    return sum(map(_share, text)) * size


def _share(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if unicodedata.combining(char):
        return 0.0
    if char in _NARROW:
        return 0.36
    if char in _WIDE:
        return 0.92
    return 0.72 if char.isupper() else 0.59


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """Lines that fit the room, at most so many; words that are too long are broken, and what does not
    fit ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width(joined, size) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, size, room)
        lines += full
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], size, room)]
    return lines


def _broken(word: str, size: float, room: float) -> list[str]:
    parts = [""]
    for char in word:
        if parts[-1] and width(parts[-1] + char, size) > room:
            parts.append("")
        parts[-1] += char
    return parts


def _shortened(line: str, size: float, room: float) -> str:
    while line and width(f"{line}…", size) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"

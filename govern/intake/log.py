"""Collects refusals and notes while files are read."""

from govern.intake.rows import Note, Refused

_SHOWN = 80


def shown(value: str) -> str:
    """A value as a message may hold it: one line, no control characters, at most 80 characters."""
    return _visible(value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…")


def _visible(text: str) -> str:
    """With line ends, control characters and odd blanks spelt out."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


class FileRefused(Exception):  # noqa: N818 - the answer to a file, handled where the folder is read
    """A file that cannot be read as rows at all."""

    def __init__(self, line: int, problem: str, right: str, value: str = "") -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.right = right
        self.value = value


MOST_KEPT = 10_000
"""Refusals of one file that are kept; all of them are counted."""


class Log:
    """One per folder. The same note in the same column is kept once, with a count.

    `refused` counts the refusals, of which `refusals` holds the first `MOST_KEPT` of each file.
    """

    def __init__(self) -> None:
        self.refusals: list[Refused] = []
        self.refused = 0
        self._kept: dict[str, int] = {}
        self._notes: dict[tuple[str, str | None, str], tuple[int, int]] = {}

    def refuse(
        self, file: str, line: int, column: str | None, value: str = "", *, problem: str, right: str
    ) -> None:
        self.refused += 1
        kept = self._kept.setdefault(file, 0)
        if kept == MOST_KEPT:
            return
        self._kept[file] = kept + 1
        self.refusals.append(
            Refused(file, line, column, shown(value), _visible(problem), _visible(right))
        )

    def note(self, file: str, line: int, column: str | None, text: str, count: int = 1) -> None:
        key = (file, column, text)
        first, before = self._notes.get(key, (line, 0))
        self._notes[key] = (min(first, line), before + count)

    def in_order(self, file: str) -> None:
        """Puts the notes about a file in the order of their lines."""
        mine = [each for each in self._notes.items() if each[0][0] == file]
        for key, _ in mine:
            del self._notes[key]
        self._notes |= dict(sorted(mine, key=lambda each: each[1][0]))

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(
            Note(file, line, column, text, count)
            for (file, column, text), (line, count) in self._notes.items()
        )

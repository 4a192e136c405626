"""Collects refusals and notes while files are read."""

import unicodedata

from govern.intake.rows import Note, Refused

_SHOWN = 80


def shown(value: str) -> str:
    """A value as a message may hold it: one line, no control characters, at most 80 characters."""
    clipped = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return "".join(_visible(char) for char in clipped)


def _visible(char: str) -> str:
    if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp"):
        return char.encode("unicode_escape").decode("ascii")
    return char


class FileRefused(Exception):  # noqa: N818 - the answer to a file, handled where the folder is read
    """A file that cannot be read as rows at all."""

    def __init__(self, line: int, problem: str, right: str, value: str = "") -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem
        self.right = right
        self.value = value


class Log:
    """One per folder. The same note in the same column is kept once, with a count."""

    def __init__(self) -> None:
        self.refusals: list[Refused] = []
        self._notes: dict[tuple[str, str | None, str], tuple[int, int]] = {}

    def refuse(
        self, file: str, line: int, column: str | None, value: str = "", *, problem: str, right: str
    ) -> None:
        self.refusals.append(Refused(file, line, column, shown(value), problem, right))

    def note(self, file: str, line: int, column: str | None, text: str, count: int = 1) -> None:
        key = (file, column, text)
        first, before = self._notes.get(key, (line, 0))
        self._notes[key] = (first, before + count)

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(
            Note(file, line, column, text, count)
            for (file, column, text), (line, count) in self._notes.items()
        )

"""Rows by id: repeats, conflicts, and whether an id may be referred to."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from govern.intake.log import Log
from govern.intake.problem import did_you_mean

COMPARISONS = 200_000
"""Ids compared in all to find close ones for a file's unknown ids: a search reads them all."""


class _Row(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def line(self) -> int: ...


R = TypeVar("R", bound=_Row)


class Register(Generic[R]):
    """The rows of one file, in order, and what became of the ids it names.

    Two rows with one id and different content are both refused: which of them is right is not
    for a reader to say.
    """

    def __init__(self, log: Log, file: str, column: str) -> None:
        self._log = log
        self._file = file
        self._column = column
        self._taken: dict[str, R] = {}
        self._refused: dict[str, int] = {}
        self._hints: dict[str, str | None] = {}
        self._comparisons = COMPARISONS
        self.repeated = 0
        self.refused = 0
        self.whole = True
        """False once the file as a whole is refused, so that nothing can be held against it."""

    @property
    def rows(self) -> tuple[R, ...]:
        return tuple(self._taken.values())

    def __contains__(self, key: str) -> bool:
        return key in self._taken

    def get(self, key: str) -> R | None:
        return self._taken.get(key)

    def close(self) -> None:
        """Takes nothing of the file: it is refused as a whole."""
        self.whole = False
        self._taken.clear()

    def has_refused(self, key: str) -> bool:
        """Whether the file has a row for this id that is refused."""
        return key in self._refused

    def refuse(self, key: str | None, line: int) -> None:
        """Records that the row on `line` was refused. The reason is in the log already."""
        self.refused += 1
        if key is None:
            return
        self._refused.setdefault(key, line)
        other = self._taken.pop(key, None)
        if other is not None:
            self.refused += 1
            self._conflict(key, other.line, line)

    def withdraw(self, key: str) -> None:
        """Refuses a row that was taken. The reason is in the log already."""
        row = self._taken.pop(key)
        self.refused += 1
        self._refused.setdefault(key, row.line)

    def take(self, key: str, row: R) -> None:
        before = self._taken.get(key)
        if before is not None and replace(before, line=row.line) == row:
            self.repeated += 1
            self._log.note(
                self._file, row.line, None, "an exact repeat of a row above is taken once"
            )
        elif before is not None:
            del self._taken[key]
            self.refused += 2
            self._refused[key] = before.line
            self._conflict(key, before.line, row.line)
            self._conflict(key, row.line, before.line)
        elif key in self._refused:
            self.refused += 1
            self._conflict(key, row.line, self._refused[key])
        else:
            self._taken[key] = row

    def _conflict(self, key: str, line: int, other: int) -> None:
        self._log.refuse(
            self._file,
            line,
            self._column,
            key,
            problem=f"is also on line {other}, with other content",
            right="keep the row that is right, or give one of them an id of its own",
        )

    def why_not(self, key: str, others: Collection[str]) -> tuple[str, str]:
        """Problem and help for a reference to an id that is not among the rows taken.

        `others` are the ids that would do as well, from elsewhere.
        """
        line = self._refused.get(key)
        if line is not None:
            return f"is refused on line {line} of {self._file}", "correct that row first"
        ids = len(self._taken) + len(others)
        if key not in self._hints and ids <= self._comparisons:
            self._comparisons -= ids
            self._hints[key] = did_you_mean(key, (*self._taken, *others))
        meant = self._hints.get(key)
        return (
            f"is neither in {self._file} nor known already",
            meant or f"add it to {self._file}, or correct the id",
        )

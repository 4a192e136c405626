"""Where the characters of a condition stand in the file it was read from."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Protocol

from govern.documents.source import Place


class Origin(Protocol):
    """Maps an offset in a condition's text to its place. `govern.documents.node.Scalar` is one."""

    def at(self, offset: int, length: int = 1) -> Place:
        """The place of the character number `offset` (from 0); `length` stays within its line."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """A text that stands in a file as it is: `starts` is (offset, line, column) of each line."""

    path: str
    starts: tuple[tuple[int, int, int], ...]
    length: int

    def at(self, offset: int, length: int = 1) -> Place:
        index = bisect_right(self.starts, (offset, 2**63, 0)) - 1
        start, line, column = self.starts[max(index, 0)]
        end = self.starts[index + 1][0] - 1 if index + 1 < len(self.starts) else self.length
        return Place(self.path, line, column + offset - start, max(1, min(length, end - offset)))


def within(path: str, text: str, line: int = 1, column: int = 1) -> Lines:
    """The origin of a text whose first character stands at line and column (from 1).

    Further lines of the text are taken to begin in the same column, as in a block of YAML.
    """
    starts = [(0, line, column)]
    for offset, character in enumerate(text):
        if character == "\n":
            line += 1
            starts.append((offset + 1, line, column))
    return Lines(path, tuple(starts), len(text))

"""The text as it is parsed: the file's lines, with quotes put around values that lack them."""

from dataclasses import dataclass, field

from govern.documents import traps
from govern.documents.events import BadSyntax, Mark
from govern.documents.problem import Problem
from govern.documents.source import Place

_MENDS = 200


@dataclass(slots=True)
class Copy:
    """`mended`: line → column (both from 0) where an opening quote was put in; one a line."""

    path: str
    lines: list[str]
    mended: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def is_ours(self, mark: Mark) -> bool:
        """Whether the quote at the mark was put in here."""
        return self.mended.get(mark.line) == mark.column

    def place(self, start: Mark, end: Mark | None = None) -> Place:
        """The place in the file of a stretch between two marks, as far as its first line goes."""
        line, column = start
        if line >= len(self.lines):
            line, column = max(len(self.lines) - 1, 0), len(self.lines[-1]) if self.lines else 0
            end = None
        length = 1
        if end is not None:
            length = (end.column if end.line == line else len(self.lines[line].rstrip())) - column
        quote = self.mended.get(line)
        if quote is not None and end is not None and column == quote:
            length -= 2
        shifted = quote is not None and column > quote
        return Place(self.path, line + 1, column if shifted else column + 1, max(1, length))

    def mend(self, error: BadSyntax) -> Problem | None:
        """Puts quotes around the value that the error is about, and says so; else `None`."""
        found = self._trapped(error) if len(self.mended) < _MENDS else None
        if found is None:
            return None
        number, trap = found
        place = Place(self.path, number + 1, trap.column + 1, len(trap.value))
        self.lines[number] = traps.mend(self.lines[number], trap)
        self.mended[number] = trap.column
        return Problem("E103", trap.why, place, f"put it in quotes: {traps.quoted(trap.value)}")

    def _trapped(self, error: BadSyntax) -> tuple[int, traps.Trap] | None:
        if self.is_tab(error):
            return None
        number = error.at.line
        if number not in self.mended and (
            trap := traps.find_inside(self.line(number), error.at.column)
        ):
            return number, trap
        # An open range makes the parser stumble anywhere behind it.
        suspects = [
            each
            for each in range(min(number + 1, len(self.lines)))
            if traps.is_range(self.lines[each])
        ]
        suspects.append(number)
        if error.opened is not None and "flow" in error.inside:
            suspects.append(error.opened.line)
        for each in suspects:
            if each not in self.mended and (trap := traps.find(self.line(each))):
                return each, trap
        return None

    def is_tab(self, error: BadSyntax) -> bool:
        return self.line(error.at.line)[error.at.column : error.at.column + 1] == "\t"

    def problem(self, error: BadSyntax) -> Problem:
        """The error in an author's words."""
        if self.is_tab(error):
            what = "a tab, where YAML takes spaces only"
            return Problem("E102", what, self.place(error.at), "use spaces")
        if error.opened is not None and "quoted scalar" in error.inside:
            return Problem("E101", "this quote is never closed", self.place(error.opened))
        if error.opened is not None and "flow" in error.inside:
            bracket = self.line(error.opened.line)[error.opened.column : error.opened.column + 1]
            return Problem(
                "E101",
                f"this '{bracket}' is never closed, or what stands in it is not a list of values",
                self.place(error.opened),
                "close it; put a value that begins with a bracket in quotes",
            )
        inside = f" ({error.inside})" if error.inside and error.inside != error.what else ""
        return Problem(
            "E101",
            f"not valid YAML: {error.what}{inside}",
            self.place(error.at),
            "check the indentation, and whether a quote or a bracket is left open above",
        )

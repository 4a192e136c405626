"""What is wrong with the text of one cell."""

import difflib
from collections.abc import Iterable


class CellProblem(Exception):  # noqa: N818 - the answer to a cell, handled where the row is read
    """`problem` follows the value in a sentence; `right` says what to write."""

    def __init__(self, problem: str, right: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.right = right


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A line that names the closest known word, or `None` where nothing is close."""
    if len(word) > 100:
        return None
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean '{folded[close[0]]}'?" if close else None

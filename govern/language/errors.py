"""How parsing, checking and evaluating a condition can fail."""

from govern.documents.problem import Problem


class LanguageError(Exception):
    """The condition cannot be used. `problems` holds everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.place}: {p.message}" for p in problems))
        self.problems = problems


class UnsortedFrameError(Exception):
    """An observation frame whose rows are not in their order; history would be silently wrong."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the rows of the {scope} frame are not numbered 0, 1, 2, … in order")
        self.scope = scope

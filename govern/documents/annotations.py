"""Problems as workflow commands of GitHub Actions, which shows them beside the lines they are about.

`::error file=…,line=…::message`, with percent signs and line breaks written as `%25`, `%0D` and `%0A`,
in what stands before the second `::` also colons and commas (actions/toolkit, command.ts).
"""

from pathlib import PurePath

from govern.documents.problem import Problem
from govern.documents.sarif import below
from govern.documents.source import Place


def annotation(problem: Problem, base: PurePath) -> str:
    """The line that GitHub reads; the path is told from `base` on."""
    message = problem.message + (f"\n{problem.help}" if problem.help else "")
    return command(problem.level, problem.place, problem.code, message, base)


def command(level: str, place: Place, title: str, message: str, base: PurePath) -> str:
    named = {
        "file": below(place.path, base),
        "line": str(place.line),
        "col": str(place.column),
        "endColumn": str(place.column + place.length),
        "title": title,
    }
    properties = ",".join(f"{name}={_property(value)}" for name, value in named.items())
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

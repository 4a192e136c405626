"""Problems as SARIF 2.1.0, the format code scanners report in (OASIS, sarif-v2.1.0-os)."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from govern.documents.problem import Problem

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(
    problems: Sequence[Problem], codes: Mapping[str, str], version: str, base: PurePath
) -> dict[str, Any]:
    """The log of one run. `codes` says what each code means; paths are told from `base` on."""
    used = sorted({problem.code for problem in problems})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "govern",
                        "semanticVersion": version,
                        "rules": [
                            {"id": code, "shortDescription": {"text": codes.get(code, code)}}
                            for code in used
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, used, base) for problem in problems],
            }
        ],
    }


def below(path: str, base: PurePath) -> str:
    """The path as seen from `base`, with `/`; as it is where it lies elsewhere."""
    pure = PurePath(path)
    return (pure.relative_to(base) if pure.is_relative_to(base) else pure).as_posix()


def _result(problem: Problem, used: list[str], base: PurePath) -> dict[str, Any]:
    place = problem.place
    help_ = f"\n{problem.help}" if problem.help else ""
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endColumn": place.column + place.length,
    }
    return {
        "ruleId": problem.code,
        "ruleIndex": used.index(problem.code),
        "level": str(problem.level),
        "message": {"text": problem.message + help_},
        "locations": [
            {"physicalLocation": {"artifactLocation": _file(place.path, base), "region": region}}
        ],
    }


def _file(path: str, base: PurePath) -> dict[str, str]:
    shown = below(path, base)
    if PurePath(shown).is_absolute():
        return {"uri": "file://" + quote(shown if shown.startswith("/") else f"/{shown}")}
    return {"uri": quote(shown), "uriBaseId": "%SRCROOT%"}

"""What a check found, in the format that its reader takes."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

from govern.documents.annotations import annotation
from govern.documents.junit import Case, junit
from govern.documents.problem import Level, Problem, render
from govern.documents.sarif import below, sarif
from govern.documents.source import Source

FORMATS: Final = ("json", "sarif", "github", "junit")


def report(
    form: str,
    problems: Sequence[Problem],
    sources: Mapping[str, Source],
    *,
    title: str,
    codes: Mapping[str, str],
    version: str,
    base: PurePath,
    strict: bool = False,
) -> str:
    """The whole report, for programs; `form` is one of `FORMATS`.

    `title` names what was done, `codes` says what each code means, `version` is govern's, paths are
    told from `base` on (but in JSON as they are), and `strict` makes a warning a failure.
    """
    match form:
        case "json":
            return json.dumps([_plain(each) for each in problems], indent=2, ensure_ascii=False)
        case "sarif":
            found = sarif(problems, codes, version, base)
            return json.dumps(found, indent=2, ensure_ascii=False)
        case "github":
            return "\n".join(annotation(problem, base) for problem in problems)
        case "junit":
            paths = dict.fromkeys([*sources, *(each.place.path for each in problems)])
            return junit(
                title, [_case(path, problems, sources, title, base, strict) for path in paths]
            )
        case _:
            raise ValueError(form)


def _plain(problem: Problem) -> dict[str, str | int | None]:
    return {
        "code": problem.code,
        "level": problem.level,
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": problem.message,
        "help": problem.help,
    }


def _case(
    path: str,
    problems: Sequence[Problem],
    sources: Mapping[str, Source],
    title: str,
    base: PurePath,
    strict: bool,
) -> Case:
    """A file is one case, so that one without problems is seen to have been looked at."""
    here = [problem for problem in problems if problem.place.path == path]
    bad = [problem for problem in here if strict or problem.level is Level.ERROR]
    shown = below(path, base)
    return Case(
        suite=title,
        name=shown,
        file=shown,
        line=bad[0].place.line if bad else 1,
        failure="\n".join(render(problem, sources) for problem in bad) if bad else None,
        kind=", ".join(dict.fromkeys(problem.code for problem in bad)),
        notes="\n".join(render(problem, sources) for problem in here if problem not in bad),
    )

"""Problems in files, printed; and the exit code they ask for."""

from collections.abc import Mapping, Sequence

import click

from govern.cli.output import as_json
from govern.documents.problem import Level, Problem, render
from govern.documents.source import Source


def report_problems(
    ctx: click.Context,
    problems: Sequence[Problem],
    sources: Mapping[str, Source],
    form: str,
    strict: bool = False,
) -> None:
    """Prints problems. Exits with 1 for an error, with 3 for a warning where `strict`."""
    if form == "json":
        as_json(
            [
                {
                    "code": problem.code,
                    "level": problem.level,
                    "path": problem.place.path,
                    "line": problem.place.line,
                    "column": problem.place.column,
                    "message": problem.message,
                    "help": problem.help,
                }
                for problem in problems
            ]
        )
    else:
        for problem in problems:
            click.echo(render(problem, sources) + "\n", err=True)
    if any(problem.level is Level.ERROR for problem in problems):
        errors = sum(problem.level is Level.ERROR for problem in problems)
        click.echo(f"{errors} error(s), {len(problems) - errors} warning(s).", err=True)
        ctx.exit(1)
    if strict and problems:
        click.echo(f"{len(problems)} warning(s).", err=True)
        ctx.exit(3)

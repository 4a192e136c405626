"""Problems in files, printed; and the exit code they ask for."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from govern import ENGINE_VERSION
from govern.catalogue import codes as of_templates
from govern.documents import codes as of_files
from govern.documents.problem import Level, Problem, render
from govern.documents.report import FORMATS, report
from govern.documents.source import Source
from govern.domain.count import counted
from govern.intake import codes as of_sources
from govern.language import codes as of_conditions
from govern.process import codes as of_workflows
from govern.rulebook import codes as of_rules


class Report(click.Choice[str]):
    """The formats of a report. `table`, which other commands call it, is taken for `text`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert("text" if value == "table" else value, param, ctx)


def report_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--format",
        "form",
        type=Report(["text", *formats]),
        default="text",
        show_default=True,
        help="Text for people, or what a program or CI server reads.",
    )


def tally(problems: Sequence[Problem]) -> str:
    """How many errors and warnings they are."""
    errors = sum(problem.level is Level.ERROR for problem in problems)
    return f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}"


check_format = report_option(*FORMATS)


def report_problems(
    ctx: click.Context,
    problems: Sequence[Problem],
    sources: Mapping[str, Source],
    form: str,
    strict: bool = False,
    title: str = "govern",
) -> None:
    """Prints problems. Exits with 1 for an error, with 3 for a warning where `strict`.

    Text goes to standard error, what programs read to standard output.
    """
    if form in ("text", "table"):
        for problem in problems:
            click.echo(render(problem, sources) + "\n", err=True)
    else:
        kinds = (of_files, of_sources, of_conditions, of_workflows, of_rules, of_templates)
        codes = {code: text for kind in kinds for code, text in kind.CODES.items()}
        told = report(
            form,
            problems,
            sources,
            title=title,
            codes=codes,
            version=ENGINE_VERSION,
            base=Path.cwd(),
            strict=strict,
        )
        if told:
            click.echo(told)
    if any(problem.level is Level.ERROR for problem in problems):
        click.echo(f"{tally(problems)}.", err=True)
        ctx.exit(1)
    if strict and problems:
        click.echo(f"{counted(len(problems), 'warning')}.", err=True)
        ctx.exit(3)

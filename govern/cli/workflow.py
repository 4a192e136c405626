"""`govern workflow`: check the files, draw them."""

from collections.abc import Mapping, Sequence

import click

from govern.cli.output import as_json, format_option
from govern.cli.session import settings_of
from govern.documents.problem import Level, Problem, render
from govern.documents.source import Source
from govern.process.diagram import mermaid
from govern.process.load import load


@click.group()
def workflow() -> None:
    """Check and draw workflow files."""


@workflow.command()
@format_option
@click.pass_context
def check(ctx: click.Context, form: str) -> None:
    """Report every problem in the workflows directory. Exit code 1 if there is an error."""
    settings = settings_of(ctx)
    loaded = load(settings.workflows)
    report_problems(ctx, loaded.problems, loaded.sources, form)
    if form == "table":
        click.echo(f"{len(loaded.workflows)} workflow(s) in {settings.workflows}.")


@workflow.command()
@click.argument("name", required=False)
@click.pass_context
def diagram(ctx: click.Context, name: str | None) -> None:
    """Draw a workflow as a Mermaid state diagram."""
    loaded = load(settings_of(ctx).workflows)
    if not loaded.workflows:
        report_problems(ctx, loaded.problems, loaded.sources, "table")
        ctx.exit(1)
    chosen = name or next(iter(loaded.workflows))
    if chosen not in loaded.workflows:
        raise click.UsageError(f"There is no workflow '{chosen}'; {', '.join(loaded.workflows)}.")
    click.echo(mermaid(loaded.workflows[chosen]))


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

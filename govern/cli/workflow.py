"""`govern workflow`: check the files, draw them."""

import click

from govern.cli.output import as_json, format_option
from govern.cli.problems import report_problems
from govern.cli.session import settings_of
from govern.documents.json_schema import json_schema
from govern.process.diagram import mermaid
from govern.process.load import load
from govern.process.shapes import WORKFLOW


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
def schema() -> None:
    """Print the JSON Schema of workflow files, for an editor that completes and checks."""
    as_json(json_schema(WORKFLOW, "govern workflow file"))


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

"""`govern workflow`: check the files, test and draw them, compare versions, migrate projects."""

import json

import click

from govern.cli.problems import check_format, report_problems
from govern.cli.settings import settings_of
from govern.cli.workflows.diff import diff
from govern.cli.workflows.list import list_
from govern.cli.workflows.migrate import migrate
from govern.cli.workflows.test import test
from govern.documents.json_schema import json_schema
from govern.domain.count import counted
from govern.process.diagram import mermaid
from govern.process.load import load
from govern.process.shapes import WORKFLOW
from govern.rulebook.load import load as load_rules
from govern.services.workflows import DEFAULT_WORKFLOW


@click.group()
def workflow() -> None:
    """Check and draw workflow files."""


@workflow.command()
@click.option("--strict", is_flag=True, help="Warnings count: exit with 3 if there is one.")
@check_format
@click.pass_context
def check(ctx: click.Context, strict: bool, form: str) -> None:
    """Report every problem in the workflows directory. Exit code 1 if there is an error.

    Criteria may read the decision tables of the rules directory.
    """
    settings = settings_of(ctx)
    rules = load_rules(settings.rules)
    loaded = load(settings.workflows, rules.readable, rules.calendars)
    if rules.rulebook is None and not loaded.workflows:
        click.echo(
            f"{settings.rules} has errors, so that not all of its tables are known here: "
            "govern rules check",
            err=True,
        )
    report_problems(ctx, loaded.problems, loaded.sources, form, strict, "govern workflow check")
    if form == "text":
        click.echo(f"{counted(len(loaded.workflows), 'workflow')} in {settings.workflows}.")


@workflow.command()
def schema() -> None:
    """Print the JSON Schema of workflow files, for an editor that completes and checks."""
    click.echo(json.dumps(json_schema(WORKFLOW, "govern workflow file"), indent=2))


@workflow.command()
@click.argument("name", required=False)
@click.pass_context
def diagram(ctx: click.Context, name: str | None) -> None:
    """Draw a workflow as a Mermaid state diagram."""
    loaded = load(settings_of(ctx).workflows, tables=None)
    if not loaded.workflows:
        report_problems(ctx, loaded.problems, loaded.sources, "text")
        ctx.exit(1)
    first = DEFAULT_WORKFLOW if DEFAULT_WORKFLOW in loaded.workflows else min(loaded.workflows)
    chosen = name or first
    if chosen not in loaded.workflows:
        raise click.UsageError(f"There is no workflow '{chosen}'; {', '.join(loaded.workflows)}.")
    click.echo(mermaid(loaded.workflows[chosen]))


for _command in (test, diff, list_, migrate):
    workflow.add_command(_command)

"""`govern workflow diff`."""

from dataclasses import asdict

import click

from govern.cli.output import as_json
from govern.cli.problems import report_option
from govern.cli.session import session
from govern.cli.workflows.source import workflow
from govern.domain.count import counted
from govern.process.difference import difference
from govern.services.migrations import in_flight


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if they differ.")
@report_option("json")
@click.pass_context
def diff(ctx: click.Context, a: str, b: str, exit_code: bool, form: str) -> None:
    """Tell what two workflows say differently, and what it means for projects under way in A.

    A and B are each a workflow file, or a stored version: ID@VERSION, or ID for the newest.
    """
    before, after = workflow(ctx, a), workflow(ctx, b)
    changes = difference(before, after)
    with session(ctx, take_rules=False) as ready:
        flight = in_flight(ready.runtime, before, after)
    if form == "json":
        as_json(
            {
                "a": {"id": before.id, "version": before.version, "digest": before.digest},
                "b": {"id": after.id, "version": after.version, "digest": after.digest},
                "same": not changes,
                "changes": [asdict(each) for each in changes],
                "in_flight": flight,
            }
        )
    else:
        for name, each in ((a, before), (b, after)):
            click.echo(f"{name}: {each.id} version {each.version}, {each.digest}")
        click.echo()
        for change in changes:
            click.echo(change.sentence)
        if not changes:
            click.echo("They say the same.")
        click.echo()
        for stage in flight:
            where = (
                f"keeps its stage {stage['to_stage']}"
                if stage["why"] is None
                else f"cannot be migrated as it is: {stage['why']}"
            )
            click.echo(f"{counted(stage['projects'], 'project')} in {stage['stage']}: {where}")
        if not flight:
            click.echo("No project is under way in A.")
        elif changes:
            click.echo("They stay on A until they are migrated: govern workflow migrate.")
    if exit_code and changes:
        ctx.exit(1)

"""`govern workflow migrate`."""

import click

from govern.cli.output import as_json, table
from govern.cli.problems import report_option
from govern.cli.session import session
from govern.cli.workflows.source import named
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services.migrations import Wanted, preview
from govern.services.migrations import migrate as apply
from govern.services.people import OPERATOR
from govern.settings import clock


@click.command()
@click.argument("target", metavar="WORKFLOW[@VERSION]")
@click.option(
    "--project",
    "projects",
    metavar="ID",
    multiple=True,
    help="A project to migrate; again for more. Default: all under way in another version of it.",
)
@click.option(
    "--map",
    "mapped",
    metavar="OLD=NEW",
    multiple=True,
    help="Where projects in stage OLD stand afterwards; again for more.",
)
@click.option("--withdraw", is_flag=True, help="Withdraw the submissions that are open.")
@click.option("--reason", metavar="TEXT", help="Why; it stands in the history of each project.")
@click.option("--dry-run", is_flag=True, help="Show the preview, change nothing.")
@click.option("--preview", "seen", metavar="DIGEST", help="Do only what this preview said.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@report_option("json")
@click.pass_context
def migrate(
    ctx: click.Context,
    target: str,
    projects: tuple[str, ...],
    mapped: tuple[str, ...],
    withdraw: bool,
    reason: str | None,
    dry_run: bool,
    seen: str | None,
    yes: bool,
    form: str,
) -> None:
    """Change projects under way to a version of a workflow, all of them or none.

    Shows first which stage becomes which, and what is lost. Exit code 1 where a project cannot be
    placed; then nothing is changed.
    """
    if not dry_run and not (reason or "").strip():
        raise click.UsageError("--reason says why; with --dry-run none is needed.", ctx)
    workflow, version = named(ctx, target)
    wanted = Wanted(workflow, version, projects or None, _mapping(ctx, mapped), withdraw)
    with session(ctx, take_rules=False) as ready:
        plan = preview(ready.runtime, OPERATOR, wanted, now=clock())
        if form == "json":
            as_json(plan)
        else:
            _show(plan)
        if plan["refused"]:
            ctx.exit(1)
        if dry_run or not plan["projects"]:
            return
        if not yes:
            click.confirm(
                f"Migrate {counted(len(plan['projects']), 'project')}?", abort=True, err=True
            )
        apply(
            ready.runtime,
            OPERATOR,
            wanted,
            seen=seen or plan["preview"],
            reason=(reason or "").strip(),
            now=clock(),
        )
        click.echo(f"{counted(len(plan['projects']), 'project')} migrated.", err=form == "json")


def _mapping(ctx: click.Context, given: tuple[str, ...]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for each in given:
        old, equals, new = (part.strip() for part in each.partition("="))
        if not (old and equals and new):
            raise click.UsageError(f"--map {each}: write it as OLD=NEW.", ctx)
        if mapping.setdefault(old, new) != new:
            raise click.UsageError(f"--map {each}: '{old}' is mapped twice.", ctx)
    return mapping


def _show(plan: Record) -> None:
    click.echo(f"To {plan['workflow']} version {plan['version']}, {plan['digest']}\n")
    for source in plan["changes"]:
        click.echo(f"What it says otherwise than {source['workflow']} version {source['version']}:")
        for sentence in source["sentences"] or ["Nothing."]:
            click.echo(f"  {sentence}")
        click.echo()
    if not plan["projects"]:
        click.echo("No project is to be migrated.")
        return
    table(
        counted(len(plan["projects"]), "project"),
        ["project", "from", "stage", "to stage", "resumes in", "lost"],
        [
            [
                each["project"],
                f"{each['workflow']}@{each['version']}",
                each["stage"],
                each["to_stage"] or "?",
                each["to_held_from"] or "-",
                " ".join(each["lost"]) or "-",
            ]
            for each in plan["projects"]
        ],
    )
    for each in plan["refused"]:
        click.echo(f"{each['project']}: {each['why']}", err=True)
    if plan["refused"]:
        click.echo("Nothing is changed.", err=True)
    else:
        click.echo(f"Preview {plan['preview']}")

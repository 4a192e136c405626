"""`govern sources`: where figures come from by themselves."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from govern.cli.output import as_json, format_option, records, table
from govern.cli.problems import check_format, report_problems
from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.documents.json_schema import json_schema
from govern.documents.problem import Problem
from govern.domain.count import counted
from govern.intake.source_kinds import KINDS
from govern.intake.source_load import kind_of, load_sources
from govern.services import pulling as use
from govern.services.people import OPERATOR
from govern.settings import clock

REFUSALS_SHOWN = 50

COLUMNS = {
    "id": "source",
    "title": "title",
    "every_hours": "every (hours)",
    "pulled_at": "last pull",
    "watermark": "read up to",
    "read": "rows",
    "recorded": "taken",
    "refused": "refused",
    "due": "due",
}


@click.group()
def sources() -> None:
    """Check the files that say where figures come from; pull from databases."""


@sources.command(name="list")
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List the databases that are pulled from, how far each was read, and what is due."""
    with session(ctx) as ready:
        found = use.sql_sources(ready.runtime, OPERATOR, now=clock())
        problems = ready.runtime.sources().problems
    records("Databases as sources", COLUMNS, found, form, "No source is a database.")
    if problems:
        click.echo(
            f"govern: {counted(len(problems), 'problem')}; run: govern sources check", err=True
        )


@sources.command()
@click.option(
    "--kind",
    type=click.Choice([kind for kind, _ in KINDS]),
    default="file",
    show_default=True,
    help="Of which kind of source.",
)
def schema(kind: str) -> None:
    """Print the JSON Schema of source files, for an editor that completes and checks."""
    shape = dict(KINDS)[kind]
    click.echo(json.dumps(json_schema(shape, f"govern source file: {kind}"), indent=2))


@sources.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@check_format
@click.pass_context
def check(ctx: click.Context, folder: Path | None, form: str) -> None:
    """Check the source files of FOLDER, or of the sources folder, of every kind.

    Nothing is asked of any database.
    """
    directory = folder or settings_of(ctx).sources
    if not directory.is_dir():
        raise click.UsageError(f"'{directory}' is no folder of source files.")
    loaded = load_sources(directory)
    problems: list[Problem] = list(loaded.problems)
    report_problems(ctx, problems, loaded.sources, form, title="govern sources")
    if form == "text":
        kinds = [kind_of(each) for each in loaded.fields.values()]
        told = ", ".join(f"{kinds.count(each)} {each}" for each in sorted(set(kinds)))
        click.echo(
            f"{counted(len(kinds), 'source holds', 'sources hold')}{': ' + told if told else ''}."
        )


@sources.command()
@click.argument("source", required=False)
@click.option("--dry-run", is_flag=True, help="Tell what would happen and write nothing.")
@click.option("--since", metavar="WATERMARK", help="Read from here, not from the last watermark.")
@format_option
@click.pass_context
def pull(
    ctx: click.Context, source: str | None, dry_run: bool, since: str | None, form: str
) -> None:
    """Pull what is new from SOURCE; without it from every database, due or not.

    Exit code 1 where rows were refused, or a database did not answer.
    """
    if since is not None and source is None:
        raise click.UsageError("--since is the watermark of one source: name it.")
    with session(ctx) as ready:
        names = [source] if source else list(ready.runtime.sources().sql())
        pulled = [
            use.pull(ready.runtime, OPERATOR, name, since=since, dry_run=dry_run, now=clock())
            for name in names
        ]
    if form == "json":
        as_json([asdict(each) for each in pulled])
    else:
        for each in pulled:
            show(each)
    if any(each.refused for each in pulled):
        ctx.exit(1)


def show(pulled: use.Pulled) -> None:
    click.echo(use.told_of(pulled) + ".")
    if pulled.refused:
        table(
            f"{pulled.source}: rows that were not taken",
            ["row", "known as", "KPI", "period", "field", "what is wrong"],
            [
                [each.number, each.row, each.kpi, each.period, name, "; ".join(problems)]
                for each in pulled.refused[:REFUSALS_SHOWN]
                for name, problems in each.errors.items()
            ],
        )
        left = len(pulled.refused) - REFUSALS_SHOWN
        if left > 0:
            click.echo(f"{left} more; --format json lists all.")
    click.echo(
        f"Read up to {pulled.watermark}."
        if pulled.written
        else f"Dry run: nothing was written; it would be read up to {pulled.watermark}."
    )

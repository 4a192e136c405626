"""`govern rules table`: decision tables as Excel workbooks, and back."""

from pathlib import Path

import click

from govern.cli.problems import report_problems
from govern.cli.rules.folder import rules_option
from govern.cli.settings import settings_of
from govern.domain.count import counted
from govern.services.tables import Told, export_table, import_table


@click.group()
def table() -> None:
    """Move a decision table to Excel and back."""


@table.command("export")
@click.argument("table_id")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@rules_option
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_context
def export(ctx: click.Context, table_id: str, file: Path, force: bool) -> None:
    """Write a decision table as an Excel workbook."""
    told = export_table(settings_of(ctx).rules, table_id, file, overwrite=force)
    if told is not None:
        report_problems(ctx, told.problems, told.sources, "text")
    click.echo(f"{table_id} is in {file}.")


@table.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@rules_option
@click.option("--dry-run", is_flag=True, help="Write nothing: show what would change.")
@click.pass_context
def import_(ctx: click.Context, file: Path, dry_run: bool) -> None:
    """Put the rows of a workbook in place of those of its decision table."""
    done = import_table(settings_of(ctx).rules, file, dry_run=dry_run)
    if isinstance(done, Told):
        click.echo("Nothing was written.", err=True)
        report_problems(ctx, done.problems, done.sources, "text")
        return
    report_problems(ctx, done.told.problems, done.told.sources, "text")
    if done.before == done.after:
        click.echo(f"{done.table_id} in {done.path} is as the workbook has it; nothing changes.")
        return
    if done.stale:
        click.echo(
            f"{done.table_id} has changed in {done.path} since the workbook was exported; the "
            "workbook's rows count.",
            err=True,
        )
    if dry_run:
        click.echo(done.difference, nl=False)
    what = "would change" if dry_run else "changed"
    rows = f"{counted(done.came, 'row')} came, {done.went} went"
    if not done.came and not done.went:
        rows = "the rows stand in another order"
    click.echo(f"{done.table_id} in {done.path} {what}: {rows}.", err=dry_run)

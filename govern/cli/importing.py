"""`govern import`: a folder of CSV files in, and a report of every row that was not taken."""

from dataclasses import asdict
from pathlib import Path

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.count import counted
from govern.services.import_report import ImportReport
from govern.services.importing import DEFAULT_PORTFOLIO, ensure_portfolio, import_folder
from govern.services.people import OPERATOR
from govern.services.workflows import DEFAULT_WORKFLOW
from govern.settings import clock

REFUSALS_SHOWN = 50


KINDS = ("objectives", "projects", "kpis", "outcomes", "deliverables", "planned", "readings")


@click.command(name="import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen and write nothing.")
@click.option("--keep-good", is_flag=True, help="Take the good rows though others are refused.")
@click.option("--portfolio", default=DEFAULT_PORTFOLIO, show_default=True)
@click.option("--workflow", default=DEFAULT_WORKFLOW, show_default=True)
@click.option(
    "--stage",
    help="Where projects enter whose row does not say. Default: monitoring for those that report "
    "actuals, else the workflow's first stage.",
)
@click.option("--reason", metavar="TEXT", help="Why figures are corrected, where no row says why.")
@format_option
@click.pass_context
def import_(
    ctx: click.Context,
    folder: Path,
    dry_run: bool,
    keep_good: bool,
    portfolio: str,
    workflow: str,
    stage: str | None,
    reason: str | None,
    form: str,
) -> None:
    """Bring in FOLDER: projects.csv, kpis.csv, readings.csv, deliverables.csv, and the map's files.

    Rows are known by your own ids: importing again takes what is new or different. If any row is
    refused, nothing goes in, unless --keep-good.
    """
    with session(ctx) as ready:
        ensure_portfolio(ready.runtime, OPERATOR, portfolio, portfolio, now=clock())
        report = import_folder(
            ready.runtime,
            OPERATOR,
            folder,
            portfolio=portfolio,
            workflow=workflow,
            stage=stage,
            keep_good=keep_good,
            dry_run=dry_run,
            reason=reason,
            now=clock(),
        )
    if form == "json":
        as_json(asdict(report))
    else:
        show(report, dry_run)
    if report.refused:
        ctx.exit(1)


def show(report: ImportReport, dry_run: bool) -> None:
    kinds = [
        kind
        for kind in KINDS
        if any(kind in counts for counts in (report.added, report.changed, report.unchanged))
    ]
    rows = [
        [
            kind,
            report.added.get(kind, 0),
            report.changed.get(kind, 0),
            report.unchanged.get(kind, 0),
        ]
        for kind in kinds
    ]
    if rows:
        table(f"From {report.folder}", ["rows", "new", "changed", "unchanged"], rows)
    for stage, entered in report.entered.items():
        click.echo(
            f"{counted(len(entered), 'project enters', 'projects enter')} in stage {stage}: "
            + ("they report actuals" if stage == "monitoring" else "they report no actuals yet")
            + "; use --stage or a stage column to say otherwise."
        )
    for note in report.notes:
        times = f" ({note.count} times)" if note.count > 1 else ""
        where = f"{note.file}:{note.line}" if note.line else note.file
        column = f" {note.column}" if note.column else ""
        click.echo(f"note: {where}:{column} {note.text}{times}")
    for refused in report.refusals[:REFUSALS_SHOWN]:
        click.echo(f"refused: {refused}", err=True)
    left = report.refused_in_all - REFUSALS_SHOWN
    if left > 0:
        listed = "all" if len(report.refusals) == report.refused_in_all else len(report.refusals)
        click.echo(f"refused: {left} more; --format json lists {listed}", err=True)
    if dry_run:
        click.echo("Dry run: nothing was written.")
    elif not report.written:
        click.echo(
            f"Nothing was written: {counted(report.refused_in_all, 'row')} cannot be taken. Mend them, or "
            "take the good ones with --keep-good.",
            err=True,
        )
    elif not (report.added or report.changed):
        click.echo("Everything was there already: nothing has changed.")

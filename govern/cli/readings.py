"""`govern readings`: figures that come as files."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.plain import plain_decimal
from govern.domain.refusal import NotFound
from govern.domain.role import Permission
from govern.intake.foreign.outcome import Became, CellOutcome
from govern.services.people import OPERATOR
from govern.services.reading_files import FileReport, take_file
from govern.settings import clock

SHOWN = 50


@click.group()
def readings() -> None:
    """Bring in figures as finance, sales and operations send them."""


@readings.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", metavar="ID", help="The source file that says how figures are written.")
@click.option("--dry-run", is_flag=True, help="Report what would happen and write nothing.")
@click.option("--preview", is_flag=True, help="Show what each cell becomes, and write nothing.")
@click.option("--keep-good", is_flag=True, help="Take what is sure though other cells are not.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write down what was found out as a source file, with the open questions in it.",
)
@click.option("--reason", metavar="TEXT", help="Why figures are corrected that say no reason.")
@click.option("--accept", metavar="CELL", multiple=True, help="A figure far from others is right.")
@format_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    source: str | None,
    dry_run: bool,
    preview: bool,
    keep_good: bool,
    save: Path | None,
    reason: str | None,
    accept: tuple[str, ...],
    form: str,
) -> None:
    """Read a CSV or XLSX file of figures: what may mean two things is asked, and nothing is guessed.

    If any cell is refused or asked about, nothing goes in, unless --keep-good.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error
    if save is not None and save.exists():
        raise click.UsageError(f"{save} is there already; name a new file.")
    nothing = dry_run or preview
    with session(ctx) as ready:
        report = take_file(
            ready.runtime,
            OPERATOR,
            filename=file.name,
            content=content,
            source=source,
            dry_run=nothing,
            keep_good=keep_good,
            reason=reason,
            accept=accept,
            by=Permission.IMPORT,
            now=clock(),
        )
    if save is not None:
        save.write_text(_with_id(report.mapping, save.stem), encoding="utf-8")
    if form == "json":
        as_json(asdict(report))
    else:
        _show(report, nothing=nothing, preview=preview, saved=save)
    if not report.whole:
        ctx.exit(1)


def _with_id(mapping: str, stem: str) -> str:
    """The mapping under an id made from the name of its file."""
    name = "".join(char if char.isascii() and char.isalnum() else "-" for char in stem.lower())
    name = name.strip("-") or "draft"
    lines = mapping.splitlines()
    return "\n".join(f"id: {name}" if line.startswith("id: ") else line for line in lines) + "\n"


def _show(report: FileReport, *, nothing: bool, preview: bool, saved: Path | None) -> None:
    where = report.file + (f", sheet {report.sheet}" if report.sheet else "")
    for text in report.stated:
        click.echo(f"found: {text}")
    if preview and report.cells:
        rows = [_row(each, report.file) for each in report.cells]
        table(f"What becomes of {where}", ["cell", "raw", "becomes", "how"], rows)
    elif report.cells:
        counts = [name for name, number in report.counts.items() if number]
        table(f"From {where}", counts, [[report.counts[name] for name in counts]])
    _refused([*report.problems, *(c for c in report.cells if c.became is Became.REFUSED)])
    for question in report.questions:
        click.echo(f"asked: {question}", err=True)
        below = f"below `{question.section}` " if question.section else ""
        for choice in question.choices:
            click.echo(f"  {below}{choice.line}  # {choice.means}", err=True)
    if saved is not None:
        asked = counted(len(report.questions), "open question")
        click.echo(f"The mapping was written to {saved}, with {asked}.")
    if nothing:
        click.echo("Dry run: nothing was written.")
    elif not report.written:
        why = (
            "nothing in it is new" if report.whole else "answer what is asked, mend what is refused"
        )
        click.echo(f"Nothing was written: {why}.", err=not report.whole)


def _refused(refused: Sequence[CellOutcome]) -> None:
    for each in refused[:SHOWN]:
        click.echo(f"refused: {each}", err=True)
    if len(refused) > SHOWN:
        click.echo(f"refused: {len(refused) - SHOWN} more; --format json lists all", err=True)


def _row(cell: CellOutcome, file: str) -> list[Any]:
    becomes = cell.status or cell.became.value
    if cell.value is not None:
        becomes = f"{becomes}: {cell.kpi} {cell.period} {cell.figure} {plain_decimal(cell.value)}"
    how = f"{cell.how}; {cell.right}" if cell.right else cell.how
    return [cell.place.removeprefix(f"{file}:"), cell.raw, becomes, how]

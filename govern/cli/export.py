"""`govern audit export`: the bundle that an auditor takes away."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from govern.cli.session import session
from govern.services.export_selection import Query
from govern.services.exporting import export as begin
from govern.services.people import OPERATOR
from govern.settings import clock

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--project", metavar="ID", help="All of this project.")
@click.option("--gate", metavar="ID/GATE", help="What concerns this gate of a project.")
@click.option(
    "--from", "first", type=_DAY, metavar="DAY", help="What was sealed from this day on (UTC)."
)
@click.option(
    "--to", "last", type=_DAY, metavar="DAY", help="What was sealed up to and with this day."
)
@click.option(
    "--continues",
    type=int,
    multiple=True,
    metavar="SIZE",
    help="Show that the log goes on from a checkpoint over so many events.",
)
@click.option("--cosigned", is_flag=True, help="Take the log as a witness signed it last.")
@click.pass_context
def export(
    ctx: click.Context,
    out: Path,
    project: str | None,
    gate: str | None,
    first: datetime | None,
    last: datetime | None,
    continues: tuple[int, ...],
    cosigned: bool,
) -> None:
    """Write a bundle for an auditor to OUT, a .zip that verifies without govern."""
    if sum(map(bool, (project, gate, first or last))) > 1:
        raise click.UsageError("Give one of --project, --gate, or --from with --to.")
    if out.exists():
        raise click.UsageError(f"{out} is there already.")
    name, slash, of_project = gate.partition("/") if gate else ("", "", "")
    if gate and not slash:
        raise click.UsageError("A gate is named with its project: --gate LE-002/planned.")
    asked = Query(
        project=project or name or None,
        gate=of_project or None,
        first=first.date() if first else None,
        last=last.date() if last else None,
    )
    now = clock().astimezone(UTC)
    with session(ctx) as ready:
        made = begin(
            ready.runtime,
            OPERATOR,
            asked,
            continues=continues,
            cosigned=cosigned,
            now=now,
        )
        _write(out, made.parts)
    click.echo(f"{out}: {out.stat().st_size} bytes, of the log's first {made.size} events.")
    click.echo(f"Verify it: python verify.py {out} --policy POLICY (docs/audit.md)")


def _write(out: Path, parts: Iterator[bytes]) -> None:
    """The file is whole under its name, or not there."""
    handle, new = tempfile.mkstemp(prefix=".export-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part)
        Path(new).rename(out)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise

"""`govern template`: a workbook to fill in for what is due."""

from datetime import datetime
from pathlib import Path

import click

from govern.cli.rules.source import DAY, day
from govern.cli.session import session
from govern.domain.count import counted
from govern.services.asking import template as make
from govern.services.people import OPERATOR
from govern.settings import clock


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--project", metavar="ID", help="Only KPIs of this project.")
@click.option("--owner", metavar="NAME", help="Only KPIs of this owner.")
@click.option("--by", type=DAY, help="What will be due by this day. Default: what is due now.")
@click.pass_context
def template(
    ctx: click.Context, file: Path, project: str | None, owner: str | None, by: datetime | None
) -> None:
    """Write FILE.xlsx, a workbook to fill in for what is due; it comes back as any other file.

    One row for each KPI and period without a figure, with what was planned and what came last. Fill it
    in, then: govern readings import FILE.xlsx. A file that is there already is left as it is.
    """
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"'{file}' is to be an Excel workbook: call it {file.stem}.xlsx.")
    with session(ctx) as ready:
        content, rows = make(
            ready.runtime, OPERATOR, project=project, owner=owner, by=day(by), now=clock()
        )
    if not rows:
        click.echo("No reading is due: nothing was written.")
        return
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise click.UsageError(
            f"'{file}' is there already, and may be filled in: name another file."
        ) from None
    except OSError as error:
        raise click.UsageError(f"'{file}' cannot be written: {error.strerror}.") from error
    click.echo(f"{file} asks for {counted(rows, 'figure')}.")

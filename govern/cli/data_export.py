"""`govern export`: the data as a folder of files that `govern import` reads."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.services.as_of import When
from govern.services.data_export import data_files
from govern.services.people import OPERATOR


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--project", metavar="ID", help="Only this project, and what belongs to it.")
@as_of_option
@click.pass_context
def export(ctx: click.Context, folder: Path, project: str | None, as_of: When | None) -> None:
    """Write the data to FOLDER as files that an import reads."""
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is there already, and not empty.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        session(ctx) as ready,
        tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as place,
    ):
        about = {} if project is None else {"project": project}
        runtime = seen(ready, as_of, **about).runtime
        made = Path(place) / "made"
        made.mkdir()
        for name, parts in data_files(runtime, OPERATOR, project=project):
            _write(made / name, parts)
            click.echo(f"{folder / name}: {(made / name).stat().st_size} bytes")
        # The folder is whole under its name, or not there.
        os.replace(made, folder)


def _write(path: Path, parts: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part)

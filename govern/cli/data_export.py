"""`govern export`: the data as a folder of files that `govern import` reads, or as Parquet."""

import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from govern.cli.past import as_of_option, seen
from govern.cli.progress import progress_bar
from govern.cli.session import session
from govern.domain.count import counted
from govern.services.as_of import When
from govern.services.data_export import data_files
from govern.services.frame_export import export_frame
from govern.services.people import OPERATOR


class _ToFolder(click.Group):
    """`govern export FOLDER` is `govern export csv FOLDER`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["csv", *args]
        return super().parse_args(ctx, args)


_folder: Callable[[Any], Any] = click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path)
)


@click.group(cls=_ToFolder)
def export() -> None:
    """Write the data to FOLDER as files that an import reads, or as Parquet.

    `govern export FOLDER` is short for `govern export csv FOLDER`.
    """


@export.command("csv")
@_folder
@click.option("--project", metavar="ID", help="Only this project, and what belongs to it.")
@as_of_option
@click.pass_context
def csv_(ctx: click.Context, folder: Path, project: str | None, as_of: When | None) -> None:
    """Write the data to FOLDER as files that an import reads."""
    with _whole(folder) as made, session(ctx) as ready:
        about = {} if project is None else {"project": project}
        runtime = seen(ready, as_of, **about).runtime
        for name, parts in data_files(runtime, OPERATOR, project=project):
            _write(made / name, parts)
            click.echo(f"{folder / name}: {(made / name).stat().st_size} bytes")


@export.command()
@_folder
@click.option(
    "--buckets",
    type=click.IntRange(1, 1_000),
    help="Divide the projects among so many folders. Default: as many as are judged one at a time.",
)
@as_of_option
@click.pass_context
def parquet(ctx: click.Context, folder: Path, buckets: int | None, as_of: When | None) -> None:
    """Write what rules see of the portfolio to FOLDER as Parquet, one row per project."""
    with (
        _whole(folder) as made,
        session(ctx) as ready,
        progress_bar("projects") as progress,
    ):
        past = seen(ready, as_of)
        manifest = export_frame(
            past.runtime,
            OPERATOR,
            made,
            buckets=buckets,
            log_size=past.size,
            progress=progress,
            now=past.now,
        )
    files = counted(len(manifest.parts), "file")
    size = sum(part.bytes for part in manifest.parts)
    told = "exactly" if manifest.exact else "at least"
    click.echo(
        f"{folder}: {counted(manifest.projects, 'project')} in {files}, {size} bytes; "
        f"{told} the log's first {counted(manifest.log_size, 'event')}."
    )


@contextmanager
def _whole(folder: Path) -> Generator[Path]:
    """The folder is whole under its name, or not there."""
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is there already, and not empty.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as place:
        made = Path(place) / "made"
        made.mkdir()
        yield made
        os.replace(made, folder)


def _write(path: Path, parts: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part)

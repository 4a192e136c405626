"""`govern serve`: the web API."""

from dataclasses import replace

import click

from govern.cli.settings import settings_of
from govern.web.server import run


@click.command()
@click.option("--host", help="GOVERN_HOST. Default: 127.0.0.1")
@click.option("--port", type=click.IntRange(1, 65_535), help="GOVERN_PORT. Default: 8321")
@click.option("--workers", type=click.IntRange(1, 64), help="GOVERN_WORKERS. Default: 1")
@click.option(
    "--ticks/--no-ticks",
    default=None,
    help="GOVERN_TICKS. Whether it also does what time has made due, and sends news. Default: it does.",
)
@click.pass_context
def serve(ctx: click.Context, **given: str | int | bool | None) -> None:
    """Serve the web API until interrupted."""
    options = {name: value for name, value in given.items() if value is not None}
    run(replace(settings_of(ctx), **options))  # pyright: ignore[reportArgumentType]

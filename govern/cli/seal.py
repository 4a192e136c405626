"""`govern audit seal`, `receipt` and `proof`: the log, and what it says of one event."""

from dataclasses import asdict
from pathlib import Path

import click

from govern.cli.output import as_json, format_option
from govern.cli.session import session
from govern.domain.count import counted
from govern.services.ledger import SERVICE
from govern.services.log_reading import proof as prove
from govern.services.log_reading import proof_in
from govern.services.log_upkeep import keep_up
from govern.services.people import OPERATOR
from govern.services.receipts import check_receipt
from govern.services.sealing import key_of
from govern.settings import clock


@click.command()
@format_option
@click.pass_context
def seal(ctx: click.Context, form: str) -> None:
    """Put every event that is not in the log into it, and sign a checkpoint."""
    with session(ctx, take_rules=False) as ready:
        key_of(ready.runtime)
        done = keep_up(ready.runtime, OPERATOR, clock())
    sealed = done.sealed
    assert sealed is not None  # noqa: S101 - there is a key
    if form == "json":
        as_json({**asdict(sealed), "heads": None if done.heads is None else asdict(done.heads)})
    elif sealed.elsewhere:
        click.echo("Somebody else is sealing.")
    else:
        click.echo(f"The log holds {counted(sealed.size, 'event')} under its last checkpoint.")
        if done.heads is not None:
            click.echo(f"The heads of {counted(done.heads.count, 'chain')} are sealed for today.")
        for chain in sealed.waiting:
            click.echo(
                f"govern: the next event of {chain} is gone: run govern audit verify", err=True
            )
    if sealed.waiting:
        ctx.exit(1)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option
@click.pass_context
def receipt(ctx: click.Context, file: Path, form: str) -> None:
    """Hold the receipt in FILE against the ledger. Exit code 1 where its event is not there."""
    with session(ctx, take_rules=False) as ready:
        found = check_receipt(ready.runtime, file.read_text(encoding="utf-8", errors="replace"))
    if form == "json":
        as_json(asdict(found))
    elif found.wrong is not None:
        click.echo(f"Event {found.seq} of {found.project}: {found.wrong}.")
    else:
        where = (
            "not in the log yet"
            if found.size is None
            else f"number {found.index} in the log, under the checkpoint of size {found.size}"
        )
        click.echo(f"Event {found.seq} of {found.project} stands as it was promised; {where}.")
    if found.wrong is not None:
        ctx.exit(1)


@click.command()
@click.argument("project")
@click.argument("seq", type=click.IntRange(1))
@click.option("--size", type=click.IntRange(1), help="Under the checkpoint of this size.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it. Default: the standard output.",
)
@click.pass_context
def proof(ctx: click.Context, project: str, seq: int, size: int | None, out: Path | None) -> None:
    """Write the .tlog-proof of event number SEQ of PROJECT (@service for the service's own)."""
    with session(ctx, take_rules=False) as ready:
        if project == SERVICE:
            with ready.runtime.store.reading() as connection:
                text = proof_in(connection, project, seq, size=size)
        else:
            text = prove(ready.runtime, OPERATOR, project, seq, size=size)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"{out} shows event {seq} of {project} to be in the log.")

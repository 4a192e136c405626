"""`govern database`: up to date, backed up and restored; what the service's role may do in it."""

from pathlib import Path

import click

from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.services.audit import verify_ledger
from govern.services.backup import back_up, restore
from govern.services.database import give_grants
from govern.services.people import OPERATOR
from govern.settings import Settings, clock, shipped
from govern.store.engine import open_engine
from govern.store.folder import Folder
from govern.store.migrate import current, newest, upgrade


@click.group()
def database() -> None:
    """Bring the database up to date, back it up, restore it; grants for a service that owns nothing."""


@database.command()
@click.option(
    "--check", is_flag=True, help="Change nothing; exit with 1 where something is missing."
)
@click.pass_context
def migrate(ctx: click.Context, check: bool) -> None:
    """Bring the tables to the shape that this govern works with. Nothing else is started."""
    engine = open_engine(settings_of(ctx).database_url)
    try:
        migrations = shipped("migrations")
        before, wanted = current(engine), newest(migrations)
        if before == wanted:
            click.echo(f"The database is at revision {wanted}, the newest.")
        elif check:
            click.echo(f"The database is at revision {before or 'none'}; the newest is {wanted}.")
            ctx.exit(1)
        else:
            upgrade(engine, migrations)
            click.echo(f"The database went from revision {before or 'none'} to {wanted}.")
    finally:
        engine.dispose()


@database.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write the database and the files of evidence to FILE.tar.gz, while the service goes on."""
    settings = settings_of(ctx)
    engine = open_engine(settings.database_url)
    try:
        made = back_up(engine, _folder(settings), file, now=clock())
    finally:
        engine.dispose()
    click.echo(
        f"{file}: the {made.database} database at revision {made.revision}, {made.evidence} files of "
        f"evidence, {file.stat().st_size} bytes. The log's key is not in it."
    )


@database.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def restore_(ctx: click.Context, file: Path) -> None:
    """Bring a backup into an empty database, and verify its ledger. Exit code 1 where it does not hold."""
    settings = settings_of(ctx)
    engine = open_engine(settings.database_url)
    try:
        made = restore(engine, _folder(settings), file)
    finally:
        engine.dispose()
    click.echo(
        f"Restored the {made.database} database of {made.made_at}, revision {made.revision}, and "
        f"{made.evidence} files of evidence."
    )
    with session(ctx, take_rules=False) as ready:
        found = verify_ledger(ready.runtime, OPERATOR)
    click.echo(f"{found.events} events in {found.chains} chains recomputed.")
    for fault in found.faults:
        click.echo(f"{fault.project} {fault.seq}: {fault.what}")
    for what in found.fallen:
        click.echo(f"A guard of the database has fallen: {what}.")
    click.echo("Every chain holds." if found.holds else "The ledger does not hold.")
    if not found.holds:
        ctx.exit(1)


def _folder(settings: Settings) -> Folder | None:
    return None if settings.evidence_dir is None else Folder(settings.evidence_dir)


@database.command()
@click.option("--role", required=True, help="The role that the service signs in with.")
@click.pass_context
def grants(ctx: click.Context, role: str) -> None:
    """Let a PostgreSQL role use the tables and change nothing of the history; print what was run."""
    with session(ctx) as ready:
        done = give_grants(ready.runtime, OPERATOR, role)
    for statement in done:
        click.echo(f"{statement};")

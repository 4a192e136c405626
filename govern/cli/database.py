"""`govern database`: what the service's role may do in it."""

import click

from govern.cli.session import session
from govern.services.database import give_grants
from govern.services.people import OPERATOR


@click.group()
def database() -> None:
    """Set up the database for a service that owns nothing in it."""


@database.command()
@click.option("--role", required=True, help="The role that the service signs in with.")
@click.pass_context
def grants(ctx: click.Context, role: str) -> None:
    """Let a PostgreSQL role use the tables and change nothing of the history; print what was run."""
    with session(ctx) as ready:
        done = give_grants(ready.runtime, OPERATOR, role)
    for statement in done:
        click.echo(f"{statement};")

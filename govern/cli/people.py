"""`govern people`: who there is, what they may do, and tokens to sign in with."""

from datetime import timedelta

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.role import Role
from govern.services.erasing import erase_person
from govern.services.people import (
    OPERATOR,
    add_person,
    grant_role,
    issue_token,
    known_people,
)
from govern.settings import clock


@click.group()
def people() -> None:
    """Add people, grant roles, issue tokens."""


@people.command(name="list")
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List everybody with their roles."""
    with session(ctx) as ready:
        found = known_people(ready.runtime, OPERATOR, clock())
    if form == "json":
        as_json(found)
        return
    table(
        "People",
        ["name", "e-mail", "roles"],
        [
            [
                each["name"],
                each["email"],
                ", ".join(
                    f"{grant['role']} on {grant['project'] or grant['portfolio'] or 'everything'}"
                    for grant in each["roles"]
                )
                or "none",
            ]
            for each in found
        ],
    )


@people.command()
@click.argument("email")
@click.argument("name")
@click.pass_context
def add(ctx: click.Context, email: str, name: str) -> None:
    """Add NAME, known by EMAIL."""
    with session(ctx) as ready:
        add_person(ready.runtime, OPERATOR, email=email, name=name, now=clock())
    click.echo(f"{name} can be granted roles now: govern people grant {email} ROLE")


@people.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--portfolio", help="On this portfolio only.")
@click.option("--project", help="On this project only.")
@click.pass_context
def grant(
    ctx: click.Context, email: str, role: str, portfolio: str | None, project: str | None
) -> None:
    """Grant ROLE to EMAIL: on a project, a portfolio, or everything."""
    if portfolio and project:
        raise click.UsageError("Name a portfolio or a project, not both.")
    with session(ctx) as ready:
        grant_role(
            ready.runtime,
            OPERATOR,
            email=email,
            role=Role(role),
            portfolio=portfolio,
            project=project,
            now=clock(),
        )
    click.echo(f"{email} is {role} on {project or portfolio or 'everything'}.")


@people.command()
@click.argument("email")
@click.option("--label", default="command line", show_default=True, help="What it is for.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366))
@click.pass_context
def token(ctx: click.Context, email: str, label: str, days: int) -> None:
    """Issue a token for EMAIL. It is shown once: only its hash is kept."""
    with session(ctx) as ready:
        secret = issue_token(
            ready.runtime,
            OPERATOR,
            email=email,
            label=label,
            lifetime=timedelta(days=days),
            now=clock(),
        )
    click.echo(secret)


@people.command()
@click.argument("email")
@click.option("--reason", required=True, help="Why; it stands in the history.")
@click.option("--also", multiple=True, help="A further spelling of the name; may be repeated.")
@click.pass_context
def erase(ctx: click.Context, email: str, reason: str, also: tuple[str, ...]) -> None:
    """Erase the name and address of EMAIL (or an id) wherever they stand; every proof stays valid."""
    with session(ctx) as ready:
        done = erase_person(ready.runtime, OPERATOR, email, reason=reason, also=also, now=clock())
    click.echo(
        f"{done.person}: {done.erased} text(s) erased, {done.redacted} left without the name; roles "
        "and tokens have ended."
    )
    if not done.cleared:
        click.echo(
            "The database server may still hold old versions of rows in its files: see "
            "docs/personal-data.md."
        )
    for each in done.remains:
        click.echo(f"The name still stands in {each}.")

"""`govern signin`: a link that signs one person in, once."""

from datetime import timedelta

import click

from govern.cli.output import as_json, format_option
from govern.cli.session import session
from govern.services.people import OPERATOR
from govern.services.sign_in_links import issue
from govern.settings import clock


@click.command()
@click.argument("email")
@click.option(
    "--minutes",
    type=click.IntRange(1, 7 * 24 * 60),
    default=15,
    show_default=True,
    help="How long the link can be used.",
)
@click.option("--to", "leads_to", default="/", help="The page it leads to, such as /gates/12.")
@format_option
@click.pass_context
def signin(ctx: click.Context, email: str, minutes: int, leads_to: str, form: str) -> None:
    """Make a link that signs EMAIL in, once.

    Send it to nobody else: whoever opens it first is signed in as that person.
    """
    with session(ctx) as ready:
        link = issue(
            ready.runtime,
            OPERATOR,
            email=email,
            lifetime=timedelta(minutes=minutes),
            leads_to=leads_to,
            now=clock(),
        )
        address = f"{ready.runtime.public_url}/sign-in/{link.secret}"
    if form == "json":
        as_json({"person": link.name, "address": address, "expires_at": link.expires_at})
    else:
        click.echo(address)

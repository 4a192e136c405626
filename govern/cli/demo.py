"""`govern demo`: the main job on the example portfolio."""

from dataclasses import asdict

import click

from govern.cli import importing, status
from govern.cli import sweep as sweeps
from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.domain.refusal import Refusal
from govern.services.example import example_links, example_tokens, load_example
from govern.services.log_keys import new_key
from govern.services.log_upkeep import keep_up
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.services.sealing import signer_of
from govern.services.status import portfolio_status
from govern.settings import clock, shipped

RECOMMENDATIONS_SHOWN = 12
EXAMPLE_LOG = "govern.example/demo"
"""The origin of the example's log."""


@click.command()
@click.option(
    "--serve", is_flag=True, help="Then serve pages and API, with a way to sign in for each role."
)
@format_option
@click.pass_context
def demo(ctx: click.Context, serve: bool, form: str) -> None:
    """Load the example portfolio, judge it, show what was found. Run again, it loads nothing twice."""
    settings = settings_of(ctx)
    with session(ctx) as ready:
        if signer_of(ready.runtime) is None:
            new_key(ready.runtime, OPERATOR, EXAMPLE_LOG, now=clock())
        example = load_example(ready.runtime, OPERATOR, shipped("examples"), now=clock())
        found = portfolio_status(ready.runtime, OPERATOR, now=clock())
        hindered = _seal(ready.runtime)
        links = (
            example_links(ready.runtime, OPERATOR, shipped("examples"), now=clock())
            if serve
            else []
        )
        tokens = (
            example_tokens(ready.runtime, OPERATOR, shipped("examples"), now=clock())
            if serve
            else []
        )
    if form == "json":
        as_json(
            {
                "import": asdict(example.report),
                "sweep": asdict(example.sweep),
                "status": found,
                "links": links,
                "tokens": tokens,
            }
        )
    else:
        click.echo(f"Database {settings.database_url}\n")
        importing.show(example.report, dry_run=False)
        sweeps.show(example.sweep)
        click.echo()
        status.show(found, RECOMMENDATIONS_SHOWN)
    if hindered is not None:
        click.echo(f"govern: the log is not sealed: {hindered}", err=True)
    if not serve:
        return
    address = f"http://{settings.host}:{settings.port}"
    if form == "table":
        table(
            "Open one of these, each good for one sign-in within a day",
            ["role", "person", "address"],
            [[each["role"], each["name"], each["address"]] for each in links],
        )
        table(
            "Programs sign in with one of these, good for a day: Authorization: Bearer TOKEN",
            ["role", "person", "token"],
            [[each["role"], each["name"], each["token"]] for each in tokens],
        )
    click.echo(f"Pages     {address}/", err=form == "json")
    click.echo(f"Web API   {address}/api/v1", err=form == "json")
    click.echo(f"API docs  {address}/docs", err=form == "json")
    click.echo("Stop with Ctrl-C.", err=form == "json")
    from govern.web.server import run_afresh  # noqa: PLC0415 - the server is not needed without --serve

    run_afresh(settings)


def _seal(runtime: Runtime) -> str | None:
    """What keeps the log from being sealed, if anything does; the example is loaded all the same."""
    try:
        keep_up(runtime, OPERATOR, clock())
    except Refusal as refused:
        return refused.detail
    return None

"""`govern demo`: the main job on the example portfolio."""

from dataclasses import asdict

import click

from govern.cli import importing, status
from govern.cli import sweep as sweeps
from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.services.example import example_tokens, load_example
from govern.services.people import OPERATOR
from govern.services.status import portfolio_status
from govern.settings import clock, shipped

RECOMMENDATIONS_SHOWN = 12


@click.command()
@click.option("--serve", is_flag=True, help="Then serve the web API, with a token for each role.")
@format_option
@click.pass_context
def demo(ctx: click.Context, serve: bool, form: str) -> None:
    """Load the example portfolio, judge it, show what was found. Run again, it loads nothing twice."""
    settings = settings_of(ctx)
    with session(ctx) as ready:
        example = load_example(ready.runtime, OPERATOR, shipped("examples"), now=clock())
        found = portfolio_status(ready.runtime, OPERATOR, now=clock())
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
                "tokens": tokens,
            }
        )
    else:
        click.echo(f"Database {settings.database_url}\n")
        importing.show(example.report, dry_run=False)
        sweeps.show(example.sweep)
        click.echo()
        status.show(found, RECOMMENDATIONS_SHOWN)
    if not serve:
        return
    address = f"http://{settings.host}:{settings.port}"
    if form == "table":
        table(
            "Sign in with one of these, good for a day: Authorization: Bearer TOKEN",
            ["role", "person", "token"],
            [[each["role"], each["name"], each["token"]] for each in tokens],
        )
    click.echo(f"Web API   {address}/api/v1", err=form == "json")
    click.echo(f"API docs  {address}/docs", err=form == "json")
    click.echo("Stop with Ctrl-C.", err=form == "json")
    from govern.web.server import run_afresh  # noqa: PLC0415 - the server is not needed without --serve

    run_afresh(settings)

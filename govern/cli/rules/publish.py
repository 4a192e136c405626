"""`govern rules publish`."""

import click

from govern.cli.session import session, settings_of
from govern.documents.problem import Level, render
from govern.rulebook.load import load
from govern.services.people import OPERATOR
from govern.services.rulebooks import publish as publish_rulebook
from govern.wiring import clock


@click.command()
@click.option("--note", help="What changed and why.")
@click.pass_context
def publish(ctx: click.Context, note: str | None) -> None:
    """Put the rules directory in force, whole or not at all."""
    settings = settings_of(ctx)
    loaded = load(settings.rules)
    if loaded.rulebook is None:
        for problem in loaded.problems:
            if problem.level is Level.ERROR:
                click.echo(render(problem, loaded.sources) + "\n", err=True)
        click.echo("Nothing was published: the rulebook in force stays.", err=True)
        ctx.exit(1)
    with session(ctx) as ready:
        new = publish_rulebook(ready.runtime, OPERATOR, loaded.rulebook, note=note, now=clock())
    click.echo(
        f"Rulebook {loaded.rulebook.digest} is in force"
        + (f" with {len(loaded.rulebook.rules)} rules." if new else " already.")
    )

"""`govern rules publish`."""

import click

from govern.cli.rules.folder import is_folder_named, rules_option
from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.documents.problem import Level, render
from govern.domain.refusal import SeparationOfDuties
from govern.rulebook.load import load
from govern.services.people import OPERATOR, person
from govern.services.rulebooks import publish as publish_directory
from govern.services.rulebooks import publish_proposed
from govern.settings import clock


@click.command()
@click.argument("digest", required=False)
@rules_option
@click.option(
    "--publisher",
    metavar="EMAIL",
    help="Who puts the proposed revision in force: a rule_publisher who did not propose it.",
)
@click.option("--note", help="What changed and why.")
@click.pass_context
def publish(
    ctx: click.Context, digest: str | None, publisher: str | None, note: str | None
) -> None:
    """Put a proposed revision in force; without DIGEST the rules directory, whole or not at all.

    The directory without a proposal is taken only where GOVERN_PUBLISH_RULES is yes.
    """
    if (digest is None) != (publisher is None):
        raise click.UsageError("A proposed revision takes both: DIGEST and --publisher EMAIL.")
    if digest is not None and is_folder_named(ctx):
        raise click.UsageError("Name --rules or a DIGEST: a revision is no folder.", ctx)
    if digest is None or publisher is None:
        _directory(ctx, note)
        return
    now = clock()
    with session(ctx, take_rules=False) as ready:
        actor = person(ready.runtime, publisher, now)
        publish_proposed(ready.runtime, actor, digest, note=note, now=now)
    click.echo(f"Rulebook {digest} is in force.")
    if settings_of(ctx).publish_rules:
        click.echo(
            "GOVERN_PUBLISH_RULES is yes: the next start puts the rules directory in force again.",
            err=True,
        )


def _directory(ctx: click.Context, note: str | None) -> None:
    settings = settings_of(ctx)
    loaded = load(settings.rules)
    if loaded.rulebook is None:
        for problem in loaded.problems:
            if problem.level is Level.ERROR:
                click.echo(render(problem, loaded.sources) + "\n", err=True)
        click.echo("Nothing was published: the rulebook in force stays.", err=True)
        ctx.exit(1)
    if not settings.publish_rules:
        raise SeparationOfDuties(
            "GOVERN_PUBLISH_RULES is no: somebody proposes the rules (govern rules propose), and "
            "somebody else puts them in force (govern rules publish DIGEST --publisher EMAIL)."
        )
    with session(ctx, take_rules=False) as ready:
        new = publish_directory(ready.runtime, OPERATOR, loaded.rulebook, note=note, now=clock())
    click.echo(
        f"Rulebook {loaded.rulebook.digest} is in force"
        + (f" with {len(loaded.rulebook.rules)} rules." if new else " already.")
    )

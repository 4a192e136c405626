"""`govern rules propose`."""

import click

from govern.cli.problems import report_problems
from govern.cli.rules.folder import OnFolder, rules_option
from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.rulebook.load import load
from govern.services.people import person
from govern.services.rulebooks import propose as propose_rulebook
from govern.settings import clock


@click.command(cls=OnFolder)
@rules_option
@click.option("--author", metavar="EMAIL", required=True, help="Who proposes: a rule_author.")
@click.option("--note", required=True, help="What changed and why.")
@click.pass_context
def propose(ctx: click.Context, author: str, note: str) -> None:
    """Keep the rules directory as a revision that somebody else may put in force."""
    loaded = load(settings_of(ctx).rules)
    if loaded.rulebook is None:
        report_problems(ctx, loaded.problems, loaded.sources, "table")
        return
    now = clock()
    with session(ctx, take_rules=False) as ready:
        actor = person(ready.runtime, author, now)
        made = propose_rulebook(ready.runtime, actor, loaded.rulebook.sources, note=note, now=now)
    click.echo(f"Proposed {made['digest']} with {len(loaded.rulebook.rules)} rules.")
    click.echo(
        f"Somebody else puts it in force: govern rules publish {made['digest']} --publisher EMAIL"
    )

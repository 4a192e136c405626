"""`govern audit state`: does the state follow from the ledger?"""

from dataclasses import asdict

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.plain import plain
from govern.services.people import OPERATOR
from govern.services.state_audit import audit_state


@click.command()
@click.option("--project", help="Only the rows of this project.")
@format_option
@click.pass_context
def state(ctx: click.Context, project: str | None, form: str) -> None:
    """Compare every row with what the events say; name each that was changed by hand. Exit code 1 then."""
    with session(ctx, take_rules=False) as ready:
        found = audit_state(ready.runtime, OPERATOR, project_id=project)
    if form == "json":
        as_json(plain(asdict(found)))
    else:
        click.echo(f"{found.rows} rows of {found.chains} chains compared with their events.")
        if found.differences:
            table(
                "What does not follow from the events",
                ["chain", "table", "row", "what"],
                [[each.project, each.table, each.key, each.what] for each in found.differences],
            )
        else:
            click.echo("Every row follows from the events.")
    if found.differences:
        ctx.exit(1)

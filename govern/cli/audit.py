"""`govern audit`: does the ledger hold?"""

from dataclasses import asdict

import click

from govern.cli.corrections import corrections
from govern.cli.export import export
from govern.cli.output import as_json, format_option, table
from govern.cli.replay import replay
from govern.cli.seal import proof, receipt, seal
from govern.cli.session import session
from govern.cli.state import state
from govern.cli.timestamp import timestamp
from govern.services.audit import verify_ledger
from govern.services.people import OPERATOR


@click.group()
def audit() -> None:
    """Verify the ledger."""


@audit.command()
@format_option
@click.pass_context
def verify(ctx: click.Context, form: str) -> None:
    """Recompute every chain; name the first event of each that does not hold. Exit code 1 then."""
    with session(ctx) as ready:
        found = verify_ledger(ready.runtime, OPERATOR)
    if form == "json":
        as_json(asdict(found))
    else:
        click.echo(f"{found.events} events in {found.chains} chains recomputed.")
        if found.faults:
            table(
                "What does not hold",
                ["project", "event", "what"],
                [[fault.project, fault.seq, fault.what] for fault in found.faults],
            )
        else:
            click.echo("Every chain holds.")
    if found.faults:
        ctx.exit(1)


audit.add_command(seal)
audit.add_command(receipt)
audit.add_command(proof)
audit.add_command(export)
audit.add_command(corrections)
audit.add_command(replay)
audit.add_command(state)
audit.add_command(timestamp)

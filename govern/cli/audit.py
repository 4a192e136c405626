"""`govern audit`: does the ledger hold?"""

from dataclasses import asdict
from pathlib import Path

import click

from govern.cli.corrections import corrections
from govern.cli.export import export
from govern.cli.output import as_json, format_option, table
from govern.cli.replay import replay
from govern.cli.seal import proof, receipt, seal
from govern.cli.session import session
from govern.cli.settings import settings_of
from govern.cli.state import state
from govern.cli.timestamp import timestamp
from govern.services.audit import LedgerAudit, verify_ledger
from govern.services.people import OPERATOR
from govern.services.timestamping import roots_in
from govern.services.witnessing import read_policy_file


@click.group()
def audit() -> None:
    """Verify the ledger."""


@audit.command()
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The keys that count, pinned in a file; without it those in the folder of keys.",
)
@format_option
@click.pass_context
def verify(ctx: click.Context, policy: Path | None, form: str) -> None:
    """Recompute chains, log and what events cite; name the first event of each chain that does not
    hold. Exit code 1 then."""
    of_authorities = settings_of(ctx).tsa_roots
    roots = () if of_authorities is None else roots_in(of_authorities)
    with session(ctx) as ready:
        pinned = None if policy is None else read_policy_file(policy)
        found = verify_ledger(ready.runtime, OPERATOR, pinned, roots)
    if form == "json":
        as_json(asdict(found))
    else:
        _tell(found)
    if not found.holds:
        ctx.exit(1)


def _tell(found: LedgerAudit) -> None:
    click.echo(f"{found.events} events in {found.chains} chains recomputed.")
    click.echo(
        f"{found.sealed} of them are in the log; {found.checkpoints} checkpoints vouch for "
        f"{found.vouched}, witnesses for {found.witnessed}."
    )
    if found.heads or found.timestamps:
        click.echo(
            f"Heads of {found.heads} days made again; {found.timestamps} timestamps of authorities hold."
        )
    for remark in found.remarks:
        click.echo(f"Note: {remark}")
    for what in found.fallen:
        click.echo(f"A guard of the database has fallen: {what}.")
    if found.faults:
        table(
            "What does not hold",
            ["project", "event", "what"],
            [[fault.project, fault.seq, fault.what] for fault in found.faults],
        )
    else:
        click.echo("Every chain holds.")


audit.add_command(seal)
audit.add_command(receipt)
audit.add_command(proof)
audit.add_command(export)
audit.add_command(corrections)
audit.add_command(replay)
audit.add_command(state)
audit.add_command(timestamp)

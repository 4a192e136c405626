"""`govern audit replay`: does every verdict follow from what it was judged on?"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.count import counted
from govern.services.people import OPERATOR
from govern.services.replay_chain import Outcome, Replayed
from govern.services.replaying import Replay
from govern.services.replaying import replay as replayed

SHOWN = 12
"""Differences of one event in a table; the JSON has them all."""


@click.command()
@click.option("--project", metavar="ID", help="Only this project.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Only what was recorded from this day or moment on (UTC).",
)
@format_option
@click.pass_context
def replay(ctx: click.Context, project: str | None, since: datetime | None, form: str) -> None:
    """Recompute every verdict, vote, decision and finding from what its event cites. Exit code 1 where
    one differs or cannot be read."""
    moment = None if since is None else since.replace(tzinfo=UTC)
    with session(ctx, take_rules=False) as ready:
        found = replayed(ready.runtime, OPERATOR, project=project, since=moment)
    if form == "json":
        as_json({**asdict(found), "differs": found.differs})
    else:
        _show(found)
    if found.differs:
        ctx.exit(1)


def _show(found: Replay) -> None:
    total = sum(sum(each.values()) for each in found.counts.values())
    click.echo(f"{counted(total, 'event')} of {counted(found.projects, 'project')} replayed.")
    if found.counts:
        table(
            "By kind",
            ["event", *(each.value for each in Outcome)],
            [
                [kind, *(of_kind.get(each.value, 0) for each in Outcome)]
                for kind, of_kind in found.counts.items()
            ],
        )
    for each in found.found:
        _tell(each)
    if not found.found:
        click.echo("Each came out as it was recorded.")


def _tell(each: Replayed) -> None:
    engine = f", written by govern {each.engine}" if each.engine else ""
    moment = each.at.strftime("%Y-%m-%d %H:%M:%S")
    click.echo(f"{each.project}, event {each.seq} ({each.kind}, {moment}{engine})")
    match each.outcome:
        case Outcome.LOST:
            click.echo(f"  cannot be replayed: {each.because}")
        case Outcome.ERASED:
            click.echo(
                f"  cannot be recomputed, because a personal text was erased: {each.because}"
            )
        case _:
            click.echo("  was recorded otherwise than it comes out now:")
    for one in each.differences[:SHOWN]:
        click.echo(f"    {one.at}: recorded {_word(one.recorded)}, now {_word(one.recomputed)}")
    more = len(each.differences) - SHOWN
    if more > 0:
        click.echo(f"    and {more} more")


def _word(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)

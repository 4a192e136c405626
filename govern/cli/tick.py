"""`govern tick`: what the passing of time brings about."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.count import counted
from govern.services.people import OPERATOR
from govern.services.ticking import TickResult
from govern.services.ticking import tick as run_tick
from govern.settings import clock


class Instant(click.ParamType[datetime]):
    """A moment; without a time zone it is UTC, without a time the day's beginning."""

    name = "instant"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
            return (
                moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)
            )
        except (ValueError, OverflowError):
            self.fail(
                f"'{value}' is no moment; one looks like 2026-12-01T08:00:00Z or 2026-12-01",
                param,
                ctx,
            )


@click.command()
@click.option(
    "--at", type=Instant(), help="Act as at this moment (2026-12-01T08:00Z). Default: now."
)
@format_option
@click.pass_context
def tick(ctx: click.Context, at: datetime | None, form: str) -> None:
    """Do what time has made due: reminders, escalations, lapses, ends of holds, value checks.

    Run it once a day or once an hour, from cron. Everything is done once, however often and however
    many ticks run. Exit code 1 where something could not be done; the rest is.
    """
    now = at or clock()
    with session(ctx) as ready:
        result = run_tick(ready.runtime, OPERATOR, now=now)
    if form == "json":
        as_json(asdict(result))
    else:
        show(result)
    if result.failed:
        ctx.exit(1)


def show(result: TickResult) -> None:
    at = result.at.isoformat(timespec="minutes").replace("+00:00", "Z")
    if result.done:
        table(
            f"Due at {at}: {counted(len(result.done), 'thing')} done",
            ["what", "project", "submission", "told", "text"],
            [
                [each.kind, each.project, _number(each.submission), _people(each.told), each.text]
                for each in result.done
            ],
        )
    elif not result.failed:
        click.echo(f"Nothing was due at {at}.")
    for failed in result.failed:
        about = f", submission {failed.submission}" if failed.submission else ""
        click.echo(f"govern: {failed.project}{about}: {failed.why}", err=True)


def _number(submission: int | None) -> str:
    return "" if submission is None else str(submission)


def _people(told: tuple[str, ...]) -> str:
    return ", ".join(told) or "nobody"

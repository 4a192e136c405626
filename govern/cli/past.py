"""`--as-of`: the same command, over what was known then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from govern.services.as_of import When, look_back
from govern.services.runtime import Runtime
from govern.settings import clock
from govern.wiring import Started


class _When(click.ParamType[When]):
    name = "time or size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> When:
        if isinstance(value, When):
            return value
        if value.isascii() and value.isdigit() and 0 < int(value) < 2**31:
            return When(size=int(value))
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail(
                f"{value!r} is neither a moment with its time zone, such as 2026-11-24T10:00:00Z, "
                "nor a size of the log",
                param,
                ctx,
            )
        return When(moment=moment)


as_of_option: Callable[[Any], Any] = click.option(
    "--as-of",
    type=_When(),
    metavar="TIME|SIZE",
    help="Show what was known at this moment, or when the log had so many events.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """`size` is that of the log where the command looks back."""

    runtime: Runtime
    now: datetime
    size: int | None


def seen(ready: Started, when: When | None, **about: Any) -> Seen:
    """What a command reads, and at which time. `about` as for `look_back`."""
    now = clock()
    if when is None:
        return Seen(ready.runtime, now, None)
    past = look_back(ready.runtime, when, about, now=now)
    click.echo(
        f"As of log size {past.size}, {past.moment.isoformat(timespec='seconds')}.", err=True
    )
    return Seen(past.runtime, past.moment, past.size)

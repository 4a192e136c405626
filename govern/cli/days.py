"""Days as options of commands."""

from collections.abc import Callable
from typing import Any

import click

day_option: Callable[[Any], Any] = click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="As on this day: figures of periods that ended by it. Default: today.",
)

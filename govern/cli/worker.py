"""`govern worker`: the work that goes on by itself, in a process of its own."""

import signal
import threading
from typing import Any

import click
import structlog

from govern.cli.session import session
from govern.services.people import OPERATOR
from govern.services.working import SENDERS, TICK_EVERY_S, at_work
from govern.settings import clock


@click.command()
@click.option(
    "--every",
    type=click.IntRange(1, 86_400),
    default=TICK_EVERY_S,
    show_default=True,
    metavar="SECONDS",
    help="How often what time has made due is looked for, by all workers together.",
)
@click.option(
    "--senders",
    type=click.IntRange(1, 64),
    default=SENDERS,
    show_default=True,
    help="How many things are sent at a time.",
)
@click.pass_context
def worker(ctx: click.Context, every: int, senders: int) -> None:
    """Tick, and send news, letters and reports as they come, until stopped.

    Any number of workers share the work, each thing once. Ctrl-C or SIGTERM ends it after what it has
    begun; what a worker that was killed had begun is taken over.
    """
    ending = threading.Event()

    def end(number: int, frame: object) -> None:
        ending.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with session(ctx, stays=True) as ready:
        log: Any = structlog.get_logger("govern.worker")
        click.echo(f"govern worker: ticks every {every} s, sends {senders} at a time.")
        with at_work(
            ready.runtime,
            OPERATOR,
            clock,
            log.error,
            senders=senders,
            tick_every_s=every,
        ):
            while not ending.wait(0.5):
                pass
    click.echo("govern worker: ended.")

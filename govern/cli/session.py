"""Opening the runtime for one command."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import click

from govern.cli.settings import settings_of
from govern.documents.problem import render
from govern.settings import Settings, traces_are_wanted
from govern.wiring import Started, started


@contextmanager
def session(
    ctx: click.Context, *, take_rules: bool = True, stays: bool = False
) -> Generator[Started]:
    """A started govern. Problems in the rules directory are told; the last good rulebook judges.

    Without `take_rules` the start leaves the rulebook in force as it is, and so does the setting
    GOVERN_PUBLISH_RULES=no: then the rules directory is its author's business. `stays`: it is a service,
    and its log is that of one.
    """
    settings = settings_of(ctx)
    if not take_rules:
        settings = replace(settings, publish_rules=False)
    with _watched(settings, stays) as telemetry, started(settings) as begun:
        ready = begun
        if telemetry is not None:
            ready = replace(begun, runtime=telemetry.over(begun.runtime))
        told = ready.rule_problems if settings.publish_rules else ()
        for problem in told:
            click.echo(render(problem, ready.rule_sources), err=True)
        if told:
            click.echo(
                "govern: the rules directory has errors: the rulebook published last stays in force.",
                err=True,
            )
        yield ready


def _watched(settings: Settings, stays: bool) -> Any:
    """What watches this command, if it is a service or its figures or traces go anywhere; else None.

    The output of any other is for people: of the log it writes what went wrong, unless more is asked
    for.
    """
    if not stays and settings.metrics_dir is None and not traces_are_wanted():
        return nullcontext()
    # Only whoever wants it waits for what it imports.
    from govern.telemetry.telemetry import watched  # noqa: PLC0415

    level = settings.log_level
    if not stays and level == "info":
        level = "warning"
    return watched(settings, folder=settings.metrics_dir, level=level)

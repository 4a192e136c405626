"""Opening the runtime for one command."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import click

from govern.cli.settings import settings_of
from govern.documents.problem import render
from govern.wiring import Started, started


@contextmanager
def session(ctx: click.Context, *, take_rules: bool = True) -> Generator[Started]:
    """A started govern. Problems in the rules directory are told; the last good rulebook judges.

    Without `take_rules` the start leaves the rulebook in force as it is, and so does the setting
    GOVERN_PUBLISH_RULES=no: then the rules directory is its author's business.
    """
    settings = settings_of(ctx)
    if not take_rules:
        settings = replace(settings, publish_rules=False)
    with started(settings) as ready:
        told = ready.rule_problems if settings.publish_rules else ()
        for problem in told:
            click.echo(render(problem, ready.rule_sources), err=True)
        if told:
            click.echo(
                "govern: the rules directory has errors: the rulebook published last stays in force.",
                err=True,
            )
        yield ready

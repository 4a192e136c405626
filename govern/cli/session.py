"""Opening the runtime for one command, with the settings of the environment and its options."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from govern.documents.problem import render
from govern.wiring import Settings, Started, started


def settings_of(ctx: click.Context) -> Settings:
    """The environment's settings with the options given before the command laid over them."""
    given: dict[str, Any] = ctx.find_root().obj or {}
    names = {"database": "database_url", "rules": "rules", "workflows": "workflows"}
    options = {names[name]: value for name, value in given.items() if value is not None}
    return replace(Settings.from_environment(), **options)


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

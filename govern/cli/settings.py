"""The settings of one command: the environment's, with its options."""

from dataclasses import replace
from typing import Any

import click

from govern.settings import Settings


def settings_of(ctx: click.Context) -> Settings:
    """The environment's settings with the options given before the command laid over them."""
    given: dict[str, Any] = ctx.find_root().obj or {}
    names = {"database": "database_url", "rules": "rules", "workflows": "workflows"}
    options = {names[name]: value for name, value in given.items() if value is not None}
    if "database_url" in options:
        options["database_url_file"] = None
    return replace(Settings.from_environment(), **options)

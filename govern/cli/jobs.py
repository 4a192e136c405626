"""A group of commands whose modules are imported only when a command is called."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class Jobs(click.Group):
    """`commands` maps a name to where its command is (`module:name`) and what it does, in order."""

    def __init__(self, *args: Any, jobs: Mapping[str, tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.jobs = jobs

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.jobs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.jobs:
            return None
        module, _, name = self.jobs[cmd_name][0].partition(":")
        return getattr(importlib.import_module(module), name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from govern.documents.problem import did_you_mean  # noqa: PLC0415 - only on a typo

            hint = did_you_mean(args[0], self.jobs)
            raise click.UsageError(f"{error.message} {hint or ''}".strip(), ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Jobs"):
            formatter.write_dl([(name, text) for name, (_, text) in self.jobs.items()])

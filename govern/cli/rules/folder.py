"""`--rules FOLDER`: one way for every `govern rules` command to be told which rules folder it reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from click.exceptions import UsageError

FOLDER = "rules_folder"

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _before_the_command(ctx: click.Context, _: click.Parameter, given: Path | None) -> None:
    if given is not None:
        root = ctx.find_root()
        root.obj = {**(root.obj or {}), "rules": given}


rules_option: Decorator = click.option(
    "--rules",
    FOLDER,
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    expose_value=False,
    callback=_before_the_command,
    help="The rules folder; the same as --rules before the command.",
)
"""The command reads it with `settings_of`, wherever it was given."""


def is_folder_named(ctx: click.Context) -> bool:
    """Whether `--rules` stands behind the command: somebody means this very command by it."""
    return ctx.get_parameter_source(FOLDER) is ParameterSource.COMMANDLINE


class OnFolder(click.Command):
    """A command whose only subject is the rules folder: a folder as an argument is told where to go."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except UsageError as error:
            folder = next((each for each in given if Path(each).is_dir()), None)
            if folder is None or isinstance(error, click.BadParameter):
                raise
            hint = f"Name the rules folder with --rules: {ctx.command_path} --rules {folder}"
            raise UsageError(f"{error.message.rstrip('.')}. {hint}", ctx) from None

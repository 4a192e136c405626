"""By which rules a command judges: the rulebook in force, a revision, or the rules directory."""

import re
from datetime import date, datetime
from pathlib import Path

import click

from govern.cli.problems import report_problems
from govern.cli.rules.folder import Decorator, is_folder_named
from govern.cli.settings import settings_of
from govern.rulebook.load import load
from govern.rulebook.rule import Rulebook

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

draft_option: Decorator = click.option(
    "--draft", is_flag=True, help="Judge by the rules directory, which need not be published."
)
revision_option: Decorator = click.option(
    "--revision", metavar="DIGEST", help="Judge by this revision of the rulebook."
)
DAY = click.DateTime(["%Y-%m-%d"])


def day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def directory(ctx: click.Context, path: Path | None = None) -> Rulebook:
    """The rulebook of a directory, of `--rules` unless another is named; ends with 1 where it has
    errors, after telling them."""
    loaded = load(path or settings_of(ctx).rules)
    if loaded.rulebook is None:
        report_problems(ctx, loaded.problems, loaded.sources, "text")
        raise click.exceptions.Exit(1)
    return loaded.rulebook


def chosen(ctx: click.Context, draft: bool, revision: str | None) -> Rulebook | None:
    """The draft, where one is asked for. Raises UsageError for one and a revision."""
    if draft and revision:
        raise click.UsageError("Name --draft or --revision, not both.", ctx)
    if not draft and is_folder_named(ctx):
        raise click.UsageError("--rules names the folder that --draft judges by: add --draft.", ctx)
    return directory(ctx) if draft else None

"""The workflow that an argument names: a file, or a stored version as ID or ID@VERSION."""

import re
from pathlib import Path

import click

from govern.cli.problems import report_problems
from govern.cli.session import session
from govern.process.definition import Workflow
from govern.process.load import load_sources
from govern.services.workflows import stored

_NAMED = re.compile(r"(?P<id>[a-z][a-z0-9_-]*)(@(?P<version>[1-9][0-9]*))?")


def named(ctx: click.Context, text: str) -> tuple[str, int | None]:
    """The id and the version, `None` for the newest. Raises UsageError."""
    found = _NAMED.fullmatch(text)
    if found is None:
        raise click.UsageError(f"'{text}' names no workflow: ID or ID@VERSION is needed.", ctx)
    version = found["version"]
    return found["id"], None if version is None else int(version)


def workflow(ctx: click.Context, text: str) -> Workflow:
    """The workflow of a file, or the stored one. Exits with 1 where the file has errors."""
    path = Path(text)
    if path.is_file():
        loaded = load_sources({path.as_posix(): path.read_text(encoding="utf-8")}, tables=None)
        if not loaded.workflows:
            report_problems(ctx, loaded.problems, loaded.sources, "text")
            ctx.exit(1)
        return next(iter(loaded.workflows.values()))
    if path.suffix in (".yaml", ".yml") or "/" in text:
        raise click.UsageError(f"There is no file {text}.", ctx)
    workflow_id, version = named(ctx, text)
    with session(ctx, take_rules=False) as ready:
        return stored(ready.runtime, workflow_id, version)

"""`govern rules watch`."""

from collections.abc import Iterator
from pathlib import Path

import click

from govern.cli.problems import tally
from govern.cli.progress import progress_bar
from govern.cli.rules.folder import OnFolder, rules_option
from govern.cli.rules.results import counts, failure
from govern.cli.settings import settings_of
from govern.documents.files import differences, read_yaml_files
from govern.documents.problem import render
from govern.domain.count import counted
from govern.rulebook.load import load
from govern.rulebook.trials import run
from govern.settings import clock

QUIET = 100
"""So many milliseconds without a further change end a burst of them."""
LOOK_ANYWAY = 2_000
"""After so many milliseconds the files are read though no change was told: a network folder tells
none, and neither does a folder that has been replaced as a whole."""


@click.command(cls=OnFolder)
@rules_option
@click.option(
    "--once", is_flag=True, help="Check and test once; exit with 1 if something is wrong."
)
@click.pass_context
def watch(ctx: click.Context, once: bool) -> None:
    """Check and test the rule files whenever one is saved, until Ctrl-C."""
    folder = settings_of(ctx).rules
    try:
        seen = read_yaml_files(folder)
        is_good = _judged(folder, f"{counted(len(seen.texts), 'file')} in {folder}")
        if once:
            ctx.exit(0 if is_good else 1)
        click.echo("Waiting for changes; Ctrl-C ends it.")
        for _ in _looks(folder):
            now = read_yaml_files(folder)
            changes = differences(seen, now)
            if changes:
                seen = now
                _judged(folder, ", ".join(changes))
    except KeyboardInterrupt:
        click.echo("\nEnded.")


def _judged(folder: Path, what: str) -> bool:
    """Tells what is wrong with the rules as they are now; whether nothing is."""
    now = clock()
    click.echo(click.style(f"\n{now.astimezone():%H:%M:%S} {what}", bold=True))
    with progress_bar("rule files") as progress:
        loaded = load(folder, today=now.date(), progress=progress)
    for problem in loaded.problems:
        click.echo(render(problem, loaded.sources) + "\n")
    problems = tally(loaded.problems)
    if loaded.rulebook is None:
        click.echo(f"{problems}; no test was run.")
        return False
    with progress_bar("rules") as progress:
        results = run(loaded.rulebook, progress)
    failed = [result for result in results if not result.passed]
    for result in failed:
        click.echo(failure(result) + "\n")
    click.echo(f"{problems}; tests: {counts(results)}")
    return not failed


def _looks(folder: Path) -> Iterator[None]:
    """Comes back whenever the files may have changed. Ends with KeyboardInterrupt."""
    try:
        yield from _told(folder)
    except OSError:  # the system watches no more files for this user
        yield from _told(folder, polling=True)


def _told(folder: Path, polling: bool | None = None) -> Iterator[None]:
    import watchfiles  # noqa: PLC0415 - nothing else needs it

    changes = watchfiles.watch(
        folder,
        watch_filter=None,
        step=QUIET,
        rust_timeout=LOOK_ANYWAY,
        yield_on_timeout=True,
        force_polling=polling,
    )
    for _ in changes:
        yield

"""`govern rules check`."""

import click

from govern.cli.problems import check_format, report_problems
from govern.cli.progress import progress_bar
from govern.cli.rules.folder import OnFolder, rules_option
from govern.cli.settings import settings_of
from govern.domain.count import counted
from govern.rulebook.load import load
from govern.settings import clock


@click.command(cls=OnFolder)
@rules_option
@click.option("--strict", is_flag=True, help="Warnings count: exit with 3 if there is one.")
@check_format
@click.pass_context
def check(ctx: click.Context, strict: bool, form: str) -> None:
    """Report every problem in the rules directory. Exit code 1 if there is an error."""
    settings = settings_of(ctx)
    with progress_bar("rule files") as progress:
        loaded = load(settings.rules, today=clock().date(), progress=progress)
    report_problems(ctx, loaded.problems, loaded.sources, form, strict, "govern rules check")
    if form == "text" and loaded.rulebook is not None:
        click.echo(f"{counted(len(loaded.rulebook.rules), 'rule')} in {settings.rules}: no errors.")

"""`govern rules fmt`."""

import click

from govern.cli.problems import report_problems
from govern.cli.rules.folder import OnFolder, rules_option
from govern.cli.settings import settings_of
from govern.documents.files import read_yaml_files
from govern.documents.source import Source
from govern.domain.count import counted
from govern.rulebook.fmt import formatted


@click.command(cls=OnFolder)
@rules_option
@click.option("--check", "only_check", is_flag=True, help="Write nothing: list what would change.")
@click.pass_context
def fmt(ctx: click.Context, only_check: bool) -> None:
    """Lay out the rule files in one way. Comments stay, and so does what the rules say."""
    directory = settings_of(ctx).rules
    files = read_yaml_files(directory)
    problems = list(files.problems)
    sources: dict[str, Source] = {}
    changed = kept = 0
    for below, text in files.texts.items():
        path = directory / below
        source = sources[path.as_posix()] = Source(path.as_posix(), text)
        found = formatted(source)
        problems += found.problems
        if found.text is None and not found.problems:
            click.echo(f"{path}: stays as it is: its layout cannot be changed safely.", err=True)
            kept += 1
        if found.text is None or found.text == text:
            continue
        changed += 1
        if not only_check:
            path.write_text(found.text, encoding="utf-8", newline="\n")
        click.echo(path.as_posix())
    what = "would change" if only_check else "changed"
    click.echo(f"{changed} of {counted(len(files.texts), 'file')} {what}.", err=True)
    report_problems(ctx, problems, sources, "text")
    if kept or (only_check and changed):
        ctx.exit(1)

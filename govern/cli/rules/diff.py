"""`govern rules diff`."""

from datetime import datetime
from pathlib import Path

import click

from govern.cli.output import as_json, table
from govern.cli.problems import report_option
from govern.cli.progress import progress_bar
from govern.cli.rules.source import DAY, day, directory, is_digest
from govern.cli.session import session
from govern.domain.record import Record
from govern.rulebook.rule import Rulebook
from govern.services.differences import difference
from govern.services.people import OPERATOR
from govern.settings import clock

PUBLISHED = "published"
SUBJECTS_SHOWN = 100


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--as-of", type=DAY, help="Compare what they say as of this date. Default: today.")
@click.option("--from", "first", type=DAY, help="Compare every period of a range: its first day.")
@click.option("--to", "last", type=DAY, help="The range's last day. Default: today.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if they differ.")
@report_option("json")
@click.pass_context
def diff(
    ctx: click.Context,
    a: str,
    b: str,
    as_of: datetime | None,
    first: datetime | None,
    last: datetime | None,
    exit_code: bool,
    form: str,
) -> None:
    """Tell what two rulebooks say differently, in their files and of this portfolio.

    A and B are each a directory of rule files, the digest of a revision, or the word published.
    """
    if as_of is not None and (first is not None or last is not None):
        raise click.UsageError("Name --as-of, or a range with --from and --to.", ctx)
    if last is not None and first is None:
        raise click.UsageError("A range needs its --from.", ctx)
    before, after = _rulebook(ctx, a), _rulebook(ctx, b)
    with session(ctx, take_rules=False) as ready, progress_bar("projects") as progress:
        found = difference(
            ready.runtime,
            OPERATOR,
            before,
            after,
            as_of=day(as_of or last),
            first=day(first),
            progress=progress,
            now=clock(),
        )
    if form == "json":
        as_json(found)
    else:
        _show(found, a, b)
    if exit_code and not found["same"]:
        ctx.exit(1)


def _rulebook(ctx: click.Context, named: str) -> Rulebook | str | None:
    if named == PUBLISHED:
        return None
    if is_digest(named):
        return named
    if not Path(named).is_dir():
        raise click.UsageError(
            f"'{named}' is no directory, no digest of a revision (sha256:…), and not the word "
            f"{PUBLISHED}.",
            ctx,
        )
    return directory(ctx, Path(named))


def _show(found: Record, a: str, b: str) -> None:
    click.echo(f"A  {a}  {found['a']}\nB  {b}  {found['b']}\n")
    if not found["changes"]:
        click.echo("The rules say the same.")
    for change in found["changes"]:
        click.echo(f"{change['change']} {change['rule_id']}: {change['title']}")
        for each in change["fields"]:
            click.echo(f"    {each['name']}")
            for sign, text in (("-", each["before"]), ("+", each["after"])):
                if text is not None:
                    click.echo(f"      {sign} {' '.join(text.split())}")
    when = f"as of {found['to']}" if found["from"] is None else f"{found['from']} to {found['to']}"
    where = f"{found['projects']} projects, {when}, facts as known now"
    click.echo()
    if not found["only"]:
        click.echo(f"They fire for the same ({where}).")
        return
    shown = found["only"][:SUBJECTS_SHOWN]
    table(
        f"What fires under one only ({where})",
        ["only in", "rule", "project", "kpi", "periods", "last", "the other says", "message"],
        [
            [
                each["fires_in"],
                each["rule_id"],
                each["project_id"],
                each["kpi_id"] or "-",
                each["periods"],
                each["last"],
                each["other"] or "no such rule",
                each["message"],
            ]
            for each in shown
        ],
    )
    left = len(found["only"]) - len(shown)
    if left > 0:
        click.echo(f"… and {left} more; --format json lists all.")

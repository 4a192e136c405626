"""`govern report`: a report as a page or as data."""

import json
from datetime import datetime
from pathlib import Path

import click

from govern.cli.days import day_option
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.services.as_of import When
from govern.services.people import OPERATOR
from govern.services.report_kinds import KINDS, kind_named
from govern.services.reports import About, Asking, build


@click.command(epilog=f"KIND is one of {', '.join(KINDS)}.")
@click.argument("kind")
@click.argument("about", required=False, metavar="[ID]")
@click.option("--portfolio", help="Of a report about a portfolio; every one unless named.")
@click.option("--currency", help="Every sum of money in this currency: EUR. Default: its own.")
@day_option
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "json"]),
    default="html",
    show_default=True,
    help="One page that holds all it needs, or data.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to this file. Default: print it.",
)
@click.pass_context
def report(
    ctx: click.Context,
    kind: str,
    about: str | None,
    portfolio: str | None,
    currency: str | None,
    at: datetime | None,
    as_of: When | None,
    form: str,
    out: Path | None,
) -> None:
    """Write a report about a portfolio, or about the project, submission or review that ID names."""
    found = kind_named(kind)
    named = _named(found.about, about, portfolio)
    with session(ctx) as ready:
        past = seen(ready, as_of, **{found.about.value: named})
        record = build(
            found,
            Asking(
                past.runtime,
                OPERATOR,
                named,
                past.now,
                currency=currency,
                at=at.date() if at else None,
                when=as_of,
                size=past.size,
            ),
        )
    if form == "json":
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    else:
        from govern.reports.page import to_html  # noqa: PLC0415 - data does without templates

        text = to_html(found.name, record)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text)
        click.echo(f"{record['title']} of {record['about']['name']}, as on {record['at']}: {out}")


def _named(kind: About, about: str | None, portfolio: str | None) -> str | int | None:
    if kind is About.PORTFOLIO:
        if about is not None and portfolio is not None and about != portfolio:
            raise click.UsageError("Two portfolios are named: say one of them.")
        return portfolio if about is None else about
    if portfolio is not None:
        raise click.UsageError(f"This report is about one {kind}: it takes no --portfolio.")
    if about is None:
        raise click.UsageError(f"This report is about one {kind}: name it as ID.")
    if kind is About.PROJECT:
        return about
    if not (about.isascii() and about.isdigit() and 0 < int(about) < 2**31):
        raise click.UsageError(f"A {kind} is named by its number.")
    return int(about)

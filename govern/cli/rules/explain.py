"""`govern rules explain`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import click

from govern.cli.output import as_json, table
from govern.cli.problems import report_option
from govern.cli.rules.folder import rules_option
from govern.cli.rules.source import DAY, chosen, day, draft_option, revision_option
from govern.cli.session import session
from govern.domain.record import Record
from govern.services.explaining import explain as explain_rules
from govern.services.people import OPERATOR
from govern.settings import clock

PARTS_SHOWN = 12
"""Of the elements of a list; the JSON holds all."""


@click.command()
@click.argument("rule")
@click.argument("project")
@click.argument("period", type=DAY, required=False)
@click.option("--kpi", metavar="ID", help="This KPI only. Default: every KPI of the project.")
@draft_option
@rules_option
@revision_option
@report_option("json")
@click.pass_context
def explain(
    ctx: click.Context,
    rule: str,
    project: str,
    period: datetime | None,
    kpi: str | None,
    draft: bool,
    revision: str | None,
    form: str,
) -> None:
    """Tell why RULE says what it says of PROJECT.

    PERIOD is a date: the last period that ended by then is explained, as it stood. Default: the one
    that is judged today.
    """
    rulebook = chosen(ctx, draft, revision)
    with session(ctx, take_rules=False) as ready:
        found = explain_rules(
            ready.runtime,
            OPERATOR,
            project,
            rule=rule,
            kpi=kpi,
            on=day(period),
            draft=rulebook,
            revision=revision,
            now=clock(),
        )
    if form == "json":
        as_json(found)
    elif found["items"]:
        for item in found["items"]:
            if _applies(item):
                _show(item)
        for item in found["items"]:
            if not _applies(item):
                click.echo(item["sentence"])
    else:
        click.echo(f"{project} has nothing that {rule} could judge.")


def _show(item: Record) -> None:
    subject = item["project"] + (f" / {item['kpi']} {item['kpi_name']}" if item["kpi"] else "")
    click.echo(click.style(f"{item['rule']} on {subject}, period to {item['period']}", bold=True))
    click.echo(_standing(item))
    click.echo(f"\n  {item['sentence']}\n")
    for condition in item["conditions"]:
        click.echo(f"{condition['name']}:")
        for line in _lines(condition, "  "):
            click.echo(line)
    if item["because"]:
        click.echo(f"recommends {item['action']}: {item['because']}")
        click.echo(f"  {', '.join(item['deliverables']) or 'no deliverable in particular'}")
    figures = ["planned", "actual", "attainment"] if item["kpi"] else []
    columns = ["period", *figures, "applies", "when", "state", "streak"]
    rows = [[each[name] for name in columns] for each in item["periods"]]
    click.echo()
    table("The last periods", columns, rows)


def _applies(item: Record) -> bool:
    return bool(item["periods"][-1]["applies"])


def _standing(item: Record) -> str:
    state, streak, needed = item["state"], item["streak"], item["for_periods"]
    if state == "fires":
        return f"fires, for {streak} period{'' if streak == 1 else 's'}"
    return f"{state}, {streak} of the {needed} periods it takes" if needed > 1 else state


def _lines(part: dict[str, Any], indent: str) -> Iterator[str]:
    value = "unknown" if part["value"] is None else part["value"]
    yield f"{indent}{' '.join(part['text'].split())} = {value}"
    parts: Sequence[dict[str, Any]] = part["parts"]
    if len(parts) == 1 and not parts[0]["parts"] and parts[0]["value"] == part["value"]:
        return  # an element of a list, whose value says it all
    for each in parts[:PARTS_SHOWN]:
        yield from _lines(each, indent + "  ")
    if len(parts) > PARTS_SHOWN:
        yield f"{indent}  … and {len(parts) - PARTS_SHOWN} more"

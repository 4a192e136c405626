"""`govern rules record`."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.rules.source import DAY, day
from govern.cli.session import session
from govern.domain.record import Record
from govern.services.as_of import When
from govern.services.people import OPERATOR
from govern.services.rule_records import records

_COUNTS = {
    "proposed": "proposed",
    "open": "open",
    "accepted": "accepted",
    "rejected": "rejected",
    "implemented": "done",
}


@click.command()
@click.option("--rule", metavar="ID", help="Only this rule.")
@click.option("--portfolio", metavar="ID", help="Only projects of this portfolio.")
@click.option("--from", "first", type=DAY, help="Only what was proposed from this day on.")
@click.option("--to", "last", type=DAY, help="Only what was proposed up to this day.")
@as_of_option
@format_option
@click.pass_context
def record(
    ctx: click.Context,
    form: str,
    as_of: When | None,
    first: datetime | None,
    last: datetime | None,
    **wanted: Any,
) -> None:
    """Tell how well each rule recommends: accepted, effective, false alarms, days."""
    with session(ctx, take_rules=False) as ready:
        at = seen(ready, as_of)
        found = records(at.runtime, OPERATOR, first=day(first), last=day(last), **wanted)
    if form == "json":
        as_json(found)
    elif found["rules"]:
        _show(found)
    else:
        click.echo("No rule has recommended anything.")


def _show(found: Record) -> None:
    for title, kept, names in (
        ("Rules", "rules", ("rule",)),
        ("Actions", "actions", ("action",)),
        ("Rules by action", "rule_actions", ("rule", "action")),
    ):
        table(
            title,
            [
                *names,
                *_COUNTS.values(),
                "worked",
                "false alarms",
                "days to answer",
                "days to do",
            ],
            [[*(each[name] for name in names), *_cells(each)] for each in found[kept]],
            whole=len(names),
        )
    for each in found["rules"]:
        if each["poor"]:
            owner = each["owner"] or "nobody"
            click.echo(f"{each['rule']} has a poor record: {each['why']}. Its owner is {owner}.")


def _cells(each: Record) -> list[Any]:
    return [
        *(each[name] for name in _COUNTS),
        _of(each["effective"], each["verified"]),
        _of(each["false_alarms"], each["closed"]),
        _days(each["days_to_answer"]),
        _days(each["days_to_implement"]),
    ]


def _of(part: int, whole: int) -> str:
    return f"{part}/{whole}"


def _days(found: Decimal | None) -> str:
    return "–" if found is None else f"{found:.1f}"

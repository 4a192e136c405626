"""`govern effects`: what the changes of a project were to bring, and what came."""

from decimal import Decimal
from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.plain import plain_decimal
from govern.domain.record import Record
from govern.services.as_of import When
from govern.services.effects import list_effects
from govern.services.people import OPERATOR


@click.command()
@click.argument("project")
@as_of_option
@format_option
@click.pass_context
def effects(ctx: click.Context, project: str, form: str, as_of: When | None) -> None:
    """List what the changes of PROJECT are expected to bring, and what came."""
    with session(ctx) as ready:
        at = seen(ready, as_of, project=project)
        found = list_effects(at.runtime, OPERATOR, project)
    if form == "json":
        as_json(found)
    elif found:
        table(
            f"Effects of the changes of {project}",
            ["KPI", "by", "size", "without it", "came to", "effect", "state", "of"],
            [_row(each) for each in found],
        )
        for each in found:
            if each["why"]:
                click.echo(f"{each['kpi']} by {each['by']}: {each['why']}.")
    else:
        click.echo("No effect was named.")


def _row(each: Record) -> list[Any]:
    likely = ""
    if each["low"] is not None:
        likely = f"\n{plain_decimal(each['low'])} to {plain_decimal(each['high'])}"
    without = None if each["counterfactual"] is None else plain_decimal(each["counterfactual"])
    return [
        each["kpi"],
        each["by"],
        plain_decimal(each["size"]) + (f" {each['unit']}" if each["unit"] else ""),
        None if without is None else without + likely,
        _figure(each["actual"]),
        _figure(each["effect"]),
        each["state"],
        _change(each),
    ]


def _figure(value: Decimal | None) -> str:
    return "–" if value is None else plain_decimal(value)


def _change(each: Record) -> str:
    told = [
        f"{what} {each[name]}"
        for name, what in (
            ("scope_change", "scope change"),
            ("recommendation", "recommendation"),
        )
        if each[name] is not None
    ]
    return "\n".join(told)

"""`govern history`: what the ledger tells of a project."""

import json
from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.services.history import gate_history, project_history
from govern.services.people import OPERATOR

SHOWN = 160
"""Characters of an event's data in a table; JSON has them all."""


@click.command()
@click.argument("project")
@click.option("--gate", help="Only what concerns this gate.")
@format_option
@click.pass_context
def history(ctx: click.Context, project: str, gate: str | None, form: str) -> None:
    """Tell who did what to PROJECT, when and why."""
    found: list[dict[str, Any]] = []
    with session(ctx) as ready:
        after = 0
        while True:
            page = (
                gate_history(ready.runtime, OPERATOR, project, gate, after=after)
                if gate
                else project_history(ready.runtime, OPERATOR, project, after=after)
            )
            found += page.items
            if page.next_cursor is None:
                break
            after = int(page.next_cursor)
    if form == "json":
        as_json(found)
        return
    table(
        f"History of {project}",
        ["no.", "when", "who", "what", "in particular"],
        [
            [
                event["seq"],
                event["at"].strftime("%Y-%m-%d %H:%M:%S"),
                event["actor_name"] or event["actor"],
                event["kind"],
                _short(event["data"]),
            ]
            for event in found
        ],
    )


def _short(data: dict[str, Any]) -> str:
    told = [
        f"{name}: {_value(value)}" for name, value in data.items() if value not in (None, [], {})
    ]
    text = "; ".join(told)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

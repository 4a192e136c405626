"""`govern history`: what the ledger tells of a project."""

from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.services.history import gate_history, project_history
from govern.services.people import OPERATOR


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
                event["told"],
            ]
            for event in found
        ],
    )

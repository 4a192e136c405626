"""`govern history`: what the ledger tells of a project."""

from typing import Any

import click

from govern.cli.gate_record import lines
from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.services.gate_record import gate_record
from govern.services.history import gate_history, project_history
from govern.services.people import OPERATOR
from govern.settings import clock


@click.command()
@click.argument("project")
@click.option("--gate", help="Only what concerns this gate.")
@click.option(
    "--gates",
    is_flag=True,
    help="Every gate with its iterations, rounds, votes and decisions; time in each stage.",
)
@format_option
@click.pass_context
def history(ctx: click.Context, project: str, gate: str | None, gates: bool, form: str) -> None:
    """Tell who did what to PROJECT, when and why."""
    if gates:
        _tell_gates(ctx, project, gate, form)
        return
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


def _tell_gates(ctx: click.Context, project: str, gate: str | None, form: str) -> None:
    with session(ctx) as ready:
        found = gate_record(ready.runtime, OPERATOR, project, now=clock())
    if gate is not None:
        found["gates"] = [each for each in found["gates"] if each["gate"] == gate]
    if form == "json":
        as_json(found)
        return
    for line in lines(found):
        click.echo(line)

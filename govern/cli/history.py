"""`govern history`: what the ledger tells of a project."""

from typing import Any

import click

from govern.cli.gate_record import lines
from govern.cli.output import as_json, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.services.as_of import When
from govern.services.gate_record import gate_record
from govern.services.history import gate_history, project_history
from govern.services.people import OPERATOR


@click.command()
@click.argument("project")
@click.option("--gate", help="Only what concerns this gate.")
@click.option(
    "--gates",
    is_flag=True,
    help="Every gate with its iterations, rounds, votes and decisions; time in each stage.",
)
@as_of_option
@format_option
@click.pass_context
def history(
    ctx: click.Context,
    project: str,
    gate: str | None,
    gates: bool,
    form: str,
    as_of: When | None,
) -> None:
    """Tell who did what to PROJECT, when and why."""
    if gates:
        _tell_gates(ctx, project, gate, form, as_of)
        return
    found: list[dict[str, Any]] = []
    with session(ctx) as ready:
        runtime = seen(ready, as_of, project=project).runtime
        after = 0
        while True:
            page = (
                gate_history(runtime, OPERATOR, project, gate, after=after)
                if gate
                else project_history(runtime, OPERATOR, project, after=after)
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


def _tell_gates(
    ctx: click.Context, project: str, gate: str | None, form: str, as_of: When | None
) -> None:
    with session(ctx) as ready:
        at = seen(ready, as_of, project=project)
        found = gate_record(at.runtime, OPERATOR, project, now=at.now)
    if gate is not None:
        found["gates"] = [each for each in found["gates"] if each["gate"] == gate]
    if form == "json":
        as_json(found)
        return
    for line in lines(found):
        click.echo(line)

"""`govern map`: the benefits map of a project, and what is wrong with the maps."""

from typing import Any

import click

from govern.cli.output import as_json, format_option, records, table
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.benefits.map import Kind, percent
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services import benefits_map as use
from govern.services.as_of import When
from govern.services.people import OPERATOR


class _OfProject(click.Group):
    """`govern map LE-002` is `govern map show LE-002`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group("map", cls=_OfProject)
def map_() -> None:
    """Show or draw a project's benefits map; check the maps.

    `govern map PROJECT` is short for `govern map show PROJECT`.
    """


@map_.command()
@click.argument("project")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "svg", "mermaid"]),
    default="table",
    show_default=True,
    help="A table for people, JSON for programs, or a drawing.",
)
@as_of_option
@click.pass_context
def show(ctx: click.Context, project: str, form: str, as_of: When | None) -> None:
    """Show how PROJECT's deliverables lead to its KPIs, and those to strategic objectives."""
    with session(ctx) as ready:
        runtime = seen(ready, as_of, project=project).runtime
        if form == "svg":
            click.echo(use.draw_svg(runtime, OPERATOR, project), nl=False)
            return
        if form == "mermaid":
            click.echo(use.draw_mermaid(runtime, OPERATOR, project), nl=False)
            return
        found = use.benefits_map(runtime, OPERATOR, project)
    if form == "json":
        as_json(found)
        return
    _tell(found)


@map_.command()
@click.argument("project", required=False)
@as_of_option
@format_option
@click.pass_context
def check(ctx: click.Context, project: str | None, form: str, as_of: When | None) -> None:
    """Report what is wrong with PROJECT's map, or with all maps. Exit code 1 if anything is."""
    with session(ctx) as ready:
        runtime = seen(ready, as_of, project=project).runtime
        found = use.check_maps(runtime, OPERATOR, project)
    _tell_problems(found, form)
    if found:
        ctx.exit(1)


def _tell(found: Record) -> None:
    names = {(each["kind"], each["id"]): each["name"] for each in found["nodes"]}

    def named(kind: str, key: str | None) -> str:
        return "" if key is None else f"{key}  {names[kind, key]}"

    rows: list[list[Any]] = [
        [
            named("deliverable", way["deliverable"]) or "(nothing)",
            " → ".join(named("outcome", each) for each in way["outcomes"]),
            named("kpi", way["kpi"]) or "(nothing)",
            percent(way["contribution"]) if way["deliverable"] and way["kpi"] else "",
            named("objective", way["objective"]) or ("(nothing)" if way["kpi"] else ""),
            percent(way["supports"]) if way["objective"] else "",
        ]
        for way in found["ways"]
    ]
    columns = ["deliverable", "outcomes", "KPI", "brings", "objective", "of it"]
    table(f"Benefits map of {found['project']}", columns, rows)
    if not found["all_ways"]:
        click.echo(f"These are the first {counted(len(rows), 'way')}; there are more.\n")
    for each in found["objectives"]:
        share = percent(each["share"])
        click.echo(f"{share} of the project's value counts towards {each['objective']}.")
    if found["problems"]:
        click.echo()
        _tell_problems(found["problems"], "table")


def _tell_problems(found: list[Record], form: str) -> None:
    shown = found
    if form == "table":
        shown = [{**each, "at": f"{Kind(each['kind']).word} {each['id']}"} for each in found]
    columns = {
        "project": "project",
        "at": "at",
        "problem": "what is wrong",
        "right": "what would be right",
        "code": "check",
    }
    records("Problems of the map", columns, shown, form, "Nothing is wrong with the map.")

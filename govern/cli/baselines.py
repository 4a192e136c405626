"""`govern baselines`: the versions of an agreed plan, and two of them side by side."""

from typing import Any

import click

from govern.cli.output import as_json, cell, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.record import Record
from govern.services import baselines as use
from govern.services.as_of import When
from govern.services.people import OPERATOR


class _Pair(click.ParamType[tuple[int, int]]):
    name = "numbers"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value  # pyright: ignore[reportUnknownVariableType] - converted already
        first, _, second = value.partition(",")
        if not (first.isascii() and first.isdigit() and second.isascii() and second.isdigit()):
            self.fail(f"{value!r} are no two versions; such are 1,2", param, ctx)
        return int(first), int(second)


@click.command()
@click.argument("project")
@click.option("--compare", type=_Pair(), metavar="N,M", help="Two versions, side by side.")
@as_of_option
@format_option
@click.pass_context
def baselines(
    ctx: click.Context,
    project: str,
    compare: tuple[int, int] | None,
    form: str,
    as_of: When | None,
) -> None:
    """List the versions of the plan of PROJECT that were agreed, or hold two side by side."""
    with session(ctx) as ready:
        at = seen(ready, as_of, project=project)
        if compare is None:
            found = use.list_baselines(at.runtime, OPERATOR, project)
            _show_versions(project, found, form)
            return
        compared = use.compare(at.runtime, OPERATOR, project, *compare, now=at.now)
    if form == "json":
        as_json(compared)
        return
    first, second = compare
    _show_promises(compared, first, second)
    _show_results(compared, first, second)
    for each in compared["kpis"]:
        _show_kpi(each, first, second)
    _show_others(compared, first, second)


def _show_versions(project: str, found: list[Record], form: str) -> None:
    if form == "json":
        as_json(found)
        return
    if not found:
        click.echo(f"No gate has frozen the plan of {project} yet.")
        return
    table(
        f"Baselines of {project}",
        ["no.", "agreed", "made by", "content"],
        [
            [
                each["number"],
                each["recorded_at"].strftime("%Y-%m-%d %H:%M"),
                f"scope change {each['scope_change']}" if each["scope_change"] else "the gate",
                each["digest"] or "as it stands: agreed before versions were kept",
            ]
            for each in found
        ],
    )


def _show_promises(compared: Record, first: int, second: int) -> None:
    table(
        f"What is promised: baseline {first} and baseline {second} of {compared['project']}",
        ["KPI", "unit", f"in {first}", f"in {second}", "lost or gained", "planned in the end"],
        [
            [
                f"{each['kpi']} {each['name']}",
                cell(each["unit"]),
                cell(each["promised"]["first"]),
                cell(each["promised"]["second"]),
                cell(each["promised"]["change"]),
                f"{cell(each['planned_in_all']['first'])} → "
                f"{cell(each['planned_in_all']['second'])}",
            ]
            for each in compared["kpis"]
        ],
    )


def _show_results(compared: Record, first: int, second: int) -> None:
    rows: list[list[Any]] = []
    for each in compared["kpis"]:
        for number, against in ((first, each["against_first"]), (second, each["against_second"])):
            stands: Record = against or dict.fromkeys(
                ("planned", "attainment", "progress", "variance")
            )
            rows.append(
                [
                    each["kpi"],
                    each["period"],
                    each["actual"],
                    f"baseline {number}" if against else f"not in baseline {number}",
                    stands["planned"],
                    _percent(stands["attainment"]),
                    _percent(stands["progress"]),
                    stands["variance"],
                ]
            )
    headings = [
        "KPI",
        "period",
        "actual",
        "against",
        "planned",
        "attainment",
        "progress",
        "variance",
    ]
    table("Results to date, against each", headings, rows)


def _show_kpi(each: Record, first: int, second: int) -> None:
    rows = [[e["field"], e["first"], e["second"]] for e in each["fields"]]
    rows += [[f"planned {e['period']}", e["first"], e["second"]] for e in each["planned"]]
    if rows:
        table(
            f"What differs of {each['kpi']}", ["", f"baseline {first}", f"baseline {second}"], rows
        )
    if not each["comparable"]:
        click.echo(
            f"{each['kpi']} is measured otherwise in baseline {second} than in {first}: "
            "their figures are not held against one another."
        )


def _show_others(compared: Record, first: int, second: int) -> None:
    if compared["deliverables"] is None:
        click.echo("One of them holds no deliverables: it was kept before baselines did.")
        return
    changed = [("the project", compared["terms"])]
    changed += [(each["deliverable"], each["fields"]) for each in compared["deliverables"]]
    rows = [
        [name, each["field"], each["first"], each["second"]]
        for name, fields in changed
        for each in fields
    ]
    if rows:
        headings = ["", "", f"baseline {first}", f"baseline {second}"]
        table("What differs of deliverables and the project", headings, rows)


def _percent(share: Any) -> str:
    return "unknown" if share is None else f"{share * 100:.1f} %"

"""`govern trajectory`: the planned values of a KPI, drawn through a few points."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session
from govern.domain.bias import FEWEST
from govern.domain.count import counted
from govern.domain.record import Record
from govern.domain.trajectory import Point, Shape
from govern.services.forecast_bias import By
from govern.services.people import OPERATOR
from govern.services.trajectories import Asked, draw
from govern.settings import clock

MOST_DIGITS = 34
DAY = click.DateTime(formats=["%Y-%m-%d"])


class _Point(click.ParamType[Point]):
    name = "day=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Point:
        if isinstance(value, Point):
            return value
        point = _read(value)
        if point is None:
            self.fail(
                f"{value!r} is no point: a day and the value planned for it, such as "
                "2027-01-31=402000",
                param,
                ctx,
            )
        return point


def _read(text: str) -> Point | None:
    day, _, number = text.partition("=")
    try:
        point = Point(date.fromisoformat(day), Decimal(number))
    except (ValueError, InvalidOperation):
        return None
    sound = point.value.is_finite() and abs(point.value.adjusted()) <= MOST_DIGITS
    return point if sound else None


@click.command()
@click.argument("kpi")
@click.option(
    "--shape",
    type=click.Choice([each.value for each in Shape]),
    required=True,
    help="How the plan runs from one point to the next.",
)
@click.option(
    "--point",
    "points",
    type=_Point(),
    multiple=True,
    metavar="DAY=VALUE",
    help="A point of the plan; again for each. Without one: from the baseline to the target.",
)
@click.option("--from", "begins", type=DAY, help="A day in the first period to plan.")
@click.option("--to", "ends", type=DAY, help="A day in the last period to plan.")
@click.option(
    "--adjust",
    type=click.Choice([each.value for each in By]),
    help="Take the plan as reviews of the KPI's category, or of its owner, adjust it.",
)
@click.option("--write", is_flag=True, help="Record the values; without it they are only shown.")
@format_option
@click.pass_context
def trajectory(
    ctx: click.Context,
    kpi: str,
    shape: str,
    points: tuple[Point, ...],
    begins: Any,
    ends: Any,
    adjust: str | None,
    write: bool,
    form: str,
) -> None:
    """Draw the trajectory of KPI through points, or from its baseline to its target."""
    asked = Asked(
        Shape(shape),
        points,
        None if begins is None else begins.date(),
        None if ends is None else ends.date(),
        None if adjust is None else By(adjust),
    )
    with session(ctx) as ready:
        found = draw(ready.runtime, OPERATOR, kpi, asked, record=write, now=clock())
    if form == "json":
        as_json(found)
        return
    table(
        f"Trajectory of {kpi}",
        ["period", "planned", "was"],
        [
            [each["period"], each["planned"], "nothing" if each["was"] is None else each["was"]]
            for each in found["values"]
        ],
    )
    if found["kept"]:
        first, last = found["kept"][0]["period"], found["kept"][-1]["period"]
        kept = counted(len(found["kept"]), "planned value")
        click.echo(f"{kept} of other periods stay, between {first} and {last}.")
    for each in found["bias"]:
        click.echo(_said(each))
    if write:
        click.echo(f"{counted(found['recorded'], 'planned value')} recorded.")
    else:
        click.echo("Nothing was recorded: add --write.")


def _said(bias: Record) -> str:
    about = f"Reviews of the {bias['by']} {bias['of']}"
    if bias["rate"] is None or bias["n"] < FEWEST:
        return f"{about}: {bias['why']}."
    came = (
        f"{about}: half of {bias['n']} KPIs came to {_percent(bias['rate'])} or less of what was "
        f"promised, the middle half between {_percent(bias['low'])} and {_percent(bias['high'])}"
    )
    return f"{came}." if bias["why"] else f"{came}; --adjust {bias['by']} plans so much."


def _percent(share: Decimal) -> str:
    return f"{share * 100:.0f} %"

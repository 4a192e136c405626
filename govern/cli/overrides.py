"""`govern overrides`: how often people decided against the machine's advice."""

from datetime import datetime
from decimal import Decimal

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.rules.source import DAY, day
from govern.cli.session import session
from govern.domain.record import Record
from govern.services.overrides import override_rates
from govern.services.people import OPERATOR


@click.command()
@click.option("--workflow", help="Only gates of this workflow.")
@click.option("--gate", help="Only this gate.")
@click.option("--portfolio", help="Only projects of this portfolio.")
@click.option("--from", "first", type=DAY, help="Only what was decided from this day on.")
@click.option("--to", "last", type=DAY, help="Only what was decided up to this day.")
@format_option
@click.pass_context
def overrides(
    ctx: click.Context,
    workflow: str | None,
    gate: str | None,
    portfolio: str | None,
    first: datetime | None,
    last: datetime | None,
    form: str,
) -> None:
    """Tell how often gates were decided against the advice, and which criteria were passed over."""
    with session(ctx) as ready:
        found = override_rates(
            ready.runtime,
            OPERATOR,
            workflow=workflow,
            gate=gate,
            portfolio=portfolio,
            first=day(first),
            last=day(last),
        )
    if form == "json":
        as_json(found)
    elif not found["gates"]:
        click.echo("No gate has been decided.")
    else:
        _show(found)


def _show(found: Record) -> None:
    table(
        "Decisions against the advice",
        ["workflow", "gate", "decisions", "overrides", "rate"],
        [
            [
                each["workflow"],
                each["gate"],
                each["decisions"],
                each["overrides"],
                _percent(each["rate"]),
            ]
            for each in found["gates"]
        ],
    )
    in_the_way = [each for each in found["criteria"] if each["rate"] is not None]
    if not in_the_way:
        click.echo("Every criterion was met each time.")
        return
    table(
        "Criteria that were not met, and how often the gate was passed nevertheless",
        ["gate", "criterion", "judged", "not met", "unknown", "waived", "passed over", "rate"],
        [
            [
                each["gate"],
                each["criterion"],
                each["judged"],
                each["not_met"],
                each["unknown"],
                each["waived"],
                each["passed_not_met"] + each["passed_unknown"] + each["passed_waived"],
                _percent(each["rate"]),
            ]
            for each in in_the_way
        ],
    )


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f} %"

"""`govern alternatives`: what could be done about a project, and what that does."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from govern.adjustments.alternative import NOTHING
from govern.cli.output import as_json, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.rollup import short
from govern.cli.session import session
from govern.domain.recommendation import Action
from govern.domain.record import Record
from govern.services import alternatives as use
from govern.services.as_of import When
from govern.services.people import OPERATOR


class _Number(click.ParamType[Decimal]):
    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0:
            self.fail(f"{value!r} is not a number of at least 0", param, ctx)
        return number


_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("recommendation", type=click.IntRange(min=1), required=False)
@click.option("--project", help="Instead of RECOMMENDATION: what if something were done here.")
@click.option(
    "--action", type=click.Choice([each.value for each in Action]), help="What is done there."
)
@click.option("--deliverable", multiple=True, help="A deliverable that it is about. Repeatable.")
@click.option("--kpi", help="The KPI that it is about.")
@click.option("--periods", type=click.IntRange(1, 240), help="rephase: by so many periods.")
@click.option("--to", type=_DAY, metavar="DAY", help="accelerate: finished by this day.")
@click.option("--expected", type=_DAY, metavar="DAY", help="accelerate: else expected by this day.")
@click.option("--by", type=_Number(), help="expand: by this share. Default: 0.1.")
@click.option("--cost", type=_Number(), help="accelerate, drive_adoption, mitigate: its cost.")
@click.option("--until", type=_DAY, metavar="DAY", help="hold_funding: until this day.")
@click.option("--currency", help="Money in this currency: EUR. Default: each KPI's own.")
@as_of_option
@format_option
@click.pass_context
def alternatives(
    ctx: click.Context,
    recommendation: int | None,
    project: str | None,
    action: str | None,
    currency: str | None,
    as_of: When | None,
    form: str,
    **asked: Any,
) -> None:
    """Show what RECOMMENDATION would do to every KPI, to value and to the budget, beside the alternatives.

    Or, with --project and --action, what something else would do.
    """
    if (recommendation is None) == (project is None):
        raise click.UsageError("Name a recommendation, or a project and an action.")
    ask = _ask(asked)
    if project is not None and action is None:
        raise click.UsageError("Say with --action what is done.")
    if recommendation is not None and (action is not None or ask):
        raise click.UsageError("What a recommendation is about it says itself; ask with --project.")
    with session(ctx) as ready:
        past = seen(ready, as_of, recommendation=recommendation, project=project)
        if recommendation is not None:
            found = use.alternatives(
                past.runtime, OPERATOR, recommendation, currency=currency, now=past.now
            )
        else:
            asks = [{"action": action, **ask}]
            found = use.what_if(
                past.runtime, OPERATOR, str(project), asks, currency=currency, now=past.now
            )
    if form == "json":
        as_json(found)
    else:
        _show(found)


def _ask(asked: dict[str, Any]) -> dict[str, Any]:
    named = asked.pop("deliverable")
    given = {
        name: value.date() if isinstance(value, datetime) else value
        for name, value in asked.items()
        if value is not None
    }
    return {**given, **({"deliverables": list(named)} if named else {})}


def _show(found: Record) -> None:
    shown: list[Record] = found["alternatives"]
    table(
        f"Alternatives for {found['project']}, as on {found['today']}",
        ["alternative", "what is done", "budget", "value lost", "gained", "of the promise"],
        [
            [
                f"{each['name']} (recommended)" if each["recommended"] else each["name"],
                each["title"],
                _budget(each["budget"]),
                _money(each["value"]["sums"], "lost", "not_known"),
                _money(each["value"]["sums"], "gained", "not_known"),
                _money(each["value"]["sums"], "promised_lost", "promised_not_known"),
            ]
            for each in shown
        ],
    )
    table(
        "What each KPI comes to",
        ["KPI", "promised", *(each["name"] for each in shown)],
        [
            [f"{row['kpi']} {row['name']}", short(row["promised"]), *map(_value, rows)]
            for rows in zip(*(each["kpis"] for each in shown), strict=True)
            for row in rows[:1]
        ],
    )
    whys = {
        (each["name"], row["kpi"]): row["why"]
        for each in shown
        if each["name"] != NOTHING
        for row in each["value"]["unknown"]
    }
    for (name, kpi), why in whys.items():
        click.echo(f"{name}: what becomes of {kpi} is unknown: {why}.")
    for each in shown:
        if each["budget"]["why"]:
            click.echo(f"{each['name']}: of the budget: {each['budget']['why']}.")
        ahead = each["to_go"]
        if ahead is not None and ahead["ratio"] is not None:
            click.echo(
                f"{each['name']}: {short(ahead['benefit'])} {ahead['currency']} of benefit are to come "
                f"for {short(ahead['cost'])}: {short(ahead['ratio'])} for one."
            )
    sentences: dict[str, list[str]] = {}
    for each in shown:
        for sentence in each["assumptions"]:
            sentences.setdefault(sentence, []).append(each["name"])
    for sentence, names in sentences.items():
        click.echo(f"{', '.join(names)}: {sentence}")
    for each in found["not_possible"]:
        click.echo(f"{each['name']} is not possible: {each['why']}.")


def _value(row: Record) -> str:
    if row["with"] is None:
        return "unknown"
    change = row["change"]
    if not change:
        return short(row["with"])
    return f"{short(row['with'])} ({'better' if change > 0 else 'worse'} by {short(abs(change))})"


def _budget(budget: Record) -> str:
    if budget["change"] is not None:
        held = f", {short(budget['held'])} held" if budget["held"] else ""
        return short(budget["change"]) + held
    at_most = budget["at_most"]
    return "unknown" if not at_most else f"-{short(at_most)} at most"


def _money(sums: list[Record], name: str, not_known: str) -> str:
    told: list[str] = []
    for each in sums:
        unknown = f" ({len(each[not_known])} unknown)" if each[not_known] else ""
        per = "" if each["per"] == "to_date" else f" per {each['per'].replace('_', ' ')}"
        value = "unknown" if each[name] is None else f"{each[name]:,.0f} {each['currency']}{per}"
        told.append(value + (unknown if each[name] is not None else ""))
    return "; ".join(told) or "no money"

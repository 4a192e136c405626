"""`govern status`: the portfolio at a glance."""

import click

from govern.cli.output import as_json, cell, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.separation import show as show_separation
from govern.cli.session import session
from govern.domain.record import Record
from govern.services.as_of import When
from govern.services.log_upkeep import standing
from govern.services.people import OPERATOR
from govern.services.rating import portfolio_rating
from govern.services.status import portfolio_status


@click.command()
@as_of_option
@format_option
@click.pass_context
def status(ctx: click.Context, form: str, as_of: When | None) -> None:
    """Show projects by stage, how KPIs stand, gates and scope changes that wait, waivers, and what is
    recommended."""
    with session(ctx) as ready:
        at = seen(ready, as_of)
        found = portfolio_status(at.runtime, OPERATOR, now=at.now)
        found["rag"] = portfolio_rating(at.runtime, OPERATOR, now=at.now)
        if at.size is None:
            found["log"] = standing(ready.runtime)
        else:
            found["as_of_size"] = at.size
    if form == "json":
        as_json(found)
    else:
        show(found)
        if "log" in found:
            click.echo(log_line(found["log"]))


def log_line(log: Record) -> str:
    """How the log stands, in a line."""
    if log["wrong"] is not None:
        return f"The log is not sealed: {log['wrong']}"
    if log["key"] is None:
        return "The log is not sealed: there is no key. Make one: govern keys new --origin NAME"
    rest = f", {log['unsealed']} not sealed yet" if log["unsealed"] else ""
    return f"The log holds {log['size']} events under its last checkpoint{rest}."


def show(found: Record, most: int = 40) -> None:
    table(
        "Projects by stage",
        ["stage", "projects"],
        [[stage, count] for stage, count in found["stages"].items()],
    )
    if rag := found.get("rag"):
        rows = [*rag["values"].items(), ("not rated", rag["unrated"])]
        table("KPIs by the table kpi-rag", ["value", "KPIs"], [row for row in rows if row[1]])
    if found["gates"]:
        table(
            "Gates waiting for a decision",
            ["no.", "project", "gate", "advice", "missing votes", "decide by"],
            [
                [
                    gate["submission"],
                    f"{gate['project']} {gate['project_name']}",
                    gate["gate"],
                    gate["advice"],
                    ", ".join(f"{each['role']} ({cell(each['who'])})" for each in gate["missing"]),
                    gate["decide_by"] or "no deadline",
                ]
                for gate in found["gates"]
            ],
        )
    else:
        click.echo("No gate waits for a decision.")
    if found["scope_changes"]:
        _show_scope_changes(found["scope_changes"])
    if found["waivers"]:
        _show_waivers(found["waivers"])
    if found["not_separated"]:
        show_separation(found["not_separated"])
    if found["recommendations"]:
        shown = found["recommendations"][:most]
        table(
            f"Recommendations waiting for an answer ({len(found['recommendations'])})",
            ["no.", "project", "action", "", "why", "numbers", "decided by"],
            [
                [
                    each["id"],
                    each["project"],
                    each["action"],
                    each["severity"],
                    each["message"],
                    _numbers(each["observed"]),
                    f"{each['decided_by_role']} by {each['decide_by'] or 'no date'}",
                ]
                for each in shown
            ],
        )
        left = len(found["recommendations"]) - most
        if left > 0:
            click.echo(f"… and {left} more: govern recommendations")
    else:
        click.echo("No recommendation waits for an answer.")


def _show_scope_changes(found: list[Record]) -> None:
    table(
        "Scope changes waiting for a decision",
        ["no.", "project", "what", "missing votes", "proposed"],
        [
            [
                each["scope_change"],
                f"{each['project']} {each['project_name']}",
                each["title"],
                ", ".join(f"{slot['role']} ({cell(slot['who'])})" for slot in each["missing"])
                or "nobody can decide it",
                each["proposed_at"].strftime("%Y-%m-%d"),
            ]
            for each in found
        ],
    )


def _show_waivers(found: list[Record]) -> None:
    table(
        f"Criteria that were waived ({len(found)})",
        ["no.", "project", "gate", "criterion", "waived by", "why", "until", "passed with it"],
        [
            [
                each["id"],
                each["project"],
                each["gate"],
                each["criterion"],
                f"{each['by']} ({each['role']})",
                each["reason"],
                f"{each['expires_on']}, {each['state'].replace('_', ' ')}",
                ", ".join(
                    f"{passed['decision']} on submission {passed['submission']}"
                    for passed in each["passed"]
                )
                or "nothing yet",
            ]
            for each in found
        ],
    )


LONGEST_NAME = 24


def _numbers(observed: dict[str, str]) -> str:
    """What the condition read, by name; the message tells what longer expressions came to."""
    short = [f"{name} = {value}" for name, value in observed.items() if len(name) <= LONGEST_NAME]
    return "\n".join(short) or "see why"

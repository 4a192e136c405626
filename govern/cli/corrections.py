"""`govern audit corrections`: which figures were corrected late, and what they would have changed."""

from collections.abc import Iterator

import click

from govern.cli.output import as_json, format_option
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services.correcting import corrected_projects
from govern.services.correcting import corrections as corrections_of
from govern.services.people import OPERATOR


@click.command()
@click.option("--project", metavar="ID", help="Only this project.")
@format_option
@click.pass_context
def corrections(ctx: click.Context, project: str | None, form: str) -> None:
    """List the figures that were corrected after a decision, and the decisions that they would have
    changed."""
    with session(ctx, take_rules=False) as ready:
        if project is None:
            found = corrected_projects(ready.runtime, OPERATOR)
        else:
            found = [(project, corrections_of(ready.runtime, OPERATOR, project))]
    if form == "json":
        as_json([{"project": one, "corrections": those} for one, those in found])
        return
    for one, those in found:
        for each in those:
            for line in _lines(one, each):
                click.echo(line)
    if not any(those for _, those in found):
        click.echo("No figure that a decision saw has been corrected since.")


def _lines(project: str, each: Record) -> Iterator[str]:
    when = each["at"].strftime("%Y-%m-%d %H:%M")
    yield f"{project}, event {each['event']}, {when}, by {each['by_name'] or each['by']}"
    for value in each["values"]:
        was = "not reported" if value["late"] else value["was"] or "unknown"
        now = value["now"] or "unknown"
        because = f", because: {value['reason']}" if value["reason"] else ""
        yield f"  {value['kpi']} for {value['period']}: {was}, now {now}{because}"
    judged = counted(each["judged"], "earlier decision")
    if not each["decisions"]:
        yield f"  {judged} judged again: none would have been another"
        return
    yield f"  {judged} judged again, {len(each['decisions'])} would have been others:"
    for one in each["decisions"]:
        yield from _decision(one)


def _decision(one: Record) -> Iterator[str]:
    when = one["at"].strftime("%Y-%m-%d %H:%M")
    about = {
        "gate.decided": f"the decision at gate {one['gate']}, {one['decision']}",
        "recommendation.proposed": f"recommendation {one['recommendation']}",
    }.get(one["kind"], "what the rules found")
    yield f"    event {one['event']}, {when}: {about}"
    if one["because"] is not None:
        yield f"      cannot be recomputed: {one['because']}"
    if one["then"] is None:
        return
    if one["then"]["advice"] != one["now"]["advice"]:
        yield f"      advice {one['then']['advice']}, now {one['now']['advice']}"
    for name, outcome in one["then"]["outcomes"].items():
        yield f"      {name}: {outcome}, now {one['now']['outcomes'][name]}"

"""`govern lessons`: what projects have learned, and what reviews say of forecasts."""

from typing import Any

import click

from govern.cli.output import as_json, cell, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.count import counted
from govern.domain.record import Record
from govern.services import lessons as use
from govern.services.as_of import When
from govern.services.forecast_bias import forecast_bias
from govern.services.likeness import alike_lessons
from govern.services.people import OPERATOR


@click.group()
def lessons() -> None:
    """Search and show lessons; tell how much of what was promised came."""


@lessons.command()
@click.argument("text", required=False)
@click.option("--category", help="Only lessons about this category of value.")
@click.option("--tag", help="Only lessons with this tag.")
@click.option("--project", help="Only lessons of this project.")
@click.option("--portfolio", help="Only lessons of projects of this portfolio.")
@click.option("--withdrawn", is_flag=True, help="Also those that were withdrawn.")
@click.option("--limit", type=click.IntRange(1, use.MOST_FOUND), default=20, show_default=True)
@as_of_option
@format_option
@click.pass_context
def search(
    ctx: click.Context, text: str | None, form: str, as_of: When | None, **asked: Any
) -> None:
    """Search for lessons in which every word of TEXT begins a word; the best first."""
    with session(ctx) as ready:
        runtime = seen(ready, as_of, project=asked["project"]).runtime
        found = use.search(runtime, OPERATOR, q=text, **asked)
    if form == "json":
        as_json(found)
        return
    if not found["items"]:
        click.echo("There are no such lessons.")
        return
    table(
        f"Lessons ({found['found']})",
        ["no.", "project", "lesson", "next time"],
        [
            [each["id"], each["project"], each["title"], each["next_time"]]
            for each in found["items"]
        ],
    )


@lessons.command()
@click.argument("lesson", type=click.IntRange(1))
@as_of_option
@format_option
@click.pass_context
def show(ctx: click.Context, lesson: int, form: str, as_of: When | None) -> None:
    """Show a lesson: what happened, why, and what to do next time."""
    with session(ctx) as ready:
        runtime = seen(ready, as_of, lesson=lesson).runtime
        found = use.get_lesson(runtime, OPERATOR, lesson)
    if form == "json":
        as_json(found)
        return
    click.echo(f"Lesson {found['id']} of {found['project']}: {found['title']}")
    click.echo(f"What happened: {found['happened']}")
    click.echo(f"Why: {found['because']}")
    click.echo(f"Next time: {found['next_time']}")
    for name in ("categories", "tags"):
        if found[name]:
            click.echo(f"{name.capitalize()}: {', '.join(found[name])}")
    for each in found["evidence"]:
        click.echo(f"Evidence: {each['kind'].replace('_', ' ')} {each['ref']}")
    by = found["recorded_by_name"] or found["recorded_by"]
    click.echo(f"{found['state'].capitalize()}, by {by} on {found['recorded_at']:%Y-%m-%d}")


@lessons.command()
@click.argument("project")
@as_of_option
@format_option
@click.pass_context
def alike(ctx: click.Context, project: str, form: str, as_of: When | None) -> None:
    """List the lessons of projects that measure what PROJECT does, as its gates show them."""
    with session(ctx) as ready:
        # Of every project, as the lessons are of others.
        runtime = seen(ready, as_of).runtime
        found = alike_lessons(runtime, OPERATOR, project)["items"]
    if form == "json":
        as_json(found)
        return
    if not found:
        click.echo("No other project has a lesson for it.")
        return
    table(
        f"Lessons for {project}",
        ["no.", "project", "lesson", "next time", "why"],
        [
            [each["id"], each["project"], each["title"], each["next_time"], each["alike"]]
            for each in found
        ],
    )


@lessons.command()
@click.option("--portfolio", help="Only projects of this portfolio.")
@as_of_option
@format_option
@click.pass_context
def bias(ctx: click.Context, portfolio: str | None, form: str, as_of: When | None) -> None:
    """Tell how much of what was promised came, as signed reviews say."""
    with session(ctx) as ready:
        found = forecast_bias(seen(ready, as_of).runtime, OPERATOR, portfolio=portfolio)
    if form == "json":
        as_json(found)
        return
    if not found["reviewed"]:
        click.echo("No signed review knows how much of what was promised came.")
        return
    click.echo(f"{counted(found['reviewed'], 'KPI')} reviewed.")
    for name in ("categories", "owners"):
        rows = [_row(each) for each in found[name]]
        table(f"By {name}", ["", "KPIs", "rate", "a quarter below", "a quarter above", ""], rows)


def _row(each: Record) -> list[Any]:
    rates = [cell(each[name]) for name in ("rate", "low", "high")]
    return [each["of"], each["n"], *rates, each["why"] or "offered"]

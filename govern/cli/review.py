"""`govern review`: what came of projects, months after their rollout."""

from typing import Any

import click

from govern.cli.output import as_json, cell, format_option, table
from govern.cli.past import as_of_option, seen
from govern.cli.session import session
from govern.domain.plain import plain_decimal
from govern.domain.record import Record
from govern.domain.review import ReviewState
from govern.services import reviews as use
from govern.services.as_of import When
from govern.services.people import OPERATOR
from govern.store.paging import LARGEST_PAGE, PageRequest


@click.group()
def review() -> None:
    """List and show reviews: what came of projects, months after their rollout."""


@review.command("list")
@click.option("--project", help="Only reviews of this project.")
@click.option("--state", type=click.Choice([each.value for each in ReviewState]))
@as_of_option
@format_option
@click.pass_context
def list_(
    ctx: click.Context, project: str | None, state: str | None, form: str, as_of: When | None
) -> None:
    """List the reviews, the newest first."""
    with session(ctx) as ready:
        runtime = seen(ready, as_of, project=project).runtime
        asked = PageRequest(limit=LARGEST_PAGE)
        found = use.list_reviews(runtime, OPERATOR, asked, project=project, state=state).items
    if form == "json":
        as_json(found)
    elif found:
        table(
            "Reviews",
            ["no.", "project", "review", "state", "due", "rating", "signed"],
            [
                [
                    each["id"],
                    each["project"],
                    each["number"],
                    each["state"],
                    cell(each["due_on"]),
                    cell(each["rating"]),
                    cell(each["signed_at"] and each["signed_at"].date()),
                ]
                for each in found
            ],
        )
    else:
        click.echo("There is no review.")


@review.command()
@click.argument("number", metavar="REVIEW", type=click.IntRange(1))
@as_of_option
@format_option
@click.pass_context
def show(ctx: click.Context, number: int, form: str, as_of: When | None) -> None:
    """Show a review: its rating, its KPIs and what becomes of them, its survey, what it lacks."""
    with session(ctx) as ready:
        at = seen(ready, as_of, review=number)
        found = use.get_review(at.runtime, OPERATOR, number, now=at.now)
    if form == "json":
        as_json(found)
    else:
        _show(found)


def _show(found: Record) -> None:
    due = f", due by {found['due_on']}" if found["due_on"] and found["state"] == "open" else ""
    click.echo(
        f"Review {found['id']} of {found['project']}, number {found['number']}: "
        f"{found['state']}{due}"
    )
    if found["signed_by_name"]:
        click.echo(f"Signed by {found['signed_by_name']} on {found['signed_at'].date()}.")
    advice = found["suggested"]
    why = f", as {advice['why']}" if advice["why"] else ""
    click.echo(f"Rating: {found['rating'] or 'none yet'}; suggested: {advice['rating']}{why}.")
    for name in ("summary", "went_well", "went_badly", "reason"):
        if found[name]:
            click.echo(f"{name.replace('_', ' ').capitalize()}: {found[name]}")
    table(
        "What came of the KPIs",
        ["KPI", "promised", "realised", "rate", "follow-up", "owner", "until"],
        [_kpi(each) for each in found["kpis"]],
    )
    if found["survey"]:
        table(
            "Survey",
            ["question", "answers", "median"],
            [
                [each["ask"] or each["question"], each["n"], _figure(each["median"])]
                for each in found["survey"]
            ],
        )
    for each in found["missing"]:
        click.echo(f"Missing: {each}.")


def _kpi(each: Record) -> list[Any]:
    return [
        each["kpi"],
        *(_figure(each[name]) for name in ("promised", "realised", "rate")),
        *(cell(each[name]) for name in ("follow_up", "owner", "until")),
    ]


def _figure(value: Any) -> str:
    return "–" if value is None else plain_decimal(value)

"""`govern rules`: check the files, run their tests, publish the rulebook."""

import click

from govern.cli.output import as_json, format_option, table
from govern.cli.session import session, settings_of
from govern.cli.workflow import report_problems
from govern.documents.problem import Level, render
from govern.rulebook.load import load
from govern.rulebook.trials import run
from govern.services.people import OPERATOR
from govern.services.rulebooks import publish as publish_rulebook
from govern.services.rulebooks import published
from govern.wiring import clock


@click.group()
def rules() -> None:
    """Check and test rule files, publish the rulebook."""


@rules.command()
@click.option("--strict", is_flag=True, help="Warnings count: exit with 3 if there is one.")
@format_option
@click.pass_context
def check(ctx: click.Context, strict: bool, form: str) -> None:
    """Report every problem in the rules directory. Exit code 1 if there is an error."""
    settings = settings_of(ctx)
    loaded = load(settings.rules)
    report_problems(ctx, loaded.problems, loaded.sources, form, strict)
    if form == "table" and loaded.rulebook is not None:
        click.echo(f"{len(loaded.rulebook.rules)} rule(s) in {settings.rules} are in order.")


@rules.command()
@format_option
@click.pass_context
def test(ctx: click.Context, form: str) -> None:
    """Run the tests that the rule files carry. Exit code 1 if one fails."""
    settings = settings_of(ctx)
    loaded = load(settings.rules)
    if loaded.rulebook is None:
        report_problems(ctx, loaded.problems, loaded.sources, form)
        return
    results = run(loaded.rulebook)
    failed = [result for result in results if not result.passed]
    if form == "json":
        as_json(
            [
                {
                    "rule": result.rule_id,
                    "test": result.test,
                    "place": str(result.place),
                    "passed": result.passed,
                    "expected": result.expected,
                    "found": result.found,
                }
                for result in results
            ]
        )
    else:
        for result in failed:
            click.echo(
                f"{result.place}: {result.rule_id}: {result.test}\n"
                f"   expected {', '.join(result.expected)}\n"
                f"   found    {', '.join(result.found)}\n"
                f"   seen     {_seen(result.values)}\n",
                err=True,
            )
        click.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed.")
    if failed:
        ctx.exit(1)


@rules.command(name="list")
@format_option
@click.pass_context
def list_(ctx: click.Context, form: str) -> None:
    """List the rules of the rulebook in force."""
    with session(ctx) as ready:
        found = published(ready.runtime)
    if form == "json":
        as_json(found)
        return
    table(
        f"Rulebook {found['digest']}",
        ["rule", "title", "status", "severity", "on", "where"],
        [
            [
                each["id"],
                each["title"],
                each["status"],
                each["severity"],
                each["scope"],
                each["place"],
            ]
            for each in found["rules"]
        ],
    )


@rules.command()
@click.option("--note", help="What changed and why.")
@click.pass_context
def publish(ctx: click.Context, note: str | None) -> None:
    """Put the rules directory in force, whole or not at all."""
    settings = settings_of(ctx)
    loaded = load(settings.rules)
    if loaded.rulebook is None:
        for problem in loaded.problems:
            if problem.level is Level.ERROR:
                click.echo(render(problem, loaded.sources) + "\n", err=True)
        click.echo("Nothing was published: the rulebook in force stays.", err=True)
        ctx.exit(1)
    with session(ctx) as ready:
        new = publish_rulebook(ready.runtime, OPERATOR, loaded.rulebook, note=note, now=clock())
    click.echo(
        f"Rulebook {loaded.rulebook.digest} is in force"
        + (f" with {len(loaded.rulebook.rules)} rules." if new else " already.")
    )


def _seen(values: dict[str, str]) -> str:
    return "; ".join(f"{name} = {value}" for name, value in values.items()) or "nothing"

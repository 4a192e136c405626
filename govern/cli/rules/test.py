"""`govern rules test`."""

import click

from govern.cli.output import as_json, format_option
from govern.cli.problems import report_problems
from govern.cli.session import settings_of
from govern.rulebook.load import load
from govern.rulebook.trials import run


@click.command()
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


def _seen(values: dict[str, str]) -> str:
    return "; ".join(f"{name} = {value}" for name, value in values.items()) or "nothing"

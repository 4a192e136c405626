"""`govern rules test`."""

from pathlib import Path

import click

from govern.cli.output import as_json
from govern.cli.problems import report_option, report_problems
from govern.cli.progress import progress_bar
from govern.cli.rules.covering import coverage_lines, plain_coverage
from govern.cli.rules.folder import OnFolder, rules_option
from govern.cli.rules.results import counts, failure, junit_of, plain_results
from govern.cli.settings import settings_of
from govern.rulebook.coverage import Coverage, covered
from govern.rulebook.load import load
from govern.rulebook.trials import TrialResult, run


@click.command(cls=OnFolder)
@rules_option
@click.option(
    "--coverage", "with_coverage", is_flag=True, help="Tell what no test reaches, and the share."
)
@click.option(
    "--min",
    "minimum",
    metavar="N",
    type=click.FloatRange(0, 100),
    help="Exit with 1 where the tests reach less than N percent; with --coverage.",
)
@report_option("json", "junit")
@click.pass_context
def test(ctx: click.Context, with_coverage: bool, minimum: float | None, form: str) -> None:
    """Run the tests that the rule files carry. Exit code 1 if one fails."""
    if minimum is not None and not with_coverage:
        raise click.UsageError("--min goes with --coverage.", ctx)
    settings = settings_of(ctx)
    with progress_bar("rule files") as progress:
        loaded = load(settings.rules, progress=progress)
    if loaded.rulebook is None:
        report_problems(ctx, loaded.problems, loaded.sources, form, title="govern rules test")
        return
    with progress_bar("rules") as progress:
        results = run(loaded.rulebook, progress)
    coverage = covered(loaded.rulebook, results, loaded.sources) if with_coverage else None
    _tell(results, coverage, form)
    short = (
        coverage is not None and minimum is not None and 100 * coverage.seen < minimum * coverage.of
    )
    if short and coverage is not None:
        click.echo(
            f"The tests reach {coverage.percent}%, which is below the {minimum:g}% asked for.",
            err=True,
        )
    if short or not all(result.passed for result in results):
        ctx.exit(1)


def _tell(results: list[TrialResult], coverage: Coverage | None, form: str) -> None:
    """JUnit has no place for what is not reached: it goes to standard error."""
    if form == "json":
        told = plain_results(results)
        as_json(told if coverage is None else {"tests": told, "coverage": plain_coverage(coverage)})
        return
    if form == "junit":
        click.echo(junit_of(results, Path.cwd()))
    else:
        for result in results:
            if not result.passed:
                click.echo(failure(result) + "\n", err=True)
        click.echo(counts(results))
    if coverage is not None:
        click.echo("\n".join(["", *coverage_lines(coverage)]), err=form == "junit")

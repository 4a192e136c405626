"""`govern workflow test`."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from govern.cli.output import as_json
from govern.cli.problems import report_option, report_problems
from govern.cli.settings import settings_of
from govern.documents.junit import Case, junit
from govern.documents.sarif import below
from govern.domain.count import counted
from govern.process.load import load
from govern.process.trials import Lacking, TrialResult, lacking, run
from govern.rulebook.load import load as load_rules


@click.command()
@click.option("--strict", is_flag=True, help="Exit with 3 if a must-meet criterion lacks a test.")
@report_option("json", "junit")
@click.pass_context
def test(ctx: click.Context, strict: bool, form: str) -> None:
    """Run the tests that the workflow files carry. Exit code 1 if one fails.

    Criteria may read the decision tables of the rules directory. Tells which must-meet criteria no
    test shows met, not met, or unknown where they can be.
    """
    settings = settings_of(ctx)
    tables = load_rules(settings.rules).readable
    loaded = load(settings.workflows, tables)
    if not loaded.workflows:
        report_problems(ctx, loaded.problems, loaded.sources, form, title="govern workflow test")
        ctx.exit(1)
    workflows = list(loaded.workflows.values())
    results = [each for workflow in workflows for each in run(workflow, tables or {})]
    lacks = [each for workflow in workflows for each in lacking(workflow, tables or {})]
    _tell(results, lacks, form)
    if not all(result.passed for result in results):
        ctx.exit(1)
    if strict and lacks:
        ctx.exit(3)


def _tell(results: Sequence[TrialResult], lacks: Sequence[Lacking], form: str) -> None:
    if form == "json":
        as_json({"tests": [_plain(each) for each in results], "lacking": [*map(_lack, lacks)]})
        return
    if form == "junit":
        suites = groupby(results, key=lambda result: (result.workflow, result.gate))
        click.echo(
            junit("govern workflow test", [_case(each) for _, found in suites for each in found])
        )
    else:
        for result in results:
            if not result.passed:
                click.echo(_failure(result) + "\n", err=True)
    for each in lacks:
        outcomes = ", ".join(outcome.replace("_", " ") for outcome in each.outcomes)
        click.echo(
            f"{each.place}: no test of gate '{each.gate}' shows '{each.criterion}' {outcomes}",
            err=True,
        )
    if form != "junit":
        failed = sum(not result.passed for result in results)
        click.echo(f"{len(results) - failed} passed, {failed} failed.")
        if lacks:
            click.echo(
                counted(len(lacks), "must-meet criterion", "must-meet criteria")
                + " without every test."
            )


def _failure(result: TrialResult) -> str:
    told = [f"{result.place}: {result.workflow}, gate '{result.gate}': {result.test}"]
    for each in result.differences:
        told += [
            f"   {each.name}",
            f"      expected {each.expected}",
            f"      found    {each.found}",
            f"      seen     {each.seen}",
        ]
    return "\n".join(told)


def _case(result: TrialResult) -> Case:
    return Case(
        suite=f"{result.workflow}.{result.gate}",
        name=result.test,
        file=below(result.place.path, Path.cwd()),
        line=result.place.line,
        failure=None if result.passed else _failure(result),
        kind="" if result.passed else "expectation",
    )


def _plain(result: TrialResult) -> dict[str, Any]:
    return {
        "workflow": result.workflow,
        "gate": result.gate,
        "test": result.test,
        "place": str(result.place),
        "passed": result.passed,
        "expected": result.expected,
        "found": result.found,
        "differences": [
            {"name": e.name, "expected": e.expected, "found": e.found, "seen": e.seen}
            for e in result.differences
        ],
    }


def _lack(each: Lacking) -> dict[str, Any]:
    return {
        "workflow": each.workflow,
        "gate": each.gate,
        "criterion": each.criterion,
        "outcomes": list(each.outcomes),
        "place": str(each.place),
    }

"""`govern catalogue`: the templates that KPIs are made from."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from govern.catalogue.load import Loaded, load
from govern.catalogue.shapes import CATALOGUE
from govern.cli.output import as_json, cell, format_option, records, table
from govern.cli.problems import check_format, report_problems
from govern.cli.settings import settings_of
from govern.documents.json_schema import json_schema
from govern.documents.problem import did_you_mean
from govern.domain.count import counted
from govern.services.kpi_templates import told
from govern.wiring import catalogue_of


@click.group()
def catalogue() -> None:
    """The KPI templates that come with govern, and the organisation's own over them."""


@catalogue.command("list")
@click.option("--category", metavar="CATEGORY", help="Only the templates of this category.")
@format_option
@click.pass_context
def list_(ctx: click.Context, category: str | None, form: str) -> None:
    """List the templates."""
    found = [told(each) for each in _sound(ctx).templates.values()]
    if category is not None:
        found = [each for each in found if each["category"] == category]
    columns = {
        "id": "template",
        "title": "title",
        "category": "category",
        "unit": "unit",
        "direction": "better",
        "cadence": "cadence",
    }
    shown: Sequence[dict[str, Any]] = found
    if form == "table":
        shown = [{**each, "unit": "money" if each["money"] else each["unit"]} for each in found]
    records("Templates", columns, shown, form, "There is no such template.")


@catalogue.command()
@click.argument("template")
@format_option
@click.pass_context
def show(ctx: click.Context, template: str, form: str) -> None:
    """Show one template: what a KPI takes from it, and what its formula reads."""
    templates = _sound(ctx).templates
    if template not in templates:
        near = did_you_mean(template, templates)
        raise click.UsageError(f"There is no template '{template}'." + (f" {near}" if near else ""))
    found = told(templates[template])
    if form == "json":
        as_json(found)
        return
    inputs = "\n".join(f"{each['name']}: {each['doc']}" for each in found["inputs"])
    rows = [[name, cell(value)] for name, value in {**found, "inputs": inputs or None}.items()]
    table(found["title"], ["field", "value"], rows)


@catalogue.command()
@click.argument("places", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings count: exit with 3 if there is one.")
@check_format
@click.pass_context
def check(ctx: click.Context, places: tuple[Path, ...], strict: bool, form: str) -> None:
    """Report every problem in the catalogue files: those in use, or those at PLACES, folders or files
    that are laid over each other. Exit code 1 if there is an error.
    """
    loaded = load(places) if places else catalogue_of(settings_of(ctx))
    report_problems(ctx, loaded.problems, loaded.sources, form, strict, "govern catalogue check")
    if form == "text":
        click.echo(
            f"{counted(len(loaded.templates), 'template')} in {counted(len(loaded.sources), 'file')}."
        )


@catalogue.command()
def schema() -> None:
    """Print the JSON Schema of catalogue files, for an editor that completes and checks."""
    click.echo(json.dumps(json_schema(CATALOGUE, "govern catalogue file"), indent=2))


def _sound(ctx: click.Context) -> Loaded:
    """The catalogue. Exits with 1 where a file has errors."""
    loaded = catalogue_of(settings_of(ctx))
    if not loaded.templates:
        report_problems(ctx, loaded.problems, loaded.sources, "text")
    return loaded

"""`govern rules schema`."""

import click

from govern.cli.output import as_json
from govern.documents.json_schema import json_schema
from govern.rulebook.format import FILE


@click.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for an editor that completes and checks."""
    as_json(json_schema(FILE, "govern rule file"))

"""`govern rules schema`."""

import json

import click

from govern.documents.json_schema import json_schema
from govern.rulebook.format import FILE


@click.command()
def schema() -> None:
    """Print the JSON Schema of rule files, for an editor that completes and checks."""
    click.echo(json.dumps(json_schema(FILE, "govern rule file"), indent=2))

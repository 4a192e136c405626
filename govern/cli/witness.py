"""`govern witness`: on another host, with another key, sign that a log only ever grew."""

from dataclasses import asdict
from pathlib import Path

import click

from govern.cli.output import as_json, format_option
from govern.services.log_source import read_source
from govern.services.witness_state import WitnessState
from govern.services.witnessing import (
    new_witness_key,
    read_policy_file,
    read_witness_key,
)
from govern.services.witnessing import witness as see
from govern.settings import clock

_file = click.Path(dir_okay=False, path_type=Path)


@click.group()
def witness() -> None:
    """See that a log only ever grows, and cosign it. Needs no database."""


@witness.command("new-key")
@click.option(
    "--name", required=True, help="Such as audit.example.org/w1: no spaces, no plus sign."
)
@click.option("--key", type=_file, required=True, help="The file to write the private key to.")
def new_key(name: str, key: Path) -> None:
    """Make the key of a witness; print its public half as a line for a policy."""
    public = new_witness_key(name, key)
    click.echo(f"witness {name} {public}")


@witness.command()
@click.option("--policy", type=_file, required=True, help="Names the log's key: `log KEY`.")
@click.option("--key", type=_file, required=True, help="The witness's private key.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder in which the witness remembers what it saw.",
)
@click.option("--log", required=True, help="The address of the service, or a file.")
@click.option("--token-file", type=_file, help="Holds a token, where the service asks for one.")
@format_option
def run(policy: Path, key: Path, state: Path, log: str, token_file: Path | None, form: str) -> None:
    """Look at the log once, check that it continues what was seen, remember it, cosign it.

    Run it from cron. Exit code 1 where the log does not continue what this witness saw.
    """
    source = read_source(log, lambda: _token(token_file))
    signer = read_witness_key(key)
    done = see(source, read_policy_file(policy), signer, WitnessState(state), now=clock())
    if form == "json":
        as_json(asdict(done))
        return
    click.echo(done.line, nl=False)
    handed = "handed to the log" if done.sent else "carry this line to the log"
    click.echo(f"{done.origin}: {done.before} entries before, {done.size} now; {handed}.", err=True)


def _token(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise click.FileError(str(path), str(error)) from None

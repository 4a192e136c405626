"""The state machine of gates at length: other examples than the tests, and as many as are asked for.

    python -m tests.services.long_run --examples 2000 --database postgresql

tells at the end how often what happened; an example that fails is shown as steps to repeat.
"""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from govern.store.migrate import upgrade
from tests.databases import KINDS, MIGRATIONS, Postgres
from tests.postgres import server
from tests.services.gate_copies import Copies, postgresql_copies, sqlite_copies
from tests.services.gate_machine import Projects


@contextmanager
def _copies(database: str) -> Generator[Copies]:
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as directory:
            migrated = Path(directory) / "migrated.db"
            upgrade(f"sqlite:///{migrated}", MIGRATIONS)
            yield sqlite_copies(migrated, Path(directory))
        return
    with server() as url:
        running = Postgres(url)
        with postgresql_copies(running) as copies:
            yield copies
        running.close()


@click.command()
@click.option("--examples", default=500, show_default=True)
@click.option("--steps", default=40, show_default=True)
@click.option("--database", type=click.Choice(KINDS), default="sqlite", show_default=True)
@click.option("--shrink/--no-shrink", default=True, help="Shorten an example that fails.")
def main(examples: int, steps: int, database: str, shrink: bool) -> None:
    with _copies(database) as copies:
        run_state_machine_as_test(
            lambda: Projects(copies),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
            ),
        )
    for what, number in sorted(Projects.seen.items()):
        click.echo(f"{number:8}  {what}")


if __name__ == "__main__":
    main()

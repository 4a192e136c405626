"""Databases with the project in them: copies of one that was made ready once."""

import shutil
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.databases import Postgres
from tests.services.gate_project import Furnished, furnish

Copies = Callable[[], AbstractContextManager[tuple[Store, Furnished]]]
"""Gives a copy, which is gone afterwards."""


def sqlite_copies(migrated: Path, directory: Path) -> Copies:
    ready, numbers = directory / "ready.db", count(1)
    shutil.copyfile(migrated, ready)
    furnished = _furnish(f"sqlite:///{ready}")

    @contextmanager
    def copy() -> Generator[tuple[Store, Furnished]]:
        path = directory / f"{next(numbers)}.db"
        shutil.copyfile(ready, path)
        store = Store(open_engine(f"sqlite:///{path}"))
        try:
            yield store, furnished
        finally:
            store.close()
            path.unlink()

    return copy


@contextmanager
def postgresql_copies(postgres: Postgres) -> Generator[Copies]:
    with postgres.database(migrated=True) as ready:
        furnished = _furnish(ready)

        @contextmanager
        def copy() -> Generator[tuple[Store, Furnished]]:
            with postgres.database(migrated=True, like=ready) as address:
                store = Store(open_engine(address))
                try:
                    yield store, furnished
                finally:
                    store.close()

        yield copy


def _furnish(address: str) -> Furnished:
    store = Store(open_engine(address))
    try:
        return furnish(store)
    finally:
        store.close()

"""Where a trial takes place: a folder of its own, and databases that are durable as in production."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import make_url

from govern.store.migrate import upgrade
from tests.databases import MIGRATIONS, Postgres
from tests.postgres import DURABLE, Kept, kept

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass
class Place:
    """`server` is the PostgreSQL that may be killed, None for SQLite."""

    kind: str
    folder: Path
    server: Kept | None = None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @contextmanager
    def database(self) -> Generator[tuple[str, Path]]:
        """The address of a database that is migrated and empty, and a folder beside it."""
        number = next(self._numbers)
        folder = self.folder / f"{self.kind}-{number}"
        folder.mkdir()
        if self.server is None:
            file = folder / "govern.db"
            shutil.copyfile(self._migrated(), file)
            yield f"sqlite:///{file}", folder
        else:
            yield self._of_server(f"torture_{number}"), folder
        shutil.rmtree(folder)

    def _migrated(self) -> Path:
        file = self.folder / "migrated.db"
        if not file.exists():
            upgrade(f"sqlite:///{file}", MIGRATIONS)
        return file

    def _of_server(self, name: str) -> str:
        """Stays until its server goes: a connection to drop it by might not outlive the trial."""
        assert self.server is not None
        admin = Postgres(self.server.url)
        try:
            if not (self.folder / "template").exists():
                admin.make("torture_template")
                upgrade(_named(self.server.url, "torture_template"), MIGRATIONS)
                (self.folder / "template").touch()
            admin.make(name, template="torture_template")
        finally:
            admin.close()
        return _named(self.server.url, name)


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def place(kind: str, folder: Path) -> Generator[Place]:
    folder.mkdir(exist_ok=True)
    if kind == SQLITE:
        yield Place(kind, folder)
    else:
        with kept(DURABLE) as server:
            yield Place(kind, folder, server)

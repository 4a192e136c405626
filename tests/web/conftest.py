from collections.abc import Iterator
from contextlib import ExitStack
from shutil import copyfile

import pytest

from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.databases import KINDS
from tests.services import house as made
from tests.services.house import House
from tests.web.caller import Callers, everybody, furnish


@pytest.fixture
def house(store: Store) -> House:
    return made.build(store)


@pytest.fixture
def people(house: House) -> Callers:
    """Everybody, on an empty portfolio, on both databases."""
    return everybody(house)


@pytest.fixture
def project(house: House) -> str:
    return made.add_project(house)


@pytest.fixture(scope="module", params=KINDS)
def steady(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callers]:
    """Everybody and a portfolio in use, on both databases; shared by tests that change nothing."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            path = tmp_path_factory.mktemp("steady") / "govern.db"
            copyfile(request.getfixturevalue("migrated_sqlite"), path)
            url = f"sqlite:///{path}"
        else:
            databases = request.getfixturevalue("postgres")
            url = stack.enter_context(databases.database(migrated=True))
        opened = Store(open_engine(url))
        stack.callback(opened.close)
        house = made.build(opened)
        furnish(house)
        yield everybody(house)

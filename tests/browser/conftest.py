"""What a test in a browser stands on: a server of its own over the example, and pages that are watched.

    def test_decide(server: Server, signed_in_as: SignIn) -> None:
        page = signed_in_as("margit.solberg@lindmark.example")

Tests run on SQLite; one that is marked `on_both` (tests.browser.kinds) runs on PostgreSQL too.
"""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copyfile, copytree

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.find import Chromium, NoBrowser, found
from tests.browser.kinds import OpenPage, SignIn
from tests.browser.opening import DARK, DESK, PHONE, WITHOUT_JAVASCRIPT, Look, looking, opened
from tests.browser.serving import Place, Server, prepare, served
from tests.browser.signing_in import sign_in
from tests.browser.watching import Watch
from tests.databases import Postgres


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process, and so one browser and one example, for each kind of database."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and isinstance(item, pytest.Function):
            if "chromium" not in item.fixturenames:
                continue
            item.add_marker("browser")
            parameters = item.callspec.params if hasattr(item, "callspec") else {}
            kind = parameters.get("kind", "sqlite")
            item.add_marker(pytest.mark.xdist_group(f"browser-{kind}"))


# --- the browser: it is closed when the tests of this folder are over, since its event loop stands in
# --- the way of others


@pytest.fixture(scope="package")
def chromium() -> Chromium:
    try:
        return found()
    except NoBrowser as missing:
        told = str(missing)
    pytest.fail(told, pytrace=False)


@pytest.fixture(scope="package")
def browser(chromium: Chromium) -> Iterator[Browser]:
    with opened(chromium) as running:
        yield running


# --- the server -----------------------------------------------------------------------------------


@pytest.fixture(scope="package")
def sqlite_example(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("example")
    place = Place(f"sqlite:///{folder / 'govern.db'}", folder / "keys")
    prepare(place)
    return place


@pytest.fixture(scope="package")
def postgresql_example(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with postgres.database(migrated=True) as url:
        place = Place(url, tmp_path_factory.mktemp("example") / "keys")
        prepare(place)
        yield place


@pytest.fixture(scope="package")
def standing_server(
    sqlite_example: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One for all tests that only read; a module of such tests gives it the name `server`."""
    with (
        _copied(sqlite_example, tmp_path_factory.mktemp("standing"), None) as place,
        served(place) as running,
    ):
        yield running


@pytest.fixture(params=["sqlite"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def server(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Over a copy of the example that is this test's own."""
    example: Place = request.getfixturevalue(f"{kind}_example")
    databases = request.getfixturevalue("postgres") if kind == "postgresql" else None
    with _copied(example, tmp_path, databases) as place, served(place) as running:
        yield running


@contextmanager
def _copied(example: Place, folder: Path, databases: Postgres | None) -> Generator[Place]:
    copytree(example.keys, folder / "keys")
    if databases is None:
        copyfile(example.url.removeprefix("sqlite:///"), folder / "govern.db")
        yield Place(f"sqlite:///{folder / 'govern.db'}", folder / "keys")
        return
    with databases.database(migrated=False, like=example.url) as url:
        yield Place(url, folder / "keys")


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def watch(server: Server) -> Watch:
    """Over every page of this test: `watch.expect(422)` where a refusal is meant."""
    return Watch(server.address)


@pytest.fixture
def open_page(browser: Browser, server: Server, watch: Watch) -> Iterator[OpenPage]:
    """Opens an empty page, each in a window of its own; in the end none may have complained."""
    with ExitStack() as stack:

        def open_one(look: Look = DESK) -> Page:
            return stack.enter_context(looking(browser, server, watch, look)).new_page()

        yield open_one
    watch.assert_quiet()


@pytest.fixture
def signed_in_as(open_page: OpenPage, server: Server) -> SignIn:
    """A page of somebody who has signed in by a link, and stands where it leads to."""

    def open_for(email: str, leads_to: str = "/", look: Look = DESK) -> Page:
        page = open_page(look)
        sign_in(page, server, email, leads_to)
        return page

    return open_for


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(PHONE)


@pytest.fixture
def dark(open_page: OpenPage) -> Page:
    return open_page(DARK)


@pytest.fixture
def without_javascript(open_page: OpenPage) -> Page:
    return open_page(WITHOUT_JAVASCRIPT)

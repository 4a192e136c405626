"""Pictures of every user's pages, for people to look at: `python -m tests.browser.looks FOLDER [USER …]`.

In light, in the dark, on a phone, and as they print.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.crawl import crawl
from tests.browser.find import NoBrowser, found
from tests.browser.opening import DARK, DESK, PHONE, Look, looking, opened
from tests.browser.people import USERS
from tests.browser.serving import Place, Server, prepare, served
from tests.browser.signing_in import sign_in
from tests.browser.watching import Watch

OPEN = ("/sign-in", "/docs")
"""Pages that nobody need sign in for."""

PRINTED = Look("print", {"viewport": {"width": 794, "height": 1123}})
"""A4 upright at 96 pixels an inch."""

LOOKS = (DESK, DARK, PHONE, PRINTED)


def main(folder: str, *users: str) -> None:
    try:
        chromium = found()
    except NoBrowser as missing:
        sys.exit(str(missing))
    with ExitStack() as stack:
        place = _example(Path(stack.enter_context(TemporaryDirectory())))
        server = stack.enter_context(served(place))
        browser = stack.enter_context(opened(chromium))
        for user in users or ("nobody", *USERS):
            for written in _looked_at(browser, server, user, Path(folder)):
                sys.stdout.write(f"{written}\n")


def _example(folder: Path) -> Place:
    place = Place(f"sqlite:///{folder / 'govern.db'}", folder / "keys")
    prepare(place)
    return place


def _looked_at(browser: Browser, server: Server, user: str, folder: Path) -> Iterator[Path]:
    for look in LOOKS:
        watch = Watch(server.address)
        with looking(browser, server, watch, look) as context:
            page = context.new_page()
            for number, path in enumerate(_opened_by(page, server, user), start=1):
                if look is PRINTED:
                    page.emulate_media(media="print")
                name = path.strip("/").replace("/", "-") or "home"
                picture = folder / user / f"{number:02}-{name}.{look.name}.png"
                page.wait_for_load_state("networkidle")
                page.screenshot(path=picture, full_page=True)
                yield picture
        for each in watch.complaints:
            sys.stderr.write(f"{user}, {look.name}: {each}\n")


def _opened_by(page: Page, server: Server, user: str) -> Iterator[str]:
    """The paths of the pages, each while it is open."""
    if user == "nobody":
        for path in OPEN:
            page.goto(path)
            yield path
        return
    sign_in(page, server, USERS[user])
    for path, _ in crawl(page, server, urlsplit(page.url).path):
        yield urlsplit(path).path


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Rules that are watched while the author works on them."""

from collections.abc import Iterator

import pytest
from pytest_bdd import given, parsers, then, when

from features.house import House, Ran
from tests.walk.watching import Watching


@pytest.fixture
def watch(house: House) -> Iterator[Watching]:
    """A process of its own, which begins where a step first asks for it."""
    with Watching("rules", house.folder) as running:
        yield running


@given("the author watches the rules")
def _(watch: Watching) -> None:
    watch.until("Ctrl-C ends it")


@then(parsers.re(r'the watch tells "(?P<text>.+)"'))
def _(watch: Watching, text: str) -> None:
    watch.until(text)


@when("the author presses Ctrl-C")
def _(house: House, watch: Watching) -> None:
    house.ran = Ran(watch.interrupt(), "", "")


@when("the author watches the rules once")
def _(house: House) -> None:
    house.run("rules", "watch", "--rules", "rules", "--once")

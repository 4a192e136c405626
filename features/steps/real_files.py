"""Files as they are sent, brought in by the command that people type."""

from pytest_bdd import given, parsers, then, when

from features.house import House


@given(parsers.re(r'the file "(?P<name>[^"]+)" from (?P<sender>finance|sales|operations)'))
def _(house: House, name: str, docstring: str) -> None:
    (house.folder / name).write_text(docstring + "\n", encoding="utf-8")


@given(parsers.re(r"(?P<sender>finance|sales|operations) writes as this mapping says"))
def _(house: House, sender: str, docstring: str) -> None:
    folder = house.folder / "sources"
    folder.mkdir()
    (folder / f"{sender}.yaml").write_text(docstring + "\n", encoding="utf-8")
    house.environment["GOVERN_SOURCES"] = "sources"


@when(parsers.re(r'the file "(?P<name>[^"]+)" is brought in'))
def _(house: House, name: str) -> None:
    house.run("readings", "import", name)


@when(parsers.re(r'the file "(?P<name>[^"]+)" is brought in, keeping the good cells'))
def _(house: House, name: str) -> None:
    house.run("readings", "import", name, "--keep-good")


@when(parsers.re(r'the file "(?P<name>[^"]+)" is brought in as (?P<source>\w+) writes'))
def _(house: House, name: str, source: str) -> None:
    house.run("readings", "import", name, "--source", source)


@when(parsers.re(r'the file "(?P<name>[^"]+)" is brought in because "(?P<reason>[^"]+)"'))
def _(house: House, name: str, reason: str) -> None:
    house.run("readings", "import", name, "--reason", reason)


@when(parsers.re(r'a preview of the file "(?P<name>[^"]+)" is looked at'))
def _(house: House, name: str) -> None:
    house.run("readings", "import", name, "--preview")


@when(parsers.re(r'a mapping of the file "(?P<name>[^"]+)" is drafted'))
def _(house: House, name: str) -> None:
    house.run("readings", "import", name, "--dry-run", "--save", "drafted.yaml")


@then(parsers.re(r'the mapping asks "(?P<text>.+)"'))
def _(house: House, text: str) -> None:
    assert f"# ask: {text}" in (house.folder / "drafted.yaml").read_text(encoding="utf-8")

"""README.md: what it tells to type can be typed, its rule is right. Links of every page lead somewhere."""

import re
import shlex
from pathlib import Path

import click
import pytest

from govern.cli.main import govern
from govern.domain.recommendation import Action
from govern.rulebook.load import load_sources

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "examples" / "README.md",
]
BLOCKS = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
CALLS = [
    line.split("  #")[0].strip()
    for kind, text in BLOCKS
    for line in text.splitlines()
    if not kind and line.startswith("govern ")
]


@pytest.mark.parametrize("line", CALLS)
def test_a_command_takes_what_the_readme_gives_it(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = govern
    context = click.Context(govern, info_name="govern")
    while isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found is not None, line
        context = click.Context(found, info_name=name, parent=context)
        command = found
    assert command.make_parser(context).parse_args(words)[1] == [], line


def test_the_commands_are_found() -> None:
    assert len(CALLS) > 15


def test_the_rule_is_right() -> None:
    (shown,) = (text for kind, text in BLOCKS if kind == "yaml")
    head = "schema: govern/rules/v1\narea: revenue\nowner: a@example.org\nrules:\n"
    loaded = load_sources({"readme.yaml": head + shown})
    assert loaded.rulebook is not None, loaded.problems
    (rule,) = loaded.rulebook.rules
    assert rule.recommend is not None
    assert rule.recommend.action is Action.DESCOPE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(((?!https?:|mailto:)[^)\s]+)\)", text):
        name, _, part = target.partition("#")
        leads_to = (page.parent / name).resolve() if name else page
        assert leads_to.exists(), f"{page.name}: {target}"
        if part and leads_to.suffix == ".md":
            assert part in _headings(leads_to), f"{page.name}: {target}"


def _headings(page: Path) -> set[str]:
    """Of a page, as the addresses of its parts are made of them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}

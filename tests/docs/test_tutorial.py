"""docs/rules: a reader who does what the pages say, in order, sees what they say."""

import re
from pathlib import Path

from tests.docs.tutorial import (
    PAGES,
    Difference,
    Session,
    blocks,
    calls,
    follow,
    fresh_clone,
    pages,
)

INDEX = PAGES / "README.md"


def test_every_command_prints_what_its_page_says(tmp_path: Path) -> None:
    differences: list[Difference] = []
    with fresh_clone(tmp_path) as session:
        for page in pages():
            differences += follow(session, page)
    told = "\n\n".join(map(str, differences))
    assert not differences, f"{told}\n\npython -m tests.docs.tutorial writes what is printed now"


def test_the_index_leads_to_every_page_in_order_and_each_page_to_the_next() -> None:
    names = [page.name for page in pages()]
    assert re.findall(r"^\d+\. \[.+?\]\((.+?)\)", INDEX.read_text(encoding="utf-8"), re.M) == names
    for page, after in zip(pages(), [*names[1:], "../rule-files.md"], strict=True):
        last = page.read_text(encoding="utf-8").rstrip().splitlines()[-1]
        assert after in re.findall(r"\]\((.+?)\)", last), page.name


def test_the_index_has_nothing_to_run() -> None:
    assert not list(blocks(INDEX.read_text(encoding="utf-8")))


def test_a_page_has_commands() -> None:
    for page in pages():
        found = list(blocks(page.read_text(encoding="utf-8")))
        assert any(calls(each) for each in found if each.kind == "console"), page.name


def test_what_is_not_printed_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```console\n$ echo $?\n1\n$ echo $?\n0\n…\n$ echo $?\n0\n```\n", encoding="utf-8"
    )
    found = follow(Session(tmp_path), page)
    assert [(each.line, each.told, each.printed) for each in found] == [
        (2, "1\n", "0\n"),
        (4, "0\n…\n", "0\n"),
    ]


def test_digests_are_those_that_were_printed(tmp_path: Path) -> None:
    session = Session(tmp_path)
    shown, real = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
    assert session.fits(f"Proposed {shown}\n", f"Proposed {real}\n")
    assert session.fits(f"rulebook {'a' * 12}\n", f"rulebook {'b' * 12}\n")
    assert not session.fits(f"Proposed {shown}\n", f"Proposed sha256:{'c' * 64}\n")
    assert session.as_printed(f"publish {shown}") == f"publish {real}"

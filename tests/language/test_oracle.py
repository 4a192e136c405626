"""What `make oracle` holds against FEEL is written with this language, and its differences are told."""

from pathlib import Path
from random import Random

import pytest

from govern.language.explain import shown
from tests.language.oracle import DIFFERENCES, Difference, Generator, example
from tests.language.portfolio import checked, value

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text()


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.text)
def test_a_difference_from_feel(difference: Difference) -> None:
    observations, _ = example()
    assert shown(value(difference.text, observations)) == difference.here


def test_every_difference_is_documented() -> None:
    section = PAGE.split("## Where it differs from FEEL\n")[1].split("\n## ")[0]
    rows = [f"| `{each.text}` | {each.here} | {each.feel} |" for each in DIFFERENCES]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows


def test_what_is_generated_is_of_this_language() -> None:
    write = Generator(Random(1))  # noqa: S311
    for _ in range(300):
        checked(write.truth(2).here)
        checked(write.number(2).here)

"""No text makes the language fail: it is a condition, or refused with a place inside it.

The million of `make fuzz` is the same, further on.
"""

import sys
from collections import Counter
from types import FrameType

import pytest

from govern.language.errors import LanguageError
from govern.language.origin import within
from govern.language.parse import parse
from govern.language.tokens import LONGEST
from tests.language.fuzz import check_readings, conditions_of, portfolio
from tests.language.mutants import DEEP, mutant, valid_conditions

COUNT = 20_000
SEED = 0


def test_damaged_conditions_are_read_or_refused() -> None:
    kinds: Counter[bool] = Counter()
    read = []
    for number in range(COUNT):
        found = conditions_of(mutant(SEED, number))
        kinds[bool(found)] += 1
        if number % 100 == 0:
            read += found
    assert kinds[True] > COUNT / 20
    assert kinds[False] > COUNT / 20
    check_readings(read, portfolio())


def test_there_is_much_to_damage() -> None:
    assert len(valid_conditions()) > 500


def steps(text: str) -> int:
    """How many Python functions are called to read the text."""
    called = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal called
        called += event == "call"

    origin = within("test", text)
    sys.setprofile(count)
    try:
        parse(text, origin)
    except LanguageError:
        pass
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize(
    "piece",
    [*DEEP, "/* ", '"', "a and ", "a or b and ", "1+", "1 + a * ", "a = 1 or ", "a in (1, ", "[1..",
     "f(a, ", "if a then b else ", "a,", "a in [1..2] and ", "\n", "// \n", "a[b].", "-a - "],
)  # fmt: skip
def test_reading_takes_steps_in_proportion_to_the_text(piece: str) -> None:
    for length in (LONGEST // 4, LONGEST):
        text = (piece * length)[:length]
        assert steps(text) < 60 * length
    assert steps(piece * (LONGEST + 1)) < 1000

"""How a value stands on a page."""

import pytest

from govern.reports import shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Drop it (due 2026-12-31).", "Drop it (due 31 Dec 2026)."),
        ("2026-01-05 to 2026-02-28", "5 Jan 2026 to 28 Feb 2026"),
        ("no day: 2026-02-30", "no day: 2026-02-30"),
        ("a number: 12026-01-05", "a number: 12026-01-05"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_days_in_a_sentence_stand_as_everywhere(text: str, told: str) -> None:
    assert shown.dated(text) == told

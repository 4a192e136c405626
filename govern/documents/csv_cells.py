"""Text as a cell of a CSV file that a spreadsheet opens.

A spreadsheet reads a cell that begins with one of a few characters as a formula, wherever it came from
(OWASP, "CSV Injection"): such a text is led by an apostrophe, which makes it a text.
"""

from typing import Any

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> str:
    """What stands in the cell; nothing stands for None. Numbers stay numbers, also negative ones."""
    if value is None:
        return ""
    if isinstance(value, str):
        return (
            "'" + value if value.startswith(BEGINS_A_FORMULA) and not _is_number(value) else value
        )
    return str(value)


def _is_number(text: str) -> bool:
    bare = text.removeprefix("-").removeprefix("+")
    whole, _, part = bare.partition(".")
    return whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))

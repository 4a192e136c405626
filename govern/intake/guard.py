"""The apostrophe in front of a text that a spreadsheet would take for a formula, or we for a blank.

What begins with =, +, - or @ is a formula to a spreadsheet that opens the file, and `n/a` is missing to
whoever imports it. One apostrophe is put in front where such a text is written, and one is taken off
where it is read; a text that begins with apostrophes and goes on so gets one more. So what is read is
what was written. Figures and days are written bare: none of them can do anything.
"""

import re

from govern.intake.texts import MISSING_WORDS

_GUARDED = re.compile(r"'*[=+@-].*", re.DOTALL)


def guard(text: str) -> str:
    """The text as a cell may hold it."""
    return "'" + text if _needs_one(text) else text


def unguard(cell: str) -> str:
    """The text that a cell holds: the inverse of `guard`."""
    return cell[1:] if cell.startswith("'") and _needs_one(cell[1:]) else cell


def _needs_one(text: str) -> bool:
    return bool(_GUARDED.match(text)) or text.lstrip("'").casefold() in MISSING_WORDS

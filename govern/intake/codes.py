"""The codes of problems with a source file, some also of a file of groups and their roles."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "E601": "two sources have the same id",
    "E602": "keys of a source that contradict each other",
    "E603": "a database as a source that cannot be asked as its file says",
}
"""Code → what it says, in one line. `docs/errors.md` is held against this list."""

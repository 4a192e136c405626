"""Links to documents that are kept elsewhere: the web's two schemes and a host, nothing that runs."""

import re
from typing import Final

LONGEST_LINK: Final = 2000
LINK: Final = (
    r"^https?://[^\s/?#@\\\x00-\x1f\x7f]+([/?#][^\s\\\x00-\x1f\x7f-\x9f\u200b\u200e\u200f"
    r"\u2028-\u202e\u2060-\u2069\ufeff]*)?$"
)
"""As ECMAScript and JSON Schema read it too. No `@` before the path: what stands there is a password."""

_LINK = re.compile(LINK.replace("$", r"\Z"))


def wrong_with(link: str) -> str | None:
    """What is wrong with a link, as a sentence that says what would be right; None where it is good."""
    if len(link) > LONGEST_LINK:
        return f"has {len(link)} characters; at most {LONGEST_LINK} are taken"
    if not _LINK.match(link):
        return "a web address is needed: https:// or http://, a host, no password, no blanks"
    return None

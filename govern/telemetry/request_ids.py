"""The id of a request: the caller's own where it can be trusted in a log line, else a new one."""

import re
import secrets

HEADER = "X-Request-Id"

LONGEST = 64
_WELL_FORMED = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{7,{LONGEST - 1}}}")


def request_id_of(given: str | None) -> str:
    """The given one if it has 8 to 64 letters, digits, points, hyphens or underscores; else 32
    hexadecimal digits that nobody had before."""
    if given is not None and _WELL_FORMED.fullmatch(given):
        return given
    return secrets.token_hex(16)

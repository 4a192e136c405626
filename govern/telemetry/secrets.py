"""Keeping secrets out of what is told: known ones by their value, others by what stands around them."""

import re
import traceback
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote, quote_plus

HIDDEN = "***"

SHORTEST = 4
"""A value that is shorter is in too many innocent words to be taken out of them."""

# Each looks no further than so many characters: no text makes them take long.
_BY_PLACE: tuple[tuple[re.Pattern[str], str], ...] = (
    # The password of an address, and the name before it: //name:password@host
    (re.compile(r"(?<=://)[^\s/@'\":]{0,300}:[^\s'\"]{0,300}@"), f"{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}"), rf"\1 {HIDDEN}"),
    # The tokens and keys that govern makes.
    (re.compile(r"\b(gov_|whsec_|whsk_)[A-Za-z0-9_+/=-]{8,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(/sign-in/|/calendar/|/calendars/)[^\s/?#'\"]{8,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b((?:set-)?cookie\s*[:=]\s*)[^\r\n]+"), rf"\1{HIDDEN}"),
    (
        re.compile(
            r"(?i)\b([a-z_-]{0,40}(?:passw(?:or)?d|secret|token|api[_-]?key|authorization)"
            r"['\"]?\s*[:=]\s*['\"]?)(?!\s)[^\s&'\",;]+"
        ),
        rf"\1{HIDDEN}",
    ),
)

_SUSPICIOUS = re.compile(
    r"(?i)://|bearer|basic|gov_|whs|/sign-in/|/calendar|cookie|passw|secret|token|api[_-]?key|author"
)
"""What is nowhere in a text that has nothing to hide: looked for once, before each of the above."""

_HIDDEN_FIELDS = re.compile(
    r"(?i)^(set-)?cookie$|authorization|passw(or)?d|secret|^(.*_)?token$|api_?key"
)


class Secrets:
    """`known` are values that never appear, however they are written: as they are, or in an address."""

    def __init__(self, known: Iterable[str | None] = ()) -> None:
        forms = {
            form
            for each in known
            if each is not None and len(each) >= SHORTEST
            for form in (
                each,
                quote(each, safe=""),
                quote(each),
                quote_plus(each),
                repr(each)[1:-1],
            )
        }
        # The longest first: of a value that holds another nothing is left over.
        listed = sorted(forms, key=lambda each: (-len(each), each))
        self._known = re.compile("|".join(map(re.escape, listed))) if listed else None

    def out_of(self, text: str) -> str:
        """The text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        if _SUSPICIOUS.search(text):
            for pattern, instead in _BY_PLACE:
                text = pattern.sub(instead, text)
        return text

    def out_of_value(self, value: Any, depth: int = 4) -> Any:
        """The same of texts in lists and mappings; a field that is called like a secret is hidden."""
        if isinstance(value, str):
            return self.out_of(value)
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if depth == 0:
            return HIDDEN
        if isinstance(value, Mapping):
            fields = cast("Mapping[Any, Any]", value)
            return {
                str(name): HIDDEN if is_hidden(str(name)) else self.out_of_value(each, depth - 1)
                for name, each in fields.items()
            }
        if isinstance(value, (list, tuple, set, frozenset)):
            items = cast("Iterable[Any]", value)
            return [self.out_of_value(each, depth - 1) for each in items]
        return self.out_of(str(value))


@lru_cache(maxsize=1024)
def is_hidden(name: str) -> bool:
    """Whether a field of this name is never told."""
    return _HIDDEN_FIELDS.search(name) is not None


def traceback_of(error: BaseException, sent: Iterable[str] = ()) -> str:
    """The traceback without secrets, and without any of the values that the caller sent."""
    return Secrets(sent).out_of("".join(traceback.format_exception(error)).rstrip())

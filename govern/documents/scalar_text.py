"""How a text is written in YAML: plain where that is enough, in quotes where they are needed."""

import json
import re
import textwrap

_NOT_TEXT = re.compile(
    r"[-+]?[.\d][\d_,.:eExXoO]*%?|0[xX][0-9a-fA-F]+|[-+]?\.(inf|nan)|\d{4}-\d\d?-\d\d?.*"
    r"|~|null|true|false|yes|no|on|off|y|n|=|<<",
    re.IGNORECASE,
)
"""What YAML 1.1, YAML 1.2 or our own constants read as something else than text."""
_FIRST = set("-?:,[]{}#&*!|>'\"%@`")
_CONTROL = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")


def written(text: str, *, plain: bool, in_flow: bool) -> str:
    """The text on one line. `plain`: it was read from a plain value, so it needs no quotes to stay
    text. `in_flow`: it stands inside `[…]` or `{…}`."""
    if can_be_plain(text, in_flow) and (plain or not _NOT_TEXT.fullmatch(text)):
        return text
    if _CONTROL.search(text):
        return json.dumps(text)
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def can_be_plain(text: str, in_flow: bool) -> bool:
    """YAML 1.2 §7.3.3, on the safe side."""
    return (
        bool(text)
        and text == text.strip()
        and not _CONTROL.search(text)
        and (text[0] not in _FIRST or bool(re.match(r"-[^\s,\[\]{}-]", text)))
        and not re.search(r":(\s|$)|\s#|^\.\.\.|^---", text)
        and not (in_flow and re.search(r"[,\[\]{}]", text))
    )


def folded(text: str, width: int) -> list[str] | None:
    """The lines below `>-` that say the text, or `None` where folding would change it."""
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return lines if " ".join(lines) == text and not _CONTROL.search(text) else None

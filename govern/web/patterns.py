"""What texts may hold, as patterns that Python, ECMAScript and JSON Schema read alike."""

# Control, zero-width and direction-changing characters: what looks like one text and is another.
_HIDDEN = r"\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_HIDDEN_BUT_BREAKS = _HIDDEN.replace(r"\x00-\x1f", r"\x00-\x08\x0b\x0c\x0e-\x1f")
_ID = rf"[^/\\;\s{_HIDDEN}]"

LINE = rf"^[^{_HIDDEN}]*$"
"""One line of text."""

PARAGRAPHS = rf"^[^{_HIDDEN_BUT_BREAKS}]*$"
"""Text with line breaks and tabs."""

IDENTIFIER = rf"^[^@/\\;\s{_HIDDEN}](?: ?{_ID})*$"
"""An organisation's own id: no slash, backslash, semicolon; single blanks inside; no @ in front."""

CURRENCY = r"^[A-Z]{3}$"
"""A currency's code, as ISO 4217 has them."""

NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"
PLAIN_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
DAY = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"
DIGEST = r"^sha256:[0-9a-f]{64}$"
HASH = r"^[0-9a-f]{64}$"

ID_LENGTH = 100
NAME_LENGTH = 300
TEXT_LENGTH = 2000
TAG_LENGTH = 60
MOST_TAGS = 50
LARGEST_INTEGER = 2_147_483_647
"""What the integer columns of both databases hold."""

"""The codes of problems with a file as such: its YAML and its shape."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "E100": "the file cannot be read, or is not UTF-8 text",
    "E101": "the text is not valid YAML",
    "E102": "a tab is used where YAML takes spaces only",
    "E103": "a value needs quotes, because YAML gives its characters another meaning",
    "E104": "` #` starts a comment and cuts the text short",
    "E105": "a key stands twice in the same mapping",
    "E106": "anchors, aliases and merge keys are not used in these files",
    "E107": "tags are not used in these files",
    "E108": "the file is empty, or holds more than one document",
    "E109": "values are nested too deeply",
    "E110": "unknown key",
    "E111": "a required key is missing",
    "E112": "another kind of value is expected here",
    "E113": "not one of the words that are possible here",
    "E114": "not a number, date, duration or identifier as it is expected here",
    "E115": "the value is outside its limits",
}
"""Code → what it says, in one line. `docs/errors.md` is held against this list."""

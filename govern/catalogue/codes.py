"""The codes of problems with a catalogue file that is sound YAML in the right shape."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "E500": "two templates of one catalogue have the same id",
    "E501": "a template says in no way which category it is of",
    "E502": "a template's tolerance for red is below the one for amber",
    "E503": "a template has inputs and no formula, or a formula and no inputs",
    "E504": "a template is measured in a unit and in money, or in neither",
    "E505": "there is no catalogue file",
    "E506": "a template's scale is zero",
    "E550": "a template takes the place of one that came before it",
}
"""Code → what it says, in one line. From E550 on they are warnings."""

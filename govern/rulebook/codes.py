"""The codes of problems with a rulebook, beyond its files' YAML, shape and language."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "E301": "two rules have the same id",
    "E302": "a parameter has the name of something a condition can read, or is not a constant",
    "E303": "no rule of the file uses the parameter",
    "E305": "`replaced_by` names no rule of the rulebook, or the rule is not deprecated",
    "E306": "a placeholder in a message is not closed, empty, or has an unknown format",
    "E307": "a placeholder's format does not fit what it shows",
    "E308": "the rule lacks a test that fires, one that stays silent or one with missing data",
    "E309": "a test's lists and its expected states are not of the same length",
    "E310": "a test's deliverable serves a KPI that the test does not have",
    "E311": "two tests of one rule have the same name",
    "E312": "the file holds no rules",
    "E318": "`clear_when` and `when` can be true at the same time",
    "E319": "`when` is never true where `applies_to` is",
    "E320": "the rows of a decision table are not a grid of cells",
    "E321": "a column of a table has no name, or that of another column",
    "E322": "an output of a table is no constant, or not of the type of those above it",
    "E323": "a table's id is taken, by another table or by a name of the language",
    "E324": "no row of a table matches some values",
    "E325": "two rows of a table match the same values and contradict each other",
    "E326": "a row of a table can never match, or never counts",
    "E327": "whether the rows of a table leave gaps cannot be checked",
    "E328": "tables read each other in a circle",
    "E329": "a table's priority is missing, incomplete or without a meaning",
    "E330": "there is no calendar of this name",
    "E331": "two calendars have the same id",
    "E332": "a calendar's time zone does not exist, or no day is left to work on",
    "E333": "a folder has two files of parameters",
    "E334": "a portfolio replaces a parameter that is not there",
    "E335": "a portfolio replaces a parameter by another kind of value",
    "E336": "a snooze names no rule of the rulebook",
    "E337": "a snooze ends before it begins",
    "E338": "a snooze is over",
}
"""Code → what it says, in one line. `docs/errors.md` is held against this list."""

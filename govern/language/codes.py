"""The codes of problems with a condition."""

from typing import Final

CODES: Final[dict[str, str]] = {
    "E200": "the condition is empty",
    "E201": "something else is expected at this point of the condition",
    "E202": "a text or a comment is not closed",
    "E203": "a character or number that the language does not have",
    "E204": 'not a date that exists, written as @"2026-03-31"',
    "E205": "comparisons cannot be chained: a < b < c",
    "E206": "an operator of another language: && || == <> ! and the like",
    "E207": "the condition is too long or nested too deeply",
    "E210": "unknown name",
    "E211": "unknown function",
    "E212": "the wrong number of arguments",
    "E213": "a value of the wrong type",
    "E214": "an argument that must be a constant whole number within limits is not",
    "E215": "a range whose lower end is above its upper end",
    "E216": "the result is not of the type that is needed here",
    "E217": "a text that this name can never have",
    "E218": "there is no such field, or the value has no fields",
    "E219": "the function cannot be used here",
    "E220": "null is used where only a value makes sense",
    "E221": "`history` is not used as a list of earlier periods",
    "E222": "the condition can never be true",
    "E223": "the condition is true whenever it is known",
    "E250": "`every` and `all` hold on an empty list",
    "E251": "a name hides another one",
    "E252": "a share, as attainment is, is compared with a number above 10",
}
"""Code → what it says, in one line. From E250 on they are warnings."""

"""The kinds of values that the API takes and gives, each with one meaning."""

from govern.web.fields.links import Link
from govern.web.fields.numbers import Figure, Flag, Number, Whole
from govern.web.fields.shares import Shares
from govern.web.fields.texts import Currency, Identifier, Text, Word
from govern.web.fields.times import Day, GivenDay, Instant

__all__ = [
    "Currency",
    "Day",
    "Figure",
    "Flag",
    "GivenDay",
    "Identifier",
    "Instant",
    "Link",
    "Number",
    "Shares",
    "Text",
    "Whole",
    "Word",
]

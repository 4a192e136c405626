"""Decision tables as a condition sees them: further fields of the rows they are judged on."""

from collections.abc import Mapping
from dataclasses import dataclass

from govern.language.meaning import Meaning


@dataclass(frozen=True, slots=True)
class Table:
    """`outputs`: name → what it means on a row of `scope`. The table is read as `name.output`, and
    as `name` alone where there is one output."""

    name: str
    scope: str
    outputs: Mapping[str, Meaning]

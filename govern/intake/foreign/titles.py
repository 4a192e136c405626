"""What stands above a table: titles that name a year, or that figures are in thousands."""

import re

from govern.intake.foreign.headings import scale_in
from govern.intake.foreign.outcome import Choice, Question
from govern.intake.foreign.place import View
from govern.intake.foreign.table import Table

_YEAR = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")


def years_in(view: View, table: Table, file: str) -> tuple[int, ...]:
    """The years that titles, the sheet's name and the file's name speak of, in that order."""
    texts = [at.text for row in view.numbers if row <= table.top for at in view.row(row)]
    texts += [view.sheet.name or "", file]
    return tuple(dict.fromkeys(int(each) for text in texts for each in _YEAR.findall(text)))


def scale_of_titles(view: View, table: Table) -> Question | None:
    """A question, where a title says that figures are in thousands or millions."""
    for row in view.numbers:
        if row >= table.top:
            break
        for at in view.row(row):
            seen = scale_in(at.text)
            if seen is not None:
                word, times = seen
                return Question(
                    "",
                    f"{view.name(at.row, at.column)} says '{word}': what are the figures multiplied by?",
                    (
                        Choice(f"scale: {times}", f"1 is {times:,}"),
                        Choice("scale: 1", "the KPIs count them so themselves: 1 is 1"),
                    ),
                )
    return None

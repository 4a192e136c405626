"""The files that stand beside rule files: parameters of a folder, snoozes, calendars."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from govern.documents import yaml
from govern.documents.problem import Problem, did_you_mean
from govern.documents.read import read
from govern.documents.shape import Fields, Record
from govern.documents.source import Place, Source
from govern.domain.calendar import MONDAY_TO_FRIDAY, Calendar
from govern.rulebook import calendars, params, snoozes
from govern.rulebook.params import Layer, read_layer, taken_names
from govern.rulebook.snoozes import Snooze

FILES: Final[Mapping[str, Record]] = {
    params.VERSION: params.FILE,
    snoozes.VERSION: snoozes.FILE,
    calendars.VERSION: calendars.FILE,
}
_SCHEMA: Final = re.compile(r"^schema:\s*[\"']?([\w/]+)", re.MULTILINE)


@dataclass(slots=True)
class Beside:
    """`folders`: folder (`""` is the top) → what its params file sets. `paths` are all the files."""

    folders: dict[str, Layer] = field(default_factory=dict[str, Layer])
    snoozes: list[Snooze] = field(default_factory=list[Snooze])
    calendars: dict[str, Calendar] = field(default_factory=dict[str, Calendar])
    paths: set[str] = field(default_factory=set[str])
    broken: bool = False

    def above(self, path: str) -> list[Layer]:
        """The layers of the folders that a file stands in, the outermost first."""
        parts = path.split("/")[:-1]
        folders = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
        return [self.folders[folder] for folder in folders if folder in self.folders]

    def portfolios(self, own: Iterable[Layer]) -> list[str]:
        """The portfolios that have parameters of their own anywhere, in order."""
        layers = (*self.folders.values(), *own)
        return sorted({portfolio for layer in layers for portfolio in layer.portfolios})

    def calendar(self, layers: Iterable[Layer], problems: list[Problem]) -> Calendar:
        """The calendar that the nearest layer names."""
        named = [layer for layer in layers if layer.calendar is not None]
        if not named or named[-1].calendar is None:
            return MONDAY_TO_FRIDAY
        found = self.calendars.get(named[-1].calendar)
        if found is None and not self.broken:
            what = f"there is no calendar '{named[-1].calendar}'"
            helps = did_you_mean(named[-1].calendar, self.calendars)
            problem = Problem("E330", what, named[-1].calendar_place, helps)
            # Several files may stand below the one that names it.
            if problem not in problems:
                problems.append(problem)
        return found or MONDAY_TO_FRIDAY


def read_beside(sources: Mapping[str, Source], problems: list[Problem]) -> Beside:
    """What stands beside the rule files; `sources` are by path below the rules directory."""
    beside = Beside()
    taken: dict[str, Place] = {}
    # Parents before children: a folder's portfolios may replace what stands above.
    for path, source in sorted(sources.items(), key=lambda each: (each[0].count("/"), each[0])):
        found = _SCHEMA.search(source.text)
        version = found[1] if found else None
        if version not in FILES:
            continue
        beside.paths.add(path)
        file = _fields(source, FILES[version], problems)
        if file is None:
            beside.broken = beside.broken or version == calendars.VERSION
        elif version == params.VERSION:
            _add_folder(beside, path, file, problems)
        elif version == snoozes.VERSION:
            beside.snoozes += snoozes.build_snoozes(file, problems)
        else:
            _add_calendar(beside, file, taken, problems)
    return beside


def _fields(source: Source, record: Record, problems: list[Problem]) -> Fields | None:
    document = yaml.load(source)
    problems.extend(document.problems)
    return read(document.root, record, problems) if document.root is not None else None


def _add_folder(beside: Beside, path: str, file: Fields, problems: list[Problem]) -> None:
    folder = path.rpartition("/")[0]
    if folder in beside.folders:
        what = "the folder has a params file already"
        problems.append(Problem("E333", what, file.node.place, "put them into one file"))
        return
    layer = read_layer(file, beside.above(path), taken_names(), problems)
    beside.folders[folder] = layer


def _add_calendar(
    beside: Beside, file: Fields, taken: dict[str, Place], problems: list[Problem]
) -> None:
    calendar = calendars.build_calendar(file, problems)
    if calendar is None:
        beside.broken = True
    elif calendar.id in taken:
        what = f"the calendar '{calendar.id}' is already defined at {taken[calendar.id]}"
        problems.append(Problem("E331", what, file.place(calendars.ID), "take another id"))
    else:
        taken[calendar.id] = file.place(calendars.ID)
        beside.calendars[calendar.id] = calendar

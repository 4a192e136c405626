"""Which KPI a label means: what the mapping says, else the KPI of that id or of that very name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from govern.intake.foreign.headings import is_total
from govern.intake.foreign.known import KnownKpi
from govern.intake.foreign.outcome import Asked, Choice, Question
from govern.intake.foreign.written import label_line, quoted
from govern.intake.problem import CellProblem
from govern.intake.source import FileSource, LabelKeys
from govern.intake.source_load import fold

_OFFERED = 5
_CLOSE = 0.6
_LOOKED_UP = 200
"""For so many labels of a file it is looked for KPIs that come close."""


class SkippedLabel(Exception):  # noqa: N818 - an answer
    """The rows of this label are left out; the message says why."""


@dataclass(frozen=True, slots=True)
class Named:
    """A label's KPI, how that is known, and what the mapping says of the label."""

    kpi: KnownKpi
    how: str
    keys: LabelKeys


class Labels:
    def __init__(self, kpis: Mapping[str, KnownKpi], source: FileSource) -> None:
        self._kpis = kpis
        self._source = source
        self._skip = tuple(fold(each) for each in source.skip)
        self._asked: dict[str, Question] = {}
        self._names: dict[str, list[KnownKpi]] = {}
        for each in kpis.values():
            self._names.setdefault(fold(each.name), []).append(each)

    def find(self, label: str | None) -> Named:
        """Raises SkippedLabel, Asked, CellProblem."""
        if label is None:
            if self._source.kpi is None:
                raise CellProblem(
                    "stands in a row that names no KPI",
                    "fill the label in, or write `fill_down: true` below `file` in the mapping",
                )
            return Named(self._known(self._source.kpi), "the mapping's `kpi`", LabelKeys())
        folded = fold(label)
        keys = self._source.kpis.get(folded, LabelKeys())
        if keys.skip:
            raise SkippedLabel(f"the mapping leaves the label '{label}' out")
        if keys.kpi is not None:
            return Named(self._known(keys.kpi), f"'{label}' by the mapping", keys)
        word = next((each for each in self._skip if folded.startswith(each)), None)
        if word is not None:
            raise SkippedLabel(f"the row begins with '{label}', which the mapping leaves out")
        if self._source.kpi is not None and "kpi" not in self._source.columns:
            return Named(self._known(self._source.kpi), "the mapping's `kpi`", keys)
        if label in self._kpis:
            return Named(self._kpis[label], f"'{label}' is its id", keys)
        named = self._names.get(folded, [])
        if len(named) == 1:
            return Named(named[0], f"'{label}' is its name", keys)
        if label not in self._asked:
            # Looked up once, and not for each of the label's cells.
            self._asked[label] = self._which(label, keys, named)
        raise Asked(self._asked[label])

    def _known(self, kpi_id: str) -> KnownKpi:
        found = self._kpis.get(kpi_id)
        if found is None:
            near = get_close_matches(kpi_id, list(self._kpis), n=1)
            meant = f"did you mean '{near[0]}'?" if near else "correct `kpi` in the mapping"
            raise CellProblem(f"belongs to the KPI '{kpi_id}', which is not there for you", meant)
        return found

    def _which(self, label: str, keys: LabelKeys, named: Sequence[KnownKpi]) -> Question:
        offered = list(named) or self._close(label)
        choices = [
            Choice(label_line(label, keys, kpi=quoted(each.id)), each.name) for each in offered
        ]
        choices.append(Choice(label_line(label, keys, skip="true"), "its rows are left out"))
        if len(named) > 1:
            text = f"Several KPIs are called '{label}': which one is it?"
        elif is_total(label):
            text = f"Which KPI is '{label}'? It reads like a total."
        else:
            text = f"Which KPI is '{label}'?"
        return Question("kpis", text, tuple(choices))

    def _close(self, label: str) -> list[KnownKpi]:
        """Those whose name or id is alike or has most of the label's words, the closest first."""
        folded = fold(label)
        words = set(folded.split())
        scored: list[tuple[float, str]] = []
        matcher = SequenceMatcher(b=folded)
        looked_at = self._kpis.values() if len(self._asked) < _LOOKED_UP else ()
        for each in looked_at:
            name = fold(each.name)
            alike, by_id = _alike(matcher, name), _alike(matcher, fold(each.id))
            shared = len(words & set(name.split())) / len(words) if words else 0.0
            score = max(alike, by_id, shared)
            if score >= _CLOSE:
                scored.append((-score, each.id))
        near = [kpi_id for _, kpi_id in sorted(scored)[:_OFFERED]]
        if len(self._kpis) <= _OFFERED:
            near += [each for each in self._kpis if each not in near]
        return [self._kpis[each] for each in near]


def _alike(matcher: SequenceMatcher[str], text: str) -> float:
    """How alike the text is to the matcher's own, or 0 where it is quick to see that it is not."""
    matcher.set_seq1(text)
    if matcher.real_quick_ratio() < _CLOSE or matcher.quick_ratio() < _CLOSE:
        return 0.0
    return matcher.ratio()

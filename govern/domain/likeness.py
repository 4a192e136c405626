"""Which lessons of other projects concern a project: those of projects that measure what it measures.

Three points where a KPI of each follows the same template; two where one of each is of the same
category, in the same unit and to the same direction; one where a category or a tag is shared. What counts
is the best, not the sum. What is not known is like nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

TEMPLATE, MEASURE, SHARED = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Measured:
    """What of a KPI says whether another is alike."""

    id: str
    template: str | None = None
    category: str | None = None
    unit: str | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Experience:
    """A lesson as far as it says whom it concerns, with the KPIs of its project. Where it names
    categories, only KPIs of these count."""

    categories: Collection[str]
    tags: Collection[str]
    kpis: Sequence[Measured]

    @property
    def about(self) -> list[Measured]:
        return [
            each for each in self.kpis if not self.categories or each.category in self.categories
        ]


@dataclass(frozen=True, slots=True)
class Alike:
    """`because` is the reason, in a sentence."""

    score: int
    because: str


def likeness(kpis: Sequence[Measured], tags: Collection[str], lesson: Experience) -> Alike | None:
    """Why a lesson of another project concerns one with these KPIs and tags; None where it does not."""
    return max(_reasons(kpis, tags, lesson), key=lambda each: each.score, default=None)


def _reasons(
    kpis: Sequence[Measured], tags: Collection[str], lesson: Experience
) -> Iterator[Alike]:
    for own in kpis:
        for other in lesson.about:
            if own.template is not None and own.template == other.template:
                yield Alike(
                    TEMPLATE,
                    f"{own.id} here and {other.id} there follow the template {own.template}",
                )
            elif _same_measure(own, other):
                yield Alike(
                    MEASURE,
                    f"{own.id} here and {other.id} there are of the category {own.category}, in "
                    f"{own.unit}, to {own.direction}",
                )
    categories = {each.category for each in lesson.about} | set(lesson.categories)
    for own in kpis:
        if own.category is not None and own.category in categories:
            yield Alike(SHARED, f"{own.id} here is of the category {own.category}, too")
    for tag in sorted({*tags} & {*lesson.tags}):
        yield Alike(SHARED, f"both have the tag {tag}")


def _same_measure(own: Measured, other: Measured) -> bool:
    return None not in (own.category, own.unit, own.direction) and (
        (own.category, own.unit, own.direction) == (other.category, other.unit, other.direction)
    )

"""Reports: what a kind of report tells of a portfolio, a project, a submission or a review.

A report is plain data first. Each of its sections names the reads of the API that its figures are from
(`sources`), and how those that are worked out follow from the others (`derived`): so whoever doubts a
number asks for it. Pages are made of the same data by `govern.reports`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from govern import ENGINE_VERSION
from govern.domain.actor import Actor
from govern.domain.instant import write_instant
from govern.domain.plain import plain
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.services.as_of import When
from govern.services.courses import day_of
from govern.services.rollup import check_currency
from govern.services.runtime import Runtime
from govern.store import checkpoints


class About(StrEnum):
    """What one report is about."""

    PORTFOLIO = "portfolio"
    PROJECT = "project"
    SUBMISSION = "submission"
    REVIEW = "review"


_DECIDED_ON = frozenset({About.SUBMISSION, About.REVIEW})
"""What is told of these is looked at to vote or to sign, and so as it stands."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A report that is asked for. `about` is the id of what it is about, `None` for every portfolio.

    `at` is the day of its figures. `now` is when it is made or, with `when`, the moment that it looks
    back to, and `size` that of the log then; `runtime` is the runtime of then.
    """

    runtime: Runtime
    actor: Actor
    about: str | int | None
    now: datetime
    currency: str | None = None
    at: date | None = None
    when: When | None = None
    size: int | None = None

    @property
    def day(self) -> date:
        return day_of(self.at, self.now)

    @property
    def named(self) -> str:
        """The id of what it is about, where it is a text."""
        return str(self.about)

    def query(self, path: str, **given: object) -> str:
        """The read of the API that tells the same: `path` with what is given and not None. It looks back
        where the report does."""
        asked: dict[str, object] = {name: each for name, each in given.items() if each is not None}
        if self.when is not None and self.when.moment is not None:
            asked["as_of"] = write_instant(self.when.moment)
        elif self.when is not None:
            asked["as_of_size"] = self.when.size
        told = {name: _written(each) for name, each in asked.items()}
        return f"{quote(path)}?{urlencode(told)}" if told else quote(path)


@dataclass(frozen=True, slots=True)
class ReportKind:
    """`data` gives `name` (of what it is about) and `sections`, and raises what its use cases raise."""

    name: str
    title: str
    about: About
    data: Callable[[Asking], Record]


def build(kind: ReportKind, asking: Asking) -> Record:
    """The report as plain data. Raises NotFound, InvalidInput."""
    if asking.about is None and kind.about is not About.PORTFOLIO:
        raise InvalidInput(
            f"This report is about one {kind.about}.",
            errors={kind.about.value: ["name one"]},
        )
    check_currency(asking.currency)
    if kind.about not in _DECIDED_ON:
        asking = replace(asking, runtime=asking.runtime.for_reports())
    told = kind.data(asking)
    with asking.runtime.store.reading() as connection:
        sealed = checkpoints.last(connection) if asking.size is None else None
    found: Record = {
        "kind": kind.name,
        "title": kind.title,
        "about": {"type": kind.about.value, "id": asking.about, "name": told["name"]},
        "at": asking.day,
        "currency": asking.currency,
        "made_at": asking.now,
        "as_of_size": asking.size,
        "sealed": None
        if sealed is None
        else {name: sealed[name] for name in ("size", "root", "sealed_at")},
        "engine": ENGINE_VERSION,
        "sections": told["sections"],
    }
    return plain(found)


def section(
    name: str,
    title: str,
    content: Record,
    sources: Sequence[Record] = (),
    *,
    derived: Sequence[Record] = (),
    note: str | None = None,
) -> Record:
    """One section. `note` says what has to be known to read it."""
    return {
        "name": name,
        "title": title,
        "note": note,
        "content": content,
        "sources": [*sources],
        "derived": [*derived],
    }


def source(query: str, figures: Mapping[str, str], *, every_page: bool = False) -> Record:
    """A read of the API, and what of the section's content it tells: JSON pointer into the content →
    JSON pointer into the answer. What a pointer leads to stands there as the answer has it, as far as
    the content has it at all. `every_page`: the `items` of all pages are one list."""
    return {
        "query": query,
        "every_page": every_page,
        "figures": [{"path": path, "pointer": pointer} for path, pointer in figures.items()],
    }


def derived(path: str, function: str, *of: str, **where: Any) -> Record:
    """A figure that follows from others of the section: `sum`, `negated` (the sum with its sign turned),
    `difference` (the first less the others) or `count` (how many items of a list, of those with such
    fields). Paths are JSON pointers."""
    return {"path": path, "function": function, "of": [*of], "where": where}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain(value))

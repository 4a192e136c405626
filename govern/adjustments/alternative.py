"""What is asked for and what comes of it: an alternative, with what it changes and what that does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from govern.adjustments.effect import Effect
from govern.adjustments.standing import Work
from govern.domain.recommendation import Action

NOTHING = "nothing"


class Of(StrEnum):
    """What a date is a date of."""

    PROJECT = "project"
    DELIVERABLE = "deliverable"
    KPI = "kpi"


@dataclass(frozen=True, slots=True)
class Ask:
    """An alternative that is asked for; `action` is `None` for doing nothing. What is left open is chosen
    as each action says. `kpi` is the KPI that it is about."""

    action: Action | None = None
    deliverables: tuple[str, ...] = ()
    kpi: str | None = None
    periods: int | None = None
    to: date | None = None
    expected: date | None = None
    by: Decimal | None = None
    cost: Decimal | None = None
    until: date | None = None


class NotPossible(Exception):  # noqa: N818 - it is an answer
    """What is asked for cannot be done here; its text says why."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`change` is what the budget changes by, `saved` what need not be spent; where that is unknown `why`
    says why, and it is `at_most` so much. `held` is what is not released for now."""

    change: Decimal | None
    saved: Decimal | None
    at_most: Decimal | None = None
    held: Decimal | None = None
    why: str | None = None


AS_IT_IS = Budget(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Moved:
    """A date that moves. `of_id` is that of a deliverable or KPI."""

    of: Of
    of_id: str
    field: str
    was: date | None
    becomes: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A deliverable that was named and is not part of it."""

    deliverable: str
    why: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """`proposes` says in sentences what is to be done, `changes` is that as the changes of a scope change:
    empty where the plan stays as it is. `assumes` are the assumptions that the effects rest on."""

    ask: Ask
    title: str
    effects: tuple[Effect, ...]
    budget: Budget = AS_IT_IS
    works: tuple[Work, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    dates: tuple[Moved, ...] = ()
    proposes: tuple[str, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    assumes: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        return NOTHING if self.ask.action is None else self.ask.action.value

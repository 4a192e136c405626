"""A KPI's benefit profile: what cannot be so, and what is still missing.

What is asked for follows the benefit profiles of the Australian DTA and ATAP and MSP's test of a
benefit (described, observable, attributable, measurable).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from govern.domain.currency import CODES
from govern.domain.kpi import Direction

HELD: Final = frozenset({Direction.AT_LEAST, Direction.AT_MOST, Direction.MILESTONE})
"""Directions of a KPI that needs no baseline: nothing has to move from one."""

ASKED: Final = (
    "description",
    "category",
    "unit",
    "direction",
    "baseline",
    "baseline_on",
    "baseline_source",
    "target",
    "target_on",
    "tolerance",
    "owner",
    "department",
    "source",
    "calculation",
    "cashable",
)
"""The fields that a whole profile fills, in the order of the profile."""

_OF_BASELINE: Final = frozenset({"baseline", "baseline_on", "baseline_source"})
_OF_REPORTS: Final = frozenset({"source", "calculation"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """`problem` continues the sentence that begins with the field's value; `right` mends it."""

    problem: str
    right: str

    def __str__(self) -> str:
        return f"{self.problem}; {self.right}"


def missing(profile: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of `ASKED` that a profile (a KPI's fields by name) leaves open.

    A value that is held needs no baseline. A composite needs neither source nor calculation, as its
    formula says both. Whether a benefit is cashable is asked of money only.
    """
    spared: set[str] = set()
    if profile.get("direction") in HELD:
        spared |= _OF_BASELINE
    if profile.get("formula") is not None:
        spared |= _OF_REPORTS
    if profile.get("currency") is None:
        spared.add("cashable")
    return tuple(name for name in ASKED if name not in spared and profile.get(name) is None)


def wrong(profile: Mapping[str, Any]) -> dict[str, Wrong]:
    """What cannot be so in a profile, by field; what is not said is not wrong."""
    found: dict[str, Wrong] = {}
    amber, red = profile.get("tolerance"), profile.get("tolerance_red")
    if amber is not None and red is not None and red < amber:
        found["tolerance_red"] = Wrong(
            f"is below the tolerance, {_plain(amber)}, from which it is amber",
            "say a larger miss for red than for amber",
        )
    currency, unit = profile.get("currency"), profile.get("unit")
    if currency is not None and currency not in CODES:
        found["currency"] = Wrong("is no currency of ISO 4217", "write EUR, USD, GBP, …")
    elif currency is not None and unit in CODES and unit != currency:
        found["currency"] = Wrong(
            f"is not the unit, which is {unit}", "say the same currency in both, or leave one out"
        )
    scale = profile.get("scale")
    if scale is not None and scale <= 0:
        found["scale"] = Wrong("is not above zero", "write 1000000 where figures are in millions")
    share = profile.get("attribution")
    if share is not None and not 0 <= share <= 1:
        found["attribution"] = Wrong("is not a share from 0 to 1", "write sixty per cent as 0.6")
    since, until = profile.get("baseline_on"), profile.get("target_on")
    if since is not None and until is not None and until < since:
        found["target_on"] = Wrong(
            f"is before the day of the baseline, {since.isoformat()}",
            "a target is reached after the baseline was measured",
        )
    if profile.get("part_of") is not None and profile.get("part_of") == profile.get("id"):
        found["part_of"] = Wrong("is the KPI itself", "name the KPI whose figures hold its own")
    if profile.get("inputs") and profile.get("formula") is None:
        found["inputs"] = Wrong("are of no formula", "say the formula that they are named in")
    return found


def _plain(number: Decimal) -> str:
    return f"{number:f}"

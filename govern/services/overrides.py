"""How often people decide against the machine's advice, per gate and per criterion.

Counted anew from the submissions each time: nothing is kept that could differ from them.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from govern.domain.actor import Actor
from govern.domain.criterion import Outcome
from govern.domain.decision import Decision
from govern.domain.record import Record
from govern.domain.refusal import InvalidInput
from govern.services.runtime import Runtime
from govern.store import overrides

_PLACES = Decimal("1e-9")
_GATE = ("workflow", "gate")
_CRITERION = ("workflow", "gate", "criterion", "kind")
_IN_THE_WAY = (Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.WAIVED)


def override_rates(
    runtime: Runtime,
    actor: Actor,
    *,
    workflow: str | None = None,
    gate: str | None = None,
    portfolio: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Record:
    """The decisions made from `first` to `last` on projects that the actor may see.

    `gates`: how many decisions, how many of them other than advised, and that share (`rate`).
    `criteria`: how often each was judged, how often it came out not met, unknown or waived, how
    often the gate was passed (go, conditional_go) nevertheless, and that share; none where it never
    stood in the way. Shares have nine decimals, half up. Raises InvalidInput for a range that ends
    before it begins.
    """
    if first is not None and last is not None and last < first:
        raise InvalidInput(
            "The range ends before it begins.",
            errors={"to": [f"{first.isoformat()} or later"]},
        )
    with runtime.store.reading() as connection:
        found = overrides.decided(
            connection,
            actor,
            workflow=workflow,
            gate=gate,
            portfolio=portfolio,
            first=first,
            last=last,
        )
    return {"gates": _gates(found), "criteria": _criteria(found)}


def _gates(found: Iterable[Record]) -> list[Record]:
    decisions = pl.DataFrame(
        [(each["workflow"], each["gate"], each["decision"] != each["advice"]) for each in found],
        schema={"workflow": pl.String, "gate": pl.String, "override": pl.Boolean},
        orient="row",
    )
    counted = (
        decisions.group_by(_GATE)
        .agg(pl.len().alias("decisions"), pl.col("override").sum().alias("overrides"))
        .sort(_GATE)
    )
    return [
        {**row, "rate": _share(row["overrides"], row["decisions"])}
        for row in counted.iter_rows(named=True)
    ]


def _criteria(found: Iterable[Record]) -> list[Record]:
    judged = pl.DataFrame(
        [
            (
                each["workflow"],
                each["gate"],
                result["id"],
                result["kind"],
                result["outcome"],
                Decision(each["decision"]).passes,
            )
            for each in found
            for result in each["results"]
        ],
        schema={
            **dict.fromkeys((*_CRITERION, "outcome"), pl.String()),
            "passed": pl.Boolean(),
        },
        orient="row",
    )
    outcome, passed = pl.col("outcome"), pl.col("passed")
    counted = (
        judged.group_by(_CRITERION)
        .agg(
            pl.len().alias("judged"),
            *((outcome == each).sum().alias(each.value) for each in _IN_THE_WAY),
            *(
                ((outcome == each) & passed).sum().alias(f"passed_{each.value}")
                for each in _IN_THE_WAY
            ),
        )
        .sort(_CRITERION)
    )
    return [
        {
            **row,
            "rate": _share(
                sum(row[f"passed_{each.value}"] for each in _IN_THE_WAY),
                sum(row[each.value] for each in _IN_THE_WAY),
            ),
        }
        for row in counted.iter_rows(named=True)
    ]


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_PLACES, ROUND_HALF_UP) if whole else None

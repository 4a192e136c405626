"""A life of two projects in which everything happens that a replay recomputes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from govern.domain.decision import Answer
from govern.services import decisions, scores, waivers
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.sweeps import sweep
from tests.services.house import NOW, House, add_project, report, submit
from tests.services.waived_house import submitted

BEHIND = {"2026-08-31": 300, "2026-09-30": 300, "2026-10-31": 300}


def cast(house: House, submission: int, by: str, answer: Answer, **more: Any) -> None:
    ballot = Ballot(answer, "So.", "So it is.", **more)
    decisions.vote(house.runtime, house.actors[by], submission, ballot, version=None, now=NOW)


def live(house: House) -> None:
    """A project that was scored, waived, voted on and decided, and one that fell behind."""
    first = submitted(house, "P1", spent=None)
    for who, value in (("sam", "7.25"), ("fay", "8")):
        scores.score(
            house.runtime,
            house.actors[who],
            first["id"],
            criterion="strategic-fit",
            given=Decimal(value),
            note="Two of three.",
            version=None,
            now=NOW,
        )
    waivers.grant(
        house.runtime,
        house.gus,
        "P1",
        gate="start",
        criterion="spent-known",
        reason="The books close in January.",
        expires_on=date(2026, 12, 31),
        now=NOW,
    )
    cast(house, first["id"], "sam", Answer.GO)
    owed = ({"text": "Close the books", "owner": "Olga", "due": date(2027, 1, 31)},)
    cast(house, first["id"], "fay", Answer.CONDITIONAL_GO, owed=owed)
    add_project(house, "P2")
    report(house, "P2-K1", BEHIND)
    submit(house, "P2", "value_defined")
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    report(house, "P2-K1", {"2026-10-31": 1000})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW + timedelta(hours=1))

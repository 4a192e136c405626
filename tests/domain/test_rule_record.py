"""The record of a rule: counts, shares and medians, by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from govern.domain.recommendation import RecommendationStatus as S
from govern.domain.recommendation import RejectedBecause as B
from govern.domain.rule_record import Recommended, grouped, median, record_of

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def one(
    status: S,
    *,
    answered: float | None = None,
    implemented: float | None = None,
    because: B | None = None,
    rule: str = "late",
    action: str = "rephase",
) -> Recommended:
    """`answered` and `implemented` are days after it was proposed."""
    return Recommended(
        rule,
        action,
        status,
        START,
        None if answered is None else START + answered * DAY,
        None if implemented is None else START + implemented * DAY,
        None if because is None else because.value,
    )


TWELVE = [
    one(S.PROPOSED),
    one(S.DEFERRED, answered=30),
    one(S.ACCEPTED, answered=2),
    one(S.IMPLEMENTED, answered=4, implemented=10),
    one(S.EFFECTIVE, answered=1, implemented=5),
    one(S.INEFFECTIVE, answered=8, implemented=20),
    one(S.REJECTED, answered=3, because=B.NOT_A_PROBLEM),
    one(S.REJECTED, answered=5, because=B.TOO_COSTLY),
    one(S.CLEARED),
    one(S.CLEARED, answered=9),
    one(S.EXPIRED),
    one(S.SUPERSEDED),
]


def test_each_is_counted_by_how_far_it_came() -> None:
    found = record_of(TWELVE)
    assert (found.proposed, found.open, found.deferred, found.closed) == (12, 2, 1, 10)
    assert (found.accepted, found.rejected, found.answered) == (4, 2, 6)
    assert (found.implemented, found.effective, found.ineffective, found.verified) == (3, 1, 1, 2)
    assert (found.expired, found.superseded, found.cleared) == (1, 1, 2)
    assert found.rejected_because == {"not_a_problem": 1, "too_costly": 1}


def test_shares_are_of_what_they_can_be_of() -> None:
    found = record_of(TWELVE)
    assert found.accepted_share == Decimal("0.666666667")
    assert found.effective_share == Decimal("0.5")
    assert found.false_alarms == 2
    assert found.false_alarm_share == Decimal("0.2")


def test_lead_times_are_exact_medians() -> None:
    found = record_of(TWELVE)
    # Answered after 1, 2, 3, 4, 5 and 8 days; the deferred and the cleared one have no answer.
    assert found.days_to_answer == Decimal("3.5")
    # Implemented after 5, 10 and 20 days.
    assert found.days_to_implement == Decimal(10)
    assert median([DAY / 2]) == timedelta(hours=12)
    assert record_of([one(S.ACCEPTED, answered=0.5)]).days_to_answer == Decimal("0.5")


def test_of_nothing_everything_is_unknown() -> None:
    found = record_of([])
    assert (found.accepted_share, found.effective_share, found.false_alarm_share) == (
        *(None, None),
        None,
    )
    assert (found.days_to_answer, found.days_to_implement, found.poor) == (None, None, False)


@pytest.mark.parametrize(
    ("alarms", "others", "poor"), [(3, 2, True), (2, 2, False), (3, 3, False), (4, 0, False)]
)
def test_more_than_half_false_alarms_of_five_is_poor(alarms: int, others: int, poor: bool) -> None:
    found = record_of(
        [
            *[one(S.REJECTED, answered=1, because=B.DATA_WRONG)] * alarms,
            *[one(S.REJECTED, answered=1, because=B.OTHER)] * others,
            *[one(S.PROPOSED)] * 4,
        ]
    )
    assert found.poor is poor
    if poor:
        assert found.why == "3 of 5 answered or closed were false alarms"


@pytest.mark.parametrize(
    ("effective", "others", "poor"), [(1, 4, True), (3, 7, False), (2, 8, True), (0, 4, False)]
)
def test_fewer_than_three_in_ten_effective_is_poor(effective: int, others: int, poor: bool) -> None:
    found = record_of(
        [
            *[one(S.EFFECTIVE, answered=1, implemented=2)] * effective,
            *[one(S.INEFFECTIVE, answered=1, implemented=2)] * others,
        ]
    )
    assert found.poor is poor


def test_a_rejection_of_before_reasons_were_words_is_no_false_alarm() -> None:
    found = record_of([one(S.REJECTED, answered=1)])
    assert found.rejected_because == {"not_said": 1}
    assert found.false_alarms == 0


def test_by_rule_by_action_and_by_both() -> None:
    found = [
        one(S.PROPOSED, rule="b", action="rephase"),
        one(S.PROPOSED, rule="a", action="rephase"),
        one(S.PROPOSED, rule="a", action="descope"),
    ]
    assert {key: len(each) for key, each in grouped(found, lambda e: e.rule).items()} == {
        "a": 2,
        "b": 1,
    }
    assert list(grouped(found, lambda e: (e.rule, e.action))) == [
        ("a", "descope"),
        ("a", "rephase"),
        ("b", "rephase"),
    ]

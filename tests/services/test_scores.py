"""Criteria that people score: who may, what counts, and what it does to votes and advice."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from govern.domain.decision import Answer
from govern.domain.refusal import (
    InvalidInput,
    NotAllowed,
    SeparationOfDuties,
    StaleVersion,
    SubmissionClosed,
)
from govern.domain.role import Role
from govern.services import delegations, gates, history, scores
from govern.services.ballots import Ballot
from govern.services.waiting import waiting_for
from tests.services.house import NOW, House
from tests.services.waived_house import results, submitted, vote


def give(house: House, by: str, submission: int, value: str, **more: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"criterion": "strategic-fit", "version": None, **more}
    return scores.score(
        house.runtime,
        house.actors[by],
        submission,
        given=Decimal(value),
        now=NOW,
        **options,
    )


def card(submission: dict[str, Any], criterion: str = "strategic-fit") -> dict[str, Any]:
    return next(each for each in submission["scorecards"] if each["criterion"] == criterion)


def events(house: House, kind: str) -> list[dict[str, Any]]:
    return history.project_history(house.runtime, house.pia, "P1", kind=kind, limit=500).items


def test_it_is_unknown_until_enough_have_scored_and_then_the_mean_counts(house: House) -> None:
    opened = submitted(house)
    assert results(opened)["strategic-fit"]["outcome"] == "unknown"
    assert opened["advice"] == "hold"
    one = give(house, "sam", opened["id"], "7.25", note="Two of three goals.")
    assert results(one)["strategic-fit"]["outcome"] == "unknown"
    assert (card(one)["mean"], card(one)["missing"]) == (Decimal("7.25"), 1)
    assert card(one)["who"] == ["Fay", "Max"]
    two = give(house, "fay", opened["id"], "5")
    assert results(two)["strategic-fit"]["outcome"] == "met"
    assert results(two)["strategic-fit"]["values"]["score"] == "6.13"
    assert (card(two)["missing"], card(two)["who"]) == (0, [])
    assert [
        (each["person"], each["role"], each["score"], each["note"]) for each in card(two)["scores"]
    ] == [
        ("Sam", "sponsor", Decimal("7.25"), "Two of three goals."),
        ("Fay", "finance", Decimal(5), None),
    ]
    assert card(two)["anchors"] == [
        {"at": 0, "means": "Against the strategy"},
        {"at": 10, "means": "The strategy asks for it"},
    ]
    assert [each["data"]["score"] for each in events(house, "criterion.scored")] == ["7.25", "5"]
    assert two["advice"] == "conditional_go", "nobody has scored the appeal, which weighs all"


def test_a_correction_is_one_more_score_and_the_newest_counts(house: House) -> None:
    opened = submitted(house)
    give(house, "sam", opened["id"], "9")
    give(house, "fay", opened["id"], "9")
    corrected = give(house, "fay", opened["id"], "2", note="I had the wrong year.")
    assert card(corrected)["mean"] == Decimal("5.50")
    assert results(corrected)["strategic-fit"]["outcome"] == "not_met"
    assert len(card(corrected)["scores"]) == 2
    told = [each["told"] for each in events(house, "criterion.scored")]
    assert told[-1] == (
        f"2 of 10 for 'strategic-fit' as finance on submission {opened['id']}: "
        "I had the wrong year."
    )
    assert len(told) == 3


def test_votes_cast_before_a_score_that_changes_something_are_asked_for_again(house: House) -> None:
    opened = submitted(house)
    give(house, "fay", opened["id"], "7")
    vote(house, "sam", opened["id"], Ballot(Answer.GO, "Good.", "I know the score."))
    scored = give(house, "sam", opened["id"], "8")
    assert (scored["round"], scored["votes"][0]["counts"]) == (2, False)
    assert any("strategic-fit" in each for each in scored["changed"])


def test_a_note_alone_makes_no_vote_stale_and_still_is_what_later_voters_see(house: House) -> None:
    opened = submitted(house)
    give(house, "fay", opened["id"], "7")
    give(house, "sam", opened["id"], "7")
    voted = vote(house, "sam", opened["id"], Ballot(Answer.GO, "Good.", "Enough."))
    noted = give(house, "fay", opened["id"], "7", note="Now with a reason.")
    assert (noted["round"], noted["votes"][0]["counts"]) == (1, True)
    assert noted["version"] > voted["version"]
    assert noted["seen_digest"] != voted["seen_digest"]


def test_who_submitted_never_scores_and_the_attempt_is_recorded(house: House) -> None:
    opened = submitted(house, by="max")
    with pytest.raises(SeparationOfDuties, match="somebody else scores"):
        give(house, "max", opened["id"], "10")
    (refused,) = events(house, "score.refused")
    assert refused["data"] == {
        "submission": opened["id"],
        "criterion": "strategic-fit",
        "gate": "start",
        "code": "separation-of-duties",
    }
    assert (
        card(gates.get_submission(house.runtime, house.sam, opened["id"], now=NOW))["scores"] == []
    )


def test_only_the_roles_that_the_criterion_names_score_it(house: House) -> None:
    opened = submitted(house)
    with pytest.raises(NotAllowed) as refused:
        give(house, "gus", opened["id"], "5")
    assert refused.value.facts["needed"] == ["sponsor", "finance"]
    with pytest.raises(InvalidInput) as wrong:
        give(house, "sam", opened["id"], "5", role=Role.FINANCE)
    assert wrong.value.facts["errors"] == {"role": ["one of sponsor"]}


def test_a_deputy_votes_but_does_not_score(house: House) -> None:
    opened = submitted(house)
    delegations.delegate(
        house.runtime,
        house.sam,
        to="gus@example.org",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        reason="On leave.",
        now=NOW,
    )
    with pytest.raises(NotAllowed):
        give(house, "gus", opened["id"], "5")


def test_where_the_criterion_names_nobody_those_who_decide_score(house: House) -> None:
    opened = submitted(house)
    assert card(opened, "appeal")["by"] == ["sponsor", "finance"]
    scored = give(house, "fay", opened["id"], "4", criterion="appeal")
    assert results(scored)["appeal"]["outcome"] == "not_met"


@pytest.mark.parametrize(
    ("criterion", "value", "field", "says"),
    [
        ("nothing", "5", "criterion", "strategic-fit, appeal"),
        ("budget-set", "5", "criterion", "judged by a condition"),
        ("evidence-business_case", "5", "criterion", "strategic-fit, appeal"),
        ("strategic-fit", "10.01", "score", "from 0 to 10"),
        ("strategic-fit", "-1", "score", "from 0 to 10"),
        ("strategic-fit", "7.125", "score", "two decimals"),
    ],
)
def test_what_cannot_be_scored(
    house: House, criterion: str, value: str, field: str, says: str
) -> None:
    opened = submitted(house)
    with pytest.raises(InvalidInput) as refused:
        give(house, "sam", opened["id"], value, criterion=criterion)
    assert says in refused.value.facts["errors"][field][0]
    assert events(house, "criterion.scored") == []


def test_nothing_is_scored_once_it_is_decided_or_on_another_version(house: House) -> None:
    opened = submitted(house)
    with pytest.raises(StaleVersion):
        give(house, "sam", opened["id"], "5", version=opened["version"] + 1)
    vote(house, "sam", opened["id"], Ballot(Answer.KILL, "No.", "No."))
    with pytest.raises(SubmissionClosed, match="kill"):
        give(house, "sam", opened["id"], "5")


def test_scores_wait_for_who_can_give_them(house: House) -> None:
    opened = submitted(house, by="max")

    def waits(name: str) -> list[tuple[str, list[str]]]:
        found = waiting_for(house.runtime, house.actors[name], now=NOW + timedelta(hours=1))
        return [(each["criterion"], each["as"]) for each in found["scores"]]

    assert waits("sam") == [("strategic-fit", ["sponsor"]), ("appeal", ["sponsor"])]
    assert waits("fay") == [("strategic-fit", ["finance"]), ("appeal", ["finance"])]
    assert waits("max") == waits("gus") == []
    give(house, "sam", opened["id"], "5", criterion="appeal")
    give(house, "sam", opened["id"], "5")
    assert waits("sam") == []
    assert waits("fay") == [("strategic-fit", ["finance"])], "one score of the appeal is enough"
    vote(house, "sam", opened["id"], Ballot(Answer.KILL, "No.", "No."))
    assert waits("fay") == []

"""Which duties are separated: on unless switched off, in the open, and some of them always."""

from dataclasses import replace

import pytest

from govern.domain.actor import Grant
from govern.domain.decision import Answer
from govern.domain.refusal import InvalidInput, NotAllowed, SeparationOfDuties
from govern.domain.role import Role
from govern.domain.separation import DUTIES, SWITCHED, KeptIn, Pair
from govern.process.definition import SEPARATIONS
from govern.services import decisions, history, rulebooks
from govern.services.ballots import Ballot
from govern.services.people import OPERATOR
from govern.services.separation import list_pairs, switch
from govern.services.status import portfolio_status
from tests.services.house import NOW, RULES, House, add_project, submit

WHY = "There is one person for both."
RULE_PAIR = Pair.RULE_AUTHOR_PUBLISHER


def switched(house: House, pair: str, *, separated: bool = False, reason: str = WHY) -> bool:
    return switch(house.runtime, OPERATOR, pair, separated=separated, reason=reason, now=NOW)


def told(house: House, kind: str) -> list[dict[str, object]]:
    aud = replace(house.aud, grants=(Grant(Role.AUDITOR),))
    found = history.service_history(house.runtime, aud).items
    return [each for each in found if each["kind"] == kind]


def test_every_pair_is_separated_unless_a_gate_says_it(house: House) -> None:
    found = {each["pair"]: each["separated"] for each in list_pairs(house.runtime)}
    assert list(found) == list(Pair)
    assert {pair for pair, each in found.items() if each} == {
        Pair.SUBMITTER_DECIDER,
        Pair.PROPOSER_DECIDER,
        Pair.REVIEW_AUTHOR_SIGNER,
        *SWITCHED,
    }
    assert False not in found.values()
    decided = {each.pair for each in DUTIES if each.kept_in is not KeptIn.INSTALLATION}
    at_gates = decided - {Pair.PROPOSER_DECIDER, Pair.REVIEW_AUTHOR_SIGNER}
    assert at_gates == {f"{each}/decider" for each in SEPARATIONS}


def test_a_switch_is_told_with_who_when_and_why(house: House) -> None:
    assert switched(house, RULE_PAIR)
    assert not switched(house, RULE_PAIR), "it stands so already"
    (off,) = portfolio_status(house.runtime, OPERATOR, now=NOW)["not_separated"]
    assert (off["pair"], off["separated"], off["reason"]) == (RULE_PAIR, False, WHY)
    assert (off["switched_by"], off["switched_at"]) == (OPERATOR.name, NOW)
    assert switched(house, RULE_PAIR, separated=True, reason="Ron has joined")
    assert portfolio_status(house.runtime, OPERATOR, now=NOW)["not_separated"] == []
    first, second = sorted(told(house, "separation.switched"), key=lambda each: str(each["seq"]))
    assert first["data"] == {"switch": 1, "pair": RULE_PAIR, "separated": False, "reason": WHY}
    assert second["told"] == f"{RULE_PAIR}: separated again: Ron has joined"


@pytest.mark.parametrize(
    ("pair", "right"),
    [
        ("submitter/decider", "always separated"),
        ("proposer/decider", "always separated"),
        ("reading_submitter/decider", "in the workflow file"),
        ("evidence_provider/decider", "in the workflow file"),
        ("author/publisher", "one of rule_author/rule_publisher"),
    ],
)
def test_other_pairs_are_not_switched_here(house: House, pair: str, right: str) -> None:
    before = list_pairs(house.runtime)
    with pytest.raises(InvalidInput) as refused:
        switched(house, pair, reason=" ")
    assert right in refused.value.facts["errors"]["pair"][0]
    assert "reason" in refused.value.facts["errors"]
    assert list_pairs(house.runtime) == before
    assert told(house, "separation.switched") == []


def test_only_an_administrator_of_the_installation_switches(house: House) -> None:
    for actor in (house.max, replace(house.sam, grants=(Grant(Role.ADMIN, "main"),))):
        with pytest.raises(NotAllowed):
            switch(house.runtime, actor, RULE_PAIR, separated=False, reason=WHY, now=NOW)
    assert told(house, "separation.switched") == []


def test_the_author_publishes_only_while_the_pair_is_off_and_the_event_says_so(
    house: House,
) -> None:
    both = (Grant(Role.RULE_AUTHOR), Grant(Role.RULE_PUBLISHER))
    ana = replace(house.sam, grants=both)
    made = rulebooks.propose(
        house.runtime, ana, {"benefits.yaml": f"{RULES}# Two"}, note=WHY, now=NOW
    )
    with pytest.raises(SeparationOfDuties):
        rulebooks.publish_proposed(house.runtime, ana, made["digest"], now=NOW)
    switched(house, Pair.READING_SUBMITTER_VALIDATOR)
    with pytest.raises(SeparationOfDuties):
        rulebooks.publish_proposed(house.runtime, ana, made["digest"], now=NOW)
    switched(house, RULE_PAIR)
    done = rulebooks.publish_proposed(house.runtime, ana, made["digest"], now=NOW)
    assert done["state"] == "in_force"
    marked = [each for each in told(house, "rulebook.published") if "not_separated" in each["data"]]  # type: ignore[operator]
    assert [each["actor"] for each in marked] == [ana.person_id]


def test_the_submitter_decides_nothing_whatever_is_switched_off(house: House) -> None:
    number = submit(house, add_project(house), "value_defined")["id"]
    for pair in SWITCHED:
        assert switched(house, pair)
    pia = replace(house.pia, grants=tuple(Grant(each) for each in Role))
    with pytest.raises(SeparationOfDuties):
        decisions.vote(
            house.runtime, pia, number, Ballot(Answer.GO, WHY, WHY, ()), version=None, now=NOW
        )

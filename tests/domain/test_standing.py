"""Which recommendations a sweep makes: one per rule and subject, the worst of several that say the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.domain.finding import Severity
from govern.domain.recommendation import MOVES, OPEN, Action
from govern.domain.recommendation import RecommendationStatus as Status
from govern.domain.standing import Firing, Made, Settled, Subject, settle

RED, AMBER, GREEN = Severity.RED, Severity.AMBER, Severity.GREEN
MILD: Subject = ("mild", "P", "K")
WORSE: Subject = ("worse", "P", "K")


def made(
    number: int,
    subject: Subject = MILD,
    severity: Severity = AMBER,
    status: Status = Status.PROPOSED,
    by: int | None = None,
) -> Made:
    return Made(number, subject, Action.DESCOPE, severity, status, by)


def firing(
    subject: Subject = MILD,
    severity: Severity = AMBER,
    *,
    begins: bool = True,
    snoozed: bool = False,
    action: Action = Action.DESCOPE,
) -> Firing:
    return Firing(subject, action, severity, begins, snoozed)


def settled(there: list[Made], *fires: Firing, ended: frozenset[Subject] = frozenset()) -> Settled:
    return settle(there, fires, loud={each.subject for each in fires}, ended=ended)


@pytest.mark.parametrize("status", [each for each in Status if each not in OPEN])
def test_a_new_episode_is_proposed_whatever_became_of_the_last_one(status: Status) -> None:
    assert settled([made(1, status=status)], firing()).proposed == {MILD: ()}


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (Status.PROPOSED, False),
        (Status.DEFERRED, False),
        (Status.ACCEPTED, False),
        (Status.REJECTED, False),
        (Status.EXPIRED, False),
        (Status.IMPLEMENTED, False),
        (Status.EFFECTIVE, False),
        (Status.INEFFECTIVE, True),
        (Status.CLEARED, True),
    ],
)
def test_within_an_episode_only_what_has_not_helped_is_proposed_anew(
    status: Status, again: bool
) -> None:
    found = settled([made(1, status=status)], firing(begins=False))
    assert (MILD in found.proposed) is again
    assert found.withheld == set()


def test_a_worse_one_supersedes_the_lesser_that_are_open() -> None:
    there = [made(1), made(2, ("other", "P", "K"), GREEN, Status.DEFERRED)]
    there += [made(3, ("elsewhere", "P", "K2")), made(4, ("third", "P", "K"), RED)]
    found = settled(there, firing(WORSE, RED))
    assert found.proposed == {WORSE: (1, 2)}


def test_another_action_supersedes_nothing() -> None:
    found = settled([made(1)], firing(WORSE, RED, action=Action.REPHASE))
    assert found.proposed == {WORSE: ()}


def test_a_lesser_one_waits_while_a_worse_one_is_open() -> None:
    found = settled([made(1, WORSE, RED)], firing(), firing(WORSE, RED, begins=False))
    assert (found.proposed, found.withheld) == ({}, {MILD})


def test_of_two_that_begin_together_the_worse_is_proposed() -> None:
    found = settled([], firing(), firing(WORSE, RED))
    assert (found.proposed, found.withheld) == ({WORSE: ()}, {MILD})


def test_equally_bad_ones_stand_beside_each_other() -> None:
    assert settled([made(1, WORSE, AMBER)], firing()).proposed == {MILD: ()}


def test_a_snoozed_one_supersedes_nothing() -> None:
    found = settled([made(1)], firing(WORSE, RED, snoozed=True))
    assert (found.proposed, found.withheld) == ({}, {WORSE})


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (Status.PROPOSED, False),
        (Status.DEFERRED, False),
        (Status.ACCEPTED, False),
        (Status.IMPLEMENTED, False),
        (Status.REJECTED, True),
        (Status.EXPIRED, True),
        (Status.CLEARED, True),
        (Status.EFFECTIVE, True),
    ],
)
def test_what_was_superseded_comes_back_once_the_worse_one_is_over(
    status: Status, again: bool
) -> None:
    there = [made(1, status=Status.SUPERSEDED, by=2), made(2, WORSE, RED, status)]
    loud = {MILD} if status is Status.CLEARED else {MILD, WORSE}
    found = settle(there, [firing(begins=False)], loud=loud, ended=frozenset())
    assert (MILD in found.proposed) is again


def test_a_worse_one_that_is_cleared_by_the_same_sweep_is_in_nobodys_way() -> None:
    there = [made(1, status=Status.SUPERSEDED, by=2), made(2, WORSE, RED)]
    found = settled(there, firing(begins=False), ended=frozenset({WORSE}))
    assert found.proposed == {MILD: ()}


def test_what_is_in_work_is_in_the_way_only_while_its_rule_has_something_to_say() -> None:
    there = [made(1, WORSE, RED, Status.ACCEPTED)]
    assert settled(there, firing(), firing(WORSE, RED, begins=False)).proposed == {}
    assert settled(there, firing()).proposed == {MILD: ()}


RULES = {"a": GREEN, "b": AMBER, "c": AMBER, "d": RED}
STEPS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(sorted(RULES))),
        st.sets(st.sampled_from(sorted(RULES))),
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=4),
    ),
    max_size=12,
)
"""Of each step: which rules fire, which are snoozed, and what people and time do to what there is."""


@given(STEPS)
def test_whatever_happens_nobody_is_asked_the_same_twice(
    steps: list[tuple[set[str], set[str], list[tuple[int, int]]]],
) -> None:
    subjects: dict[str, Subject] = {rule: (rule, "P", "K") for rule in RULES}
    there: list[Made] = []
    before: set[Subject] = set()
    withheld: set[Subject] = set()
    for fires, snoozed, moves in steps:
        loud = {subjects[each] for each in fires}
        there = [
            replace(each, status=Status.CLEARED)
            if each.status in OPEN and each.subject not in loud
            else each
            for each in there
        ]
        found = settle(
            there,
            [
                Firing(
                    subjects[each],
                    Action.DESCOPE,
                    RULES[each],
                    begins=subjects[each] not in before - withheld,
                    snoozed=each in snoozed,
                )
                for each in sorted(fires)
            ],
            loud=loud,
            ended=frozenset(),
        )
        for subject, lesser in found.proposed.items():
            earlier = [each for each in there if each.subject == subject]
            if earlier and subject in before - withheld:
                assert earlier[-1].status in {
                    Status.CLEARED,
                    Status.SUPERSEDED,
                    Status.INEFFECTIVE,
                }, "within an episode nothing that was answered or ran out comes back"
            number = len(there) + 1
            there = [
                replace(each, status=Status.SUPERSEDED, superseded_by=number)
                if each.number in lesser
                else each
                for each in there
            ]
            there.append(Made(number, subject, Action.DESCOPE, RULES[subject[0]], Status.PROPOSED))
        before, withheld = loud, found.withheld
        still = [each for each in there if each.status in OPEN]
        assert len({each.subject for each in still}) == len(still)
        assert len({each.severity for each in still}) <= 1, "a lesser beside a worse one"
        for index, way in moves:
            if there:
                one = there[index % len(there)]
                ways = sorted(MOVES[one.status] - {Status.SUPERSEDED, Status.CLEARED})
                if ways:
                    moved = replace(one, status=ways[way % len(ways)])
                    there[index % len(there)] = moved

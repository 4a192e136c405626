"""Sixteen people vote, decide, submit, lend their votes and change figures at the same moment.

On each database, against a server of several processes: every gate is passed once, every vote that
was acknowledged is kept, and who came too late is told how it stands.
"""

from collections import Counter
from collections.abc import Iterator
from time import sleep
from typing import Any

import pytest

from tests.databases import KINDS, migrated
from tests.services.house import add_project
from tests.walk.caller import Answer, Caller
from tests.walk.crowd import (
    CROWD,
    Crowd,
    crowd,
    email_of,
    leave,
    new_target,
    until_answered,
    until_closed,
)

GO = {"decision": "go", "reason": "I have read it."}


# A group each, so that a server is started once.
_EACH = [pytest.param(each, marks=pytest.mark.xdist_group(f"crowd-{each}")) for each in KINDS]


@pytest.fixture(scope="module", params=_EACH)
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crowd]:
    folder = tmp_path_factory.mktemp("crowd")
    with migrated(request.param, request, folder) as url, crowd(url, folder) as found:
        yield found


def _one_transition(there: Crowd, project: str, *, to: str = "running") -> None:
    told = there.told(project)
    assert (told["gate.submitted"], told["gate.decided"], told["stage.moved"]) == (1, 1, 1)
    moved = next(each for each in there.events(project) if each["kind"] == "stage.moved")
    assert (moved["data"]["from"], moved["data"]["to"]) == ("draft", to)
    there.require_whole()


def _require_kept(there: Crowd, submission: int, acknowledged: list[tuple[str, Answer]]) -> None:
    """Each vote that was acknowledged, and no other, stands in the store and in the ledger."""
    found = there.read(submission)
    kept = Counter(each["person"] for each in found["votes"])
    assert kept == Counter(name for name, _ in acknowledged)
    cast = [
        each
        for each in there.events(found["project"])
        if each["kind"] == "vote.cast" and each["data"]["submission"] == submission
    ]
    assert Counter(each["actor_name"] for each in cast) == kept
    in_round = [
        (each["round"], each["for_person_id"] or each["person_id"]) for each in found["votes"]
    ]
    assert len(in_round) == len(set(in_round)), "somebody's vote counts twice in one round"


def test_one_vote_decides_though_sixteen_cast_it(there: Crowd) -> None:
    """Four gates at once, each client in another order; half of them want the project killed."""
    projects = {f"ONE-{n}": there.submitted(f"ONE-{n}", "one") for n in range(4)}
    versions = {
        each: there.sponsors[0].read(f"/submissions/{each}").version for each in projects.values()
    }

    def decide_all(caller: Caller) -> dict[int, Answer]:
        number = there.sponsors.index(caller)
        body = (
            GO
            if number % 2
            else {"decision": "kill", "reason": "No.", "override_reason": "There is no money."}
        )
        first = number % len(projects)
        order = [*projects.values()][first:] + [*projects.values()][:first]
        return {
            each: until_answered(
                lambda each=each: caller.call(
                    "POST", f"/submissions/{each}/votes", body, versions[each]
                )
            )
            for each in order
        }

    got = there.together(there.sponsors, decide_all)
    for project, submission in projects.items():
        answers = [(c.name, each[submission]) for c, each in zip(there.sponsors, got, strict=True)]
        assert Counter(answer.status for _, answer in answers) == {201: 1, 409: CROWD - 1}
        (won,) = [each for each in answers if each[1].status == 201]
        decision = won[1].body["decision"]
        for _, answer in answers:
            if answer.status == 409:
                assert answer.body["code"] == "submission-closed"
                assert answer.body["decision"] == decision
        _require_kept(there, submission, [won])
        _one_transition(there, project, to="running" if decision == "go" else "terminated")


def test_a_panel_counts_eight_of_sixteen_each_once(there: Crowd) -> None:
    submission = there.submitted("PANEL", "panel")
    got = there.together(there.sponsors, lambda who: until_closed(who, submission, GO))
    acknowledged = [
        (caller.name, answer)
        for caller, answers in zip(there.sponsors, got, strict=True)
        for answer in answers
        if answer.status == 201
    ]
    assert {answer.status for answers in got for answer in answers} <= {201, 409, 412}
    assert len(acknowledged) == 8
    _require_told(got)
    _require_kept(there, submission, acknowledged)
    _one_transition(there, "PANEL")
    found = there.read(submission)
    assert [each["seat"] for each in found["votes"]] == ["sponsor"] * 8


def test_figures_change_under_the_vote_and_no_vote_counts_for_what_it_did_not_see(
    there: Crowd,
) -> None:
    submission = there.submitted("MOVING", "four")
    half = CROWD // 2
    voters, changers = there.sponsors[:half], there.managers[:half]

    def act(caller: Caller) -> Any:
        if caller in voters:
            return until_closed(caller, submission, GO)
        for turn in range(2):
            number = half * turn + changers.index(caller)
            _change_target(caller, "MOVING-K1", new_target(number))
        return []

    got = there.together([*voters, *changers], act)
    acknowledged = [
        (caller.name, answer)
        for caller, answers in zip([*voters, *changers], got, strict=True)
        for answer in answers
        if answer.status == 201
    ]
    _require_told(got)
    _require_kept(there, submission, acknowledged)
    _one_transition(there, "MOVING")
    found = there.read(submission)
    last = [each for each in found["votes"] if each["round"] == found["round"]]
    assert [each["seat"] for each in last] == ["sponsor"] * 4
    assert {each["seen_digest"] for each in last} == {found["seen_digest"]}
    earlier = [each for each in found["votes"] if each["round"] < found["round"]]
    assert all(each["seat"] is None for each in earlier)
    told = there.told("MOVING")
    assert told["kpi.changed"] == 2 * half
    rounds = [e["data"]["round"] for e in there.events("MOVING") if e["kind"] == "gate.rejudged"]
    assert rounds == sorted(rounds)


def test_votes_are_lent_and_taken_back_meanwhile_and_each_counts_once(there: Crowd) -> None:
    """Each giver lends their vote, takes it back, lends it again and votes themselves, while the
    deputy votes for them: one of the two has voted in the end."""
    submission = there.submitted("LENT", "lent")
    deputies = dict(zip(there.givers, there.deputies, strict=True))

    def act(caller: Caller) -> list[Answer]:
        if caller in deputies:
            _lend_and_take_back(caller, email_of(deputies[caller].name))
            return until_closed(caller, submission, GO)
        giver = there.givers[there.deputies.index(caller)]
        body = {**GO, "on_behalf_of": email_of(giver.name)}
        return until_closed(caller, submission, body)

    everybody = [*there.givers, *there.deputies]
    got = there.together(everybody, act)
    acknowledged = [
        (caller.name, answer)
        for caller, answers in zip(everybody, got, strict=True)
        for answer in answers
        if answer.status == 201
    ]
    assert len(acknowledged) == 6
    _require_kept(there, submission, acknowledged)
    _one_transition(there, "LENT")
    for vote in there.read(submission)["votes"]:
        assert vote["seat"] == "finance"
        assert (vote["through"] == "delegation") == vote["person"].startswith("Deputy")


def test_a_project_is_submitted_once_though_sixteen_submit_it(there: Crowd) -> None:
    projects = [add_project(there.house, f"TWICE-{n}", workflow="one") for n in range(3)]
    version = there.managers[0].read(f"/projects/{projects[0]}").version

    def submit_all(caller: Caller) -> list[Answer]:
        return [
            until_answered(
                lambda each=each: caller.call(
                    "POST", f"/projects/{each}/submissions", {"gate": "start"}, version
                )
            )
            for each in projects
        ]

    got = there.together(there.managers, submit_all)
    for index, project in enumerate(projects):
        answers = [each[index] for each in got]
        assert Counter(each.status for each in answers) == {201: 1, 409: CROWD - 1}
        (opened,) = [each.body["id"] for each in answers if each.status == 201]
        refused = [each.body for each in answers if each.status == 409]
        assert {each["code"] for each in refused} == {"already-submitted"}
        assert {each["submission"] for each in refused} == {opened}
        assert there.told(project)["gate.submitted"] == 1
    there.require_whole()


def test_a_project_is_held_once_though_sixteen_hold_it(there: Crowd) -> None:
    add_project(there.house, "HELD", workflow="one")
    version = there.sponsors[0].read("/projects/HELD").version
    body = {"decision": "hold", "reason": "Wait."}
    got = there.together(
        there.sponsors,
        lambda who: until_answered(lambda: who.call("POST", "/projects/HELD/moves", body, version)),
    )
    assert Counter(each.status for each in got) == {200: 1, 412: CROWD - 1}, got
    assert {each.body["current"] for each in got if each.status == 412} == {2}
    assert there.told("HELD")["stage.moved"] == 1
    there.require_whole()


def _change_target(caller: Caller, kpi: str, target: str) -> None:
    """Until it is done: whoever was first has changed the version."""
    for _ in range(100):
        seen = caller.read(f"/kpis/{kpi}")
        answer = until_answered(
            lambda version=seen.version: caller.call(
                "PATCH", f"/kpis/{kpi}", {"target": target}, version
            )
        )
        if answer.status == 200:
            return
        assert answer.status == 412, answer
        assert answer.body["current"] > answer.body["expected"]
    raise AssertionError(f"{caller.name} never came to change {kpi}")


def _lend_and_take_back(giver: Caller, to: str) -> None:
    for turn in range(3):
        lent = until_answered(lambda: giver.call("POST", "/delegations", {"to": to, **leave()}))
        assert lent.status == 201, lent
        sleep(0.02 * turn)
        if turn < 2:
            path = f"/delegations/{lent.body['id']}/revoke"
            taken = until_answered(
                lambda path=path, lent=lent: giver.call(
                    "POST", path, {"reason": "Back."}, lent.version
                )
            )
            assert taken.status == 200, taken


def _require_told(got: list[list[Answer]]) -> None:
    """Who came too late was told how it stands."""
    for answer in (each for answers in got for each in answers):
        if answer.status == 412:
            assert answer.body["code"] == "stale-version"
            assert "current" in answer.body or answer.body["changed"], answer
        elif answer.status == 409:
            assert answer.body["code"] == "submission-closed"
            assert answer.body["decision"] == "go"

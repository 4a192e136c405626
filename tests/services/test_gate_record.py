"""The record of a project at its gates: iterations, rounds, votes, and days in each stage."""

from datetime import date, timedelta

import pytest

from govern.cli.gate_record import lines
from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import NotFound
from govern.services import brought, decisions, gates, moves, projects
from govern.services.ballots import Ballot
from govern.services.gate_record import gate_record
from govern.store import projects as stored
from tests.services.house import EVIDENCE, NOW, House, add_project
from tests.services.test_voting import person

DAY = timedelta(days=1)


def submit(house: House, project: str, gate: str, day: int) -> Record:
    return gates.submit(
        house.runtime,
        house.pia,
        project,
        gate,
        provided=[{"name": n, "link": f"https://example.org/{n}"} for n in EVIDENCE[gate]],
        now=NOW + day * DAY,
    )


def vote(house: House, by: str, opened: Record, answer: str, day: int) -> Record:
    return decisions.vote(
        house.runtime,
        house.actors[by],
        opened["id"],
        Ballot(Answer(answer), f"{by} says {answer}.", "Known."),
        version=None,
        now=NOW + day * DAY,
    )


@pytest.fixture
def project(house: House) -> str:
    """Recycled once, then through two gates, the second asked again after new evidence."""
    project = add_project(house)
    vote(house, "sam", submit(house, project, "value_defined", 0), "recycle", 3)
    second = submit(house, project, "value_defined", 10)
    vote(house, "sam", second, "go", 12)
    third = submit(house, project, "planned", 20)
    vote(house, "sam", third, "go", 21)
    brought.bring(
        house.runtime,
        house.pia,
        third["id"],
        [{"name": "benefits_realisation_plan", "link": "https://example.org/v2"}],
        version=None,
        now=NOW + 22 * DAY,
    )
    vote(house, "fay", third, "go", 23)
    vote(house, "sam", third, "go", 25)
    return project


def test_it_tells_every_iteration_round_and_vote(house: House, project: str) -> None:
    record = gate_record(house.runtime, house.aud, project, now=NOW + 30 * DAY)
    by_gate = {each["gate"]: each for each in record["gates"]}
    assert list(by_gate)[:2] == ["value_defined", "planned"]
    first = by_gate["value_defined"]
    assert first["recycles"] == 1
    assert [
        (each["iteration"], each["decision"], each["override"], each["days_open"])
        for each in first["iterations"]
    ] == [(1, "recycle", True, 3), (2, "go", False, 2)]
    (planned,) = by_gate["planned"]["iterations"]
    assert [each["round"] for each in planned["rounds"]] == [1, 2]
    assert planned["rounds"][1]["changed"] == ["Evidence 'benefits_realisation_plan' was replaced."]
    assert [
        (each["person"], each["round"], each["counts"], each["seat"]) for each in planned["votes"]
    ] == [("Sam", 1, False, None), ("Fay", 2, True, "finance"), ("Sam", 2, True, "sponsor")]
    digests = [each["seen_digest"] for each in planned["votes"]]
    assert digests[0] != digests[1] == digests[2]
    assert by_gate["monitoring"]["iterations"] == []


def test_days_in_each_stage_are_counted_and_unknown_is_not_zero(house: House, project: str) -> None:
    with house.runtime.store.writing() as connection:
        known = stored.moves_of(connection, project)
        assert [each["since"] for each in known][1:] == [date(2026, 12, 6), date(2026, 12, 19)]
    record = gate_record(house.runtime, house.aud, project, now=NOW + 30 * DAY)
    assert [(each["stage"], each["days"], each["now"]) for each in record["stages"]] == [
        ("draft", 12, False),
        ("value_defined", 13, False),
        ("planned", 5, True),
    ]


def test_a_stage_since_nobody_knows_when_has_unknown_days(house: House) -> None:
    project = add_project(house)
    with house.runtime.store.writing() as connection:
        stored.add_move(connection, project, "draft", "planned", None, NOW)
        stored.add_move(connection, project, "planned", "draft", NOW.date(), NOW)
    record = gate_record(house.runtime, house.aud, project, now=NOW + 4 * DAY)
    assert [(each["stage"], each["days"]) for each in record["stages"]] == [
        ("draft", None),
        ("planned", None),
        ("draft", 4),
    ]
    assert record["days_in_stage"] == [
        {"stage": "draft", "visits": 2, "days": None},
        {"stage": "planned", "visits": 1, "days": None},
    ]
    text = "\n".join(lines(record))
    assert "  planned: unknown, unknown to 2026-11-24" in text
    assert "  draft in all: unknown in 2 visits" in text


def test_visits_of_a_stage_add_up(house: House, project: str) -> None:
    for to_do, day in (("hold", 27), ("resume", 29)):
        moves.move(
            house.runtime,
            house.gus,
            project,
            to_do=to_do,
            reason="For once.",
            version=projects.get_project(house.runtime, house.gus, project)["version"],
            now=NOW + day * DAY,
        )
    record = gate_record(house.runtime, house.aud, project, now=NOW + 30 * DAY)
    days = {each["stage"]: (each["visits"], each["days"]) for each in record["days_in_stage"]}
    assert days["planned"] == (2, 3)
    assert days["on_hold"] == (1, 2)


def test_the_text_can_be_read(house: House, project: str) -> None:
    text = "\n".join(lines(gate_record(house.runtime, house.aud, project, now=NOW + 30 * DAY)))
    for line in (
        "Gate value_defined: ",
        "  draft: 12 days, 2026-11-24 to 2026-12-06",
        "submitted 2026-11-24 10:00 by Pia, decided after 3 days",
        "    2026-11-27 10:00 Sam as sponsor: recycle",
        "      Against the advice: Known.",
        "    Decision: recycle against the advice, 2026-11-27 10:00",
        "    2026-12-16 10:00 judged again, round 2",
        "Sam as sponsor: go (counts no more: what was seen has changed)",
        "      Saw: sha256:",
    ):
        assert line in text, text
    assert "Gate monitoring" not in text


def test_the_earlier_iteration_stands_beside_the_later_one(house: House) -> None:
    project = add_project(house, budget=None)
    opened = gates.submit(house.runtime, house.pia, project, "value_defined", now=NOW)
    assert opened["earlier"] == []
    vote(house, "sam", opened, "recycle", 1)
    later = submit(house, project, "value_defined", 5)
    (earlier,) = later["earlier"]
    assert (earlier["submission"], earlier["iteration"], earlier["decision"]) == (
        opened["id"],
        1,
        "recycle",
    )
    assert "Evidence 'business_case' was added." in earlier["differs"]
    assert "Criterion 'evidence-business_case' was not met and is now met." in earlier["differs"]
    old = gates.get_submission(house.runtime, house.aud, earlier["submission"], now=NOW)
    assert old["earlier"] == []
    assert old["results"] == opened["results"]


def test_only_readers_of_the_project_read_it(house: House, project: str) -> None:
    with pytest.raises(NotFound):
        gate_record(house.runtime, person(house, "stranger"), project, now=NOW)

"""Lessons: recorded, searched, shown at the gates of projects like theirs, and what votes say of it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url, text

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.personal import ERASED
from govern.domain.refusal import InvalidInput, LessonWithdrawn, NotAllowed, NotFound, StaleVersion
from govern.domain.words import words
from govern.services import decisions, gate_record, gates, history, kpis, lessons, likeness, people
from govern.services.as_of import When, look_back
from govern.services.ballots import Ballot
from govern.services.erasing import erase_person
from govern.services.lessons_shown import shown_with
from govern.services.people import OPERATOR
from govern.services.replaying import replay
from govern.services.seen import seen_by
from govern.store.engine import is_sqlite
from tests.services.house import NOW, House, add_project, report, submit
from tests.web.test_as_of import seal

LESSON: Mapping[str, Any] = {
    "title": "Training came too late",
    "happened": "The branch in Zürich worked without the new screens for a month.",
    "because": "Training was planned after the rollout.",
    "next_time": "Train every branch two weeks before its rollout.",
    "categories": ["revenue"],
    "tags": ["rollout", "training"],
}


def add(house: House, project: str = "P1", by: str = "pia", **fields: Any) -> dict[str, Any]:
    said = {**LESSON, **fields}
    return lessons.add_lesson(house.runtime, house.actors[by], project, said, now=NOW)


def ids(house: House, q: str | None = None, by: str = "dan", **asked: Any) -> list[int]:
    found = lessons.search(house.runtime, house.actors[by], q=q, **asked)
    return [each["id"] for each in found["items"]]


def test_a_lesson_is_read_as_it_was_recorded(house: House) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-01-31": 70})
    made = add(
        house,
        evidence=[
            {"kind": "link", "ref": "https://example.org/minutes"},
            {"kind": "reading", "ref": "1"},
        ],
    )
    found = lessons.get_lesson(house.runtime, house.fay, made["id"])
    assert {name: found[name] for name in LESSON} == LESSON
    assert found["evidence"] == [
        {"kind": "link", "ref": "https://example.org/minutes"},
        {"kind": "reading", "ref": "1"},
    ]
    assert (found["project"], found["state"], found["version"]) == ("P1", "recorded", 1)
    assert found["recorded_by_name"] == "Pia"
    told = history.project_history(house.runtime, house.pia, "P1", kind="lesson.added").items
    assert told[0]["told"] == (
        f"lesson {made['id']} 'Training came too late': Train every branch two weeks before its "
        "rollout."
    )


def test_evidence_is_the_projects_own(house: House) -> None:
    add_project(house)
    add_project(house, "P2")
    submit(house, "P2", "value_defined")
    wrong = [
        {"kind": "link", "ref": "javascript:alert(1)"},
        {"kind": "gate", "ref": "1"},
        {"kind": "scope_change", "ref": "7"},
        {"kind": "recommendation", "ref": "x"},
        {"kind": "reading", "ref": "99999999999999"},
        {"kind": "file", "ref": "1"},
    ]
    with pytest.raises(InvalidInput) as refused:
        add(house, evidence=wrong)
    errors = refused.value.facts["errors"]
    assert list(errors) == [f"evidence.{index}.ref" for index in range(6)]
    assert errors["evidence.1.ref"] == ["project P1 has no submission to a gate 1"]
    assert errors["evidence.2.ref"] == ["project P1 has no scope change 7"]
    with pytest.raises(InvalidInput) as unknown:
        add(house, review=3)
    assert unknown.value.facts["errors"] == {"review": ["project P1 has no review 3"]}


def test_who_writes_one_and_who_changes_it(house: House) -> None:
    add_project(house)
    for stranger in ("fay", "dan", "aud"):
        with pytest.raises(NotAllowed):
            add(house, by=stranger)
    made = add(house, by="gus")
    number = made["id"]

    def change(by: str, version: int | None, **fields: Any) -> dict[str, Any]:
        actor = house.actors[by]
        return lessons.change_lesson(house.runtime, actor, number, fields, version=version, now=NOW)

    with pytest.raises(NotAllowed):
        change("pia", 1, title="Mine")
    with pytest.raises(StaleVersion):
        change("gus", 7, title="Later")
    assert change("gus", 1, title="Trained too late")["version"] == 2
    assert change("sam", 2, tags=["training"])["tags"] == ["training"]
    assert change("sam", 3, tags=["training"])["version"] == 3
    assert ids(house, "too late") == [number]
    assert ids(house, "came") == []
    gone = lessons.withdraw_lesson(
        house.runtime, house.sam, number, reason="It was the network.", version=3, now=NOW
    )
    assert (gone["state"], gone["version"]) == ("withdrawn", 4)
    with pytest.raises(LessonWithdrawn):
        change("gus", 4, title="Again")
    assert ids(house) == []
    assert ids(house, "late", withdrawn=True) == [number]
    assert lessons.get_lesson(house.runtime, house.dan, number)["title"] == "Trained too late"


def test_a_lesson_is_found_by_the_beginnings_of_all_its_words(house: House) -> None:
    add_project(house)
    add_project(house, "P2")
    first = add(house)["id"]
    second = add(
        house,
        "P2",
        title="Straße der Größe",
        happened="Ελλάδα",
        because="data-source changed",
        next_time="Training once a year.",
        categories=["cost"],
        tags=["sources"],
    )["id"]
    assert ids(house, "zurich") == [first]
    assert ids(house, "ZÜRICH train") == [first]
    assert ids(house, "zurich cost") == []
    assert ids(house, "strasse") == ids(house, "STRASSE gro") == [second]
    assert ids(house, "ελλ") == [second]
    assert ids(house, "source data") == [second]
    assert ids(house, "ource") == []
    # In the title of the first, and only in the text of the second.
    assert ids(house, "training") == [first, second]
    assert ids(house) == [second, first]
    assert ids(house, category="cost") == ids(house, tag="sources") == [second]
    assert ids(house, "training", project="P2") == [second]
    assert ids(house, portfolio="main") == [second, first]
    assert ids(house, portfolio="other") == []


def test_an_answer_shows_where_the_words_stand(house: House) -> None:
    add_project(house)
    add(house)
    [found] = lessons.search(house.runtime, house.dan, q="branch weeks")["items"]
    assert (found["excerpt_of"], found["excerpt"]) == ("next_time", LESSON["next_time"])
    shown = [
        found["excerpt"][each["start"] : each["start"] + each["length"]] for each in found["marks"]
    ]
    assert shown == ["branch", "weeks"]


def test_who_holds_no_role_finds_nothing(house: House) -> None:
    add_project(house)
    made = add(house)
    people.add_person(house.runtime, OPERATOR, email="nil@example.org", name="Nil", now=NOW)
    nil = Actor("nobody", "Nil")
    assert lessons.search(house.runtime, nil, q="training") == {"items": [], "found": 0}
    with pytest.raises(NotFound):
        lessons.get_lesson(house.runtime, nil, made["id"])


OPERATORS = (
    *('"', "AND", "NEAR(", "*", "^", ":", "-training", "title:x", "' OR 1=1", "&", "|", "!"),
    *("\\", "<->", "''", "train* OR", "\x00", "late\ud800"),
)


def test_no_text_is_an_operator(house: House) -> None:
    add_project(house)
    add(house)
    texts = [*(LESSON[name] for name in ("title", "happened", "because", "next_time"))]
    there = words(" ".join([*texts, *LESSON["tags"]]))

    @settings(max_examples=40, deadline=None)
    @given(asked=st.text(max_size=40) | st.sampled_from([*OPERATORS, *there]))
    def holds(asked: str) -> None:
        wanted = words(asked)
        should = bool(wanted) and all(any(w.startswith(x) for w in there) for x in wanted)
        assert ids(house, asked) == ([1] if should else [])

    holds()


def test_words_of_all_scripts_are_found_alike(house: House) -> None:
    add_project(house)
    said = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)

    @settings(max_examples=20, deadline=None)
    @given(said=said, more=said)
    def holds(said: str, more: str) -> None:
        number = add(house, title=f"{said} {more}")["id"]
        if found := words(said):
            assert number in ids(house, f"{more} {said}", limit=100)
            assert number in ids(house, found[0][:1], limit=100) or "x" in found[0]

    holds()


def test_lessons_of_projects_that_measure_alike_are_shown(house: House) -> None:
    add_project(house)
    for number in (2, 3, 4, 5):
        add_project(house, f"P{number}", tags=["erp"] if number == 5 else [])
    change = {"unit": "hours", "category": "time"}
    kpis.change_kpi(house.runtime, house.pia, "P3-K1", change, version=None, now=NOW)
    kpis.change_kpi(house.runtime, house.pia, "P4-K1", {"unit": "t"}, version=None, now=NOW)
    own = add(house, "P1")
    same = add(house, "P2", title="Same")
    foreign = add(house, "P3", title="Foreign", categories=[], tags=[])
    category = add(house, "P4", title="Category")
    newer = add(house, "P5", title="Newer")
    gone = add(house, "P5", title="Gone")
    lessons.withdraw_lesson(
        house.runtime, house.pia, gone["id"], reason="Wrong.", version=1, now=NOW
    )
    found = likeness.alike_lessons(house.runtime, house.pia, "P1")["items"]
    assert [(each["id"], each["rank"], each["alike"]) for each in found] == [
        (
            newer["id"],
            1,
            "P1-K1 here and P5-K1 there are of the category revenue, in EUR, to increase",
        ),
        (
            same["id"],
            2,
            "P1-K1 here and P2-K1 there are of the category revenue, in EUR, to increase",
        ),
        (category["id"], 3, "P1-K1 here is of the category revenue, too"),
    ]
    assert {own["id"], foreign["id"], gone["id"]}.isdisjoint(each["id"] for each in found)


def vote(house: House, submission: int, by: str = "sam") -> dict[str, Any]:
    found = gates.get_submission(house.runtime, house.actors[by], submission, now=NOW)
    ballot = Ballot(Answer(found["advice"]), "As advised.")
    return decisions.vote(
        house.runtime, house.actors[by], submission, ballot, version=None, now=NOW
    )


def test_the_gate_shows_them_and_each_vote_says_so(house: House) -> None:
    add_project(house)
    add_project(house, "P2")
    shown = add(house, "P2")
    submission = submit(house, "P1", "value_defined")
    [lesson] = submission["lessons"]
    assert (lesson["id"], lesson["rank"]) == (shown["id"], 1)
    assert lesson["alike"].startswith("P1-K1 here and P2-K1 there are of the category revenue")
    # One that is written afterwards is shown with the next submission, not with this one.
    add(house, "P2", title="Later")
    lessons.change_lesson(
        house.runtime, house.pia, shown["id"], {"title": "Written anew"}, version=1, now=NOW
    )
    after = vote(house, submission["id"])
    [cast] = after["votes"]
    assert cast["lessons_shown"] == [shown["id"]]
    assert [(each["id"], each["version"]) for each in after["lessons"]] == [(shown["id"], 2)]
    seen = seen_by(house.runtime, house.aud, submission["id"], cast["id"])["seen"]["lessons"]
    assert seen == [
        {
            "lesson": shown["id"],
            "rank": 1,
            "alike": lesson["alike"],
            "version": 1,
            "label": LESSON["title"],
            **{name: LESSON[name] for name in ("happened", "because", "next_time")},
        }
    ]
    [event] = history.project_history(house.runtime, house.aud, "P1", kind="vote.cast").items
    assert event["data"]["lessons_shown"] == [shown["id"]]
    [event] = history.project_history(house.runtime, house.aud, "P1", kind="gate.submitted").items
    assert event["data"]["lessons"] == [
        {"lesson": shown["id"], "rank": 1, "alike": lesson["alike"]}
    ]
    record = gate_record.gate_record(house.runtime, house.aud, "P1", now=NOW)
    [tried] = next(e for e in record["gates"] if e["gate"] == "value_defined")["iterations"]
    assert [each["id"] for each in tried["lessons"]] == [shown["id"]]
    with house.runtime.store.reading() as connection:
        assert [each["id"] for each in shown_with(connection, submission["id"])] == [shown["id"]]
    replayed = replay(house.runtime, OPERATOR, project="P1")
    assert replayed.found == ()
    assert replayed.counts["vote.cast"] == {"same": 1}


def test_who_votes_after_a_change_saw_the_lessons_as_they_were_then(house: House) -> None:
    add_project(house)
    add_project(house, "P2")
    shown = add(house, "P2")["id"]
    submission = submit(house, "P1", "value_defined")["id"]
    lessons.change_lesson(house.runtime, house.pia, shown, {"title": "Anew"}, version=1, now=NOW)
    change = {"target": Decimal(1100)}
    kpis.change_kpi(house.runtime, house.pia, "P1-K1", change, version=None, now=NOW)
    [cast] = vote(house, submission)["votes"]
    events = history.project_history(house.runtime, house.aud, "P1", kind="gate.rejudged").items
    assert len(events) == 1
    seen = seen_by(house.runtime, house.aud, submission, cast["id"])["seen"]["lessons"]
    assert [(each["lesson"], each["version"], each["label"]) for each in seen] == [
        (shown, 2, "Anew")
    ]
    assert replay(house.runtime, OPERATOR, project="P1").found == ()


def test_in_the_past_a_submission_has_the_lessons_that_it_had(house: House) -> None:
    add_project(house)
    add_project(house, "P2")
    shown = add(house, "P2")["id"]
    submission = submit(house, "P1", "value_defined")["id"]
    size = seal(house, NOW)
    lessons.withdraw_lesson(house.runtime, house.pia, shown, reason="x", version=1, now=NOW)
    past = look_back(house.runtime, When(size), {"submission": submission}, now=NOW).runtime
    [then] = gates.get_submission(past, house.sam, submission, now=NOW)["lessons"]
    assert (then["id"], then["state"], then["title"]) == (shown, "recorded", LESSON["title"])
    [now] = gates.get_submission(house.runtime, house.sam, submission, now=NOW)["lessons"]
    assert now["state"] == "withdrawn"
    whole = look_back(house.runtime, When(size), {}, now=NOW).runtime
    assert lessons.search(whole, house.dan, q="zurich")["found"] == 1
    assert ids(house, "zurich") == []


def test_a_gate_that_shows_none_says_nothing_of_them(house: House) -> None:
    add_project(house)
    add_project(house, "P2", workflow="small-project")
    add(house)
    told = gates.submit(house.runtime, house.pia, "P2", "start", provided=[], now=NOW)
    assert told["lessons"] == []
    [event] = history.project_history(house.runtime, house.aud, "P2", kind="gate.submitted").items
    assert "lessons" not in event["data"]


NAME, EMAIL = "Wilhelmina Quist", "w.quist@example.org"


def test_an_erased_name_is_found_nowhere(house: House, database_url: str) -> None:
    people.add_person(house.runtime, OPERATOR, email=EMAIL, name=NAME, now=NOW)
    add_project(house)
    add_project(house, "P2")
    made = add(
        house,
        "P2",
        title=f"Ask {NAME}",
        happened=f"{NAME} knew it.",
        because=f"Nobody asked {NAME}.",
        next_time=f"Ask {NAME} first.",
        evidence=[{"kind": "link", "ref": "https://example.org/quist"}],
    )
    submission = submit(house, "P1", "value_defined")
    assert ids(house, "quist") == [made["id"]]
    # A text that was replaced leaves its words in the index until they are cleared out.
    lessons.change_lesson(
        house.runtime, house.pia, made["id"], {"because": "Nobody asked."}, version=1, now=NOW
    )
    erase_person(house.runtime, OPERATOR, EMAIL, reason="Asked for.", also=("quist",), now=NOW)
    assert ids(house, "quist") == ids(house, "wilhelmina") == []
    assert ids(house, "first") == [made["id"]]
    found = lessons.get_lesson(house.runtime, house.fay, made["id"])
    assert (found["title"], found["next_time"]) == (f"Ask {ERASED}", f"Ask {ERASED} first.")
    shown = gates.get_submission(house.runtime, house.sam, submission["id"], now=NOW)["lessons"]
    assert [each["title"] for each in shown] == [f"Ask {ERASED}"]
    with house.runtime.store.reading() as connection:
        words = connection.scalars(text("SELECT words FROM lesson")).all()
        assert not [each for each in words if "quist" in each or "wilhelmina" in each]
        on_sqlite = is_sqlite(connection)
    if on_sqlite:
        with closing(sqlite3.connect(str(make_url(database_url).database))) as raw:
            shadows = [
                row
                for table in ("data", "content", "idx", "docsize", "config")
                for row in raw.execute("SELECT * FROM lesson_text_" + table)  # noqa: S608
            ]
        whole = b" ".join(
            cell if isinstance(cell, bytes) else str(cell).encode()
            for row in shadows
            for cell in row
        )
        assert b"first" in whole
        assert b"quist" not in whole
        assert b"wilhelmina" not in whole

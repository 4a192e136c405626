"""A review of what came of a project, from its opening to its signature and the next one."""

from datetime import date
from decimal import Decimal

import pytest

from govern.domain.refusal import (
    Duplicate,
    IllegalMove,
    InvalidInput,
    NotAllowed,
    NotFound,
    ReviewSigned,
    SeparationOfDuties,
    StaleVersion,
)
from govern.services import reviews
from govern.services.dossiers import dossier
from govern.services.reporting import list_due
from govern.store.paging import PageRequest
from tests.services.house import NOW, House, add_project
from tests.services.reviewed import (
    KEPT,
    KPI,
    OPENS,
    ben,
    drafted,
    only,
    opened,
    report,
    rolled_out,
    sign,
    write,
    written,
)
from tests.services.timed import at, events, kinds, pass_gate, pass_time


def get(house: House, review: int, day: str = "2027-05-28"):
    return reviews.get_review(house.runtime, house.aud, review, now=at(day))


def test_it_opens_six_months_after_the_rollout_once(house: House) -> None:
    ben(house)
    rolled_out(house)
    assert kinds(pass_time(house, "2027-05-23")) == []
    result = pass_time(house, OPENS)
    assert kinds(result) == ["review.opened"]
    assert result.done[0].text == (
        "The review of P1 'Project P1', rolled out since 2026-11-24, is open: to be written, and "
        "signed off by benefit_owner or sponsor. It is due by 2027-11-24."
    )
    assert result.done[0].told == ("Ben", "Max", "Pia", "Sam")
    assert kinds(pass_time(house, OPENS)) == []
    found = get(house, only(house))
    assert (found["number"], found["state"]) == (1, "open")
    assert (found["rolled_out_on"], found["due_on"]) == (date(2026, 11, 24), date(2027, 11, 24))


def test_it_is_reminded_of_and_overdue_once(house: House) -> None:
    opened(house)
    assert kinds(pass_time(house, "2027-10-23")) == []
    assert kinds(pass_time(house, "2027-10-24")) == ["review.due"]
    assert kinds(pass_time(house, "2027-11-24")) == []
    late = pass_time(house, "2027-11-25")
    assert kinds(late) == ["review.overdue"]
    assert "was due by 2027-11-24 and is not signed off" in late.done[0].text
    assert kinds(pass_time(house, "2027-12-25")) == []
    assert get(house, only(house), "2027-11-25")["overdue"]
    assert not get(house, only(house), "2027-11-24")["overdue"]


def test_after_a_standstill_it_opens_and_is_overdue_at_once(house: House) -> None:
    rolled_out(house)
    assert kinds(pass_time(house, "2028-03-01")) == ["review.opened", "review.overdue"]


def test_by_hand_it_opens_earlier_and_time_opens_no_other(house: House) -> None:
    rolled_out(house)
    made = reviews.open_review(house.runtime, house.sam, "P1", now=at("2026-12-01"))
    assert (made["number"], made["due_on"]) == (1, date(2027, 11, 24))
    with pytest.raises(Duplicate):
        reviews.open_review(house.runtime, house.pia, "P1", now=at("2026-12-01"))
    assert kinds(pass_time(house, OPENS)) == []
    for actor in (house.gus, house.dan):
        with pytest.raises(NotAllowed):
            reviews.open_review(house.runtime, actor, "P1", now=at("2026-12-01"))


def test_before_the_rollout_and_without_reviews_there_is_none(house: House) -> None:
    drafted(house)
    with pytest.raises(IllegalMove, match="once it has entered rolled_out"):
        reviews.open_review(house.runtime, house.pia, "P1", now=NOW)
    add_project(house, "P2", workflow="gateway-reviews")
    with pytest.raises(IllegalMove, match="asks for no review"):
        reviews.open_review(house.runtime, house.pia, "P2", now=NOW)
    with pytest.raises(NotFound):
        reviews.open_review(house.runtime, house.pia, "P9", now=NOW)


def test_the_figures_suggest_a_rating(house: House) -> None:
    review = opened(house)
    found = get(house, review)
    # (1080 − 0) / (1200 − 0)
    assert found["suggested"] == {"rating": "met", "rate": Decimal("0.9"), "why": None}
    (kpi,) = found["kpis"]
    assert (kpi["promised"], kpi["realised"], kpi["rate"]) == (1200, 1080, Decimal("0.9"))
    assert (kpi["reached"], kpi["follow_up"]) == (False, None)
    assert found["missing"] == [
        "rating: say how the project is rated",
        "summary: say what came of the project",
        f"{KPI}: follow_up: say what becomes of it",
    ]


def test_what_nobody_reported_is_unknown_and_owed(house: House) -> None:
    review = opened(house, None)
    found = get(house, review)
    assert found["suggested"] == {
        "rating": "not_known",
        "rate": None,
        "why": f"the realisation rate of {KPI} is unknown",
    }
    (kpi,) = found["kpis"]
    assert (kpi["realised"], kpi["rate"], kpi["reached"]) == (None, None, None)
    assert kpi["why"] == "no figure for 2027-04-30"


def test_a_kpi_that_came_where_it_was_promised_is_settled_by_itself(house: House) -> None:
    review = opened(house, "1400")
    (kpi,) = get(house, review)["kpis"]
    assert (kpi["follow_up"], kpi["missing"]) == ("settled", [])
    write(house, review, rating="exceeded", summary="It sells.")
    signed = sign(house, ben(house), review)
    assert (signed["state"], signed["rating"]) == ("signed", "exceeded")
    assert signed["kpis"][0]["rate"] == Decimal("1.166666667")


def test_who_opened_it_or_wrote_in_it_does_not_sign(house: House) -> None:
    review = opened(house)
    written(house, review)
    reviews.change(
        house.runtime, house.sam, review, {"went_well": "Sales."}, version=2, now=at("2027-05-28")
    )
    with pytest.raises(NotAllowed):
        sign(house, house.pia, review)
    with pytest.raises(SeparationOfDuties):
        sign(house, house.sam, review)
    (tried,) = events(house, kind="review.refused")
    assert tried["data"] == {
        "review": review,
        "reason": None,
        "gate": None,
        "code": "separation-of-duties",
    }
    owner = ben(house)
    assert get(house, review)["signers"] == ["Ben", "Max"]
    signed = sign(house, owner, review)
    assert (signed["state"], signed["signed_by_name"]) == ("signed", "Ben")
    assert signed["meaning"] == "I answer for what this review says came of the project."
    assert signed["signers"] == signed["missing"] == []


def test_another_rating_than_the_figures_suggest_needs_a_reason(house: House) -> None:
    review = opened(house)
    written(house, review, rating="exceeded")
    owner = ben(house)
    with pytest.raises(InvalidInput) as refused:
        sign(house, owner, review)
    assert refused.value.facts["errors"] == {"reason": ["say why exceeded, and not met"]}
    signed = sign(house, owner, review, reason="The market fell by a third.")
    assert (signed["rating"], signed["suggested"]["rating"]) == ("exceeded", "met")
    assert signed["reason"] == "The market fell by a third."


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"follow_up": None}, "follow_up: say what becomes of it"),
        (
            {"follow_up": "settled"},
            "it is not where it was promised to be: it cannot be settled",
        ),
        ({"follow_up": "keep_measuring", "owner": " "}, "owner: say who answers for it"),
        (
            {"follow_up": "keep_measuring", "until": date(2027, 5, 29)},
            "until: say until when: a day after 2027-05-29",
        ),
        ({"follow_up": "written_off", "note": None}, "note: say why it is written off"),
        ({"follow_up": "handed_over"}, "note: say what was agreed with them"),
    ],
)
def test_a_kpi_that_is_owed_needs_a_follow_up(house: House, said, missing) -> None:
    review = opened(house)
    written(house, review, kpis=[{**KEPT, **said}])
    with pytest.raises(InvalidInput) as refused:
        sign(house, ben(house), review)
    assert refused.value.facts["errors"] == {"review": [f"{KPI}: {missing}"]}


def test_a_follow_up_is_of_a_kpi_of_the_project_and_said_once(house: House) -> None:
    review = opened(house)
    for kpis in ([{**KEPT, "kpi": "P9"}], [KEPT, KEPT]):
        with pytest.raises(InvalidInput):
            write(house, review, kpis=kpis)
    assert get(house, review)["version"] == 1


def test_what_is_signed_stays(house: House) -> None:
    review = opened(house)
    written(house, review)
    owner = ben(house)
    with pytest.raises(StaleVersion):
        reviews.change(
            house.runtime, house.pia, review, {"rating": None}, version=1, now=at("2027-05-28")
        )
    sign(house, owner, review)
    report(house, "2027-04-30", "10", "2027-06-03")
    found = get(house, review, "2027-06-04")
    assert found["kpis"][0]["realised"] == 1080
    kept = reviews.get_dossier(house.runtime, house.aud, review, now=at("2027-06-04"))
    live = dossier(house.runtime, house.aud, "P1", now=at("2027-06-04"))
    assert kept["value"]["kpis"][0]["actual"] == "1080"
    assert live["value"]["kpis"][0]["actual"] == "10"
    assert live["value"]["kpis"][0]["realised"] is None
    for action in (
        lambda: written(house, review),
        lambda: sign(house, house.sam, review),
        lambda: answer(house, "sam", "again", review, score=1),
    ):
        with pytest.raises(ReviewSigned):
            action()


def answer(house: House, by: str, question: str, review: int, **said):
    return reviews.answer(
        house.runtime, house.actors[by], review, question=question, now=at("2027-05-28"), **said
    )


def test_each_person_counts_once_to_a_question(house: House) -> None:
    review = opened(house)
    answer(house, "dan", "used", review, score=1)
    answer(house, "dan", "used", review, score=4, said="By now, yes.")
    answer(house, "fay", "used", review, score=5)
    found = answer(house, "sam", "again", review, said="Only with more people.")
    used, again = found["survey"]
    assert (used["n"], used["median"], used["distribution"]) == (2, Decimal("4.5"), [0, 0, 0, 1, 1])
    assert [(each["person_name"], each["score"]) for each in used["answers"]] == [
        ("Dan", 4),
        ("Fay", 5),
    ]
    assert (again["n"], again["median"], again["distribution"]) == (0, None, [0, 0, 0, 0, 0])
    assert again["answers"][0]["said"] == "Only with more people."
    with pytest.raises(NotAllowed):
        answer(house, "pia", "used", review, score=1)
    for wrong in ({"question": "unasked", "score": 1}, {"question": "again"}):
        with pytest.raises(InvalidInput):
            reviews.answer(house.runtime, house.sam, review, now=NOW, **wrong)


def test_the_next_one_comes_a_year_later_while_value_is_owed(house: House) -> None:
    review = opened(house)
    written(house, review)
    sign(house, ben(house), review)
    # Closed projects are reviewed again, too.
    pass_gate(house, "P1", "close", now=at("2027-06-10"))
    assert kinds(pass_time(house, "2028-05-28")) == []
    assert kinds(pass_time(house, "2028-05-29")) == ["review.opened"]
    second = get(house, only(house), "2028-05-29")
    assert (second["number"], second["due_on"]) == (2, date(2028, 11, 29))
    assert second["kpis"][0]["before"] == {name: KEPT[name] for name in second["kpis"][0]["before"]}


def owed(house: House, owner: str | None = None):
    """What the closed project owes on 2027-10-05: KPI, owner, and the last of its periods."""
    page = list_due(
        house.runtime, house.aud, PageRequest(), now=at("2027-10-05"), project="P1", owner=owner
    )
    return [
        (each["kpi"], each["owner"], each["periods"][-1]["period"].isoformat())
        for each in page.items
    ]


def test_a_kept_kpi_of_a_closed_project_owes_figures_until_its_day(house: House) -> None:
    review = opened(house)
    written(house, review, kpis=[{**KEPT, "owner": "Nora", "until": date(2027, 8, 31)}])
    sign(house, ben(house), review)
    assert owed(house)[0][1:] == ("Nora", "2027-09-30")
    pass_gate(house, "P1", "close", now=at("2027-06-10"))
    assert owed(house) == owed(house, "Nora") == [(KPI, "Nora", "2027-08-31")]
    assert owed(house, "Olga") == []
    report(house, "2027-08-31", "1190", "2027-09-10")
    assert owed(house) == [(KPI, "Nora", "2027-07-31")]


def test_what_is_written_off_owes_nothing_after_closing(house: House) -> None:
    review = opened(house)
    written(house, review, kpis=[{**KEPT, "follow_up": "written_off", "note": "Too small."}])
    sign(house, ben(house), review)
    pass_gate(house, "P1", "close", now=at("2027-06-10"))
    assert owed(house) == []


def test_no_other_comes_where_nothing_is_owed(house: House) -> None:
    review = opened(house)
    off = {**KEPT, "follow_up": "written_off", "owner": None, "until": None, "note": "Too small."}
    written(house, review, kpis=[off])
    sign(house, ben(house), review)
    assert kinds(pass_time(house, "2029-06-02")) == []
    # By hand there is, and what was written off stays so.
    again = reviews.open_review(house.runtime, house.sam, "P1", now=at("2029-06-02"))
    assert (again["kpis"][0]["follow_up"], again["kpis"][0]["note"]) == (
        "written_off",
        "Too small.",
    )


def test_reviews_are_listed_to_who_may_see_their_projects(house: House) -> None:
    review = opened(house)
    written(house, review)
    sign(house, ben(house), review)
    reviews.open_review(house.runtime, house.pia, "P1", now=at("2027-07-01"))
    listed = reviews.list_reviews(house.runtime, house.aud, PageRequest(), project="P1").items
    assert [(each["number"], each["state"]) for each in listed] == [(2, "open"), (1, "signed")]
    (one,) = reviews.list_reviews(house.runtime, house.aud, PageRequest(), state="signed").items
    assert one["id"] == review
    stranger = type(house.aud)("nobody", "Nobody")
    assert reviews.list_reviews(house.runtime, stranger, PageRequest()).items == []
    with pytest.raises(NotFound):
        reviews.get_review(house.runtime, stranger, review, now=NOW)

"""The example tells it all, once: what is over is reviewed, and the next are shown what was learnt."""

from pathlib import Path

import pytest

from govern.domain.refusal import InvalidInput
from govern.intake.example import read_lessons, read_reviews
from govern.services import gates, lessons, reviews
from govern.services.example import load_example
from govern.services.people import OPERATOR
from govern.store.events import stored_heads
from govern.store.paging import PageRequest
from tests.services.house import NOW, ROOT, House

EXAMPLES = ROOT / "examples"


def test_what_is_over_is_reviewed_and_learnt_from_once(house: House) -> None:
    runtime = house.runtime
    load_example(runtime, OPERATOR, EXAMPLES, now=NOW)
    with runtime.store.reading() as connection:
        before = {head.project: head.seq for head in stored_heads(connection)}
    load_example(runtime, OPERATOR, EXAMPLES, now=NOW)
    with runtime.store.reading() as connection:
        assert {head.project: head.seq for head in stored_heads(connection)} == before

    made = reviews.list_reviews(runtime, OPERATOR, PageRequest(sort="id"))
    assert [(each["project"], each["state"], each["rating"]) for each in made.items] == [
        ("LE-015", "signed", "met"),
        ("LE-016", "signed", "partly_met"),
    ]
    found = lessons.search(runtime, OPERATOR, q="trial custom")
    assert [each["title"] for each in found["items"]] == [
        "Try a change on a thousand customers first"
    ]
    waiting = gates.list_submissions(runtime, OPERATOR, PageRequest(sort="id"), project="LE-025")
    shown = gates.get_submission(runtime, OPERATOR, waiting.items[0]["id"], now=NOW)["lessons"]
    assert {each["project"] for each in shown} == {"LE-015", "LE-016"}


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("K1=keep_measuring, Ann", "2: 'K1=keep_measuring, Ann' cannot be taken as follow_ups"),
        ("K1=keep_measuring, Ann, soon", "right would be KPI=settled, or KPI=keep_measuring"),
        ("settled", "cannot be taken as follow_ups"),
    ],
)
def test_a_follow_up_that_cannot_be_read_is_named(tmp_path: Path, cell: str, says: str) -> None:
    path = tmp_path / "reviews.csv"
    heading = "project_id,writer,signer,rating,reason,summary,went_well,went_badly,follow_ups"
    path.write_text(f'{heading}\nP,a@x,b@x,met,,s,w,b,"{cell}"\n', encoding="utf-8")
    with pytest.raises(InvalidInput, match="follow_ups") as caught:
        read_reviews(path)
    assert says in caught.value.detail


def test_categories_and_tags_are_lists(tmp_path: Path) -> None:
    path = tmp_path / "lessons.csv"
    heading = "project_id,email,title,happened,because,next_time,categories,tags"
    path.write_text(f"{heading}\nP,a@x,t,h,b,n,cost; revenue,\n", encoding="utf-8")
    [row] = read_lessons(path)
    assert (row.categories, row.tags) == (("cost", "revenue"), ())

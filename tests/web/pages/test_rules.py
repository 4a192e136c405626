"""An author's pages: the rulebook, a rule, and what another threshold would do before it is in force."""

import re

import pytest

from govern.domain.role import Role
from govern.services import rulebooks
from govern.services.people import OPERATOR, add_person, grant_role
from govern.services.sweeps import sweep
from govern.store.paging import PageRequest
from tests.services import house as made
from tests.services.house import NOW, House
from tests.web.pages.browsing import Browsing, browse_as, words

PAGE = "/rules/behind-plan"
TRY = f"{PAGE}/try"
ACT = "set|benefits.yaml||act"


@pytest.fixture
def judged(house: House) -> House:
    made.add_project(house)
    made.report(house, "P1-K1", {"2026-08-31": 700, "2026-09-30": 700, "2026-10-31": 850})
    sweep(house.runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    return house


@pytest.fixture
def rae(judged: House) -> Browsing:
    person = add_person(judged.runtime, OPERATOR, email="rae@example.org", name="Rae", now=NOW)
    grant_role(judged.runtime, OPERATOR, email="rae@example.org", role=Role.RULE_AUTHOR, now=NOW)
    return browse_as(judged, person)


def test_the_rulebook_says_who_owns_what_and_when_it_fired(rae: Browsing) -> None:
    told = words(rae.get("/rules"))
    assert "1 rules" in told or "1 rule" in told
    assert "Behind plan active ▼ red pmo@example.org" in told
    assert "behind-plan" in rae.file("/rules?csv=rules").text
    assert "No rule is like that." in words(rae.get("/rules?find=nothing"))


def test_a_rule_is_shown_with_its_text_and_explained(rae: Browsing) -> None:
    told = words(rae.get(f"{PAGE}?project=P1"))
    assert "when: attainment < act" in told
    assert "It has no tests" in told
    assert "attainment < act" in told
    assert "There is no project 'P9'" in words(rae.get(f"{PAGE}?project=P9"))


def test_a_rule_that_is_not_there(rae: Browsing) -> None:
    assert "Did you mean 'behind-plan'?" in words(rae.get("/rules/behind-plans", 404))


def _counts(page: str, row: str) -> tuple[str, str]:
    found = re.search(rf"{row} (\d+) (\d+)", words(page))
    assert found is not None, words(page)
    return found[1], found[2]


def test_what_a_rule_would_have_done_is_drawn(rae: Browsing) -> None:
    page = rae.get(f"{TRY}?first=2026-01-01")
    assert "Change a threshold to see a difference" in words(page)
    before, after = _counts(page, "Periods it fires in")
    assert before == after != "0"
    assert 'aria-label="fires from ' in page


def test_another_threshold_is_tried_and_nothing_is_written(rae: Browsing, judged: House) -> None:
    page = rae.send(TRY, **{ACT: "50%", "first": "2026-01-01"}).text
    before, after = _counts(page, "Periods it fires in")
    assert (before, after) == (before, "0")
    assert before != "0"
    assert "params.act from 0.8 to 0.5" in words(page)
    assert "no longer fires" in words(page)
    revisions = rulebooks.list_revisions(judged.runtime, PageRequest()).items
    assert len(revisions) == 1


@pytest.mark.parametrize("value", ["", "80%\nrules: []", "80% # and"])
def test_what_is_no_value_is_refused_at_its_field(rae: Browsing, value: str) -> None:
    answer = rae.send(TRY, **{ACT: value, "first": "2026-01-01"})
    assert answer.status_code == 422
    assert f'id="error-{ACT}"' in answer.text


def test_a_threshold_of_another_kind_is_refused_with_its_line(rae: Browsing) -> None:
    answer = rae.send(TRY, **{ACT: "banana", "first": "2026-01-01"})
    assert answer.status_code == 422
    assert "benefits.yaml, line" in words(answer.text)


def test_a_day_that_is_none(rae: Browsing) -> None:
    assert rae.send(TRY, **{ACT: "50%", "first": "soon"}).status_code == 422


def test_the_text_can_be_changed_whole(rae: Browsing) -> None:
    text = made.RULES.replace("when: attainment < act", "when: attainment < 10%")
    page = rae.send(TRY, text=text.replace("\n", "\r\n"), first="2026-01-01").text
    assert "when from attainment < act to attainment < 10%" in words(page)
    answer = rae.send(TRY, text=text.replace("attainment <", "attainmint <"), first="2026-01-01")
    assert "attainmint" in words(answer.text)
    assert answer.status_code == 422


def test_a_change_is_proposed_and_judges_nothing_yet(rae: Browsing, judged: House) -> None:
    answer = rae.send(TRY, do="propose", note="Too strict.", first="2026-01-01", **{ACT: "70%"})
    assert "✓ Proposed." in words(rae.follow(answer))
    newest = rulebooks.list_revisions(judged.runtime, PageRequest(10, None, "-id")).items[0]
    assert newest["note"] == "Too strict."
    assert newest["published_at"] is None
    kept = rulebooks.get_revision(judged.runtime, newest["digest"])["sources"]["benefits.yaml"]
    assert kept == made.RULES.replace("act: 80%", "act: 70%")


def test_who_may_not_propose_is_told(judged: House) -> None:
    gus = browse_as(judged, judged.gus.person_id)
    assert gus.send(TRY, **{ACT: "50%", "first": "2026-01-01"}).status_code in (403, 422)
    assert "Look back over the portfolio" not in words(gus.get(PAGE))

"""Deciding at a gate on its page."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from govern.domain.decision import Answer
from govern.services import decisions, delegations, gates, kpis, lessons, sign_in_links
from govern.services.ballots import Ballot
from govern.services.log_keys import new_key
from govern.services.people import OPERATOR
from govern.store.key_folder import KeyFolder
from govern.web.app import create_app
from tests.services import waived_house
from tests.services.house import NOW, House, add_project, report, submit
from tests.web.pages.approving import BASE, Browsing, Open, sign_in, text_of


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.runtime, lambda: NOW)


@pytest.fixture
def open_for(house: House, app: Flask) -> Open:
    return lambda name: sign_in(app, house.runtime, f"{name}@example.org")


@pytest.fixture
def waiting(house: House) -> int:
    """A submission that meets all that is asked, and that the sponsor decides."""
    add_project(house)
    return submit(house, "P1", "value_defined")["id"]


def _form(number: int) -> str:
    return f"/gates/{number}/decision"


def _decide(sam: Browsing, number: int, **given: str) -> TestResponse:
    return sam.fill(sam.get(f"/gates/{number}"), _form(number), **given)


def _state(house: House, number: int) -> dict[str, object]:
    return gates.get_submission(house.runtime, house.sam, number, now=NOW)


GO = {"decision": "go", "reason": "It is worth it.", "override_reason": "I know why."}


def test_the_page_tells_all_that_is_needed(house: House, waiting: int, open_for: Open) -> None:
    page = open_for("sam").get(f"/gates/{waiting}")
    told = text_of(page)
    assert "Project P1: Value is defined" in told
    assert "Pia, 24 Nov 2026" in told
    assert "draft → value defined" in told
    assert re.search(r"\d+ of \d+ met must-meet", told)
    assert "Every KPI has a target" in told
    assert "count(kpis) >= 1" in told
    assert "number of KPIs 1" in told
    assert "1 × sponsor" in told
    assert "Never decides: whoever submitted this." in told
    for leads in ("P1 enters value defined.", "P1 stays in draft.", "P1 is terminated."):
        assert leads in told
    assert "Your vote is the last one that is missing" in told
    assert 'href="https://example.org/business_case"' in page


def test_what_is_not_known_is_told_as_unknown(house: House, open_for: Open) -> None:
    add_project(house, budget=None)
    number = submit(house, "P1", "value_defined")["id"]
    told = text_of(open_for("sam").get(f"/gates/{number}"))
    assert "Revenue" in told
    assert "unknown" in told
    assert "never reported" in told


def test_a_decision_is_recorded_and_has_a_receipt(
    house: House, waiting: int, open_for: Open
) -> None:
    sam = open_for("sam")
    answer = _decide(sam, waiting, **GO)
    assert answer.status_code == 303
    page = sam.get(answer.location)
    told = text_of(page)
    assert "Recorded: go" in told
    assert "It is worth it." in told
    assert "The gate is decided" in told
    assert "P1 is in value defined" in told
    assert re.search(r"event \d+ in the history of P1", told)
    assert re.search(r"<code>[0-9a-f]{64}</code>", page)
    assert _state(house, waiting)["decision"] == "go"


def test_a_receipt_is_signed_where_the_log_has_a_key(
    house: House, waiting: int, tmp_path: Path
) -> None:
    runtime = replace(house.runtime, keys=KeyFolder(tmp_path))
    new_key(runtime, OPERATOR, "govern.example/test", now=NOW)
    sam = sign_in(create_app(runtime, lambda: NOW), runtime, "sam@example.org")
    page = sam.get(_decide(sam, waiting, **GO).location)
    assert page.count("govern.example/test/receipt") == 2


def test_a_receipt_is_of_whoever_voted(house: House, waiting: int, open_for: Open) -> None:
    path = _decide(open_for("sam"), waiting, **GO).location
    open_for("gus").get(path, 404)


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"decision": "go", "reason": "", "override_reason": "kept"}, "reason", "Say why."),
        ({"reason": "Because.", "override_reason": "kept"}, "decision", "Choose one"),
        (
            {"decision": "kill", "reason": "kept"},
            "override_reason",
            "Say why you decide otherwise.",
        ),
        (
            {"decision": "conditional_go", "reason": "kept", "override_reason": "x"},
            "condition-0-text",
            "Name at least one condition",
        ),
        (
            {
                "decision": "hold",
                "reason": "kept",
                "override_reason": "x",
                "resume_on": "2026-11-24",
            },
            "resume_on",
            "later than today",
        ),
        (
            {
                "decision": "conditional_go",
                "reason": "kept",
                "override_reason": "x",
                "condition-0-text": "Name an owner.",
                "condition-0-owner": "Olga",
                "condition-0-due": "2026-11-23",
            },
            "condition-0-due",
            "or later",
        ),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_the_rest_is_kept(
    house: House, waiting: int, open_for: Open, given: dict[str, str], field: str, says: str
) -> None:
    answer = _decide(open_for("sam"), waiting, **given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'href="#field-{field}"' in answer.text
    error = re.search(rf'id="error-{field}">([^<]*)<', answer.text)
    assert error is not None, answer.text
    assert says in error[1]
    assert "kept" in answer.text
    assert _state(house, waiting)["votes"] == []


def test_conditions_can_be_added_one_by_one(house: House, waiting: int, open_for: Open) -> None:
    sam = open_for("sam")
    page = sam.get(f"/gates/{waiting}")
    first = sam.fill(
        page,
        _form(waiting),
        decision="conditional_go",
        reason="Nearly there.",
        more="1",
        **{"condition-0-text": "Name an owner."},
    )
    assert first.status_code == 200
    assert "condition-1-text" in first.text
    kept = sam.form(first.text, _form(waiting))
    assert kept["condition-0-text"] == "Name an owner."
    assert kept["reason"] == "Nearly there."
    assert kept["decision"] == "conditional_go"
    done = sam.fill(
        first.text,
        _form(waiting),
        override_reason="The owner is missing.",
        **{
            "condition-0-owner": "Olga",
            "condition-0-due": "2026-12-24",
            "condition-1-text": "Show the figures.",
            "condition-1-owner": "Dan",
            "condition-1-due": "2026-12-31",
        },
    )
    assert done.status_code == 303, done.text
    told = text_of(sam.get(done.location))
    assert "Name an owner." in told
    assert "Show the figures." in told


def test_a_row_that_is_left_empty_says_nothing_and_errors_stand_in_theirs(
    house: House, waiting: int, open_for: Open
) -> None:
    answer = _decide(
        open_for("sam"),
        waiting,
        decision="conditional_go",
        reason="Nearly there.",
        override_reason="x",
        rows="3",
        **{
            "condition-2-text": "Name an owner.",
            "condition-2-owner": "Olga",
            "condition-2-due": "2026-11-01",
        },
    )
    assert answer.status_code == 422
    assert 'id="error-condition-2-due"' in answer.text


def test_sent_twice_it_is_done_once(house: House, waiting: int, open_for: Open) -> None:
    sam = open_for("sam")
    form = sam.form(sam.get(f"/gates/{waiting}"), _form(waiting)) | GO
    first, second = sam.send(_form(waiting), form), sam.send(_form(waiting), form)
    third = sam.send(_form(waiting), form | {"decision": "kill"})
    assert first.status_code == second.status_code == third.status_code == 303
    assert first.location == second.location == third.location
    assert len(_state(house, waiting)["votes"]) == 1  # pyright: ignore[reportArgumentType]


def test_a_refused_form_can_be_sent_again(house: House, waiting: int, open_for: Open) -> None:
    sam = open_for("sam")
    form = sam.form(sam.get(f"/gates/{waiting}"), _form(waiting))
    assert sam.send(_form(waiting), form | {"decision": "go"}).status_code == 422
    assert sam.send(_form(waiting), form | GO).status_code == 303


def test_a_form_without_its_key_does_nothing(house: House, waiting: int, open_for: Open) -> None:
    sam = open_for("sam")
    form = sam.form(sam.get(f"/gates/{waiting}"), _form(waiting)) | GO
    del form["once"]
    assert sam.send(_form(waiting), form).status_code == 403
    assert _state(house, waiting)["votes"] == []


def test_a_form_of_another_session_comes_back_and_does_nothing(
    house: House, waiting: int, open_for: Open
) -> None:
    sam = open_for("sam")
    form = sam.form(sam.get(f"/gates/{waiting}"), _form(waiting)) | GO
    later = open_for("sam")
    answer = later.send(_form(waiting), form)
    assert answer.status_code == 403
    assert "You have signed in again" in answer.text
    assert "It is worth it." in answer.text
    assert _state(house, waiting)["votes"] == []
    assert later.fill(answer.text, _form(waiting)).status_code == 303


def test_a_form_of_another_site_does_nothing(house: House, waiting: int, open_for: Open) -> None:
    sam = open_for("sam")
    form = sam.form(sam.get(f"/gates/{waiting}"), _form(waiting)) | GO
    answer = sam.client.post(
        _form(waiting), base_url=BASE, data=form, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "nothing was done" in answer.text
    assert _state(house, waiting)["votes"] == []


def test_what_changed_in_between_is_told_and_asked_again(
    house: House, waiting: int, open_for: Open
) -> None:
    sam = open_for("sam")
    page = sam.get(f"/gates/{waiting}")
    report(house, "P1-K1", {"2026-10-31": 70})
    kpi = kpis.get_kpi(house.runtime, house.pia, "P1-K1")
    kpis.change_kpi(
        house.runtime, house.pia, "P1-K1", {"owner": None}, version=kpi["version"], now=NOW
    )
    answer = sam.fill(page, _form(waiting), **GO)
    assert answer.status_code == 412
    told = text_of(answer.text)
    assert "What you saw has changed" in told
    assert "owner" in told
    kept = sam.form(answer.text, _form(waiting))
    assert kept["reason"] == "It is worth it."
    assert "decision" not in kept
    assert _state(house, waiting)["votes"] == []
    again = sam.fill(answer.text, _form(waiting), decision="go")
    assert again.status_code == 303


def test_another_vote_in_between_is_told(house: House, open_for: Open) -> None:
    number = waived_house.submitted(house)["id"]
    sam = open_for("sam")
    page = sam.get(f"/gates/{number}")
    decisions.vote(
        house.runtime,
        house.fay,
        number,
        Ballot(Answer.GO, "Fine.", "Scores will come."),
        version=None,
        now=NOW,
    )
    answer = sam.fill(page, _form(number), **GO)
    assert answer.status_code == 412
    assert "Fay has voted go." in text_of(answer.text)


def test_the_submitter_sees_why_they_cannot_decide(house: House, open_for: Open) -> None:
    add_project(house)
    number = submit(house, "P1", "value_defined", by="max")["id"]
    page = open_for("max").get(f"/gates/{number}")
    told = text_of(page)
    assert "You cannot decide here." in told
    assert "You submitted this: somebody else decides it, whatever roles you hold." in told
    assert "Record my decision" not in told
    max_ = open_for("max")
    answer = max_.send(_form(number), {"csrf": max_.token, "once": "x", "version": "1", **GO})
    assert answer.status_code == 403
    assert _state(house, number)["votes"] == []


def test_whoever_holds_no_deciding_role_reads_and_does_not_decide(
    house: House, waiting: int, open_for: Open
) -> None:
    told = text_of(open_for("dan").get(f"/gates/{waiting}"))
    assert "You cannot decide here." in told
    assert "is decided by sponsor" in told


def test_a_deputy_decides_for_a_colleague(house: House, waiting: int, open_for: Open) -> None:
    delegations.delegate(
        house.runtime,
        house.sam,
        to="gus@example.org",
        portfolio="main",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        reason="Away.",
        now=NOW,
    )
    gus = open_for("gus")
    page = gus.get(f"/gates/{waiting}")
    assert "You decide for Sam" in text_of(page)
    done = gus.fill(page, _form(waiting), **GO)
    assert done.status_code == 303
    assert "as sponsor for Sam" in text_of(gus.get(done.location))


def test_after_deciding_the_page_says_so_and_asks_no_more(house: House, open_for: Open) -> None:
    number = waived_house.submitted(house)["id"]
    sam = open_for("sam")
    assert _decide(sam, number, **GO).status_code == 303
    page = sam.get(f"/gates/{number}")
    assert "You have decided: ✓ go" in text_of(page)
    assert "Record my decision" not in page
    assert "/receipts/" in page


def test_a_waiver_and_evidence_are_given_on_pages(house: House, open_for: Open) -> None:
    number = waived_house.submitted(house)["id"]
    gus = open_for("gus")
    path = f"/gates/{number}/waivers"
    page = gus.get(f"{path}?criterion=strategic-fit")
    assert gus.fill(page, path, reason="", expires_on="2026-12-24").status_code == 422
    done = gus.fill(page, path, reason="By the board.", expires_on="2026-12-24")
    assert done.status_code == 303, text_of(done.text)
    assert "By the board." in text_of(gus.get(f"/gates/{number}"))
    pia = open_for("pia")
    path = f"/gates/{number}/evidence"
    page = pia.get(path)
    sent = pia.client.post(
        path,
        base_url=BASE,
        data=pia.form(page, path)
        | {"name": "notes", "document": (BytesIO(b"Agreed."), "notes.txt")},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303, text_of(sent.text)
    page = pia.get(f"/gates/{number}")
    found = re.search(r'href="(/evidence-files/\d+)"', page)
    assert found is not None
    got = pia.client.get(found[1], base_url=BASE)
    assert got.data == b"Agreed."
    assert "attachment" in got.headers["Content-Disposition"]


def test_a_wrong_link_of_evidence_is_told_at_its_field(house: House, open_for: Open) -> None:
    number = waived_house.submitted(house)["id"]
    pia = open_for("pia")
    path = f"/gates/{number}/evidence"
    answer = pia.fill(pia.get(path), path, name="notes", link="nowhere")
    assert answer.status_code == 422
    assert 'id="error-link"' in answer.text


def test_lessons_that_the_gate_shows_are_recorded_with_the_vote(
    house: House, waiting: int, open_for: Open
) -> None:
    add_project(house, "P0")
    lessons.add_lesson(
        house.runtime,
        house.pia,
        "P0",
        {
            "title": "Training came too late",
            "happened": "One branch worked without it.",
            "because": "It was planned late.",
            "next_time": "Train first.",
        },
        now=NOW,
    )
    add_project(house, "P9")
    number = submit(house, "P9", "value_defined")["id"]
    sam = open_for("sam")
    assert "Training came too late" in sam.get(f"/gates/{number}")
    told = text_of(sam.get(_decide(sam, number, **GO).location))
    assert "Lessons shown 1" in told


@pytest.mark.parametrize("path", ["/gates/999", "/gates/999/decision"])
def test_a_gate_that_is_not_there(open_for: Open, path: str) -> None:
    sam = open_for("sam")
    answer = sam.client.get(path, base_url=BASE, follow_redirects=True)
    assert answer.status_code == 404


def test_a_gate_that_asks_for_a_signature_keeps_what_was_written(house: House) -> None:
    text = waived_house.WORKFLOW.replace(
        "    to: running\n", "    to: running\n    signature: required\n"
    )
    waived_house.take(house, text)
    add_project(house, workflow="scored")
    number = submitted_to_start(house)
    clock = [NOW]
    app = create_app(house.runtime, lambda: clock[0])
    sam = sign_in(app, house.runtime, "sam@example.org")
    assert "record your decision within five minutes" in text_of(sam.get(f"/gates/{number}"))
    clock[0] = NOW + timedelta(minutes=6)
    page = sam.get(f"/gates/{number}")
    assert f"/sign-in?again=1&amp;next=/gates/{number}" in page
    refused = sam.fill(page, _form(number), **GO)
    assert refused.status_code == 403
    assert "This gate asks for your signature." in refused.text
    assert sam.form(refused.text, _form(number))["reason"] == GO["reason"]
    # Confirmed in another window: the browser has another session, and this one its words.
    link = sign_in_links.issue(house.runtime, OPERATOR, email="sam@example.org", now=clock[0])
    sam.client.post(f"/sign-in/{link.secret}", base_url=BASE)
    back = sam.fill(refused.text, _form(number), decision="go")
    assert back.status_code == 403
    assert "You have signed in again" in back.text
    done = sam.fill(back.text, _form(number))
    assert done.status_code == 303, text_of(done.text)
    assert "Signed confirmed 24 Nov 2026" in text_of(sam.get(done.location))


def submitted_to_start(house: House) -> int:
    return gates.submit(
        house.runtime,
        house.pia,
        "P1",
        "start",
        provided=[{"name": "business_case", "link": "https://example.org/case"}],
        now=NOW,
    )["id"]

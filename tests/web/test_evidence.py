"""Evidence over the web: raw files in, attachments out, and nothing a browser would run."""

from dataclasses import replace
from typing import Any

import pytest

from govern.services.keeping import Keeping
from govern.web.app import create_app
from tests.documents.contents import PDF, TRUE
from tests.services.house import NOW
from tests.web.caller import Caller, Callers, good, problem

FILES = "/projects/P1/evidence-files"


def hand_in(
    caller: Caller, name: str = "case.pdf", content: bytes = PDF, kind: str = "application/pdf"
) -> Any:
    return caller.call(
        "POST", FILES, raw=content, headers={"Content-Type": kind}, query={"filename": name}
    )


@pytest.mark.parametrize("kind", TRUE)
def test_a_file_goes_in_and_comes_out_as_an_attachment(
    people: Callers, project: str, kind: str
) -> None:
    name, content = TRUE[kind]
    answer = hand_in(people.pia, name, content, kind)
    made = good(answer, 201)
    assert answer.headers["Location"] == f"/api/v1/evidence-files/{made['id']}"
    assert good(people.aud.get(f"/evidence-files/{made['id']}")) == made
    assert good(people.aud.get(FILES))["items"] == [made]
    read = people.aud.get(f"/evidence-files/{made['id']}/content")
    assert (read.status_code, read.data, read.mimetype) == (200, content, kind)
    assert read.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in read.headers["Content-Security-Policy"]
    assert read.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ['a"; filename=x.exe; ".pdf', "Fälle für Köln.pdf", "a;b.pdf"])
def test_no_name_breaks_out_of_its_header(people: Callers, project: str, name: str) -> None:
    made = good(hand_in(people.pia, name), 201)
    assert made["filename"] == name
    header = people.pia.get(f"/evidence-files/{made['id']}/content").headers["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert "\n" not in header
    assert "filename=x.exe" not in header.replace('\\"; filename=x.exe', "")


def test_what_is_wrong_is_a_problem_with_its_facts(people: Callers, project: str) -> None:
    problem(hand_in(people.pia, content=b""), 422, "evidence-empty")
    told = problem(hand_in(people.pia, kind="application/zip"), 415, "evidence-type")
    assert "application/pdf" in told["allowed"]
    problem(hand_in(people.pia, content=b"MZ"), 422, "evidence-mismatch")
    problem(hand_in(people.pia, "case.png"), 422, "evidence-mismatch")
    problem(hand_in(people.pia, "../case.pdf"), 422, "invalid-input")
    problem(hand_in(people.aud), 403, "not-allowed")
    problem(hand_in(people.nil), 404, "not-found")
    problem(hand_in(people.nobody), 401, "not-signed-in")
    missing = people.pia.call("POST", FILES, raw=PDF, headers={"Content-Type": "application/pdf"})
    assert "filename" in problem(missing, 422, "invalid-input")["errors"]
    assert good(people.pia.get(FILES))["items"] == []


def test_a_file_may_be_larger_than_other_bodies_and_has_its_own_limit(
    people: Callers, project: str
) -> None:
    runtime = replace(people.house.runtime, keeping=Keeping(largest=3000))
    small = Caller(create_app(runtime, lambda: NOW, largest_body=1000), people.tokens["pia"])
    assert good(hand_in(small, content=PDF + b"%" * 2000), 201)["size"] == len(PDF) + 2000
    told = problem(hand_in(small, content=PDF + b"%" * 3000), 413, "too-large")
    assert told["largest"] == 3000
    chunked = small.call(
        "POST",
        FILES,
        raw=PDF,
        headers={"Content-Type": "application/pdf", "Transfer-Encoding": "chunked"},
        query={"filename": "case.pdf"},
    )
    problem(chunked, 411, "length-required")


def test_what_is_not_to_be_seen_is_not_confirmed(people: Callers, project: str) -> None:
    made = good(hand_in(people.pia), 201)
    for path in ("", "/content"):
        there = people.nil.get(f"/evidence-files/{made['id']}{path}")
        not_there = people.nil.get(f"/evidence-files/999{path}")
        told = problem(there, 404, "not-found")["detail"]
        other = problem(not_there, 404, "not-found")["detail"]
        assert told.replace(str(made["id"]), "N") == other.replace("999", "N")
    problem(people.nil.get(FILES), 404, "not-found")


def test_evidence_is_brought_and_the_votes_are_asked_again(people: Callers, project: str) -> None:
    opened = good(
        people.pia.post(
            f"/projects/{project}/submissions",
            {
                "gate": "value_defined",
                "evidence": [
                    {"name": "business_case", "link": "https://example.org/case"},
                    {"name": "benefit_profiles", "link": "https://example.org/profiles"},
                ],
            },
            version=1,
        ),
        201,
    )
    assert opened["evidence"][0]["file"] is None
    made = good(hand_in(people.pia), 201)
    path = f"/submissions/{opened['id']}/evidence"
    body = {"evidence": [{"name": "business_case", "file": made["id"]}]}
    problem(people.pia.post(path, body), 428, "version-needed")
    problem(people.pia.post(path, body, version=7), 412, "stale-version")
    problem(people.dan.post(path, body, version=opened["version"]), 403, "not-allowed")
    after = good(people.pia.post(path, body, version=opened["version"]), 201)
    assert after["changed"] == ["Evidence 'business_case' was replaced."]
    assert after["evidence"][0]["digest"] == made["digest"]
    vote = {"decision": "go", "reason": "Good."}
    decided = good(
        people.sam.post(f"/submissions/{opened['id']}/votes", vote, version=after["version"]), 201
    )
    number = decided["votes"][0]["id"]
    seen = good(people.aud.get(f"/submissions/{opened['id']}/votes/{number}/seen"))
    assert seen["seen"]["evidence"][0]["digest"] == made["digest"]
    problem(people.nil.get(f"/submissions/{opened['id']}/votes/{number}/seen"), 404, "not-found")
    problem(people.pia.post(path, body, version=decided["version"]), 409, "submission-closed")
    record = good(people.aud.get(f"/projects/{project}/gates"))
    assert record["gates"][0]["iterations"][0]["votes"][0]["seen_digest"] == seen["digest"]
    problem(people.nil.get(f"/projects/{project}/gates"), 404, "not-found")


@pytest.mark.parametrize(
    ("each", "field"),
    [
        ({"name": "a", "link": "javascript:alert(1)"}, "evidence.0.link"),
        ({"name": "a"}, "evidence.0"),
        ({"name": "a", "file": 1, "link": "https://example.org"}, "evidence.0"),
        ({"name": "a", "file": 999}, "evidence.0.file"),
        ({"name": "a", "digest": "sha256:" + "a" * 64}, "evidence.0.digest"),
    ],
)
def test_a_link_or_a_file_and_nothing_else(
    people: Callers, project: str, each: dict[str, Any], field: str
) -> None:
    body = {"gate": "value_defined", "evidence": [each]}
    told = problem(
        people.pia.post(f"/projects/{project}/submissions", body, version=1), 422, "invalid-input"
    )
    assert list(told["errors"]) == [field]

"""Evidence: files and links, kept whole, bound to the votes that saw them, held against their digests."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from govern.domain.actor import Actor
from govern.domain.decision import Answer
from govern.domain.record import Record
from govern.domain.refusal import (
    EvidenceDamaged,
    EvidenceEmpty,
    EvidenceMismatch,
    EvidenceTypeRefused,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refusal,
    SeparationOfDuties,
    StaleVersion,
    SubmissionClosed,
    TooLarge,
)
from govern.domain.role import Role
from govern.services import audit, brought, decisions, evidence_files, gates, history, seen
from govern.services.ballots import Ballot
from govern.services.keeping import Keeping
from govern.services.people import OPERATOR
from govern.store import evidence
from govern.store.blobs import digest_of
from govern.store.folder import Folder
from govern.store.paging import PageRequest
from govern.store.tables import blob
from tests.documents.contents import PDF, TRUE
from tests.services.house import NOW, House, add_project, submit
from tests.services.test_voting import decided_by, person
from tests.store.tampering import drop_triggers

LINK = "https://example.org/case"


@pytest.fixture
def project(house: House) -> str:
    return add_project(house)


def on_disk(house: House, root: Path) -> House:
    keeping = Keeping(Folder(root))
    return House(replace(house.runtime, keeping=keeping), house.actors)


def hand_in(
    house: House,
    project: str = "P1",
    content: bytes = PDF,
    by: Actor | None = None,
    **more: Any,
) -> Record:
    return evidence_files.hand_in(
        house.runtime,
        by or house.pia,
        project,
        filename=more.pop("filename", "case.pdf"),
        media_type=more.pop("media_type", "application/pdf"),
        content=content,
        now=NOW,
    )


def bring(
    house: House,
    opened: Record,
    by: Actor | None = None,
    version: int | None = None,
    name: str = "business_case",
    **more: Any,
) -> Record:
    return brought.bring(
        house.runtime,
        by or house.pia,
        opened["id"],
        [{"name": name, **more}],
        version=version,
        now=NOW,
    )


def vote(house: House, by: str, opened: Record, version: int | None = None) -> Record:
    return decisions.vote(
        house.runtime,
        house.actors[by],
        opened["id"],
        Ballot(Answer.GO, "Because.", "Known."),
        version=version,
        now=NOW,
    )


def kinds(house: House, project: str = "P1") -> list[str]:
    page = history.project_history(house.runtime, house.aud, project, limit=500)
    return [each["kind"] for each in page.items]


@pytest.mark.parametrize("media_type", TRUE)
def test_every_kind_is_kept_and_comes_back(house: House, project: str, media_type: str) -> None:
    name, content = TRUE[media_type]
    made = hand_in(house, content=content, filename=name, media_type=f"{media_type}; charset=utf-8")
    assert made["digest"] == digest_of(content)
    assert (made["media_type"], made["filename"], made["size"], made["kept_in"]) == (
        media_type,
        name,
        len(content),
        "database",
    )
    read = evidence_files.read_file(house.runtime, house.aud, made["id"])
    assert (read.content, read.filename, read.media_type) == (content, name, media_type)
    assert kinds(house)[-1] == "evidence.kept"


@pytest.mark.parametrize(
    ("more", "refusal", "facts"),
    [
        ({"content": b""}, EvidenceEmpty, {"filename": "case.pdf"}),
        ({"content": PDF + b"x" * 200}, TooLarge, {"largest": 100, "size": len(PDF) + 200}),
        ({"media_type": "application/zip"}, EvidenceTypeRefused, {"sent": "application/zip"}),
        ({"media_type": ""}, EvidenceTypeRefused, {"sent": ""}),
        ({"media_type": "text/html"}, EvidenceTypeRefused, {"sent": "text/html"}),
        ({"content": b"MZ\x90"}, EvidenceMismatch, {"sent": "application/pdf"}),
        ({"filename": "case.exe"}, EvidenceMismatch, {"extensions": [".pdf"]}),
        ({"filename": "../case.pdf"}, InvalidInput, {}),
        ({"filename": "a\\case.pdf"}, InvalidInput, {}),
        ({"filename": "a\ncase.pdf"}, InvalidInput, {}),
        ({"filename": "\u202efdp.pdf"}, InvalidInput, {}),
        ({"filename": "x" * 300 + ".pdf"}, InvalidInput, {}),
    ],
)
def test_what_cannot_be_taken_is_refused_and_not_kept(
    house: House, project: str, more: dict[str, Any], refusal: type[Refusal], facts: dict[str, Any]
) -> None:
    small = House(replace(house.runtime, keeping=Keeping(largest=100)), house.actors)
    before = kinds(house)
    with pytest.raises(refusal) as refused:
        hand_in(small, **more)
    assert {name: refused.value.facts[name] for name in facts} == facts
    assert kinds(house) == before
    assert not evidence_files.list_files(house.runtime, house.pia, PageRequest(), "P1").items


def test_only_who_submits_or_decides_hands_in(house: House, project: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        hand_in(house, by=house.aud)
    assert "project_manager" in refused.value.facts["needed"]
    assert hand_in(house, by=house.sam)["recorded_by"] == house.sam.person_id


def test_a_content_is_kept_once_per_project(house: House, project: str) -> None:
    other = add_project(house, "P2")
    first = hand_in(house)
    assert hand_in(house, filename="again.pdf") == first
    assert hand_in(house, other)["id"] != first["id"]
    assert kinds(house).count("evidence.kept") == 1


def test_nothing_is_confirmed_to_whom_may_not_see_it(house: House, project: str) -> None:
    made = hand_in(house)
    stranger = person(house, "stranger")
    for number in (made["id"], made["id"] + 1):
        with pytest.raises(NotFound) as refused:
            evidence_files.read_file(house.runtime, stranger, number)
        assert refused.value.detail == f"There is no evidence file {number} that you may see."
    with pytest.raises(NotFound):
        evidence_files.list_files(house.runtime, stranger, PageRequest(), project)
    with pytest.raises(NotFound):
        hand_in(house, by=stranger)


def test_a_submission_stands_on_files_and_links(house: House, project: str) -> None:
    made = hand_in(house)
    opened = gates.submit(
        house.runtime,
        house.pia,
        project,
        "value_defined",
        provided=[
            {"name": "business_case", "file": made["id"]},
            {"name": "benefit_profiles", "link": LINK},
        ],
        now=NOW,
    )
    by = house.pia.person_id
    assert opened["evidence"] == [
        {
            "name": "business_case",
            "by": by,
            "file": made["id"],
            "digest": digest_of(PDF),
            "filename": "case.pdf",
            "media_type": "application/pdf",
            "size": len(PDF),
        },
        {"name": "benefit_profiles", "by": by, "link": LINK},
    ]
    assert opened["advice"] == "go"


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ([{"name": "a"}], "evidence.0"),
        ([{"name": "a", "link": LINK, "file": 1}], "evidence.0"),
        ([{"name": "a", "link": "javascript:alert(1)"}], "evidence.0.link"),
        ([{"name": "a", "link": LINK + "x" * 3000}], "evidence.0.link"),
        ([{"name": "a", "file": 99}], "evidence.0.file"),
        ([{"name": "a", "file": "of P2"}], "evidence.0.file"),
        ([{"name": "a", "link": LINK}, {"name": "a", "link": LINK}], "evidence.1.name"),
    ],
)
def test_evidence_that_is_none_is_refused(
    house: House, project: str, given: list[dict[str, Any]], where: str
) -> None:
    foreign = hand_in(house, add_project(house, "P2"))
    given = [
        {**each, "file": foreign["id"]} if each.get("file") == "of P2" else each for each in given
    ]
    with pytest.raises(InvalidInput) as refused:
        gates.submit(house.runtime, house.pia, project, "value_defined", provided=given, now=NOW)
    assert list(refused.value.facts["errors"]) == [where]
    assert "gate.submitted" not in kinds(house)


def to_planned(house: House, project: str) -> Record:
    """Before a gate that two people decide."""
    vote(house, "sam", submit(house, project, "value_defined"))
    return submit(house, project, "planned")


def test_new_evidence_asks_again_and_says_what_changed(house: House, project: str) -> None:
    opened = to_planned(house, project)
    after = vote(house, "sam", opened)
    made = hand_in(house, content=PDF)
    later = bring(
        house,
        after,
        name="benefits_realisation_plan",
        file=made["id"],
        version=after["version"],
    )
    assert later["round"] == 2
    assert later["changed"] == ["Evidence 'benefits_realisation_plan' was replaced."]
    assert [each["counts"] for each in later["votes"]] == [False]
    assert later["version"] > after["version"]
    assert kinds(house)[-2:] == ["evidence.added", "gate.rejudged"]
    told = history.project_history(house.runtime, house.aud, project, kind="evidence.added")
    assert told.items[0]["told"].startswith(f"evidence on submission {opened['id']}: ")
    with pytest.raises(StaleVersion):
        vote(house, "fay", opened, version=after["version"])
    assert vote(house, "fay", later, later["version"])["state"] == "open"
    assert vote(house, "sam", later)["decision"] == "go"


def test_evidence_that_was_missing_is_added(house: House, project: str) -> None:
    opened = gates.submit(house.runtime, house.pia, project, "value_defined", now=NOW)
    assert opened["advice"] == "recycle"
    after = bring(house, opened, link=LINK)
    assert "Evidence 'business_case' was added." in after["changed"]
    after = bring(house, after, name="benefit_profiles", link=LINK, by=house.sam)
    assert after["advice"] == "go"
    assert after["round"] == 1
    assert [each["by"] for each in after["evidence"]] == [
        house.pia.person_id,
        house.sam.person_id,
    ]


def _closed(house: House, opened: Record) -> None:
    vote(house, "sam", opened)


@pytest.mark.parametrize(
    ("by", "more", "refusal", "before"),
    [
        ("aud", {"link": LINK}, NotAllowed, None),
        ("dan", {"link": LINK}, NotAllowed, None),
        ("pia", {"link": LINK, "version": 9}, StaleVersion, None),
        ("pia", {"link": "data:x"}, InvalidInput, None),
        ("pia", {"file": 77}, InvalidInput, None),
        ("pia", {"link": "https://example.org/business_case"}, InvalidInput, None),
        ("pia", {"link": LINK}, SubmissionClosed, _closed),
    ],
)
def test_bringing_that_is_refused_changes_nothing(
    house: House,
    project: str,
    by: str,
    more: dict[str, Any],
    refusal: type[Refusal],
    before: Callable[[House, Record], None] | None,
) -> None:
    opened = submit(house, project, "value_defined")
    if before:
        before(house, opened)
    was = gates.get_submission(house.runtime, OPERATOR, opened["id"], now=NOW)
    events = kinds(house)
    with pytest.raises(refusal):
        bring(house, opened, by=house.actors[by], **more)
    assert gates.get_submission(house.runtime, OPERATOR, opened["id"], now=NOW) == was
    assert kinds(house) == events


def test_whoever_brings_evidence_does_not_decide_where_the_gate_says_so(house: House) -> None:
    decided_by(house, "[{role: sponsor}]", "    separation: [submitter, evidence_provider]\n")
    project = add_project(house)
    other = person(house, "sue", Role.SPONSOR)
    opened = bring(house, submit(house, project, "value_defined"), link=LINK, by=house.sam)
    with pytest.raises(SeparationOfDuties):
        vote(house, "sam", opened)
    decided = decisions.vote(
        house.runtime, other, opened["id"], Ballot(Answer.GO, "Good."), version=None, now=NOW
    )
    assert decided["decision"] == "go"


# --- kept, and held against its digest ------------------------------------------------------------


def test_on_disk_it_is_kept_by_its_digest(house: House, project: str, tmp_path: Path) -> None:
    disk = on_disk(house, tmp_path / "kept")
    made = hand_in(disk)
    assert made["kept_in"] == "disk"
    assert Folder(tmp_path / "kept").get(made["digest"]) == PDF
    assert evidence_files.read_file(disk.runtime, disk.pia, made["id"]).content == PDF
    with house.runtime.store.reading() as connection:
        assert evidence.on_disk(connection) == [made["digest"]]
        assert not connection.execute(
            blob.select().where(blob.c.digest == made["digest"])
        ).fetchall()
    assert not audit.verify_ledger(disk.runtime, OPERATOR).faults


@pytest.mark.parametrize(
    ("harm", "says"), [("change", "which was changed"), ("remove", "which is gone")]
)
def test_the_audit_names_the_file_on_disk_that_does_not_hold(
    house: House, project: str, tmp_path: Path, harm: str, says: str
) -> None:
    disk = on_disk(house, tmp_path)
    made = hand_in(disk)
    path = Folder(tmp_path).path_of(made["digest"])
    path.chmod(0o600)
    path.unlink() if harm == "remove" else path.write_bytes(PDF + b"%")
    (fault,) = audit.verify_ledger(disk.runtime, OPERATOR).faults
    assert fault.project == project
    assert str(path) in fault.what
    assert says in fault.what
    with pytest.raises(EvidenceDamaged):
        evidence_files.read_file(disk.runtime, disk.pia, made["id"])
    if harm == "change":
        with pytest.raises(EvidenceDamaged):
            hand_in(disk)


def test_the_audit_says_where_it_should_have_looked(
    house: House, project: str, tmp_path: Path
) -> None:
    made = hand_in(on_disk(house, tmp_path))
    (fault,) = audit.verify_ledger(house.runtime, OPERATOR).faults
    assert "GOVERN_EVIDENCE_DIR" in fault.what
    with pytest.raises(EvidenceDamaged):
        evidence_files.read_file(house.runtime, house.pia, made["id"])


def test_the_audit_finds_what_was_changed_in_the_database(house: House, project: str) -> None:
    made = hand_in(house)
    assert not audit.verify_ledger(house.runtime, OPERATOR).faults
    with house.runtime.store.writing() as connection:
        drop_triggers(connection)
        connection.execute(
            blob.update().where(blob.c.digest == made["digest"]).values(content=PDF + b"%")
        )
    (fault,) = audit.verify_ledger(house.runtime, OPERATOR).faults
    assert made["digest"] in fault.what
    with pytest.raises(EvidenceDamaged):
        evidence_files.read_file(house.runtime, house.pia, made["id"])


# --- what each voter saw --------------------------------------------------------------------------


def test_what_each_voter_saw_can_be_read(house: House, project: str) -> None:
    opened = to_planned(house, project)
    first = vote(house, "sam", opened)
    bring(house, first, name="benefits_realisation_plan", link=LINK)
    second = vote(house, "fay", opened)
    third = vote(house, "sam", opened)
    was, now_, again = (
        seen.seen_by(house.runtime, house.aud, opened["id"], each["id"]) for each in third["votes"]
    )
    assert [was["person"], now_["person"], again["person"]] == ["Sam", "Fay", "Sam"]
    assert was["digest"] != now_["digest"] == again["digest"]
    assert now_["seen"] == again["seen"]
    (plan,) = was["seen"]["evidence"]
    assert plan["link"] == "https://example.org/benefits_realisation_plan"
    assert now_["seen"]["evidence"][0]["link"] == LINK
    assert was["seen"]["advice"] == first["advice"]
    assert [each["id"] for each in was["seen"]["results"]] == [
        each["id"] for each in opened["results"]
    ]
    assert now_["people"][house.pia.person_id] == "Pia"
    assert second["state"] == "open"


def test_a_vote_is_read_under_its_own_submission_only(house: House, project: str) -> None:
    decided = vote(house, "sam", submit(house, project, "value_defined"))
    other = submit(house, project, "planned")
    number = decided["votes"][0]["id"]
    with pytest.raises(NotFound):
        seen.seen_by(house.runtime, house.aud, other["id"], number)
    with pytest.raises(NotFound):
        seen.seen_by(house.runtime, person(house, "stranger"), decided["id"], number)

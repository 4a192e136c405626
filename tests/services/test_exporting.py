"""An export of real events verifies; who may take one; what is in it and what is not."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from govern.audit_bundle import verify as verifier
from govern.domain.refusal import InvalidInput, NoKey, NotAllowed, NotFound
from govern.ledger.note import Algorithm, cosign, generate, split_note
from govern.services import evidence_files, gates, people
from govern.services.erasing import erase_person
from govern.services.export_copies import guarded
from govern.services.export_selection import Query
from govern.services.exporting import Export, export
from govern.services.keeping import Keeping
from govern.services.log_keys import new_key, rotate
from govern.services.people import OPERATOR
from govern.services.sealing import seal
from govern.services.telling import tell
from govern.store import checkpoints, events
from govern.store.folder import Folder
from govern.store.key_folder import KeyFolder
from tests.documents.contents import PDF
from tests.services.house import EVIDENCE, NOW, House, add_project

DAY = NOW.date()


@pytest.fixture
def sealed(house: House, tmp_path: Path) -> House:
    """A house with a key, a project whose gate was submitted, and another project."""
    keyed = replace(house, runtime=replace(house.runtime, keys=KeyFolder(tmp_path / "keys")))
    new_key(keyed.runtime, OPERATOR, "govern.example.org/log", now=NOW)
    add_project(keyed, "P1")
    add_project(keyed, "P2")
    gates.submit(
        keyed.runtime,
        keyed.pia,
        "P1",
        "value_defined",
        note="=cmd() is only a note",
        provided=[
            {"name": each, "link": "https://example.org/x"} for each in EVIDENCE["value_defined"]
        ],
        now=NOW,
    )
    return keyed


def taken(made: Export, path: Path) -> Path:
    bundle = path / made.filename
    bundle.write_bytes(b"".join(made.parts))
    return bundle


def policy(house: House, path: Path) -> str:
    assert house.runtime.keys is not None
    signer = house.runtime.keys.signer()
    assert signer is not None
    file = path / "policy.txt"
    file.write_text(f"log {signer.verifier}\nquorum none\n")
    return str(file)


def files(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_project_is_exported_whole_and_verifies(
    sealed: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = export(sealed.runtime, OPERATOR, Query(project="P1"), now=NOW)
    bundle = taken(made, tmp_path)
    code = verifier.main([str(bundle), "--policy", policy(sealed, tmp_path)])
    assert code == 0, capsys.readouterr().out
    held = files(bundle)
    manifest = json.loads(held["manifest.json"])
    chains = {each["chain"]: each for each in manifest["chains"]}
    with sealed.runtime.store.reading() as connection:
        own = events.events_of(connection, "P1")
    assert chains["P1"] == {
        "chain": "P1",
        "first": 1,
        "last": len(own),
        "events": len(own),
        "whole": True,
    }
    assert "P2" not in chains
    assert b"".join(each.body + b"\n" for each in own) in held["events.jsonl"]
    assert held["verify.py"] == Path(verifier.__file__).read_bytes()


def test_the_copies_for_people_have_words_and_no_formulas(sealed: House, tmp_path: Path) -> None:
    bundle = taken(export(sealed.runtime, OPERATOR, Query(project="P1"), now=NOW), tmp_path)
    held = files(bundle)
    assert b"is only a note" not in held["events.jsonl"]
    rows = list(csv.DictReader(io.StringIO(held["events.csv"].decode(), newline="")))
    assert any("=cmd() is only a note" in row["data"] for row in rows)
    assert not [
        cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))
    ]
    page = held["report.html"].decode()
    assert "<script" not in page
    assert "Pia" in page
    assert "gate.submitted" in page


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'x"])
def test_what_a_spreadsheet_would_run_is_quoted(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


def test_a_gate_is_exported_as_a_selection(sealed: House, tmp_path: Path) -> None:
    asked = Query(project="P1", gate="value_defined")
    bundle = taken(export(sealed.runtime, OPERATOR, asked, now=NOW), tmp_path)
    assert verifier.main([str(bundle), "--policy", policy(sealed, tmp_path)]) == 0
    kinds = [json.loads(line)["kind"] for line in files(bundle)["events.jsonl"].splitlines()]
    assert "gate.submitted" in kinds
    assert "kpi.added" not in kinds


def test_a_period_is_a_part_of_the_log_without_gaps(sealed: House, tmp_path: Path) -> None:
    seal(sealed.runtime, NOW)
    later = NOW + timedelta(days=2)
    add_project(sealed, "P3")
    seal(sealed.runtime, later)
    first = Query(first=DAY, last=DAY)
    bundle = taken(export(sealed.runtime, OPERATOR, first, now=later), tmp_path)
    assert verifier.main([str(bundle), "--policy", policy(sealed, tmp_path)]) == 0
    manifest = json.loads(files(bundle)["manifest.json"])
    assert {each["chain"] for each in manifest["chains"]} == {"@service", "P1", "P2"}
    then = Query(first=DAY + timedelta(days=1))
    rest = taken(export(sealed.runtime, OPERATOR, then, now=later), tmp_path)
    following = json.loads(files(rest)["manifest.json"])
    assert following["query"]["first_index"] == manifest["query"]["next_index"]


def test_the_bundle_leads_from_the_pinned_key_to_the_one_that_followed(
    sealed: House, tmp_path: Path
) -> None:
    pinned = policy(sealed, tmp_path)
    seal(sealed.runtime, NOW)
    rotate(sealed.runtime, OPERATOR, now=NOW)
    add_project(sealed, "P3")
    bundle = taken(export(sealed.runtime, OPERATOR, Query(project="P3"), now=NOW), tmp_path)
    assert verifier.main([str(bundle), "--policy", pinned]) == 0
    assert verifier.main([str(bundle)]) == verifier.OWN_KEYS


def test_it_continues_a_checkpoint_that_the_auditor_kept(sealed: House, tmp_path: Path) -> None:
    kept = seal(sealed.runtime, NOW)
    assert kept.note is not None
    (tmp_path / "kept").write_text(kept.note, encoding="utf-8")
    add_project(sealed, "P3")
    made = export(sealed.runtime, OPERATOR, Query(project="P1"), continues=[kept.size], now=NOW)
    bundle = taken(made, tmp_path)
    called = [
        str(bundle),
        "--policy",
        policy(sealed, tmp_path),
        "--earlier",
        str(tmp_path / "kept"),
    ]
    assert verifier.main(called) == 0
    with pytest.raises(InvalidInput):
        export(sealed.runtime, OPERATOR, Query(project="P1"), continues=[kept.size + 1000], now=NOW)


def test_who_takes_an_export_is_recorded_before_it_is_given(sealed: House) -> None:
    export(sealed.runtime, sealed.aud, Query(project="P1"), now=NOW)
    with sealed.runtime.store.reading() as connection:
        (read,) = (e for e in events.events_of(connection, "@service") if e.kind == "personal.read")
    assert read.actor == sealed.aud.person_id
    assert read.data["query"] == {"kind": "project", "project": "P1"}
    assert "everything" in tell(read.kind, read.data)


def test_an_export_is_for_auditors(sealed: House) -> None:
    with pytest.raises(NotAllowed):
        export(sealed.runtime, sealed.sam, Query(project="P1"), now=NOW)
    with pytest.raises(NotAllowed):
        export(sealed.runtime, sealed.aud, Query(), now=NOW)
    with pytest.raises(NotFound):
        export(sealed.runtime, sealed.aud, Query(project="P9"), now=NOW)


def test_without_a_key_there_is_nothing_to_prove_by(house: House) -> None:
    add_project(house, "P1")
    with pytest.raises(NoKey):
        export(house.runtime, OPERATOR, Query(project="P1"), now=NOW)


def test_what_is_asked_for_must_make_sense(sealed: House) -> None:
    for wrong in (
        Query(gate="planned"),
        Query(project="P1", first=DAY),
        Query(first=DAY, last=DAY - timedelta(days=1)),
    ):
        with pytest.raises(InvalidInput):
            export(sealed.runtime, OPERATOR, wrong, now=NOW)
    with pytest.raises(NotFound):
        export(sealed.runtime, OPERATOR, Query(project="P1", gate="no-such"), now=NOW)


def test_it_is_written_as_it_is_taken(sealed: House) -> None:
    made = export(sealed.runtime, OPERATOR, Query(project="P1"), now=NOW)
    assert len(list(made.parts)) > 10


def test_an_erased_person_is_in_no_bundle_and_every_proof_holds(
    sealed: House, tmp_path: Path
) -> None:
    address, name = "w.quist@example.org", "Wilhelmina Quist"
    people.add_person(sealed.runtime, OPERATOR, email=address, name=name, now=NOW)
    add_project(sealed, "P3", owner=name, status_text=f"As {name} said.")
    before = taken(export(sealed.runtime, OPERATOR, Query(project="P3"), now=NOW), tmp_path)
    assert name.encode() in files(before)["personal.jsonl"]
    erase_person(sealed.runtime, OPERATOR, address, reason="Asked to.", now=NOW)
    after = tmp_path / "after.zip"
    made = export(sealed.runtime, OPERATOR, Query(project="P3"), now=NOW)
    after.write_bytes(b"".join(made.parts))
    assert verifier.main([str(after), "--policy", policy(sealed, tmp_path)]) == 0
    held = files(after)
    assert not [each for each, content in held.items() if b"quist" in content.lower()]
    assert b"As (erased) said." in held["personal.jsonl"]
    assert len(held["erased.jsonl"].splitlines()) >= 2
    everything = export(sealed.runtime, OPERATOR, Query(), now=NOW)
    after.write_bytes(b"".join(everything.parts))
    assert verifier.main([str(after), "--policy", policy(sealed, tmp_path)]) == 0
    assert not [each for each, content in files(after).items() if b"quist" in content.lower()]


def test_content_that_was_lost_does_not_stop_the_export_and_is_told_by_the_verifier(
    sealed: House, tmp_path: Path
) -> None:
    folder = Folder(tmp_path / "evidence")
    kept = replace(sealed, runtime=replace(sealed.runtime, keeping=Keeping(folder)))
    handed = evidence_files.hand_in(
        kept.runtime,
        kept.pia,
        "P1",
        filename="case.pdf",
        media_type="application/pdf",
        content=PDF,
        now=NOW,
    )
    whole = taken(export(kept.runtime, OPERATOR, Query(project="P1"), now=NOW), tmp_path)
    assert verifier.main([str(whole), "--policy", policy(kept, tmp_path)]) == 0
    folder.path_of(handed["digest"]).unlink()
    made = export(kept.runtime, OPERATOR, Query(project="P1"), now=NOW)
    lacking = tmp_path / "lacking.zip"
    lacking.write_bytes(b"".join(made.parts))
    assert verifier.main([str(lacking), "--policy", policy(kept, tmp_path)]) == verifier.CONTENT


def test_a_bundle_of_the_log_as_a_witness_signed_it_last(sealed: House, tmp_path: Path) -> None:
    asked = Query(project="P1")
    with pytest.raises(NotFound):
        export(sealed.runtime, OPERATOR, asked, cosigned=True, now=NOW)
    signed = seal(sealed.runtime, NOW)
    assert signed.note is not None
    witness = generate("witness.example.net", Algorithm.COSIGNATURE)
    line = cosign(split_note(signed.note)[0], witness, NOW)
    with sealed.runtime.store.writing() as connection:
        checkpoints.cosign(connection, signed.size, "witness.example.net", line, NOW)
    pinned = Path(policy(sealed, tmp_path))
    log_line = pinned.read_text().splitlines()[0]
    pinned.write_text(f"{log_line}\nwitness W {witness.verifier}\nquorum W\n")
    latest = taken(export(sealed.runtime, OPERATOR, asked, now=NOW), tmp_path)
    assert verifier.main([str(latest), "--policy", str(pinned)]) == verifier.KEYS
    made = export(sealed.runtime, OPERATOR, asked, cosigned=True, now=NOW)
    assert made.size == signed.size
    assert verifier.main([str(taken(made, tmp_path)), "--policy", str(pinned)]) == 0

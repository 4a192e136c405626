"""A bundle over the web: streamed to auditors, refused to others before anything is sent."""

from dataclasses import replace
from pathlib import Path

import pytest

from govern.audit_bundle import verify as verifier
from govern.services.log_keys import new_key
from govern.services.people import OPERATOR
from govern.store import events
from govern.store.key_folder import KeyFolder
from tests.services import house as made
from tests.services.house import NOW, House
from tests.web.caller import Callers, everybody, problem

EXPORT = "/audit/export"


@pytest.fixture
def keyed(house: House, tmp_path: Path) -> House:
    with_keys = replace(house, runtime=replace(house.runtime, keys=KeyFolder(tmp_path / "keys")))
    new_key(with_keys.runtime, OPERATOR, "govern.example.org/log", now=NOW)
    made.add_project(with_keys)
    return with_keys


def test_an_auditor_takes_a_bundle_that_verifies(keyed: House, tmp_path: Path) -> None:
    answer = everybody(keyed).aud.get(EXPORT, query={"project": "P1"})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == "attachment; filename=govern-project-P1.zip"
    assert "Content-Length" not in answer.headers
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(answer.data)
    assert keyed.runtime.keys is not None
    signer = keyed.runtime.keys.signer()
    assert signer is not None
    policy = tmp_path / "policy.txt"
    policy.write_text(f"log {signer.verifier}\nquorum none\n")
    assert verifier.main([str(bundle), "--policy", str(policy)]) == 0
    with keyed.runtime.store.reading() as connection:
        kinds = [each.kind for each in events.events_of(connection, "@service")]
    assert kinds.count("personal.read") == 1


def test_nobody_else_does(keyed: House) -> None:
    people = everybody(keyed)
    problem(people.sam.get(EXPORT, query={"project": "P1"}), 403, "not-allowed")
    problem(people.op.get(EXPORT, query={"from": "2026-11-01"}), 403, "not-allowed")
    problem(people.aud.get(EXPORT, query={"from": "2026-11-01"}), 403, "not-allowed")
    problem(people.aud.get(EXPORT, query={"project": "P9"}), 404, "not-found")
    problem(people.eve.get(EXPORT, query={"gate": "planned"}), 422, "invalid-input")
    asked = {"project": "P1", "cosigned": "true"}
    problem(people.aud.get(EXPORT, query=asked), 404, "not-found")


def test_without_a_key_it_says_what_to_do(people: Callers, project: str) -> None:
    told = problem(people.aud.get(EXPORT, query={"project": project}), 409, "no-key")
    assert "govern keys new" in told["detail"]

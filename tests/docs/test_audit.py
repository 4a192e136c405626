"""docs/audit.md, followed to the letter: in an empty folder, by a Python that has only `cryptography`."""

import hashlib
import os
import re
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from govern.audit_bundle import verify as verifier
from govern.domain.decision import Answer
from govern.domain.refusal import Refusal
from govern.services import decisions, projects
from govern.services.ballots import Ballot
from govern.services.export_selection import Query
from govern.services.exporting import export
from govern.services.log_keys import new_key
from govern.services.people import OPERATOR
from govern.store.engine import open_engine
from govern.store.key_folder import KeyFolder
from govern.store.transaction import Store
from tests.docs.tutorial import LEFT_OUT, blocks, calls
from tests.services.house import EVIDENCE, NOW, House, add_project, build, submit

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"


@pytest.fixture
def desk(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A folder with the bundle of a closed project and the policy, and nothing else."""
    database = tmp_path / "govern.db"
    database.write_bytes(Path(migrated_sqlite).read_bytes())
    store = Store(open_engine(f"sqlite:///{database}"))
    house = build(store)
    house = replace(house, runtime=replace(house.runtime, keys=KeyFolder(tmp_path / "keys")))
    key = new_key(house.runtime, OPERATOR, "govern.example.org/log", now=NOW)
    close_a_project(house)
    folder = tmp_path / "desk"
    folder.mkdir()
    made = export(house.runtime, OPERATOR, Query(project="P1"), now=NOW)
    (folder / "closed.zip").write_bytes(b"".join(made.parts))
    (folder / "policy.txt").write_text(f"log {key.key}\nquorum none\n")
    store.close()
    return folder


def close_a_project(house: House) -> None:
    """Through every gate, against the advice where it is not go."""
    project = add_project(house, "P1")
    for gate in EVIDENCE:
        submission = submit(house, project, gate)
        for who in ("sam", "fay", "gus", "max"):
            # Not everybody decides at every gate, and the last one finds it decided.
            with suppress(Refusal):
                ballot = Ballot(Answer.GO, "So.", "So it is.")
                decisions.vote(
                    house.runtime,
                    house.actors[who],
                    submission["id"],
                    ballot,
                    version=None,
                    now=NOW,
                )
    stage = projects.get_project(house.runtime, house.aud, project)["stage"]
    assert stage == "closed"


def test_the_steps_of_the_page_verify_the_bundle_of_a_closed_project(desk: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GOVERN_", "PYTHON", "VIRTUAL_ENV", "COV"))
    }
    environment["PATH"] = os.pathsep.join(
        each for each in environment["PATH"].split(os.pathsep) if ".venv" not in each
    )
    code = 0
    done = 0
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.kind != "console":
            continue
        for line, command, told in calls(block):
            if command == "echo $?":
                printed = f"{code}\n"
            else:
                ran = subprocess.run(
                    ["sh", "-c", command],
                    check=False,
                    cwd=desk,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=300,
                )
                code, printed = ran.returncode, ran.stdout + ran.stderr
            parts = map(re.escape, told.split(f"{LEFT_OUT}\n"))
            assert re.fullmatch("(?:.*\n)*".join(parts), without_warnings(printed)), (
                f"audit.md:{line}: $ {command}\n{told}--- printed ---\n{printed}"
            )
            done += 1
    assert done == 9


def without_warnings(printed: str) -> str:
    """What pip says of its index is not the page's."""
    lines = printed.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("WARNING:", "[notice]")))


def test_the_page_has_the_hash_of_the_verifier() -> None:
    made = hashlib.sha256(Path(verifier.__file__).read_bytes()).hexdigest()
    assert f"{made}  closed/verify.py" in PAGE.read_text(encoding="utf-8")


def test_the_page_lists_the_exit_codes_of_the_verifier_in_their_order() -> None:
    told = [int(code) for code in re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.MULTILINE)]
    assert told == [0, 2, *verifier.GRAVEST_FIRST, 3]

"""The verifier of exports, held against bundles made of plain values, and against what is done to them."""

import ast
import base64
import json
import random
from pathlib import Path

import pytest

from govern.audit_bundle import verify as verifier
from govern.ledger.keys import sign_rotation
from govern.ledger.note import Algorithm, cosign, generate
from govern.ledger.receipt import sign_receipt
from tests.audit_bundle.made import (
    NOON,
    ORIGIN,
    BundleFiles,
    Log,
    consistency,
    example_log,
    period_bundle,
    policy_of,
    project_bundle,
    relisted,
    write_zip,
)


@pytest.fixture(scope="module")
def log() -> Log:
    return example_log()


class Desk:
    """An auditor's desk: a folder with the bundle and the policy, and the program."""

    def __init__(self, folder: Path, log: Log) -> None:
        self.folder = folder
        self.policy = folder / "policy.txt"
        self.policy.write_text(policy_of(log))

    def verify(self, made: BundleFiles, *more: str, pinned: bool = True) -> int:
        bundle = write_zip(made, self.folder / "bundle.zip")
        policy = ["--policy", str(self.policy)] if pinned else []
        return verifier.main([str(bundle), *policy, *more])


@pytest.fixture
def desk(tmp_path: Path, log: Log) -> Desk:
    return Desk(tmp_path, log)


def replaced(made: BundleFiles, name: str, content: bytes) -> BundleFiles:
    return relisted({**made, name: content})


def events(made: BundleFiles) -> list[bytes]:
    return made["events.jsonl"].splitlines()


def with_events(made: BundleFiles, lines: list[bytes]) -> BundleFiles:
    return replaced(made, "events.jsonl", b"".join(line + b"\n" for line in lines))


def test_a_bundle_of_a_project_holds(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.verify(project_bundle(log)) == verifier.HOLDS
    told = capsys.readouterr().out
    assert "HOLDS, under the keys of your policy." in told
    assert "7 in 2 chains" in told
    assert "up to event 4, by the sealed heads of all projects; 1 more since" in told
    assert "1 values that fit their references, 1 erased" in told


def test_a_bundle_of_a_period_holds(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.verify(period_bundle(log, 3, 9)) == verifier.HOLDS
    assert "every entry of the log from 3 to 8 is here" in capsys.readouterr().out


def test_an_unpacked_bundle_holds_too(desk: Desk, log: Log) -> None:
    for name, content in project_bundle(log).items():
        path = desk.folder / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert verifier.main([str(desk.folder / "unpacked"), "--policy", str(desk.policy)]) == 0


def test_without_a_policy_it_says_that_the_keys_are_the_bundles_own(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.verify(project_bundle(log), pinned=False) == verifier.OWN_KEYS
    assert "came with the bundle" in capsys.readouterr().out


def test_every_line_of_the_table_of_exit_codes_is_a_code() -> None:
    assert verifier.__doc__ is not None
    table = verifier.__doc__.split("first in this order:")[1]
    codes = [int(line.split()[0]) for line in table.splitlines() if line.strip()[:1].isdigit()]
    gravest = [code for code in codes if code >= verifier.UNREADABLE]
    assert gravest == list(verifier.GRAVEST_FIRST)
    assert set(codes) == {0, 2, 3, *gravest}


def test_it_is_one_file_for_python_3_9_that_imports_nothing_else() -> None:
    source = Path(verifier.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {
        (each.module or "" if isinstance(each, ast.ImportFrom) else name.name).partition(".")[0]
        for each in ast.walk(tree)
        if isinstance(each, ast.Import | ast.ImportFrom)
        for name in each.names
    }
    assert "govern" not in imported
    assert imported <= {*__import__("sys").stdlib_module_names, "cryptography"}


# --- what is no bundle, and what nobody signed ------------------------------------------------------


def test_what_is_no_bundle_is_told_apart(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project_bundle(log)
    whole = write_zip(made, desk.folder / "whole.zip").read_bytes()
    cut = desk.folder / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert verifier.main([str(cut)]) == verifier.UNREADABLE
    assert verifier.main([str(desk.folder / "nothing.zip")]) == verifier.UNREADABLE
    other = {**made, "manifest.json": b'{"format":"govern/audit-bundle/v2"}'}
    assert desk.verify(other) == verifier.UNREADABLE
    assert "govern/audit-bundle/v2" in capsys.readouterr().err


def test_a_policy_that_cannot_be_read_is_a_wrong_call(desk: Desk, log: Log) -> None:
    desk.policy.write_text(f"log {log.signer.verifier}\nquorum two\n")
    with pytest.raises(SystemExit) as called:
        desk.verify(project_bundle(log))
    assert called.value.code == 2


def test_another_log_with_the_same_name_is_not_trusted(desk: Desk) -> None:
    assert desk.verify(project_bundle(example_log())) == verifier.KEYS


def test_a_key_that_follows_by_a_rotation_is_trusted_for_what_came_after(
    desk: Desk, log: Log
) -> None:
    second = generate(ORIGIN)
    rotation = sign_rotation(log.signer, second, size=3, at=NOON)
    grown = Log(second, log.entries)
    made = project_bundle(grown)
    made["checkpoints/3.checkpoint"] = log.checkpoint(3).encode()
    assert desk.verify(relisted(made)) == verifier.KEYS
    made["keys/rotations/00000003.note"] = rotation.encode()
    assert desk.verify(relisted(made)) == verifier.HOLDS
    # The old key no longer signs for what is larger.
    late = {**made, "checkpoints/5.checkpoint": log.checkpoint(5).encode()}
    late["checkpoints/5.consistency"] = consistency(log, 5, grown.checkpoint()).encode()
    assert desk.verify(relisted(late)) == verifier.KEYS
    # A rotation that only the new key signed leads nowhere.
    forged = sign_rotation(generate(ORIGIN), second, size=3, at=NOON)
    made["keys/rotations/00000003.note"] = forged.encode()
    assert desk.verify(relisted(made)) == verifier.KEYS


def test_the_witnesses_that_a_policy_asks_for_must_have_signed(desk: Desk, log: Log) -> None:
    witness = generate("witness.example.net", Algorithm.COSIGNATURE)
    desk.policy.write_text(f"log {log.signer.verifier}\nwitness W {witness.verifier}\nquorum W\n")
    made = project_bundle(log)
    assert desk.verify(made) == verifier.KEYS
    size = len(log.entries)
    name = f"checkpoints/{size}.checkpoint"
    text = made[name].decode()
    line = cosign(text.rpartition("\n\n")[0] + "\n", witness, NOON)
    signed = replaced(made, name, (text + line).encode())
    assert desk.verify(signed) == verifier.HOLDS
    raw = bytearray(base64.b64decode(line.split()[2]))
    raw[-1] ^= 1
    wrong = f"— witness.example.net {base64.b64encode(bytes(raw)).decode()}\n"
    assert desk.verify(replaced(made, name, (text + wrong).encode())) != verifier.HOLDS


# --- what the auditor brings ----------------------------------------------------------------------------


def test_a_receipt_is_found_in_the_bundle_or_told_missing(desk: Desk, log: Log) -> None:
    own = [each for each in log.entries if each.project == "LE-002"]
    receipt = desk.folder / "receipt.txt"
    last = own[-1]
    genuine = sign_receipt(
        log.signer, project="LE-002", seq=last.seq, leaf=bytes.fromhex(last.leaf)
    )
    receipt.write_text(genuine, encoding="utf-8")
    made = project_bundle(log)
    assert desk.verify(made, "--receipt", str(receipt)) == verifier.HOLDS
    cut = sign_receipt(log.signer, project="LE-002", seq=last.seq + 1, leaf=b"\x01" * 32)
    receipt.write_text(cut, encoding="utf-8")
    assert desk.verify(made, "--receipt", str(receipt)) == verifier.RECEIPT
    other = sign_receipt(log.signer, project="LE-002", seq=last.seq, leaf=b"\x01" * 32)
    receipt.write_text(other, encoding="utf-8")
    assert desk.verify(made, "--receipt", str(receipt)) == verifier.RECEIPT
    forged = sign_receipt(generate(ORIGIN), project="LE-002", seq=1, leaf=b"\x01" * 32)
    receipt.write_text(forged, encoding="utf-8")
    assert desk.verify(made, "--receipt", str(receipt)) == verifier.RECEIPT


def test_a_checkpoint_kept_from_earlier_is_continued(desk: Desk, log: Log) -> None:
    kept = desk.folder / "kept.checkpoint"
    made = project_bundle(log)
    kept.write_text(log.checkpoint(3), encoding="utf-8")
    assert desk.verify(made, "--earlier", str(kept)) == verifier.HOLDS
    kept.write_text(log.checkpoint(4), encoding="utf-8")
    assert desk.verify(made, "--earlier", str(kept)) == verifier.CHECKPOINT
    rewritten = Log(log.signer, list(log.entries))
    rewritten.entries[1] = rewritten.entries[2]
    kept.write_text(rewritten.checkpoint(3), encoding="utf-8")
    assert desk.verify(made, "--earlier", str(kept)) == verifier.CHECKPOINT


# --- what was done to a bundle ---------------------------------------------------------------------------


def test_a_changed_event_is_named(desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    made = project_bundle(log)
    lines = events(made)
    lines[4] = lines[4].replace(b'"planned"', b'"plannid"')
    assert desk.verify(with_events(made, lines)) in {verifier.EVENT, verifier.PROOF}
    assert "First bad event: event 3 of LE-002" in capsys.readouterr().out


def test_a_missing_event_is_named(desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    made = project_bundle(log)
    lines = events(made)
    del lines[3]
    assert desk.verify(with_events(made, lines)) == verifier.EVENT
    assert "First bad event: event 2 of LE-002" in capsys.readouterr().out


def test_events_that_changed_places_are_named(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project_bundle(log)
    lines = events(made)
    lines[3], lines[4] = lines[4], lines[3]
    assert desk.verify(with_events(made, lines)) == verifier.EVENT
    assert "First bad event: event 2 of LE-002" in capsys.readouterr().out


def test_the_tail_cut_with_all_its_traces_is_known_by_the_heads(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    made = dict(project_bundle(log))
    lines = events(made)
    for line in lines[5:]:
        del made[f"proofs/{verifier.leaf_hash(line).hex()}.tlog-proof"]
    made["events.jsonl"] = b"".join(each + b"\n" for each in lines[:5])
    made["events.csv"] = b"".join(made["events.csv"].splitlines(keepends=True)[:6])
    made["personal.jsonl"] = made["erased.jsonl"] = b""
    manifest = json.loads(made["manifest.json"])
    manifest["chains"][1] |= {"last": 3, "events": 3}
    made["manifest.json"] = json.dumps(manifest).encode()
    assert desk.verify(relisted(made)) == verifier.COMPLETE
    assert "event 4 of LE-002 was the last on that day, and is missing" in capsys.readouterr().out


def test_an_entry_left_out_of_a_period_is_known(desk: Desk, log: Log) -> None:
    made = period_bundle(log, 3, 8)
    manifest = json.loads(made["manifest.json"])
    manifest["query"]["next_index"] = 9
    assert (
        desk.verify({**made, "manifest.json": json.dumps(manifest).encode()}) == verifier.COMPLETE
    )


def test_content_that_was_changed_or_taken_out_is_told_with_the_event_that_cites_it(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project_bundle(log)
    (facts,) = [name for name in made if name.startswith("blobs/") and name.endswith(".json")]
    assert desk.verify(replaced(made, facts, b'{"project":"LE-003"}')) == verifier.CONTENT
    assert "First bad event: event 1 of LE-002" in capsys.readouterr().out
    left = {name: content for name, content in made.items() if name != facts}
    assert desk.verify(relisted(left)) == verifier.CONTENT


def test_a_personal_value_must_fit_its_reference_or_be_erased(desk: Desk, log: Log) -> None:
    made = project_bundle(log)
    other = made["personal.jsonl"].replace(b"good enough", b"very bad")
    assert desk.verify(replaced(made, "personal.jsonl", other)) == verifier.PERSONAL
    assert desk.verify(replaced(made, "personal.jsonl", b"")) == verifier.PERSONAL
    assert desk.verify(replaced(made, "erased.jsonl", b"")) == verifier.PERSONAL


def test_the_table_for_people_tells_what_the_events_tell(desk: Desk, log: Log) -> None:
    made = project_bundle(log)
    rows = made["events.csv"].splitlines(keepends=True)
    assert desk.verify(replaced(made, "events.csv", b"".join(rows[:-1]))) == verifier.FILES


def test_a_file_that_the_manifest_does_not_list_is_told(desk: Desk, log: Log) -> None:
    assert desk.verify({**project_bundle(log), "note.txt": b"hello"}) == verifier.FILES


def _flips(made: BundleFiles, count: int, chance: random.Random) -> list[tuple[str, BundleFiles]]:
    """One bit of one file, file after file, so that each kind has its share; the manifest agrees."""
    found: list[tuple[str, BundleFiles]] = []
    names = sorted(name for name in made if made[name] and name != "manifest.json")
    for turn in range(count):
        name = names[turn % len(names)]
        content = bytearray(made[name])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        found.append((name, replaced(made, name, bytes(content))))
    return found


def test_no_bit_can_be_flipped_even_where_the_manifest_is_written_anew(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project_bundle(log)
    for name, mutated in _flips(made, 600, random.Random(5)):  # noqa: S311 - the same flips each time
        # What people read but nothing rests on may be worded otherwise; the manifest says that.
        code = desk.verify(mutated)
        if name in {"events.csv", "keys/policy.txt"}:
            continue
        if code == verifier.HOLDS:
            assert _says_the_same(name, made[name], mutated[name]), name
    capsys.readouterr()


def _says_the_same(name: str, content: bytes, mutated: bytes) -> bool:
    """A flip in what is written around: blanks of JSON, the day and the moments that are told."""
    if not name.endswith((".json", ".jsonl")):
        return False
    told = ("day", "erased_at", "project")
    was, is_ = (
        [
            {key: value for key, value in json.loads(line).items() if key not in told}
            for line in each.splitlines()
        ]
        for each in (content, mutated)
    )
    return [_known(each) for each in was] == [_known(each) for each in is_]


def _known(line: dict[str, object]) -> dict[str, object]:
    names = {"ref", "salt", "value", "event", "left", "seq", "leaf", "index", "proof"}
    return {key: value for key, value in line.items() if key in names}


def test_no_line_can_be_taken_out_doubled_or_moved(
    desk: Desk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    made = project_bundle(log)
    lines = events(made)
    for place in range(len(lines)):
        for mutated in (
            lines[:place] + lines[place + 1 :],
            [*lines[: place + 1], *lines[place:]],
            lines[:place] + lines[place + 1 :] + [lines[place]],
        ):
            if mutated != lines:
                assert desk.verify(with_events(made, mutated)) != verifier.HOLDS
                assert "First bad event" in capsys.readouterr().out

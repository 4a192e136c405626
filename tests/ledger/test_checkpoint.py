"""Checkpoints, proof files, policies and growth: what an auditor or a witness accepts, and what not."""

from typing import Any

import pytest

from govern.ledger import merkle
from govern.ledger.checkpoint import Checkpoint, QuorumFault, open_checkpoint
from govern.ledger.growth import check_growth, read_growth, write_growth
from govern.ledger.merkle import ProofFault
from govern.ledger.note import NoteFault, cosign, sign
from govern.ledger.policy import Policy, PolicyFault, read_policy, write_policy
from govern.ledger.proof_file import (
    ProofFile,
    check_proof,
    claimed_checkpoint,
    read_proof,
    write_proof,
)
from tests.ledger.signing import (
    AT,
    FORKED,
    LEAVES,
    LOG,
    NEXT,
    OTHER_WITNESS,
    STRANGER,
    WITNESS,
    checkpoint,
    growth,
    signed,
)

TRUSTED = Policy((LOG.verifier,))
WITNESSED = f"""\
# who we trust
log {LOG.verifier} https://govern.example.org
log\t{NEXT.verifier}
witness auditor {WITNESS.verifier}
witness board {OTHER_WITNESS.verifier} https://board.example.org
group both all auditor board
group outside 1 both
quorum outside
"""


def test_a_checkpoint_is_these_lines() -> None:
    point = checkpoint(3)
    assert point.text().split("\n")[:2] == ["example.org/govern", "3"]
    assert point.text().endswith("=\nsealed_at 2026-11-24T10:00:00.000025Z\n")
    assert Checkpoint.read(point.text()) == point
    opened = open_checkpoint(signed(3), TRUSTED)
    assert (opened.checkpoint, opened.signed_by) == (point, LOG.verifier)


def test_other_extension_lines_are_passed_over_and_a_time_is_not_needed() -> None:
    lines = checkpoint(3).text().split("\n")[:3]
    bare = Checkpoint.read("\n".join([*lines, ""]))
    assert bare.sealed_at is None
    assert Checkpoint.read("\n".join([*lines, "weather fine", ""])) == bare


@pytest.mark.parametrize(
    ("line", "text", "what"),
    [
        (1, "03", "leading zeros"),
        (1, "-3", "whole number"),
        (1, "9223372036854775808", "whole number"),
        (2, "AAAA", "32 bytes"),
        (2, "!", "base64"),
        (2, "", "none of them empty"),
        (3, "sealed_at yesterday", "when the checkpoint was sealed"),
        (4, "sealed_at 2026-11-24T10:00:00.000025Z", "says once"),
    ],
)
def test_this_is_no_checkpoint(line: int, text: str, what: str) -> None:
    lines = checkpoint(3).text().split("\n")[:-1]
    lines[line : line + 1] = [text]
    with pytest.raises(NoteFault, match=what):
        Checkpoint.read("\n".join([*lines, ""]))


def test_only_the_log_itself_speaks_for_it() -> None:
    with pytest.raises(NoteFault, match="no known key"):
        open_checkpoint(signed(3, signer=STRANGER), TRUSTED)
    other = Checkpoint("other.example/log", 3, b"\x00" * 32).text()
    with pytest.raises(NoteFault, match=r"other\.example/log has not signed"):
        open_checkpoint(sign(other, LOG), TRUSTED)
    with pytest.raises(NoteFault, match="has not signed"):
        open_checkpoint(
            sign(checkpoint(3).text(), STRANGER) + cosign(checkpoint(3).text(), WITNESS, AT),
            read_policy(f"log {LOG.verifier}\nwitness w {WITNESS.verifier}\nquorum none\n"),
        )


def test_the_quorum_of_witnesses_is_asked_for() -> None:
    policy = read_policy(WITNESSED)
    note, text = signed(3), checkpoint(3).text()
    one, two = cosign(text, WITNESS, AT), cosign(text, OTHER_WITNESS, AT)
    for too_few in (note, note + one, note + two):
        with pytest.raises(QuorumFault, match="asks for outside"):
            open_checkpoint(too_few, policy)
    opened = open_checkpoint(note + two + one, policy)
    assert [name for name, _ in opened.witnesses] == ["auditor", "board"]


def test_a_policy_is_read_as_it_was_written() -> None:
    policy = read_policy(WITNESSED)
    assert policy.logs == (LOG.verifier, NEXT.verifier)
    assert policy.urls[str(LOG.verifier)] == "https://govern.example.org"
    assert read_policy(write_policy(policy)) == policy


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("log nonsense\nquorum none\n", {1: "is written"}),
        ("quorum none\nquorum none\n", {2: "one quorum line"}),
        ("", {1: "no quorum line"}),
        ("quorum who\n", {1: "no witness or group 'who'"}),
        ("log\nlogs a\nquorum none\n", {1: "is written", 2: "none of log"}),
        (f"log {WITNESS.verifier}\nquorum none\n", {1: "is that of a witness"}),
        (f"witness w {LOG.verifier}\nquorum w\n", {1: "is that of a log"}),
        (f"log {LOG.verifier}\nlog {LOG.verifier}\nquorum none\n", {2: "twice"}),
        (f"witness none {WITNESS.verifier}\nquorum none\n", {1: "taken"}),
        (f"witness w {WITNESS.verifier}\ngroup g 2 w\nquorum g\n", {2: "cannot ask for 2"}),
        (f"witness w {WITNESS.verifier}\ngroup g 0 w\nquorum g\n", {2: "none of all, any"}),
        (f"witness w {WITNESS.verifier}\ngroup g all w w\nquorum g\n", {2: "already a member"}),
    ],
)
def test_each_wrong_line_of_a_policy_is_named(text: str, problems: dict[int, str]) -> None:
    with pytest.raises(PolicyFault) as caught:
        read_policy(text)
    found = dict(caught.value.problems)
    assert found.keys() == problems.keys()
    assert all(what in found[line] for line, what in problems.items())


def test_a_proof_file_stands_alone() -> None:
    proof = merkle.inclusion(7, 40, merkle.hashes_over(LEAVES))
    file = ProofFile(7, proof, signed(40), b"event 8 of LIRR")
    text = write_proof(file)
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert read_proof(text) == file
    assert check_proof(read_proof(text), leaf=LEAVES[7], policy=TRUSTED).checkpoint.size == 40
    assert claimed_checkpoint(file) == checkpoint(40)
    with pytest.raises(ProofFault):
        check_proof(file, leaf=LEAVES[8], policy=TRUSTED)
    with pytest.raises(NoteFault):
        check_proof(file, leaf=LEAVES[7], policy=Policy((STRANGER.verifier,)))
    single = ProofFile(0, (), signed(1))
    assert read_proof(write_proof(single)) == single


@pytest.mark.parametrize(
    "text",
    ["", "c2sp.org/tlog-proof@v2\nindex 0\n\nx", "c2sp.org/tlog-proof@v1\n\nx",
     "c2sp.org/tlog-proof@v1\nindex 00\n\nx", "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
     "c2sp.org/tlog-proof@v1\nindex 0\n" + "AAAA\n" * 64 + "\nx"],
)  # fmt: skip
def test_this_is_no_proof_file(text: str) -> None:
    with pytest.raises(NoteFault):
        read_proof(text)


def test_growth_is_accepted_from_what_was_seen_and_from_nothing_else() -> None:
    logs = [LOG.verifier]
    for old in range(41):
        seen = checkpoint(old) if old else None
        grown = read_growth(write_growth(growth(old, 40)))
        assert check_growth(grown, seen, logs).checkpoint == checkpoint(40)


@pytest.mark.parametrize(
    ("shown", "what"),
    [
        (growth(12, 40, FORKED), "does not begin with"),
        (growth(20, 20, FORKED), "different roots"),
        (growth(5, 12), "12 entries; 20 were seen"),
        (growth(19, 40), "begins at 19"),
        (growth(0, 40), "begins at 0"),
    ],
)
def test_a_log_that_does_not_continue_is_refused(shown: Any, what: str) -> None:
    if shown.old == 12:
        shown = growth(20, 40, FORKED)
    with pytest.raises(ProofFault, match=what):
        check_growth(shown, checkpoint(20), [LOG.verifier])
    with pytest.raises(NoteFault, match="no known key"):
        check_growth(shown, checkpoint(20), [STRANGER.verifier])

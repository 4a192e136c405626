"""Signed notes and keys: what is written can be read, what was touched cannot."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger.note import (
    Algorithm,
    NoteFault,
    Signer,
    Verifier,
    cosign,
    generate,
    open_note,
    read_signature_line,
    sign,
)
from tests.ledger.signing import AT, LOG, STRANGER, WITNESS

TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]))


def test_a_note_of_the_go_documentation_opens() -> None:
    # The example of golang.org/x/mod/sumdb/note.
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
        "ngotpRZb6KE6RyyBwJnAM=\n"
    )
    opened = open_note(note, [Verifier.read(key)])
    assert opened.text.startswith("If you think")
    assert [signature.name for signature in opened.verified] == ["PeterNeumann"]


@given(TEXTS)
def test_any_text_without_control_characters_can_be_signed(text: str) -> None:
    signed = sign(f"{text}\n", LOG, STRANGER)
    note = open_note(signed, [LOG.verifier])
    assert note.text == f"{text}\n"
    assert len(note.verified) == len(note.unknown) == 1


def test_keys_are_read_as_they_were_written() -> None:
    for signer in (LOG, WITNESS, generate("new.example/é", Algorithm.COSIGNATURE)):
        assert Signer.read(signer.secret_text()) == signer
        assert Verifier.read(str(signer.verifier)) == signer.verifier
        assert str(signer.seed) not in repr(signer)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\t", "no\u00a0break"])
def test_such_a_name_cannot_stand_in_a_signature(name: str) -> None:
    with pytest.raises(NoteFault, match="cannot name a key"):
        generate(name)


def test_a_key_that_was_copied_badly_is_noticed() -> None:
    name, key_id, encoded = str(LOG.verifier).split("+", 2)
    for wrong in (
        f"{name}+00000000+{encoded}",
        f"{name}x+{key_id}+{encoded}",
        f"{name}+{key_id}",
        f"{name}+{key_id}+{encoded[:-4]}",
        f"{name}+{key_id.upper()}x+{encoded}",
    ):
        with pytest.raises(NoteFault):
            Verifier.read(wrong)
    with pytest.raises(NoteFault, match="begins with PRIVATE"):
        Signer.read(str(LOG.verifier))
    with pytest.raises(NoteFault, match="does not fit its id"):
        Signer.read(LOG.secret_text().replace(LOG.verifier.key_id.hex(), "00000000"))


def test_a_cosignature_says_when_and_holds_for_this_text_only() -> None:
    text = "example.org/govern\n1\nroot\n"
    line = cosign(text, WITNESS, AT)
    signed = sign(text, LOG) + line
    note = open_note(signed, [WITNESS.verifier])
    assert note.verified[0].at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert note.verified[0].line == line == read_signature_line(line).line
    with pytest.raises(NoteFault, match="does not fit the text"):
        open_note(sign("another\n", LOG) + line, [WITNESS.verifier])


def test_a_witness_signs_no_note_and_a_log_cosigns_none() -> None:
    with pytest.raises(NoteFault, match="witness key cosigns"):
        sign("text\n", WITNESS)
    with pytest.raises(NoteFault, match="does not cosign"):
        cosign("text\n", LOG, AT)
    with pytest.raises(NoteFault, match="newline"):
        sign("text", LOG)


def test_only_a_known_key_makes_a_note_worth_reading() -> None:
    signed = sign("text\n", LOG)
    with pytest.raises(NoteFault, match="no known key"):
        open_note(signed, [STRANGER.verifier])
    damaged = signed.replace("text", "tex7")
    with pytest.raises(NoteFault, match="does not fit"):
        open_note(damaged, [LOG.verifier])
    twice = signed + signed.rpartition("\n\n")[2]
    assert len(open_note(twice, [LOG.verifier]).verified) == 1


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nno signature\n",
        "text\n\n— name\n",
        "a\r\n\n— n AAAAAAA=\n",
    ],
)
def test_this_is_no_note(note: str) -> None:
    with pytest.raises(NoteFault):
        open_note(note, [LOG.verifier])


def test_a_note_with_very_many_signatures_is_not_read() -> None:
    signed = sign("text\n", *[LOG] * 101)
    with pytest.raises(NoteFault, match="more than 100"):
        open_note(signed, [LOG.verifier])

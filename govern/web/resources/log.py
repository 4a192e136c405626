"""The Merkle log: checkpoints, proofs, the key that signs, and what witnesses hand in."""

from typing import Any

from flask import Response, request

from govern.domain.token_scope import TokenScope
from govern.ledger.growth import Growth, write_growth
from govern.ledger.note import decode_base64
from govern.services import log_reading as use
from govern.services.ledger import SERVICE
from govern.web.resource import Resource
from govern.web.schemas.log import (
    ConsistencyQuery,
    CosignatureQuery,
    Cosigned,
    ProofQuery,
    SigningKey,
)
from govern.web.site import actor, now, runtime

log = Resource(
    "log",
    "The Merkle log over all events, as those read it who check it.",
    reads=TokenScope.AUDIT,
    writes=TokenScope.AUDIT,
)

TEXT = "text/plain"


@log.read("/log/key", SigningKey, refuses=[409])
def get_log_key() -> Any:
    """Read the public key that signs the log, and those before it: what an auditor pins."""
    return use.key(runtime())


@log.download("/log/checkpoint", types=[TEXT], refuses=[409])
def get_checkpoint() -> Response:
    """Read the last checkpoint: a signed note (C2SP tlog-checkpoint) with its cosignatures."""
    return _text(use.checkpoint(runtime()))


@log.download("/log/checkpoints/<number:size>", types=[TEXT])
def get_checkpoint_of_size(size: int) -> Response:
    """Read the checkpoint over so many events."""
    return _text(use.checkpoint(runtime(), size))


@log.download("/log/consistency", types=[TEXT], query=ConsistencyQuery, refuses=[409])
def get_consistency(query: dict[str, Any]) -> Response:
    """Read how the log grew: `old` and the size that is named, the hashes of a proof (RFC 6962,
    2.1.2) in base64, one a line, an empty line, and the checkpoint that it leads to."""
    old = query["from_"]
    proof, note = use.consistency_proof(runtime(), old, query.get("to"))
    return _text(write_growth(Growth(old, tuple(map(decode_base64, proof)), note)))


@log.download("/log/entries/<number:seq>/proof", types=[TEXT], query=ProofQuery, refuses=[409])
def get_proof(seq: int, query: dict[str, Any]) -> Response:
    """Read the proof that an event is in the log: a C2SP `.tlog-proof` file.

    `project` names the chain, and without it is that of the service, for auditors. 409 for an event
    that is not sealed yet.
    """
    project = query.get("project", SERVICE)
    return _text(use.proof(runtime(), actor(), project, seq, size=query.get("size")))


@log.upload("/log/cosignatures", Cosigned, query=CosignatureQuery, types=[TEXT])
def hand_in_cosignature(query: dict[str, Any]) -> Any:
    """Hand in what a witness signed under a checkpoint: one line of a signed note.

    Takes the role auditor on the whole installation. The signature has to be that of the key named;
    whether this witness counts is for each auditor's policy to say.
    """
    return use.take_cosignature(
        runtime(),
        actor(),
        size=query["size"],
        witness=query["witness"],
        line=request.get_data(cache=False).decode("utf-8", "replace"),
        now=now(),
    )


def _text(text: str) -> Response:
    return Response(text, mimetype=TEXT)

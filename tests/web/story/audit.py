"""An auditor follows the log; somebody is erased."""

from govern.ledger.note import Algorithm, cosign, generate, split_note
from tests.services.house import NOW
from tests.web.story.cast import ADMIN, WALTER
from tests.web.teller import Teller


def oversees(teller: Teller) -> None:
    do = teller.do
    do("getSeparation", WALTER)
    do("listCorrections", WALTER, project="LE-002")
    do("listServiceEvents", WALTER, limit=2)
    do("getLogKey", WALTER)
    do("getCheckpoint", WALTER)
    size = teller.lindmark.sealed()
    do("getCheckpointOfSize", WALTER, size=size)
    do("getConsistency", WALTER, from_=1, to=size)
    do("getProof", WALTER, seq=1, project="LE-002")
    witness = generate("audit.example.org/w1", Algorithm.COSIGNATURE)
    checkpoint, _ = split_note(teller.lindmark[WALTER].get("/log/checkpoint").text)
    line = cosign(checkpoint, witness, NOW).encode()
    do("handInCosignature", WALTER, raw=line, size=size, witness=str(witness.verifier))
    do("exportForAudit", WALTER, project="LE-002")
    erasure = {
        "person": "grace.mbeki@lindmark.example",
        "reason": "Asked for it in writing on 20 November.",
    }
    do("erase", ADMIN, erasure)

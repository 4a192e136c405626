"""A witness, a log that is served, and nothing between them but HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from govern.domain.refusal import LogNotWitnessed, LogUnreadable
from govern.ledger.checkpoint import open_checkpoint
from govern.ledger.note import Algorithm, generate
from govern.ledger.policy import Policy
from govern.services.log_source import LogAddress
from govern.services.sealing import key_of, seal
from govern.services.witness_state import WitnessState
from govern.services.witnessing import witness
from tests.services.house import NOW, House, add_project
from tests.services.sealed import with_key
from tests.web.caller import Callers, everybody

WITNESS = generate("audit.example.org/w1", Algorithm.COSIGNATURE)


@pytest.fixture
def keyed(house: House, tmp_path: Path) -> House:
    return with_key(house, tmp_path / "keys")


@pytest.fixture
def callers(keyed: House) -> Callers:
    return everybody(keyed)


def test_a_witness_follows_a_served_log_and_its_signature_stands_under_it(
    keyed: House, callers: Callers, tmp_path: Path
) -> None:
    _, signer = key_of(keyed.runtime)
    logs = (signer.verifier,)
    state = WitnessState(tmp_path / "state")
    with _served(callers.eve.app) as address:
        log = LogAddress(f"{address}/api/v1", callers.eve.token)
        before = 0
        for project in ("P1", "P2"):
            add_project(keyed, project)
            size = seal(keyed.runtime, NOW).size
            seen = witness(log, Policy(logs), WITNESS, state, now=NOW)
            assert (seen.before, seen.size, seen.sent) == (before, size, True)
            before = size
        other = LogAddress(log.url, callers.pia.token)
        with pytest.raises(LogUnreadable, match="answers 403"):
            witness(other, Policy(logs), WITNESS, state, now=NOW)
        stranger = generate(signer.name).verifier
        with pytest.raises(LogNotWitnessed, match="no known key"):
            witness(log, Policy((stranger,)), WITNESS, state, now=NOW)
    served = callers.pia.get("/log/checkpoint").text
    policy = Policy(logs, {"w": WITNESS.verifier}, quorum="w")
    assert open_checkpoint(served, policy).checkpoint.size == before


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()

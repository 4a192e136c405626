"""A witness: what it saw it never forgets, and it signs nothing that does not continue it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from govern.cli.main import govern
from govern.domain.refusal import BadConfiguration, LogNotWitnessed, LogUnreadable
from govern.ledger.checkpoint import open_checkpoint
from govern.ledger.growth import Growth, write_growth
from govern.ledger.policy import Policy, read_policy
from govern.services import witness_state
from govern.services.log_source import LogAddress, LogFile
from govern.services.witness_state import WitnessState
from govern.services.witnessing import Witnessed, read_witness_key, witness
from tests.ledger.signing import AT, FORKED, LOG, STRANGER, WITNESS, checkpoint, growth, signed

POLICY = Policy((LOG.verifier,))


class Shown:
    """A log that shows what the test says."""

    def __init__(self, *shown: Growth) -> None:
        self.shown = list(shown)
        self.asked: list[int] = []
        self.sent: list[str] = []

    def growth(self, seen: int) -> Growth:
        self.asked.append(seen)
        return self.shown.pop(0)

    def send(self, line: str, *, size: int, witness: str) -> bool:
        self.sent.append(line)
        return True


def _see(source: Any, folder: Path) -> Witnessed:
    return witness(source, POLICY, WITNESS, WitnessState(folder), now=AT)


def test_a_log_that_grows_is_cosigned_each_time(tmp_path: Path) -> None:
    log = Shown(growth(0, 5), growth(5, 12), growth(12, 12))
    seen = [_see(log, tmp_path) for _ in range(3)]
    assert [(each.before, each.size) for each in seen] == [(0, 5), (5, 12), (12, 12)]
    assert log.asked == [0, 5, 12]
    policy = read_policy(f"log {LOG.verifier}\nwitness w {WITNESS.verifier}\nquorum w\n")
    for each in seen:
        assert open_checkpoint(signed(each.size) + each.line, policy).witnesses[0][0] == "w"
    assert log.sent == [each.line for each in seen]


@pytest.mark.parametrize(
    "shown",
    [growth(12, 40, FORKED), growth(12, 12, FORKED), growth(0, 5), growth(5, 40)],
    ids=["rewritten", "two stories of one size", "went back", "another beginning"],
)
def test_what_does_not_continue_is_not_cosigned_and_kept(tmp_path: Path, shown: Growth) -> None:
    log = Shown(growth(0, 12), shown, growth(12, 13))
    _see(log, tmp_path)
    with pytest.raises(LogNotWitnessed, match="Nothing was cosigned"):
        _see(log, tmp_path)
    assert len(log.sent) == 1
    (kept,) = tmp_path.glob("*.evidence")
    assert kept.read_text() == write_growth(shown)
    assert _see(log, tmp_path).before == 12


def test_a_stranger_is_not_the_log(tmp_path: Path) -> None:
    with pytest.raises(LogNotWitnessed, match="no known key"):
        _see(Shown(growth(0, 5, signer=STRANGER)), tmp_path)
    assert WitnessState(tmp_path).last(LOG.name) is None


def test_it_is_on_the_disk_before_it_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, text: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(witness_state, "write_durably", broken)
    log = Shown(growth(0, 5))
    with pytest.raises(OSError, match="disk full"):
        _see(log, tmp_path)
    assert log.sent == []


def test_a_line_that_got_lost_is_made_again(tmp_path: Path) -> None:
    class Deaf(Shown):
        def send(self, line: str, *, size: int, witness: str) -> bool:
            raise LogUnreadable("gone")

    with pytest.raises(LogUnreadable):
        _see(Deaf(growth(0, 5)), tmp_path)
    assert _see(Shown(growth(5, 5)), tmp_path).size == 5


def test_a_witness_with_a_damaged_memory_does_not_begin_anew(tmp_path: Path) -> None:
    _see(Shown(growth(0, 5)), tmp_path)
    (path,) = tmp_path.glob("*.checkpoint")
    path.write_text("")
    with pytest.raises(BadConfiguration, match="from a backup"):
        _see(Shown(growth(0, 5)), tmp_path)


def test_the_commands_carry_a_log_by_file(tmp_path: Path) -> None:
    run = CliRunner()
    key, policy, shown = tmp_path / "w.key", tmp_path / "policy", tmp_path / "shown"
    made = run.invoke(
        govern, ["witness", "new-key", "--name", "audit.example.org/w1", "--key", str(key)]
    )
    assert made.exit_code == 0, made.output
    assert key.stat().st_mode & 0o777 == 0o600
    assert str(read_witness_key(key).verifier) in made.output
    policy.write_text(f"log {LOG.verifier}\nquorum none\n")
    state = tmp_path / "state"
    arguments = ["witness", "run", "--policy", str(policy), "--key", str(key)]
    arguments += ["--state", str(state), "--log", str(shown)]
    lines = ""
    for text in (signed(5), write_growth(growth(5, 9))):
        shown.write_text(text)
        done = run.invoke(govern, arguments)
        assert done.exit_code == 0, done.output
        lines = done.stdout
    trust = read_policy(f"log {LOG.verifier}\n{made.stdout}quorum audit.example.org/w1\n")
    assert open_checkpoint(signed(9) + lines, trust).checkpoint == checkpoint(9)


def test_a_key_is_never_written_over_and_a_log_key_is_no_witness(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(LOG.secret_text())
    again = CliRunner().invoke(govern, ["witness", "new-key", "--name", "w", "--key", str(path)])
    assert again.exit_code == 1
    assert "never written over" in str(again.exception)
    with pytest.raises(BadConfiguration, match="key of a log"):
        read_witness_key(path)


def test_over_http_it_asks_the_routes_of_the_log(tmp_path: Path) -> None:
    pages = {
        "/log/checkpoint": signed(5),
        "/log/consistency?from=5": write_growth(growth(5, 9)),
        "/log/cosignatures": "",
    }
    with _served(lambda path: pages.get(path.split("?size")[0])) as (address, asked):
        assert _see(LogAddress(address, "secret"), tmp_path).size == 5
        assert _see(LogAddress(address + "/", "secret"), tmp_path).size == 9
        with pytest.raises(LogUnreadable, match="answers 404"):
            _see(LogAddress(address), tmp_path)
    query = urlencode({"size": 5, "witness": str(WITNESS.verifier)})
    assert [path for path, _ in asked][:2] == ["/log/checkpoint", f"/log/cosignatures?{query}"]
    assert asked[1][1].startswith("— audit.example.org/w1 ")


def test_a_log_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogUnreadable, match="cannot be read"):
        LogFile(tmp_path / "none").growth(0)
    (tmp_path / "text").write_text("hello")
    with pytest.raises(LogUnreadable, match="how a log grew"):
        LogFile(tmp_path / "text").growth(3)
    with pytest.raises(LogUnreadable, match="cannot be reached"):
        LogAddress("http://127.0.0.1:9").growth(0)


@contextmanager
def _served(
    page: Callable[[str], str | None],
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            asked.append((self.path, body))
            text = page(self.path)
            self.send_response(404 if text is None else 200)
            self.end_headers()
            self.wfile.write((text or "").encode())

        do_POST = do_GET  # noqa: N815 - the names http.server calls

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()

"""Where a POST may go: to hosts that were named or are public, to the very address that was looked at."""

import socket
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from govern.services import signing, webhook
from govern.services.outlets import Hooks, NotAllowedThere, read_hooks, wrong_hook
from govern.services.trying import NotSent
from tests.services.house import NOW
from tests.services.receivers import SECRET, Hook, hook, hooks_of
from tests.services.tls import authority

WHOSE = signing.Signed("webhook", 1, NOW)


class Names:
    """A resolver whose answers come one after the other, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def public(*answers: Sequence[str]) -> Hooks:
    return Hooks(frozenset(), SECRET.encode(), public=True, resolve=Names(*answers))


def post(hooks: Hooks, url: str) -> webhook.Answer:
    return webhook.post(hooks, url, WHOSE, "n", b"{}", at=NOW)


@pytest.fixture
def there() -> Iterator[Hook]:
    with hook() as found:
        yield found


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "fe80::1"),  # noqa: S104 - bound to nothing
        *("fd00::1", "ff02::1"),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::1", "2001:0:a00::1"),
    ],
)
def test_a_public_name_with_another_address_gets_nothing(address: str) -> None:
    with pytest.raises(NotSent, match="its host has an address that"):
        post(public([address]), "https://hooks.example.org/")
    with pytest.raises(NotSent, match="its host has an address that"):
        post(public(["1.1.1.1", address]), "https://hooks.example.org/")


@pytest.mark.parametrize(
    "url",
    [
        *("https://10.0.0.1/", "https://127.0.0.1/", "https://169.254.169.254/", "https://[::1]/"),
        *("https://[::ffff:127.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::1]/"),
        *("https://2130706433/", "https://0x7f000001/", "https://017700000001/", "https://127.1/"),
        *("https://0x7f.0.0.1/", "https://0/", "https://1.1.1.01/", "https://localhost./"),
        *("https://u:p@hooks.example.org/", "https://u@1.1.1.1/", "http://hooks.example.org/"),
        *("http://127.0.0.1/", "http://localhost/", "http://1.1.1.1/", "https://[fe80::1%251]/"),
        *("https://hooks.example.org:22/", "https://hooks.example.org:25/", "https://1.1.1.1:80/"),
        *("ftp://hooks.example.org/", "file:///etc/passwd", "gopher://hooks.example.org/"),
        *("https://hooks.example.org\\@127.0.0.1/", "https://hooks.example.org\\.example.com/"),
    ],
)
def test_what_is_refused_as_it_stands(url: str) -> None:
    hooks = public(["1.1.1.1"])
    assert wrong_hook(hooks, url, "url")
    with pytest.raises(NotSent):
        post(hooks, url)
    assert isinstance(hooks.resolve, Names)
    assert hooks.resolve.asked == 0


@pytest.mark.parametrize("url", ["https://hooks.example.org/x", "https://1.1.1.1:8443/?a=b"])
def test_what_is_taken_where_public_hosts_are(url: str) -> None:
    assert wrong_hook(public(["1.1.1.1"]), url, "url") == {}


def test_only_named_hosts_without_that_word() -> None:
    named = read_hooks("hooks.example.org,10.0.0.7:8443", "s" * 16)
    assert not named.public
    assert wrong_hook(named, "https://hooks.example.org/", "url") == {}
    assert wrong_hook(named, "https://10.0.0.7:8443/", "url") == {}
    [problem] = wrong_hook(named, "https://other.example.org/", "url")["url"]
    assert problem.endswith("GOVERN_WEBHOOK_HOSTS names 10.0.0.7:8443, hooks.example.org")
    both = read_hooks("public, localhost:9000", "s" * 16)
    assert (both.public, both.hosts) == (True, {"localhost:9000"})
    assert wrong_hook(both, "http://localhost:9000/", "url") == {}
    assert wrong_hook(both, "http://localhost:9001/", "url") != {}


def test_a_named_host_may_be_private_and_not_link_local() -> None:
    hooks = Hooks(frozenset({"hooks.internal"}), b"s" * 16, resolve=Names(["10.0.0.7"]))
    assert hooks.addresses_of("https://hooks.internal/") == ["10.0.0.7"]
    for address in ("169.254.169.254", "127.0.0.1", "::ffff:10.0.0.7"):
        hooks = Hooks(frozenset({"hooks.internal"}), b"s" * 16, resolve=Names([address]))
        with pytest.raises(NotAllowedThere):
            hooks.addresses_of("https://hooks.internal/")


def test_a_name_that_changes_between_looking_and_connecting_leads_nowhere_else(there: Hook) -> None:
    """What is looked up is connected to: a second answer is never asked for. The first address is of
    nobody; the second would be the server that waits on this machine."""
    port = int(there.host.rpartition(":")[2])
    names = Names(["127.0.0.2"], ["127.0.0.1"])
    hooks = Hooks(frozenset({f"localhost:{port}"}), SECRET.encode(), resolve=names)
    with pytest.raises(NotSent, match="cannot be reached"):
        post(hooks, f"http://localhost:{port}/reports?of=govern")
    assert names.asked == 1
    assert there.bodies == []


def test_rebinding_to_this_machine_gets_nothing(there: Hook) -> None:
    """The first answer is public, as when the webhook was added; the second is not."""
    names = Names(["1.1.1.1"], ["127.0.0.1"])
    hooks = Hooks(frozenset(), SECRET.encode(), public=True, resolve=names)
    assert hooks.addresses_of("https://rebind.example.org/") == ["1.1.1.1"]
    with pytest.raises(NotSent, match="this machine itself"):
        post(hooks, "https://rebind.example.org/")
    assert there.bodies == []


def test_the_name_is_verified_and_the_address_is_the_one_looked_at(tmp_path: Path) -> None:
    """The server has a certificate for a name that only the resolver of the test knows."""
    roots, context = authority(tmp_path, "hooks.internal", "127.0.0.1")
    with hook(context) as there:
        port = int(there.host.rpartition(":")[2])
        url = f"https://localhost:{port}/reports?of=govern"
        named = frozenset({f"localhost:{port}", there.host})
        trusting = Hooks(named, SECRET.encode(), roots=roots, resolve=Names(["127.0.0.1"]))
        assert post(trusting, there.url).taken
        # Of the same address, under a name that the certificate does not hold.
        with pytest.raises(NotSent, match="certificate does not hold"):
            post(trusting, url)
        with pytest.raises(NotSent, match="certificate does not hold"):
            post(Hooks(named, SECRET.encode(), resolve=Names(["127.0.0.1"])), there.url)
        assert len(there.bodies) == 1
        assert there.headers[0]["Host"] == there.host


def test_no_redirect_is_followed(there: Hook) -> None:
    for status in (301, 302, 303, 307, 308):
        there.answers = [status]
        assert post(hooks_of(there), there.url).status == status
    assert there.elsewhere == 0


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 10:05:00 GMT", timedelta(minutes=5)),
        ("Tue, 24 Nov 2026 09:00:00 GMT", timedelta(0)),
        ("999999999", timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        *((each, None) for each in ("soon", "-1", "1.5", "", "12345678901", "٣")),
    ],
)
def test_how_long_a_receiver_asks_to_be_left_alone(asked: str, pause: timedelta | None) -> None:
    assert webhook.retry_after(asked, NOW) == pause


def _answering(answer: bytes, then: threading.Event) -> tuple[Hooks, str, socket.socket]:
    """Who answers with these bytes again and again until told otherwise."""
    server = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{server.getsockname()[1]}"

    def serve() -> None:
        opened, _ = server.accept()
        with opened:
            try:
                while not then.is_set():
                    opened.sendall(answer)
                    if not answer.startswith(b"HTTP/1.1 1"):
                        then.wait(0.2)
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return Hooks(frozenset({host}), SECRET.encode()), f"http://{host}/", server


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 100 Continue\r\n\r\n", b"X"],
    ids=["one 100 after the other", "a status line that has no end"],
)
def test_an_answer_without_an_end_is_cut_off(answer: bytes) -> None:
    then = threading.Event()
    hooks, url, server = _answering(answer, then)
    with server, pytest.raises(NotSent):
        webhook.post(hooks, url, WHOSE, "n", b"{}", at=NOW, within_s=1)
    then.set()


def test_of_an_answer_nothing_is_read_but_its_head() -> None:
    then = threading.Event()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    hooks, url, server = _answering(head + b"x" * 100_000, then)
    with server:
        answer = webhook.post(hooks, url, WHOSE, "n", b"{}", at=NOW, within_s=5)
    then.set()
    assert answer.taken
    assert answer.duration_ms < 5000

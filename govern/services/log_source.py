"""Where a witness meets a log: over HTTP at the log's own routes, or as a file carried by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from govern.domain.refusal import LogUnreadable
from govern.ledger.growth import Growth, read_growth
from govern.ledger.note import NoteFault

_LONGEST = 1_000_000
_SECONDS = 30.0


class LogSource(Protocol):
    """A log to be seen; both methods raise `LogUnreadable`."""

    def growth(self, seen: int) -> Growth:
        """The newest checkpoint, with the proof that it continues the log of `seen` entries."""
        ...

    def send(self, line: str, *, size: int, witness: str) -> bool:
        """Hand a cosignature of the checkpoint of a size to the log, with the witness's public key;
        False where there is no way to."""
        ...


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file in the form of `govern.ledger.growth`, or a bare checkpoint for the first time."""

    path: Path

    def growth(self, seen: int) -> Growth:
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LogUnreadable(f"{self.path} cannot be read: {error}.") from None
        return _growth(text, seen, str(self.path))

    def send(self, line: str, *, size: int, witness: str) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class LogAddress:
    """A log that is served: `url` is that of the service's API, such as https://govern.example.org/api/v1."""

    url: str
    token: str | None = None

    def growth(self, seen: int) -> Growth:
        if seen == 0:
            return Growth(0, (), self._ask("/log/checkpoint"))
        return _growth(self._ask(f"/log/consistency?{urlencode({'from': seen})}"), seen, self.url)

    def send(self, line: str, *, size: int, witness: str) -> bool:
        query = urlencode({"size": size, "witness": witness})
        self._ask(f"/log/cosignatures?{query}", line)
        return True

    def _ask(self, path: str, body: str | None = None) -> str:
        address = self.url.rstrip("/") + path
        headers = {"Accept": "text/plain"}
        if body is not None:
            headers["Content-Type"] = "text/plain; charset=utf-8"
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else body.encode()
        request = Request(address, data=data, headers=headers)  # noqa: S310 - see read_source
        try:
            with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                raw: bytes = answer.read(_LONGEST + 1)
        except HTTPError as error:
            said = error.read(500).decode("utf-8", "replace")
            raise LogUnreadable(f"{address} answers {error.code}: {said}") from None
        except (URLError, OSError) as error:
            raise LogUnreadable(f"{address} cannot be reached: {error}.") from None
        if len(raw) > _LONGEST:
            raise LogUnreadable(f"{address} answers with more than {_LONGEST} bytes.")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            raise LogUnreadable(f"{address} does not answer with text.") from None


def read_source(text: str, token: Callable[[], str | None]) -> LogSource:
    """The log at an address that begins with http:// or https://, else in a file of this name."""
    if text.startswith(("https://", "http://")):
        return LogAddress(text, token())
    return LogFile(Path(text))


def _growth(text: str, seen: int, where: str) -> Growth:
    if seen == 0 and not text.startswith("old "):
        return Growth(0, (), text)
    try:
        return read_growth(text)
    except NoteFault as error:
        raise LogUnreadable(f"{where}: {error}.") from None

"""What a run takes from outside: settings from the environment, folders that come with govern, the
clock. Light to import: a command that needs no database starts without one.
"""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from govern.domain.refusal import BadConfiguration


def shipped(name: str) -> Path:
    """A folder that comes with govern: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent
    beside = package.parent / name
    return beside if beside.is_dir() else package / "shipped" / name


@dataclass(frozen=True, slots=True)
class Settings:
    """Each is an environment variable, `GOVERN_` and its name in capitals; docs/settings.md has them."""

    database_url: str = "sqlite:///var/govern.db"
    database_url_file: Path | None = None
    database_connections: int = 15
    statement_timeout: int = 60
    lock_timeout: int = 5
    replica_url: str | None = field(default=None, repr=False)
    replica_url_file: Path | None = None
    rules: Path = field(default_factory=lambda: shipped("rules"))
    workflows: Path = field(default_factory=lambda: shipped("workflows"))
    host: str = "127.0.0.1"
    port: int = 8321
    workers: int = 1
    public_url: str | None = None
    requests_per_minute: int = 6_000
    trusted_proxies: int = 0
    publish_rules: bool = True
    evidence_dir: Path | None = None
    evidence_max_mb: int = 25
    tsa_url: str | None = None
    tsa_roots: Path | None = None
    keys_dir: Path | None = None
    catalogue: tuple[Path, ...] = ()
    sources: Path = field(default_factory=lambda: shipped("sources"))
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    webhook_hosts: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    webhook_secret_file: Path | None = None
    tls_roots: Path | None = None
    ticks: bool = True
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    oidc_client_secret_file: Path | None = None
    oidc_scopes: str = "openid email profile"
    oidc_groups_claim: str = "groups"
    oidc_roles: Path | None = None
    oidc_match_email: bool = True
    log_form: str | None = None
    log_level: str = "info"
    metrics: str = "local"
    metrics_token: str | None = field(default=None, repr=False)
    metrics_token_file: Path | None = None
    metrics_dir: Path | None = None

    @property
    def reached_at(self) -> str:
        """Where people reach the service, without a slash at the end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Raises BadConfiguration for an unknown GOVERN_ variable or a value that cannot be used."""
        given = os.environ if environment is None else environment
        known = {f"GOVERN_{each.name.upper()}": each for each in fields(cls)}
        values: dict[str, object] = {}
        for name, text in given.items():
            if name.startswith("GOVERN_") and name not in known and name not in FOR_TESTS:
                raise BadConfiguration(
                    f"There is no setting {name}; there are {', '.join(sorted(known))}.",
                    setting=name,
                )
            if name in known and text:
                values[known[name].name] = _value(name, text)
        for name in ("database_url", "replica_url"):
            _read_address(values, name)
        return cls(**values)  # pyright: ignore[reportArgumentType] - _value gives each its type

    def environment(self) -> dict[str, str]:
        """The same settings as environment variables, for the processes that a server starts.

        An address that a file holds stays there.
        """
        told = {
            f"GOVERN_{each.name.upper()}": _text(getattr(self, each.name)) for each in fields(self)
        }
        for name in ("database_url", "replica_url"):
            if getattr(self, f"{name}_file") is not None:
                told[f"GOVERN_{name.upper()}"] = ""
        return told


FOR_TESTS = frozenset({"GOVERN_PG_BIN", "GOVERN_SHARED", "GOVERN_CHROMIUM", "GOVERN_CHROMIUM_FROM"})
"""Variables that the test suite reads; a running govern lets them be."""

_LARGEST = {
    "GOVERN_PORT": 65_535,
    "GOVERN_WORKERS": 64,
    "GOVERN_EVIDENCE_MAX_MB": 500,
    "GOVERN_REQUESTS_PER_MINUTE": 1_000_000,
    "GOVERN_TRUSTED_PROXIES": 5,
    "GOVERN_DATABASE_CONNECTIONS": 200,
    "GOVERN_STATEMENT_TIMEOUT": 3_600,
    "GOVERN_LOCK_TIMEOUT": 300,
}

_MAY_BE_NONE = frozenset({"GOVERN_REQUESTS_PER_MINUTE", "GOVERN_TRUSTED_PROXIES"})

_PATHS = (
    *("GOVERN_EVIDENCE_DIR", "GOVERN_KEYS_DIR", "GOVERN_TSA_ROOTS"),
    *("GOVERN_WEBHOOK_SECRET_FILE", "GOVERN_METRICS_TOKEN_FILE", "GOVERN_METRICS_DIR"),
    *("GOVERN_TLS_ROOTS", "GOVERN_DATABASE_URL_FILE", "GOVERN_REPLICA_URL_FILE"),
    *("GOVERN_OIDC_CLIENT_SECRET_FILE", "GOVERN_OIDC_ROLES"),
)

_ONE_OF = {
    "GOVERN_LOG_FORM": ("json", "text"),
    "GOVERN_LOG_LEVEL": ("debug", "info", "warning", "error"),
    "GOVERN_METRICS": ("off", "local", "token"),
}

_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _read_address(values: dict[str, object], setting: str) -> None:
    """The address of a database from the file that holds it, where one is named."""
    file = values.get(f"{setting}_file")
    if not isinstance(file, Path):
        return
    name = f"GOVERN_{setting.upper()}_FILE"
    if setting in values:
        other = f"GOVERN_{setting.upper()}"
        raise BadConfiguration(f"Set {other} or {name}, not both.", setting=name)
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise BadConfiguration(
            f"{name} cannot be read: {type(error).__name__}.", setting=name
        ) from error
    if not text:
        raise BadConfiguration(f"{name} names an empty file.", setting=name)
    values[setting] = text


def _value(name: str, text: str) -> object:
    """The setting that the text of its variable stands for. Raises BadConfiguration."""
    return next((read(name, text) for names, read in _READERS if name in names), text)


def _folder(name: str, text: str) -> Path:
    if not Path(text).is_dir():
        raise BadConfiguration(f"{name} is '{text}', which is not a folder.", setting=name)
    return Path(text)


def _places(name: str, text: str) -> tuple[Path, ...]:
    places = tuple(Path(each) for each in text.split(os.pathsep) if each)
    for place in places:
        if not place.exists():
            raise BadConfiguration(
                f"{name} names '{place}', which is neither a folder nor a file.", setting=name
            )
    return places


def _path(name: str, text: str) -> Path:
    return Path(text).resolve()


def _number(name: str, text: str) -> int:
    largest = _LARGEST[name]
    least = 0 if name in _MAY_BE_NONE else 1
    if not (text.isascii() and text.isdigit() and least <= int(text) <= largest):
        raise BadConfiguration(
            f"{name} is '{text}'; right would be a number from {least} to {largest}.", setting=name
        )
    return int(text)


def _one_of(name: str, text: str) -> str:
    if text.lower() not in _ONE_OF[name]:
        *others, last = _ONE_OF[name]
        right = f"{', '.join(others)} or {last}"
        raise BadConfiguration(f"{name} is '{text}'; right would be {right}.", setting=name)
    return text.lower()


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in _WORDS:
        raise BadConfiguration(f"{name} is '{text}'; right would be yes or no.", setting=name)
    return _WORDS[text.lower()]


def _address(name: str, text: str) -> str:
    """`https://govern.example.org`, without a slash at the end: the service stands at its root."""
    split = urlsplit(text)
    if split.scheme not in ("http", "https") or not split.hostname or split.path.strip("/"):
        raise BadConfiguration(
            f"{name} is '{text}'; right would be an address such as https://govern.example.org, "
            "without a path.",
            setting=name,
        )
    return f"{split.scheme}://{split.netloc}"


_READERS: tuple[tuple[Collection[str], Callable[[str, str], object]], ...] = (
    (("GOVERN_RULES", "GOVERN_WORKFLOWS", "GOVERN_SOURCES"), _folder),
    (("GOVERN_CATALOGUE",), _places),
    (_PATHS, _path),
    (_LARGEST, _number),
    (_ONE_OF, _one_of),
    (("GOVERN_PUBLISH_RULES", "GOVERN_OIDC_MATCH_EMAIL", "GOVERN_TICKS"), _yes_or_no),
    (("GOVERN_PUBLIC_URL",), _address),
)
"""By whom each variable is read; every other one is a text."""


def _text(value: object) -> str:
    """A setting as its variable has it; nothing stands for one that is not set."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return os.pathsep.join(map(str, cast("tuple[Path, ...]", value)))
    return "" if value is None else str(value)


def clock() -> datetime:
    return datetime.now(UTC)


def secret(name: str) -> str | None:
    """The value of a variable that a source file names; none of ours."""
    return os.environ.get(name)


def variable(name: str) -> str | None:
    """The value of a variable that a library reads itself; none of ours."""
    return os.environ.get(name) or None


def traces_are_wanted(environment: Mapping[str, str] | None = None) -> bool:
    """Whether OpenTelemetry's own variables name a place that traces are sent to (OpenTelemetry
    Specification, Environment Variables). Raises BadConfiguration for a protocol that is not spoken."""
    given = os.environ if environment is None else environment
    if given.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if given.get("OTEL_TRACES_EXPORTER", "otlp").lower() == "none":
        return False
    places = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    if not any(given.get(each) for each in places):
        return False
    for name in ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"):
        if given.get(name):
            if given[name] != "http/protobuf":
                raise BadConfiguration(
                    f"{name} is '{given[name]}'; traces are sent as http/protobuf, and no other way.",
                    setting=name,
                )
            break
    return True


def hand_on(name: str, value: str) -> None:
    """Sets a variable for a library that reads it itself, and for the processes started from here."""
    os.environ[name] = value

"""Builds the runtime from the environment: the only place that reads it, or the clock."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from govern.documents.files import digest, read_yaml_files
from govern.documents.problem import Level, Problem
from govern.documents.source import Source
from govern.domain.refusal import BadConfiguration
from govern.process import load as workflow_files
from govern.rulebook import load as rule_files
from govern.rulebook.rule import Rulebook
from govern.services.catalog import Catalog
from govern.services.gate_tables import lost_gates, tables_in_force
from govern.services.importing import DEFAULT_PORTFOLIO, ensure_portfolio
from govern.services.keeping import LARGEST_MB, MB, Keeping
from govern.services.people import OPERATOR, ensure_operator
from govern.services.rulebooks import is_published, publish
from govern.services.runtime import Runtime
from govern.services.workflows import are_taken, take_workflows
from govern.store.engine import open_engine
from govern.store.folder import Folder
from govern.store.migrate import upgrade
from govern.store.transaction import Store


def shipped(name: str) -> Path:
    """A folder that comes with govern: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent
    beside = package.parent / name
    return beside if beside.is_dir() else package / "shipped" / name


@dataclass(frozen=True, slots=True)
class Settings:
    """Each is an environment variable, `GOVERN_` and its name in capitals; docs/settings.md has them."""

    database_url: str = "sqlite:///var/govern.db"
    rules: Path = field(default_factory=lambda: shipped("rules"))
    workflows: Path = field(default_factory=lambda: shipped("workflows"))
    host: str = "127.0.0.1"
    port: int = 8321
    workers: int = 1
    publish_rules: bool = True
    evidence_dir: Path | None = None
    evidence_max_mb: int = LARGEST_MB

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
        return cls(**values)  # pyright: ignore[reportArgumentType] - _value gives each its type

    def environment(self) -> dict[str, str]:
        """The same settings as environment variables, for the processes that a server starts."""
        return {
            f"GOVERN_{each.name.upper()}": _text(getattr(self, each.name)) for each in fields(self)
        }


FOR_TESTS = frozenset({"GOVERN_PG_BIN", "GOVERN_SHARED"})
"""Variables that the test suite reads; a running govern lets them be."""

_LARGEST = {"GOVERN_PORT": 65_535, "GOVERN_WORKERS": 64, "GOVERN_EVIDENCE_MAX_MB": 500}

_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _value(name: str, text: str) -> object:
    if name in ("GOVERN_RULES", "GOVERN_WORKFLOWS"):
        if not Path(text).is_dir():
            raise BadConfiguration(f"{name} is '{text}', which is not a folder.", setting=name)
        return Path(text)
    if name == "GOVERN_EVIDENCE_DIR":
        return Path(text).resolve()
    if name in _LARGEST:
        largest = _LARGEST[name]
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= largest):
            raise BadConfiguration(
                f"{name} is '{text}'; right would be a number from 1 to {largest}.", setting=name
            )
        return int(text)
    if name == "GOVERN_PUBLISH_RULES":
        if text.lower() not in _WORDS:
            raise BadConfiguration(f"{name} is '{text}'; right would be yes or no.", setting=name)
        return _WORDS[text.lower()]
    return text


def _text(value: object) -> str:
    """A setting as its variable has it; nothing stands for one that is not set."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Started:
    """A runtime, and what start-up found wrong with the rules directory (the last good one stays)."""

    runtime: Runtime
    rule_problems: tuple[Problem, ...]
    rule_sources: Mapping[str, Source]


@contextmanager
def started(settings: Settings) -> Generator[Started]:
    """An upgraded database with the workflows taken in and the rules directory published.

    Raises BadConfiguration where the database cannot be opened or a workflow file has errors.
    """
    engine = open_engine(settings.database_url)
    try:
        upgrade(engine, shipped("migrations"))
        runtime = Runtime(Store(engine), Catalog(), _keeping(settings))
        now = clock()
        ensure_operator(runtime, now=now)
        ensure_portfolio(runtime, OPERATOR, DEFAULT_PORTFOLIO, "Main portfolio", now=now)
        rules = _new_rules(runtime, settings)
        _take_workflows(runtime, settings, rules, now)
        yield _take_rules(runtime, settings, rules, now)
    finally:
        engine.dispose()


def _keeping(settings: Settings) -> Keeping:
    folder = settings.evidence_dir
    largest = settings.evidence_max_mb * MB
    if folder is None:
        return Keeping(largest=largest)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        usable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        raise BadConfiguration(
            f"GOVERN_EVIDENCE_DIR is '{folder}', where files cannot be kept.",
            setting="GOVERN_EVIDENCE_DIR",
        )
    return Keeping(Folder(folder), largest)


def _new_rules(runtime: Runtime, settings: Settings) -> rule_files.Loaded | None:
    """What the rules directory holds; `None` where that is the rulebook in force."""
    texts = read_yaml_files(settings.rules)
    if not texts.problems and is_published(runtime, digest(texts.texts)):
        return None
    return rule_files.load(settings.rules)


def _take_rules(
    runtime: Runtime, settings: Settings, loaded: rule_files.Loaded | None, now: datetime
) -> Started:
    if loaded is None:
        return Started(runtime, (), {})
    errors = tuple(each for each in loaded.problems if each.level is Level.ERROR)
    if not settings.publish_rules or loaded.rulebook is None:
        return Started(runtime, errors, loaded.sources)
    lost = _lost(runtime, loaded.rulebook)
    if not lost:
        publish(runtime, OPERATOR, loaded.rulebook, note="published at start", now=now)
    return Started(runtime, lost, loaded.sources)


def _lost(runtime: Runtime, rulebook: Rulebook) -> tuple[Problem, ...]:
    with runtime.store.reading() as connection:
        return tuple(lost_gates(runtime, connection, rulebook))


def _take_workflows(
    runtime: Runtime, settings: Settings, rules: rule_files.Loaded | None, now: datetime
) -> None:
    """Their criteria read the tables of the rulebook in force, or those of the rules directory, which
    may come in force later."""
    texts = read_yaml_files(settings.workflows)
    digests = {workflow_files.digest_of(text) for text in texts.texts.values()}
    if digests and not texts.problems and are_taken(runtime, digests):
        return
    tables = tables_in_force(runtime) if rules is None else rules.readable
    loaded = workflow_files.load(settings.workflows, tables)
    if not loaded.workflows and rules is not None:
        earlier = workflow_files.load(settings.workflows, tables_in_force(runtime))
        loaded = earlier if earlier.workflows else loaded
    errors = [problem for problem in loaded.problems if problem.level is Level.ERROR]
    if errors:
        first = errors[0]
        raise BadConfiguration(
            f"{len(errors)} problem(s) in {settings.workflows}; the first is {first.place}: "
            f"{first.message}. Run: govern workflow check",
            setting="GOVERN_WORKFLOWS",
        )
    take_workflows(runtime, OPERATOR, loaded.workflows.values(), now=now)

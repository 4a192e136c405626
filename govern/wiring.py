"""Builds the runtime from the settings."""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Engine

from govern.catalogue import load as catalogue_files
from govern.catalogue.template import Template
from govern.documents.files import digest, read_yaml_files
from govern.documents.problem import Level, Problem
from govern.documents.source import Source
from govern.domain.count import counted
from govern.domain.refusal import BadConfiguration
from govern.intake import group_roles
from govern.intake.group_roles import GroupRoles
from govern.intake.source_load import load_sources
from govern.process import load as workflow_files
from govern.rulebook import load as rule_files
from govern.rulebook.rule import Rulebook
from govern.services.catalog import Catalog
from govern.services.gate_tables import lost_gates, tables_in_force
from govern.services.importing import DEFAULT_PORTFOLIO, ensure_portfolio
from govern.services.issuer import BACK, Issuer, Setup
from govern.services.keeping import MB, Keeping
from govern.services.news_relay import begin as begin_news
from govern.services.outlets import Hooks, MailServer, Outlets, read_hooks, read_mail_server
from govern.services.people import OPERATOR, ensure_operator
from govern.services.rulebooks import is_published, publish
from govern.services.runtime import Runtime
from govern.services.workflows import are_taken, take_workflows
from govern.settings import Settings, clock, secret, shipped
from govern.store.engine import Limits, open_engine
from govern.store.folder import Folder
from govern.store.key_folder import KeyFolder
from govern.store.migrate import upgrade
from govern.store.transaction import Store


@dataclass(frozen=True, slots=True)
class Started:
    """A runtime, and what start-up found wrong with the rules directory (the last good one stays)."""

    runtime: Runtime
    rule_problems: tuple[Problem, ...]
    rule_sources: Mapping[str, Source]


@contextmanager
def started(settings: Settings, at: Callable[[], datetime] = clock) -> Generator[Started]:
    """An upgraded database with the workflows taken in and the rules directory published. `at` tells
    when that is done.

    Raises BadConfiguration where the database cannot be opened or a workflow file has errors.
    """
    limits = Limits(
        settings.database_connections, settings.statement_timeout, settings.lock_timeout
    )
    engine = open_engine(settings.database_url, limits)
    replica: Engine | None = None
    try:
        replica = _replica(settings, limits)
        upgrade(engine, shipped("migrations"))
        runtime = Runtime(
            Store(engine),
            Catalog(),
            _keeping(settings),
            _keys(settings, engine.url),
            _templates(settings),
            partial(load_sources, settings.sources),
            secret,
            outlets_of(settings),
            issuer=issuer_of(settings),
            public_url=settings.reached_at,
            replica=None if replica is None else Store(replica),
        )
        now = at()
        ensure_operator(runtime, now=now)
        ensure_portfolio(runtime, OPERATOR, DEFAULT_PORTFOLIO, "Main portfolio", now=now)
        begin_news(runtime)
        rules = _new_rules(runtime, settings)
        _take_workflows(runtime, settings, rules, now)
        yield _take_rules(runtime, settings, rules, now)
    finally:
        engine.dispose()
        if replica is not None:
            replica.dispose()


def _replica(settings: Settings, limits: Limits) -> Engine | None:
    """The copy of the database that reports are read from, tried once."""
    if settings.replica_url is None:
        return None
    try:
        return open_engine(settings.replica_url, limits)
    except BadConfiguration as refused:
        detail = f"GOVERN_REPLICA_URL cannot be used. {refused.detail}"
        raise BadConfiguration(detail, setting="GOVERN_REPLICA_URL") from refused


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


def outlets_of(settings: Settings) -> Outlets:
    """Raises BadConfiguration for half of what a way out needs, and for what cannot be read."""
    if settings.tls_roots is not None and not settings.tls_roots.is_file():
        raise BadConfiguration(
            f"GOVERN_TLS_ROOTS is '{settings.tls_roots}', which is no file.",
            setting="GOVERN_TLS_ROOTS",
        )
    return Outlets(_mail(settings), _hooks(settings))


def _mail(settings: Settings) -> MailServer | None:
    url, sender = settings.smtp_url, settings.mail_from
    if url is None and sender is None:
        return None
    if url is None or sender is None:
        missing = "GOVERN_SMTP_URL" if url is None else "GOVERN_MAIL_FROM"
        raise BadConfiguration(f"Mail also needs {missing}.", setting=missing)
    try:
        return read_mail_server(url, sender, settings.tls_roots)
    except ValueError as wrong:
        raise BadConfiguration(
            f"GOVERN_SMTP_URL or GOVERN_MAIL_FROM cannot be used: {wrong}.",
            setting="GOVERN_SMTP_URL",
        ) from wrong


def _hooks(settings: Settings) -> Hooks | None:
    if settings.webhook_hosts is None:
        return None
    secret = settings.webhook_secret
    if secret is None and settings.webhook_secret_file is not None:
        try:
            secret = settings.webhook_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise BadConfiguration(
                f"GOVERN_WEBHOOK_SECRET_FILE cannot be read: {type(error).__name__}.",
                setting="GOVERN_WEBHOOK_SECRET_FILE",
            ) from error
    try:
        return read_hooks(settings.webhook_hosts, secret or "", settings.tls_roots)
    except ValueError as wrong:
        raise BadConfiguration(
            f"GOVERN_WEBHOOK_HOSTS with its secret cannot be used: {wrong}.",
            setting="GOVERN_WEBHOOK_HOSTS",
        ) from wrong


def issuer_of(settings: Settings) -> Issuer | None:
    """The organisation's own sign-in. Raises BadConfiguration for half of what it needs, and for what
    cannot be read."""
    url, client_id = settings.oidc_issuer, settings.oidc_client_id
    if url is None and client_id is None:
        return None
    if url is None or client_id is None:
        missing = "GOVERN_OIDC_ISSUER" if url is None else "GOVERN_OIDC_CLIENT_ID"
        raise BadConfiguration(f"Signing in at an issuer also needs {missing}.", setting=missing)
    if "openid" not in settings.oidc_scopes.split():
        raise BadConfiguration(
            f"GOVERN_OIDC_SCOPES is '{settings.oidc_scopes}'; right would hold openid.",
            setting="GOVERN_OIDC_SCOPES",
        )
    try:
        setup = Setup(
            url,
            client_id,
            settings.reached_at + BACK,
            _client_secret(settings),
            settings.oidc_scopes,
            settings.oidc_groups_claim,
            _group_roles(settings),
            settings.oidc_match_email,
            settings.tls_roots,
        )
    except ValueError as wrong:
        raise BadConfiguration(
            f"GOVERN_OIDC_ISSUER is '{url}', which is {wrong}.", setting="GOVERN_OIDC_ISSUER"
        ) from wrong
    return Issuer(setup)


def _client_secret(settings: Settings) -> str | None:
    if settings.oidc_client_secret is not None or settings.oidc_client_secret_file is None:
        return settings.oidc_client_secret
    try:
        return settings.oidc_client_secret_file.read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError) as error:
        raise BadConfiguration(
            f"GOVERN_OIDC_CLIENT_SECRET_FILE cannot be read: {type(error).__name__}.",
            setting="GOVERN_OIDC_CLIENT_SECRET_FILE",
        ) from error


def _group_roles(settings: Settings) -> GroupRoles:
    if settings.oidc_roles is None:
        return GroupRoles({})
    loaded = group_roles.load(settings.oidc_roles)
    if loaded.roles is None:
        first = next(each for each in loaded.problems if each.level is Level.ERROR)
        raise BadConfiguration(
            f"{counted(len(loaded.problems), 'problem')} in {settings.oidc_roles}; the first is "
            f"{first.place}: {first.message}. Run: govern people groups {settings.oidc_roles}",
            setting="GOVERN_OIDC_ROLES",
        )
    return loaded.roles


def _keys(settings: Settings, url: URL) -> KeyFolder:
    """The folder of the setting; else `keys` beside an SQLite file, and `var/keys` for PostgreSQL."""
    if settings.keys_dir is not None:
        return KeyFolder(settings.keys_dir)
    beside = Path(url.database or "").parent if url.get_backend_name() == "sqlite" else Path("var")
    return KeyFolder(beside / "keys")


def catalogue_of(settings: Settings) -> catalogue_files.Loaded:
    """The catalogue that comes with govern, and over it the organisation's own."""
    return catalogue_files.load([shipped("catalogue"), *settings.catalogue])


def _templates(settings: Settings) -> Mapping[str, Template]:
    loaded = catalogue_of(settings)
    errors = [problem for problem in loaded.problems if problem.level is Level.ERROR]
    if errors:
        raise BadConfiguration(
            f"{counted(len(errors), 'problem')} in the catalogue; the first is {errors[0].place}: "
            f"{errors[0].message}. Run: govern catalogue check",
            setting="GOVERN_CATALOGUE",
        )
    return loaded.templates


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
            f"{counted(len(errors), 'problem')} in {settings.workflows}; the first is {first.place}: "
            f"{first.message}. Run: govern workflow check",
            setting="GOVERN_WORKFLOWS",
        )
    take_workflows(runtime, OPERATOR, loaded.workflows.values(), now=now)

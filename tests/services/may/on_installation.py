"""Every action on the whole installation, or on a portfolio, as it is tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from govern.domain.actor import Actor
from govern.domain.distribution import Channel, Every
from govern.domain.role import Role
from govern.ledger.note import Algorithm, cosign, generate, split_note
from govern.services import (
    audit,
    backtests,
    delegations,
    differences,
    exchange_rates,
    explaining,
    history,
    importing,
    log_keys,
    log_reading,
    migrations,
    objectives,
    overrides,
    people,
    projects,
    replaying,
    report_schedules,
    roles,
    rulebooks,
    separation,
    sessions,
    sign_in_links,
    sweeps,
    ticking,
    tokens,
    waiting,
    webhooks,
    workflows,
)
from govern.services.erasing import erase_person
from govern.services.migrations import Wanted
from govern.services.outlets import Hooks, MailServer, Outlets, Tls
from govern.services.people import OPERATOR, OPERATOR_EMAIL
from govern.services.runtime import Runtime
from govern.services.sealing import seal
from govern.store.key_folder import KeyFolder
from govern.store.paging import PageRequest
from tests.services.house import NOW, RULES
from tests.services.may.situation import Situation

Attempt = Callable[[Runtime, Actor], object]

WHY = "It is known and accepted."
TODAY = NOW.date()
LATER = date(2027, 1, 31)
RATE = {"currency": "EUR", "to_currency": "USD", "rate_on": TODAY}
COUNTER = count()
"""Each attempt records another rate, so that it would change something."""

WANTED = Wanted("small-project", projects=("QUIET-draft",))


@dataclass(frozen=True)
class Prepared:
    """What the attempts need to be there: two colleagues, one of whom lends the other the votes; a
    proposed rulebook of somebody else; an empty folder to import; a token and a grant of nobody who tries."""

    delegation: int
    proposed: str
    folder: Path
    preview: str
    schedule: int
    webhook: int
    cosigned: Mapping[str, Any]
    token: int
    grant: int


def prepare(situation: Situation, folder: Path) -> Prepared:
    sam, fay = situation.house.sam, situation.house.fay
    lent = _delegate(situation.runtime, sam, to=fay.person_id)
    author = situation.actor(Role.RULE_AUTHOR.value, portfolio=None)
    proposed = rulebooks.propose(
        situation.runtime, author, {"benefits.yaml": f"{RULES}# Two\n"}, note=WHY, now=NOW
    )
    seen = migrations.preview(situation.runtime, OPERATOR, WANTED, now=NOW)
    return Prepared(
        lent["id"],
        proposed["digest"],
        folder,
        seen["preview"],
        _have_sent(situation.runtime, sam)["id"],
        _have_told(situation.runtime, sam)["id"],
        _cosigned(situation, folder),
        _token(situation.runtime),
        _grant(situation.runtime),
    )


def _cosigned(situation: Situation, folder: Path) -> Mapping[str, Any]:
    """What a witness signs under the log as it stands then."""
    run = _keyed(situation.runtime, folder)
    log_keys.new_key(run, OPERATOR, "example.org/sealed", now=NOW)
    sealed = seal(run, NOW)
    witness = generate("witness.example.org", Algorithm.COSIGNATURE)
    line = cosign(split_note(sealed.note or "")[0], witness, NOW)
    return {"size": sealed.size, "witness": str(witness.verifier), "line": line}


def _have_sent(run: Runtime, who: Actor) -> dict[str, Any]:
    by_mail = Outlets(MailServer("127.0.0.1", 25, Tls.NONE, "govern@example.org"))
    return report_schedules.add(
        replace(run, outlets=by_mail),
        who,
        report="portfolio-value",
        portfolio="main",
        every=Every.DAILY,
        channel=Channel.EMAIL,
        address="sam@example.org",
        now=NOW,
    )


def _have_told(run: Runtime, who: Actor) -> dict[str, Any]:
    hooks = Hooks(frozenset({"hooks.example.org"}), b"s" * 16)
    telling = replace(run, outlets=Outlets(hooks=hooks))
    return webhooks.add(telling, who, url="https://hooks.example.org/", now=NOW)


def _keyed(run: Runtime, folder: Path) -> Runtime:
    """With a new folder for keys, beside the one given."""
    return replace(run, keys=KeyFolder(Path(mkdtemp(dir=folder.parent))))


def _delegate(run: Runtime, who: Actor, **given: Any) -> dict[str, Any]:
    return delegations.delegate(
        run, who, starts_on=TODAY, ends_on=LATER, reason=WHY, now=NOW, **given
    )


def on_the_installation(there: Situation, with_: Prepared) -> dict[str, Attempt]:
    sam, gus, email = there.house.sam, there.house.gus, "sam@example.org"
    return {
        "run a sweep": lambda run, who: sweeps.sweep(run, who, as_of=TODAY, now=NOW),
        "run a tick": lambda run, who: ticking.tick(run, who, now=NOW),
        "import a folder": lambda run, who: importing.import_folder(
            run, who, with_.folder, now=NOW
        ),
        "record exchange rates": lambda run, who: exchange_rates.record_rates(
            run, who, [{**RATE, "rate": Decimal(1 + next(COUNTER))}], confirm=True, now=NOW
        ),
        "see exchange rates": lambda run, _: exchange_rates.list_rates(run, PageRequest()),
        "add a strategic objective": lambda run, who: objectives.add_objective(
            run, who, {"id": "NEW", "name": "New"}, now=NOW
        ),
        "change a strategic objective": lambda run, who: objectives.change_objective(
            run, who, "GROW", {"name": f"Grow {next(COUNTER)}"}, version=None, now=NOW
        ),
        "see strategic objectives": lambda run, _: objectives.list_objectives(run, PageRequest()),
        "add a portfolio": lambda run, who: importing.ensure_portfolio(
            run, who, "new", "New", now=NOW
        ),
        "preview a migration": lambda run, who: migrations.preview(run, who, WANTED, now=NOW),
        "migrate projects": lambda run, who: migrations.migrate(
            run, who, WANTED, seen=with_.preview, reason=WHY, now=NOW
        ),
        "add a person": lambda run, who: people.add_person(
            run, who, email="new@example.org", name="New", now=NOW
        ),
        "grant a role": lambda run, who: people.grant_role(
            run, who, email=email, role=Role.ADMIN, now=NOW
        ),
        "issue a token": lambda run, who: people.issue_token(
            run, who, email=email, label="x", lifetime=timedelta(1), now=NOW
        ),
        "list tokens": lambda run, who: tokens.all_tokens(run, who, NOW),
        "revoke a token of somebody": lambda run, who: tokens.revoke_token(
            run, who, with_.token, now=NOW
        ),
        "list roles": lambda run, who: roles.list_grants(run, who, NOW),
        "take a role away": lambda run, who: roles.revoke_role(run, who, with_.grant, now=NOW),
        "list who is signed in": lambda run, who: sessions.open_sessions(run, who, NOW),
        "sign somebody out everywhere": lambda run, who: sessions.end_everywhere(
            run, who, OPERATOR.person_id, now=NOW
        ),
        "make a link for somebody": lambda run, who: sign_in_links.issue(
            run, who, email=OPERATOR_EMAIL, now=NOW
        ),
        "erase a person": lambda run, who: erase_person(run, who, email, reason=WHY, now=NOW),
        "list the people": lambda run, who: people.known_people(run, who, NOW),
        "switch a separation of duties": lambda run, who: separation.switch(
            run, who, "rule_author/rule_publisher", separated=False, reason=WHY, now=NOW
        ),
        "arrange another's delegation": lambda run, who: _delegate(
            run, who, of=gus.person_id, to=sam.person_id
        ),
        "end another's delegation": lambda run, who: delegations.revoke(
            run, who, with_.delegation, reason=WHY, version=None, now=NOW
        ),
        "end another's report schedule": lambda run, who: report_schedules.end(
            run, who, with_.schedule, reason=WHY, version=None, now=NOW
        ),
        "read another's report schedule": lambda run, who: report_schedules.get_schedule(
            run, who, with_.schedule
        ),
        "end another's webhook": lambda run, who: webhooks.end(
            run, who, with_.webhook, reason=WHY, version=None, now=NOW
        ),
        "read another's webhook": lambda run, who: webhooks.get_webhook(run, who, with_.webhook),
        "read another's delegation": lambda run, who: delegations.get_delegation(
            run, who, with_.delegation
        ),
        "read the history of the service": history.service_history,
        "verify the ledger": audit.verify_ledger,
        "replay the ledger": replaying.replay,
        "make or replace the log's key": lambda run, who: log_keys.new_key(
            _keyed(run, with_.folder), who, "example.org/log", now=NOW
        ),
        "hand in a cosignature": lambda run, who: log_reading.take_cosignature(
            run, who, **with_.cosigned, now=NOW
        ),
        "propose rules": lambda run, who: rulebooks.propose(
            run, who, {"benefits.yaml": f"{RULES}# Three\n"}, note=WHY, now=NOW
        ),
        "publish rules": lambda run, who: rulebooks.publish_proposed(
            run, who, with_.proposed, now=NOW
        ),
        "delegate one's own votes": lambda run, who: _delegate(run, who, to=gus.person_id),
        "see what waits for oneself": lambda run, who: waiting.waiting_for(run, who, now=NOW),
        "see which duties are separated": lambda run, who: separation.list_pairs(run),
        "see the workflows and their versions": lambda run, who: workflows.list_workflows(run),
        "see overrides, of projects that one may see": overrides.override_rates,
    }


def on_a_portfolio() -> dict[str, Attempt]:
    fields = {"id": "NEW", "portfolio": "main", "name": "New"}
    return {
        "add a project": lambda run, who: projects.add_project(run, who, fields, now=NOW),
        "try rules": lambda run, who: backtests.backtest(run, who, now=NOW),
        "see what two rulebooks would say differently": lambda run, who: differences.difference(
            run, who, None, None, now=NOW
        ),
        "explain rules on a project": lambda run, who: explaining.explain(
            run, who, "QUIET-draft", now=NOW
        ),
        "have a report sent": _have_sent,
    }


def _token(run: Runtime) -> int:
    tokens.issue_token(
        run, OPERATOR, email=OPERATOR_EMAIL, label="x", lifetime=timedelta(1), now=NOW
    )
    return tokens.all_tokens(run, OPERATOR, NOW, email=OPERATOR_EMAIL)[0]["id"]


def _grant(run: Runtime) -> int:
    made = roles.grant_role(run, OPERATOR, email=OPERATOR_EMAIL, role=Role.AUDITOR, now=NOW)
    assert made is not None
    return made

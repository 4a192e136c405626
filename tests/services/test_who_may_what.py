"""Every role, action and stage of the shipped workflow, tried, and held against what the page lists."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from govern.domain.actor import Actor, Grant
from govern.domain.decision import Answer
from govern.domain.refusal import (
    BaselineFrozen,
    IllegalMove,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refusal,
    SeparationOfDuties,
    SubmissionClosed,
)
from govern.domain.role import Role
from govern.services.rulebooks import publish_proposed
from govern.store.engine import open_engine
from govern.store.transaction import Store
from tests.databases import migrated, only_postgresql
from tests.services.house import NOW
from tests.services.may import on_installation, on_projects
from tests.services.may.on_projects import MOVES, Tried, attempts, moved
from tests.services.may.situation import HELD_FROM, Situation, Standing
from tests.services.may.table import EVERY_ROLE, EVERYBODY, NOBODY, Row, rows

pytestmark = pytest.mark.xdist_group("who-may-what")
"""The situation takes a while to prepare: one process does it."""

STAGES = (
    *("draft", "value_defined", "planned", "monitoring", "post_review", "closed"),
    *("on_hold", "terminated"),
)
NOT_YOU = (NotAllowed, NotFound)
NOT_HERE = (*NOT_YOU, IllegalMove, SubmissionClosed, BaselineFrozen)


@pytest.fixture(scope="module")
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with migrated("sqlite", request, tmp_path_factory.mktemp("may")) as url:
        yield url


@pytest.fixture(scope="module")
def there(address: str) -> Iterator[Situation]:
    store = Store(open_engine(address))
    yield Situation(store)
    store.close()


class Watch:
    """Whether anything at all was committed to the database since one looked last."""

    def __init__(self, address: str) -> None:
        self._file = sqlite3.connect(address.removeprefix("sqlite:///"))
        self._seen = self._version()

    def changed(self) -> bool:
        before, self._seen = self._seen, self._version()
        return self._seen != before

    def _version(self) -> int:
        return self._file.execute("PRAGMA data_version").fetchone()[0]


class Counted:
    """The same as far as events and versions tell it, on a database that does not."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._seen = situation.state()

    def changed(self) -> bool:
        before, self._seen = self._seen, self._situation.state()
        return self._seen != before


@pytest.fixture(scope="module")
def watch(address: str, there: Situation) -> Watch:
    return Watch(address)


def _listed(found: list[Row], action: str, stage: str) -> frozenset[str]:
    here = [each.roles for each in found if each.action == action and stage in each.stages]
    return frozenset().union(*here)


def _page(there: Situation) -> list[Row]:
    return rows("On a project", there.stages)


def _succeeds(there: Situation, tried: Tried, who: Actor, where: str) -> None:
    try:
        there.succeeds(lambda runtime: tried.do(runtime, who))
    except Refusal as refused:
        pytest.fail(f"{who.name} may {where} {tried.what}, but: {refused.code}, {refused.detail}")


def _refused(
    there: Situation,
    watch: Watch | Counted,
    tried: Tried,
    who: Actor,
    where: str,
    kinds: tuple[type, ...],
) -> None:
    watch.changed()
    try:
        tried.do(there.runtime, who)
    except Refusal as refused:
        if not isinstance(refused, kinds):
            pytest.fail(f"{who.name} was refused to {where} {tried.what} with {refused.code}")
    else:
        pytest.fail(f"{who.name} could {where} {tried.what}, which is not listed")
    assert not watch.changed(), f"{who.name} was refused to {where}, and something changed"


def test_the_page_names_actions_and_stages_that_there_are(there: Situation) -> None:
    page = _page(there)
    assert {each.action for each in page} <= set(on_projects.names(there))
    assert frozenset().union(*(each.stages for each in page)) == {*there.stages, *there.apart}


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_listed_can_be_done_and_nothing_else(
    there: Situation, watch: Watch, stage: str
) -> None:
    """All actions on a project × roles, for each stage."""
    _try_all(there, watch, stage)


def _try_all(there: Situation, watch: Watch | Counted, stage: str) -> None:
    page = _page(there)
    at = there.standing[stage]
    for action in on_projects.names(there):
        may = _listed(page, action, stage)
        # Where others may, it is the role that is wrong; and nobody scores what has no scorecard.
        kinds = NOT_YOU if may else NOT_HERE
        if action.startswith("score") and all(each.action != action for each in page):
            kinds = (*kinds, InvalidInput)
        for tried in attempts(there, action, at):
            for role in sorted(EVERYBODY):
                if role in may:
                    _succeeds(there, tried, there.actor(role), f"{action} in {stage}")
                else:
                    _refused(there, watch, tried, there.actor(role), f"{action} in {stage}", kinds)


@only_postgresql
def test_the_same_on_postgresql_in_one_stage(store: Store) -> None:
    there = Situation(store, stages=("planned",))
    _try_all(there, Counted(there), "planned")


def test_every_stage_is_tried(there: Situation) -> None:
    assert there.stages == STAGES


@pytest.mark.parametrize("action", MOVES)
def test_moves_from_hold_and_from_the_end_wherever_it_stood(
    there: Situation, watch: Watch, action: str
) -> None:
    page = _page(there)
    for stage, project in there.apart.items():
        may = _listed(page, action, stage)
        if stage.endswith(f"from {HELD_FROM}"):
            assert may == _listed(page, action, stage.partition(" ")[0])
        for role in sorted(EVERYBODY):
            where, tried, who = f"{action} {stage}", moved(project, action), there.actor(role)
            if role in may:
                _succeeds(there, tried, who, where)
            else:
                _refused(there, watch, tried, who, where, NOT_YOU if may else NOT_HERE)


def test_a_role_on_the_installation_is_one_on_the_project(there: Situation) -> None:
    """What is listed, done with a role that is held everywhere."""
    for row in (each for each in _page(there) if each.action != "read"):
        for stage in row.stages & set(there.stages):
            for tried in attempts(there, row.action, there.standing[stage]):
                for role in row.roles:
                    everywhere = there.actor(role, portfolio=None)
                    there.succeeds(lambda run, do=tried.do, who=everywhere: do(run, who))


def test_a_role_elsewhere_is_no_role_here(there: Situation, watch: Watch) -> None:
    watch.changed()
    for action in on_projects.names(there):
        for tried in attempts(there, action, there.standing["monitoring"]):
            for role in EVERY_ROLE:
                with pytest.raises(NotFound):
                    tried.do(there.runtime, there.actor(role, portfolio="elsewhere"))
    assert not watch.changed()


def test_the_submitter_decides_nothing_in_any_role(there: Situation) -> None:
    """Votes, scores and waivers, at every gate, in every role: refused, and each attempt recorded."""
    for stage, at in there.standing.items():
        for gate, number in at.waiting.items():
            for role in sorted(EVERY_ROLE):
                who = there.submitter(role)
                for tried in attempts(there, f"vote at {gate}", at):
                    before = there.state()
                    with pytest.raises(SeparationOfDuties):
                        tried.do(there.runtime, who)
                    after = there.state()
                    assert after[0] == before[0] + 1, (stage, role, tried.what)
                    assert after[1:] == before[1:]
                _not_scored_or_waived(there, at, gate, number, role)
    answers = len(Answer) * len(EVERY_ROLE)
    assert there.refusals("vote.refused") == answers * len(there.workflow.gates)


def _not_scored_or_waived(
    there: Situation, at: Standing, gate: str, number: int, role: str
) -> None:
    found = there.workflow.gate(gate)
    assert found is not None
    who = there.submitter(role)
    own = Standing(at.stage, there.project_of(number), waiting=at.waiting)
    for kind, may in (("waive at ", found.waive), ("score at ", found.roles)):
        for tried in attempts(there, f"{kind}{gate}", own):
            before = there.state()
            with pytest.raises((SeparationOfDuties, NotAllowed, InvalidInput)) as refused:
                tried.do(there.runtime, who)
            recorded = isinstance(refused.value, SeparationOfDuties)
            assert there.state()[0] == before[0] + recorded
            if kind == "waive at " and role in may:
                assert recorded


def test_what_is_listed_on_the_installation_takes_the_role_there(
    there: Situation, watch: Watch, tmp_path: Path
) -> None:
    """A role on a portfolio does what everybody does, and no more."""
    prepared = on_installation.prepare(there, tmp_path)
    actions = on_installation.on_the_installation(there, prepared)
    page = {each.action: each.roles for each in rows("On the installation", ())}
    assert page.keys() == actions.keys()
    for action, do in actions.items():
        for role in sorted(EVERYBODY):
            for portfolio in (None, "main"):
                who = there.actor(role, portfolio=portfolio)
                may = NOBODY in page[action] or (portfolio is None and role in page[action])
                if may:
                    _succeeds(there, Tried("", do), who, action)
                else:
                    _refused(there, watch, Tried("", do), who, action, NOT_YOU)
    _not_published_by_the_author(there, prepared.proposed)


def _not_published_by_the_author(there: Situation, proposed: str) -> None:
    author = there.actor("rule_author", portfolio=None)
    for role in EVERY_ROLE - {"rule_publisher"}:
        with pytest.raises(NotAllowed):
            publish_proposed(there.runtime, author, proposed, now=NOW)
        author = replace(author, grants=(*author.grants, Grant(Role(role))))
    publisher = replace(author, grants=(*author.grants, Grant(Role.RULE_PUBLISHER)))
    with pytest.raises(SeparationOfDuties):
        publish_proposed(there.runtime, publisher, proposed, now=NOW)
    assert there.refusals("rulebook.refused") == 1


def test_what_is_listed_on_a_portfolio_takes_the_role_there(there: Situation, watch: Watch) -> None:
    actions = on_installation.on_a_portfolio()
    page = {each.action: each.roles for each in rows("On a portfolio", ())}
    assert page.keys() == actions.keys()
    for action, do in actions.items():
        for role in sorted(EVERYBODY):
            for portfolio in (None, "main"):
                who = there.actor(role, portfolio=portfolio)
                if role in page[action]:
                    _succeeds(there, Tried("", do), who, action)
                else:
                    _refused(there, watch, Tried("", do), who, action, NOT_YOU)

"""Every row of the state follows from the ledger, and what was changed by hand is named."""

import ast

import pytest
from sqlalchemy import text

from govern.process.load import load as load_workflows
from govern.rulebook.load import load as load_rules
from govern.services.catalog import Catalog
from govern.services.importing import ensure_portfolio, import_folder
from govern.services.people import OPERATOR, ensure_operator
from govern.services.rulebooks import publish
from govern.services.runtime import Runtime
from govern.services.state_audit import audit_state
from govern.services.sweeps import sweep
from govern.services.telling import _TELLERS  # pyright: ignore[reportPrivateUsage]
from govern.services.workflows import take_workflows
from govern.store.projection import HANDLERS, STATELESS
from govern.store.transaction import Store
from tests.services.house import NOW, ROOT, House, add_project, report, submit


def test_what_a_house_was_built_with_follows_from_its_events(house: House) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-01-31": 90, "2026-02-28": None})
    submit(house, "P1", "value_defined")
    found = audit_state(house.runtime, OPERATOR)
    assert found.differences == ()
    assert found.rows > 20


@pytest.mark.parametrize(
    ("statement", "table", "column", "kind"),
    [
        ("UPDATE project SET stage = 'closed'", "project", "stage", "project.added"),
        ("UPDATE kpi SET target = '5'", "kpi", "target", "kpi.added"),
        ("UPDATE submission SET advice = 'go?'", "submission", "advice", "gate.submitted"),
        ("DELETE FROM role_grant", "role_grant", None, "role.granted"),
        ("UPDATE person SET email = 'x'  WHERE name = 'Pia'", "person", "email", "person.added"),
    ],
)
def test_what_was_changed_by_hand_is_named_with_its_event(
    house: House, statement: str, table: str, column: str | None, kind: str
) -> None:
    add_project(house)
    submit(house, "P1", "value_defined")
    with house.runtime.store.writing() as connection:
        connection.execute(text(statement))
    found = audit_state(house.runtime, OPERATOR).differences
    assert {(each.table, each.column, each.kind) for each in found} == {(table, column, kind)}
    assert all(f"event {each.seq} of {each.project}" in each.what for each in found)


def test_a_row_that_no_event_wrote_is_named(house: House) -> None:
    add_project(house)
    with house.runtime.store.writing() as connection:
        connection.execute(
            text("INSERT INTO portfolio VALUES ('shadow', 'Shadow', '2026-11-24T10:00:00.000000Z')")
        )
    (found,) = audit_state(house.runtime, OPERATOR).differences
    assert (found.table, found.key) == ("portfolio", "shadow")
    assert found.what == "no event says that it is there"


def test_the_example_portfolio_follows_from_its_events(store: Store) -> None:
    runtime = Runtime(store, Catalog())
    ensure_operator(runtime, now=NOW)
    ensure_portfolio(runtime, OPERATOR, "main", "Main", now=NOW)
    take_workflows(
        runtime, OPERATOR, load_workflows(ROOT / "workflows").workflows.values(), now=NOW
    )
    rulebook = load_rules(ROOT / "rules").rulebook
    assert rulebook is not None
    publish(runtime, OPERATOR, rulebook, note=None, now=NOW)
    folder = next(each.parent for each in sorted(ROOT.glob("examples/**/projects.csv")))
    report = import_folder(runtime, OPERATOR, folder, keep_good=True, now=NOW)
    assert report.written
    sweep(runtime, OPERATOR, as_of=NOW.date(), now=NOW)
    found = audit_state(runtime, OPERATOR)
    assert found.differences == ()
    assert found.rows > 1000


def test_every_kind_of_event_that_is_written_is_projected() -> None:
    """A kind that nobody has thought of would make the past unreadable."""
    literals = {
        node.value
        for path in (ROOT / "govern" / "services").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    told = {each for each in literals if each in _TELLERS}
    assert told <= HANDLERS.keys() | STATELESS

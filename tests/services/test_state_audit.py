"""Every row of the state follows from the ledger, and what was changed by hand is named."""

import ast
from pathlib import Path

import govern
from govern.services.state_audit import audit_state
from govern.services.people import OPERATOR
from govern.store.projection import HANDLERS, STATELESS
from tests.services.house import House, add_project, report, submit


def test_what_a_house_was_built_with_follows_from_its_events(house: House) -> None:
    add_project(house)
    report(house, "P1-K1", {"2026-01-31": 90, "2026-02-28": None})
    submit(house, "P1", "value_defined")
    found = audit_state(house.runtime, OPERATOR)
    assert found.differences == ()
    assert found.rows > 20

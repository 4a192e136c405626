"""Roles in one line."""

from typing import Any

import pytest

from govern.web.pages.access_shown import roles_of


def _on(role: str, portfolio: str | None = None, project: str | None = None) -> dict[str, Any]:
    return {"role": role, "portfolio": portfolio, "project": project}


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ([], "none"),
        ([_on("admin")], "admin on everything"),
        ([_on("benefit_owner", "main")], "benefit owner on portfolio main"),
        (
            [_on("sponsor", project="P1"), _on("auditor"), _on("sponsor", project="P2")],
            "sponsor on projects P1, P2; auditor on everything",
        ),
        (
            [_on("sponsor", "main"), _on("sponsor", project="P1")],
            "sponsor on portfolio main, project P1",
        ),
    ],
)
def test_a_role_is_said_once_with_all_that_it_is_held_on(
    held: list[dict[str, Any]], told: str
) -> None:
    assert roles_of({"roles": held}) == told

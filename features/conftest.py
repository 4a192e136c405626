"""Every scenario runs once on SQLite and once on PostgreSQL, in an organisation of its own."""

from pathlib import Path

import pytest

from features.house import House, build, found
from features.steps.access import *  # noqa: F403
from features.steps.alternatives import *  # noqa: F403
from features.steps.benefits_map import *  # noqa: F403
from features.steps.commands import *  # noqa: F403 - steps are found where they stand in a conftest
from features.steps.composites import *  # noqa: F403
from features.steps.distribution import *  # noqa: F403
from features.steps.effects import *  # noqa: F403
from features.steps.evidence import *  # noqa: F403
from features.steps.exporting import *  # noqa: F403
from features.steps.from_rule_to_lesson import *  # noqa: F403
from features.steps.gates import *  # noqa: F403
from features.steps.history import *  # noqa: F403
from features.steps.imports import *  # noqa: F403
from features.steps.lessons import *  # noqa: F403
from features.steps.looking_back import *  # noqa: F403
from features.steps.news import *  # noqa: F403
from features.steps.pages import *  # noqa: F403
from features.steps.people import *  # noqa: F403
from features.steps.projects import *  # noqa: F403
from features.steps.pushing import *  # noqa: F403
from features.steps.readings import *  # noqa: F403
from features.steps.real_files import *  # noqa: F403
from features.steps.recommendations import *  # noqa: F403
from features.steps.replaying import *  # noqa: F403
from features.steps.reporting import *  # noqa: F403
from features.steps.reports import *  # noqa: F403
from features.steps.rescoping import *  # noqa: F403
from features.steps.reviewing import *  # noqa: F403
from features.steps.rules import *  # noqa: F403
from features.steps.scope import *  # noqa: F403
from features.steps.scores import *  # noqa: F403
from features.steps.sealing import *  # noqa: F403
from features.steps.sweeps import *  # noqa: F403
from features.steps.tables import *  # noqa: F403
from features.steps.tampering import *  # noqa: F403
from features.steps.template import *  # noqa: F403
from features.steps.ticking import *  # noqa: F403
from features.steps.validating import *  # noqa: F403
from features.steps.values import *  # noqa: F403
from features.steps.voting import *  # noqa: F403
from features.steps.waivers import *  # noqa: F403
from features.steps.warehouse import *  # noqa: F403
from features.steps.watching import *  # noqa: F403
from features.steps.witnessing import *  # noqa: F403
from features.steps.workflows import *  # noqa: F403
from govern.store.transaction import Store
from tests.databases import Contents


@pytest.fixture
def contents() -> Contents | None:
    return found


@pytest.fixture(autouse=True)
def house(store: Store, database_url: str, tmp_path: Path) -> House:
    return build(store, database_url, tmp_path)

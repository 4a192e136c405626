"""Each fault in its short form: `make torture` does them for longer, and prints what it did."""

import random
from collections.abc import Iterator

import pytest

from tests.torture import power_loss
from tests.torture.place import POSTGRESQL, SQLITE, Place, place
from tests.torture.trials import TRIALS

ROUNDS = {"histories": 3}
"""One, but for these."""
SHORT_ON = {"cut": (POSTGRESQL,), "sealer": (SQLITE,), "delivery": (POSTGRESQL,)}
"""Where only the long form does both: what they try is the same code on either."""
SEED = 1


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    """One PostgreSQL for all of them."""
    folder = tmp_path_factory.mktemp("torture")
    with place(SQLITE, folder / SQLITE) as files, place(POSTGRESQL, folder / POSTGRESQL) as server:
        yield {SQLITE: files, POSTGRESQL: server}


SHORT_FORMS = [
    pytest.param(name, kind, id=f"{name}-{kind}")
    for name, trial in TRIALS.items()
    for kind in SHORT_ON.get(name, trial.ON)
]


@pytest.mark.xdist_group("torture")
@pytest.mark.parametrize(("name", "kind"), SHORT_FORMS)
def test_nothing_is_lost_or_half_there(places: dict[str, Place], name: str, kind: str) -> None:
    pick = random.Random(SEED)  # noqa: S311
    found = TRIALS[name].run(places[kind], pick, range(ROUNDS.get(name, 1)))
    assert not found.wrong, "\n".join(found.wrong)
    assert (found.lost, found.duplicated) == (0, 0)
    assert found.injected > 0
    assert found.acknowledged > 0 or name == "fuzz"


@pytest.mark.xdist_group("torture")
def test_a_disk_that_lies_is_found_out(places: dict[str, Place]) -> None:
    """The trial of power loss would see it: of a disk that says that it has synced much is lost."""
    found = power_loss.run(places[SQLITE], random.Random(SEED), range(1), lies=True)  # noqa: S311
    assert found.lost > 0

"""No text makes loading rule and workflow files fail. `make fuzz` takes thousands."""

from tests.rulebook.fuzz import damaged, faults


def test_damaged_files_are_loaded_or_refused() -> None:
    for number in range(200):
        assert list(faults(damaged(0, number))) == [], number

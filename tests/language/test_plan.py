"""What is found out once of conditions holds for whatever they are evaluated on, and wherever."""

import pickle

from govern.language.columns import evaluate
from govern.language.meaning import Meaning
from tests.language.portfolio import checked
from tests.rulebook.observed import observed


def test_conditions_are_evaluated_on_other_frames_by_the_same_plan() -> None:
    portfolios: list[list[float | None]] = [[70, 80], [80, 70, 90], [None, 80]]
    conditions = [checked("actual > 75"), checked("previous(actual, 1) > 75")]
    for actuals in portfolios:
        found = evaluate(observed({"k1": actuals}), conditions)
        above = [None if actual is None else actual > 75 for actual in actuals]
        assert found[0].to_list() == above
        assert found[1].to_list() == [None, *above[:-1]]


def test_another_process_hashes_a_meaning_for_itself() -> None:
    meaning = checked("attainment < 80%").meaning
    hash(meaning)
    sent: Meaning = pickle.loads(pickle.dumps(meaning))  # noqa: S301 - our own
    assert not hasattr(sent, "hashed")
    assert {meaning: 1}[sent] == 1

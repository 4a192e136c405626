"""What every release has recorded comes out the same with this version."""

from collections import Counter
from pathlib import Path

import pytest

from govern import ENGINE_VERSION
from govern.domain.personal import ERASED
from govern.services.replay_chain import Outcome
from tests.replay.kept import FOLDER, releases, replayed

KINDS = {
    *("gate.submitted", "gate.rejudged", "vote.cast", "gate.decided", "stage.moved"),
    *("findings.recorded", "recommendation.proposed", "recommendation.cleared"),
}


def test_this_version_keeps_its_examples() -> None:
    assert FOLDER / ENGINE_VERSION in releases()


@pytest.mark.parametrize("release", releases(), ids=lambda each: each.name)
def test_old_verdicts_stand(release: Path) -> None:
    found = replayed(release)
    assert [each for each in found if each.outcome is not Outcome.SAME] == []
    assert {each.kind for each in found} >= KINDS
    assert {each.engine for each in found} == {release.name, None}


@pytest.mark.parametrize("release", releases(), ids=lambda each: each.name)
def test_without_any_personal_text_no_verdict_is_called_wrong(release: Path) -> None:
    outcomes = Counter(each.outcome for each in replayed(release, instead=ERASED))
    assert outcomes[Outcome.DIFFERENT] == outcomes[Outcome.LOST] == 0
    assert outcomes[Outcome.SAME] > 0


@pytest.mark.parametrize("release", releases(), ids=lambda each: each.name)
def test_an_old_verdict_that_would_change_is_caught(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if somebody took what is unknown for met."""
    monkeypatch.setattr(
        "govern.process.criteria._OUTCOMES", {True: "met", False: "not_met", None: "met"}
    )
    changed = [each for each in replayed(release) if each.outcome is Outcome.DIFFERENT]
    assert changed
    assert {each.kind for each in changed} <= KINDS

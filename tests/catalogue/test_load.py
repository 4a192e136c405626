"""Catalogue files: every problem in them, what lies over what, and what govern brings itself."""

from collections import Counter
from pathlib import Path

import pytest

from govern.catalogue.codes import CODES
from govern.catalogue.load import load, load_sources
from govern.catalogue.shapes import CATALOGUE
from govern.documents.json_schema import json_schema
from govern.documents.problem import Level
from govern.domain.profile import wrong

ROOT = Path(__file__).parents[2]
SOUND = """\
schema: govern/catalogue/v1
category: cost
templates:
  - id: unit-cost
    title: Unit cost
    unit: EUR
    direction: decrease
    cadence: monthly
    tolerance: 5%
    tolerance_red: 10%
    formula: cost / volume
    inputs:
      cost: Cost of the period.
      volume: Units of the period.
    calculation: Cost divided by volume.
"""
SHIPPED = load([ROOT / "catalogue"])
ASKED_FOR = {
    "revenue": {"incremental-revenue", "revenue-uplift"},
    "cost": {"net-saving", "unit-cost", "payback", "realisation-rate"},
    "satisfaction": {"csat", "nps", "churn"},
    "market_share": {"market-share", "relative-share"},
}


def test_a_sound_file_gives_its_templates() -> None:
    (template,) = load_sources({"cost.yaml": SOUND}).templates.values()
    assert (template.id, template.category, template.unit) == ("unit-cost", "cost", "EUR")
    assert template.formula == "cost / volume"
    assert list(template.inputs) == ["cost", "volume"]
    assert (template.scale, template.reporting_lag_days, template.replaces) == (1, 0, None)


@pytest.mark.parametrize(
    ("right", "wrong_", "code", "line"),
    [
        ("category: cost\n", "", "E501", 3),
        ("tolerance_red: 10%", "tolerance_red: 2%", "E502", 10),
        ("    tolerance: 5%\n", "", "E502", 9),
        ("    formula: cost / volume\n", "", "E503", 12),
        ("unit: EUR", "unit: EUR\n    money: true", "E504", 6),
        ("    unit: EUR\n", "", "E504", 4),
        ("unit: EUR", "unit: EUR\n    scale: 0", "E506", 7),
        ("cost / volume", "cost / volum", "E210", 11),
        ("cost / volume", "cost > volume", "E216", 11),
        ("cost / volume", "cost /", "E201", 11),
        ("cost / volume", "cost * 2", "E210", 11),
        ("direction: decrease", "direction: down", "E113", 7),
        ("title: Unit cost", "titel: Unit cost", "E110", 5),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    right: str, wrong_: str, code: str, line: int
) -> None:
    assert right in SOUND
    loaded = load_sources({"cost.yaml": SOUND.replace(right, wrong_, 1)})
    assert not loaded.templates
    told = [(each.code, each.place.line, each.place.path) for each in loaded.problems]
    assert (code, line, "cost.yaml") in told


def test_every_problem_of_a_file_is_told_at_once() -> None:
    text = SOUND.replace("cost / volume", "cost / volum").replace("10%", "1%")
    assert {each.code for each in load_sources({"a.yaml": text}).problems} == {"E210", "E502"}


def test_an_id_stands_once_in_a_catalogue() -> None:
    loaded = load_sources({"a.yaml": SOUND, "b.yaml": SOUND})
    (problem,) = loaded.problems
    assert (problem.code, problem.place.path) == ("E500", "b.yaml")
    assert "a.yaml:4:9" in problem.message


def test_a_later_catalogue_takes_the_place_of_an_earlier_one_and_says_so() -> None:
    own = SOUND.replace("title: Unit cost", "title: Cost of a unit")
    loaded = load_sources({"a.yaml": SOUND}, {"own.yaml": own})
    assert loaded.templates["unit-cost"].title == "Cost of a unit"
    assert str(loaded.templates["unit-cost"].replaces) == "a.yaml:4:9"
    (problem,) = loaded.problems
    assert (problem.code, problem.level, problem.place.path) == ("E550", Level.WARNING, "own.yaml")


def test_a_catalogue_is_a_folder_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "cost.yaml").write_text(SOUND)
    (tmp_path / "broken.yaml").write_text("schema: [")
    assert not load([tmp_path]).templates
    assert list(load([tmp_path / "cost.yaml"]).templates) == ["unit-cost"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert [each.code for each in load([empty]).problems] == ["E505"]


def test_what_govern_brings_is_sound_and_has_what_practice_asks_for() -> None:
    assert SHIPPED.problems == ()
    by_category = Counter(each.category for each in SHIPPED.templates.values())
    assert set(by_category) == set(ASKED_FOR)
    assert min(by_category.values()) >= 5
    for category, wanted in ASKED_FOR.items():
        of_category = {id_ for id_, each in SHIPPED.templates.items() if each.category == category}
        assert wanted <= of_category
    for template in SHIPPED.templates.values():
        assert wrong(template.fields()) == {}
        assert template.tolerance is not None
        assert template.tolerance_red is not None
        assert template.description


def test_every_code_has_its_line() -> None:
    assert all(code.startswith("E5") for code in CODES)
    assert json_schema(CATALOGUE, "govern catalogue file")["required"] == ["schema", "templates"]

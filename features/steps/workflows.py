"""Workflow files as their author changes them."""

from pytest_bdd import given, parsers, when

from features.house import House


@given(parsers.parse('the author changes the workflow {name} from "{old}" to "{new}"'))
@when(parsers.parse('the author changes the workflow {name} from "{old}" to "{new}"'))
def _(house: House, name: str, old: str, new: str) -> None:
    path = house.folder / "workflows" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")

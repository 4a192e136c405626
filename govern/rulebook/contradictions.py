"""Finds the rules that can never fire or always fire, or fire and clear on the same values."""

from govern.documents.source import Place
from govern.language.analysis import is_never_false, is_never_true, overlap
from govern.language.check import Checked
from govern.rulebook.conditions import Reader


def report_contradictions(
    reader: Reader, applies_to: Checked | None, when: Checked | None, clear_when: Checked | None
) -> None:
    """Adds a problem for each contradiction within the conditions of one rule."""
    parts = {"applies_to": applies_to, "when": when, "clear_when": clear_when}
    possible = True
    for key, condition in parts.items():
        if condition is not None and is_never_true(condition):
            what = f"`{key}` can never be true: {_CONSEQUENCE[key]}"
            reader.add("E222", what, _place(condition), "its bounds contradict each other")
            possible = False
    if when is None or not possible:
        return
    if is_never_false(when):
        what = "`when` is true whenever it is known: the rule would always fire"
        reader.add("E223", what, _place(when), "leave out the part that is always true")
        return
    if applies_to is not None and is_never_true(applies_to, when):
        what = "`when` is never true where `applies_to` is: the rule can never fire"
        reader.add("E319", what, _place(when), "change one of the two")
    if clear_when is not None and (shown := overlap(when, clear_when)):
        what = f"`clear_when` and `when` are both true, for example where {shown}"
        reader.add("E318", what, _place(clear_when), "leave a gap between the two")


_CONSEQUENCE = {
    "applies_to": "the rule applies to nothing",
    "when": "the rule can never fire",
    "clear_when": "once the rule fires, it never clears",
}


def _place(condition: Checked) -> Place:
    start, end = condition.tree.span
    return condition.expression.origin.at(start, max(1, end - start))

"""What of a rulebook comes out otherwise from one day to the next, although no figure changes."""

from collections.abc import Iterable
from datetime import date

from govern.language.meaning import Meaning, Read, parts
from govern.observation.next_look import DATED
from govern.rulebook.rule import Rule
from govern.rulebook.snoozes import Snooze


def reads_the_day(rule: Rule) -> bool:
    """Whether a condition or message of the rule, in whatever portfolio, reads what is counted in
    days."""
    versions = (rule, *rule.portfolios.values())
    return any(_is_dated(each) for version in versions for each in version.meanings)


def turning(snoozes: Iterable[Snooze], since: date, until: date) -> set[str]:
    """The projects of which a snooze begins or is over after `since`, by `until`."""
    return {
        each.project
        for each in snoozes
        if (each.first is not None and since < each.first <= until) or since <= each.until < until
    }


def _is_dated(meaning: Meaning) -> bool:
    if isinstance(meaning, Read) and meaning.column in DATED:
        return True
    return any(_is_dated(part) for part in parts(meaning))

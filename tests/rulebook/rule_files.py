"""Rule files for tests, from the parts that a test is about."""

from govern.rulebook.load import Loaded, load_sources
from govern.rulebook.rule import Rulebook

HEAD = "schema: govern/rules/v1\narea: test\n"
TESTS = """
    tests:
      - {name: fires, given: {planned: 100, actual: 70}, expect: fires}
      - {name: silent, given: {planned: 100, actual: 100}, expect: silent}
      - {name: missing, given: {planned: 100, actual: ~}, expect: unknown}
"""


def rule(
    rule_id: str = "a",
    when: str = "attainment < 80%",
    more: str = "",
    message: str = "{kpi} is late",
    tests: str = TESTS,
) -> str:
    """One item of `rules:`; `more` is further keys, each on its own line."""
    extra = "".join(f"    {line}\n" for line in more.splitlines())
    return (
        f"  - id: {rule_id}\n    title: Late\n    when: '{when}'\n    severity: red\n"
        f"    message: '{message}'\n{extra}{tests}"
    )


def file(*rules: str, head: str = HEAD) -> str:
    return head + "rules:\n" + "".join(rules)


def loaded(*texts: str) -> Loaded:
    return load_sources({f"{number}.yaml": text for number, text in enumerate(texts)})


def rulebook(*texts: str) -> Rulebook:
    found = loaded(*texts)
    assert found.rulebook is not None, found.problems
    return found.rulebook


def codes(*texts: str) -> list[tuple[str, int]]:
    """Code and line of every problem."""
    return [(each.code, each.place.line) for each in loaded(*texts).problems]

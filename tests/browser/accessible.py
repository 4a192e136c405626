"""Whether people who cannot see, hear or point well can use a page, as far as axe-core can tell."""

from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""WCAG 2.0, 2.1 and 2.2, levels A and AA; 2.2 has no rule at level A that a program could check."""

SERIOUS = ("serious", "critical")

_RUN = """async tags => {
  const results = await axe.run(document, {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]
  });
  return results.violations.map(each => ({
    rule: each.id, impact: each.impact, help: each.help,
    elements: each.nodes.map(node => node.html + "\\n    " + node.failureSummary)
  }));
}"""


@dataclass(frozen=True, slots=True)
class Violation:
    rule: str
    impact: str
    help: str
    elements: list[str]

    def __str__(self) -> str:
        return "\n  ".join((f"{self.rule} ({self.impact}): {self.help}", *self.elements))


def violations(page: Page) -> list[Violation]:
    """What is serious or critical. The page's own policy stays in force: the checker comes by way of
    the debugger, which no policy is asked about."""
    page.evaluate(AXE_SCRIPT)
    found = [Violation(**each) for each in page.evaluate(_RUN, list(TAGS))]
    return [each for each in found if each.impact in SERIOUS]


def serious(page: Page) -> list[str]:
    """What is wrong as the page stands, in light and in dark, in words."""
    before = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    told: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        told += [f"in {scheme}: {each}" for each in violations(page)]
    page.emulate_media(color_scheme="dark" if before else "light")
    return told


def assert_accessible(page: Page) -> None:
    """Nothing serious, as the page stands, in light and in dark."""
    told = serious(page)
    assert not told, "\n".join((page.url, *told))

"""Whether people who cannot see, hear or point well can use a page, as far as axe-core can tell."""

from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""WCAG 2.0, 2.1 and 2.2, levels A and AA; 2.2 has no rule at level A that a program could check."""

SERIOUS = ("serious", "critical")

_RUN = """async asked => {
  const results = await axe.run(document, {runOnly: asked, resultTypes: ["violations"]});
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


def violations(page: Page, *rules: str) -> list[Violation]:
    """What is serious or critical by these rules, or by all. The page's own policy stays in force: the
    checker comes by way of the debugger, which no policy is asked about."""
    page.evaluate(AXE_SCRIPT)
    asked = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = [Violation(**each) for each in page.evaluate(_RUN, asked)]
    return [each for each in found if each.impact in SERIOUS]


def serious(page: Page) -> list[str]:
    """What is wrong as the page stands, and with its colours in light and in dark, in words."""
    now, other = "light", "dark"
    if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"):
        now, other = other, now
    told = [f"in {now}: {each}" for each in violations(page)]
    page.emulate_media(color_scheme=other)
    told += [f"in {other}: {each}" for each in violations(page, "color-contrast")]
    page.emulate_media(color_scheme=now)
    return told


def assert_accessible(page: Page) -> None:
    """Nothing serious, as the page stands, in light and in dark."""
    told = serious(page)
    assert not told, "\n".join((page.url, *told))

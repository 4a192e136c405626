"""What every page owes everybody, beside what axe-core looks for: each gives what is wrong, in words."""

from collections.abc import Iterator

from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}
"""WCAG 1.4.10: a window of 1280 pixels, enlarged four times."""

_UNNAMED = """() => [...document.querySelectorAll("input, select, textarea, button")]
  .filter(each => each.type !== "hidden")
  .filter(each => !(each.labels?.length && [...each.labels].some(label => label.textContent.trim())
    || each.getAttribute("aria-label")?.trim()
    || (each.getAttribute("aria-labelledby") ?? "").split(" ").some(
         id => id && document.getElementById(id)?.textContent.trim())
    || each.tagName === "BUTTON" && each.textContent.trim()))
  .map(each => each.outerHTML.slice(0, 200))"""

_DOUBLED = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
  return [...new Set(ids.filter((each, at) => ids.indexOf(each) !== at))];
}"""

_BEYOND = """width => document.documentElement.scrollWidth <= width ? [] :
  [...document.body.querySelectorAll("*")]
    .filter(each => each.getBoundingClientRect().right > width + 1)
    .filter(each => { // what scrolls by itself is not the page that scrolls
      for (let at = each.parentElement; at && at !== document.body; at = at.parentElement)
        if (["auto", "scroll", "hidden"].includes(getComputedStyle(at).overflowX)) return false;
      return true;
    })
    .slice(0, 3).map(each => each.outerHTML.slice(0, 160))"""

_FOCUSED = """() => {
  const each = document.activeElement, at = each.getBoundingClientRect();
  const shown = at.top >= 0 && at.left >= 0 && at.height > 0;
  return [each.outerHTML.slice(0, 160), shown, each.getAttribute("href")];
}"""

# A sheet is a form that is read as well: it prints what it holds.
_NAVIGATION = """() => [...document.querySelectorAll(
    "nav, [role=navigation], .skip, form:not(.sheet), button")]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().height > 0)
  .map(each => each.outerHTML.slice(0, 120))"""


def structure(page: Page) -> Iterator[str]:
    """A title, one heading of the first level, a language, a name on every control, an id once."""
    if not page.title().strip():
        yield "it has no title"
    if (headings := page.locator("h1").count()) != 1:
        yield f"it has {headings} headings of the first level"
    if page.locator("html").get_attribute("lang") != "en":
        yield "it does not say which language it is in"
    if (mains := page.locator("main").count()) != 1:
        yield f"it has {mains} main parts"
    for each in page.evaluate(_UNNAMED):
        yield f"a control has no name: {each}"
    for each in page.evaluate(_DOUBLED):
        yield f"several elements have the id {each}"


def keyboard(page: Page) -> Iterator[str]:
    """Where there is navigation, the first thing that Tab reaches leads past it."""
    if not page.locator("nav, [role=navigation]").count():
        return
    page.goto(page.url.partition("#")[0])
    page.keyboard.press("Tab")
    reached, shown, to = page.evaluate(_FOCUSED)
    if not to or not to.startswith("#") or not shown:
        yield f"Tab reaches first: {reached}"
        return
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement?.id") != to[1:]:
        yield f"the link past the navigation leads to {to}, which does not take the focus"


def narrow(page: Page) -> Iterator[str]:
    """Nothing is read by scrolling sideways, where 320 pixels is all there is."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        beyond = page.evaluate(_BEYOND, NARROW["width"])
        yield f"at {NARROW['width']} pixels it is {width} wide: {'; '.join(beyond)}"
    if before:
        page.set_viewport_size(before)


def printed(page: Page) -> Iterator[str]:
    """On paper there is nothing to press."""
    page.emulate_media(media="print")
    for each in page.evaluate(_NAVIGATION):
        yield f"it prints what is to be pressed: {each}"
    page.emulate_media(media="screen")

"""Drawing with matplotlib: loaded when the first chart is drawn, one drawing at a time.

A drawing is SVG that stands in a page: its texts are texts, its ids are its own, and the same figures
give the same drawing.
"""

import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from io import StringIO
from threading import Lock
from typing import Any, TypeAlias
from xml.etree import ElementTree

from markupsafe import Markup, escape

from govern.reports.charts.palette import INK, SOFT, themed

Figure: TypeAlias = Any
"""A figure of matplotlib, whose own types are unknown in part."""

WIDTH = 7.4
"""Inches: an A4 page between its margins."""

_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "govern",
    # Names hold what people wrote, and a dollar sign is one.
    "text.parse_math": False,
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "axes.unicode_minus": True,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
}
_SPACE = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_USED = re.compile(r"(?:url\(#|href=\"#)([^)\"]+)")
"""Ids that something of the drawing refers to."""

_ONE_AT_A_TIME = Lock()
"""Matplotlib does not promise that figures can be drawn beside each other."""


def drawing(
    title: str, says: str, height: float, paint: Callable[[Figure], None], width: float = WIDTH
) -> Markup:
    """The SVG of what `paint` draws. `says` is for whoever does not see it."""
    with _ONE_AT_A_TIME:
        figure = _figure(width, height)
        paint(figure)
        written = StringIO()
        figure.savefig(written, format="svg", metadata=dict.fromkeys(_METADATA), transparent=True)
    return _inline(written.getvalue(), title, says)


_METADATA = ("Date", "Creator", "Format", "Type")


def picture(height: float, paint: Callable[[Figure], None], width: float = WIDTH) -> bytes:
    """The same as PNG, to look at."""
    from io import BytesIO  # noqa: PLC0415 - only whoever looks needs it

    with _ONE_AT_A_TIME:
        figure = _figure(width, height)
        paint(figure)
        written = BytesIO()
        figure.savefig(written, format="png", dpi=110, facecolor="white")
    return written.getvalue()


def _figure(width: float, height: float) -> Figure:
    return _loaded()(figsize=(width, height), layout="constrained")


@cache
def _loaded() -> Any:
    import matplotlib as mpl  # noqa: PLC0415 - takes longer to load than most commands to run
    from matplotlib.figure import Figure  # noqa: PLC0415

    settings: Any = mpl.rcParams
    settings.update(_SETTINGS)
    return Figure


def _inline(text: str, title: str, says: str) -> Markup:
    root = ElementTree.fromstring(text)  # noqa: S314 - matplotlib wrote it, and escapes what it is given
    mark = "c" + sha256(f"{title}\n{text}".encode()).hexdigest()[:10]
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{_SPACE}metadata", f"{_SPACE}style") or (
                child.tag == f"{_SPACE}defs" and not len(child)
            ):
                parent.remove(child)
    used = set(_USED.findall(text))
    for each in root.iter():
        if each.get("id") not in used:
            each.attrib.pop("id", None)
        each.tag = each.tag.removeprefix(_SPACE)
        each.attrib = {
            name.removeprefix("{http://www.w3.org/1999/xlink}"): _own(name, value, mark)
            for name, value in _styled(each.attrib).items()
        }
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib |= {
        "role": "img",
        "aria-labelledby": f"{mark}-title {mark}-desc",
        "style": "stroke-linejoin:round;stroke-linecap:butt",
    }
    for at, (tag, words) in enumerate((("title", title), ("desc", says))):
        told = ElementTree.Element(tag, {"id": f"{mark}-{tag}"})
        told.text = words
        root.insert(at, told)
    return Markup(  # noqa: S704 - the tree is written with everything escaped
        ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    )


def _styled(attributes: dict[str, str]) -> dict[str, str]:
    """With a colour that stands in an attribute of its own as a rule, where it can be a property."""
    rules = [f"{name}: {attributes[name]}" for name in _COLOURED if "#" in attributes.get(name, "")]
    if not rules:
        return attributes
    rest = {name: value for name, value in attributes.items() if name not in _COLOURED}
    return rest | {"style": "; ".join([*rules, *filter(None, [attributes.get("style")])])}


_COLOURED = ("fill", "stroke")


def _own(name: str, value: str, mark: str) -> str:
    """An attribute with its ids as those of this drawing, no font but the page's, and colours that a
    theme can change."""
    if name == "id":
        return f"{mark}-{value}"
    if name == _LINK and value.startswith("#"):
        return f"#{mark}-{value[1:]}"
    if "url(#" in value:
        value = value.replace("url(#", f"url(#{mark}-")
    if name == "style" and "font" in value:
        value = ";".join(
            part
            for each in value.split(";")
            for part in (_without_family(each.strip()),)
            if part is not None
        )
    return themed(value) if name == "style" else value


def _without_family(rule: str) -> str | None:
    property_, _, given = rule.partition(":")
    if property_.strip() == "font-family":
        return None
    if property_.strip() == "font":
        size = next((each for each in given.split() if each.endswith("px")), "9px")
        return f"font-size: {size}" + ("; font-weight: 700" if " bold " in f" {given} " else "")
    return rule


def framed(caption: str, under: str, svg: Markup, table: Markup) -> Markup:
    """A chart with its caption, and with its figures as a table."""
    small = Markup("<small>{}</small>").format(under) if under else Markup("")
    return Markup("<figure><figcaption>{}{}</figcaption>\n{}\n</figure>\n{}").format(
        escape(caption), small, svg, table
    )

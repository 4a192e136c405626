"""Texts and labels as a line of a mapping has them."""

import json
import re
from decimal import Decimal

from govern.domain.plain import plain_decimal
from govern.intake.source import LabelKeys

_BARE = re.compile(r"[^\W\d_][\w .€/+-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "~"})


def quoted(text: str) -> str:
    """The text as a YAML value, in quotes where it would be read as something else."""
    bare = _BARE.fullmatch(text) and text == text.strip() and text.casefold() not in _WORDS
    return text if bare else json.dumps(text, ensure_ascii=False)


def label_line(label: str, keys: LabelKeys, **more: str) -> str:
    """An item of `kpis`, with what is said of the label already and what is to be said."""
    said: dict[str, str] = {"label": quoted(label)}
    if keys.kpi is not None:
        said["kpi"] = quoted(keys.kpi)
    if keys.skip:
        said["skip"] = "true"
    if keys.scale is not None:
        said["scale"] = plain_decimal(Decimal(keys.scale))
    if keys.percent is not None:
        said["percent"] = keys.percent.value
    if keys.signs is not None:
        said["signs"] = keys.signs.value
    said |= more
    return "- {" + ", ".join(f"{name}: {value}" for name, value in said.items()) + "}"

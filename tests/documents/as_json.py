"""What an editor makes of our YAML: nodes as the values that YAML 1.2 gives."""

import re
from typing import Any

from govern.documents.node import Mapping, Node, Scalar, Sequence


def value(node: Node) -> Any:
    match node:
        case Mapping():
            return {entry.key: value(entry.value) for entry in node.entries}
        case Sequence():
            return [value(item) for item in node.items]
        case Scalar():
            return _scalar(node)


def _scalar(node: Scalar) -> Any:
    if node.is_null:
        return None
    if node.style == "" and node.text in {"true", "false"}:
        return node.text == "true"
    if node.style == "" and re.fullmatch(r"[-+]?\d+", node.text):
        return int(node.text)
    if node.style == "" and re.fullmatch(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?", node.text):
        return float(node.text)
    return node.text

"""The same YAML as somebody in a hurry lays it out: any order, quotes, brackets and comments."""

from random import Random

from govern.documents.node import Mapping, Node, Scalar, Sequence
from govern.documents.scalar_text import can_be_plain


class Ugly:
    """Writes nodes. Its comments are numbered."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.comments: list[str] = []

    def text(self, root: Mapping) -> str:
        return "\n".join(self._block(root, 0)) + "\n"

    def _maybe(self, one_in: int) -> bool:
        return self._random.randint(1, one_in) == 1

    def _comment(self) -> str:
        self.comments.append(f'# {len(self.comments)}: it\'s "so"')
        return self.comments[-1]

    def _block(self, node: Mapping | Sequence, indent: int) -> list[str]:
        lines: list[str] = []
        margin = " " * indent
        for prefix, value in self._slots(node, in_flow=False):
            if self._maybe(8):
                lines += [""] * self._random.randint(1, 2)
            if self._maybe(8):
                lines.append(" " * self._random.randint(0, 8) + self._comment())
            lines += self._slot(margin, prefix, value, indent)
        return lines

    def _slots(self, node: Mapping | Sequence, in_flow: bool) -> list[tuple[str, Node]]:
        if isinstance(node, Sequence):
            return [("" if in_flow else "-", item) for item in node.items]
        entries = node.entries
        if self._maybe(4):
            entries = tuple(self._random.sample(entries, len(entries)))
        return [(f"{entry.key}:", entry.value) for entry in entries]

    def _slot(self, margin: str, prefix: str, value: Node, indent: int) -> list[str]:
        tail = f"  {self._comment()}" if self._maybe(8) else ""
        if isinstance(value, Scalar):
            return self._scalar(f"{margin}{prefix}", value, indent, tail)
        empty = not (value.entries if isinstance(value, Mapping) else value.items)
        if empty or self._maybe(4):
            return [f"{margin}{prefix} {self._flow(value)}{tail}"]
        inner = indent + self._random.randint(1, 5)
        below = self._block(value, inner)
        plain_first = below[0].strip() and not below[0].lstrip().startswith("#")
        if prefix == "-" and plain_first and not tail and not self._maybe(4):
            gap = " " * (inner - indent - 1)
            if gap:
                return [f"{margin}-{gap}{below[0].lstrip()}", *below[1:]]
        return [f"{margin}{prefix}{tail}", *below]

    def _flow(self, value: Node) -> str:
        if isinstance(value, Scalar):
            return self._one_line(value, in_flow=True)
        inside = [
            f"{prefix} {self._flow(each)}".strip()
            for prefix, each in self._slots(value, in_flow=True)
        ]
        opened, closed = ("{", "}") if isinstance(value, Mapping) else ("[", "]")
        gap = self._random.choice(["", " ", "   "])
        return f"{opened}{gap}{f',{gap} '.join(inside)}{gap}{closed}"

    def _scalar(self, prefix: str, value: Scalar, indent: int, tail: str) -> list[str]:
        lines = value.text.splitlines()
        if "\n" in value.text or (value.style and self._maybe(3) and value.text.strip()):
            chomp = "" if value.text.endswith("\n") else "-"
            margin = " " * (indent + self._random.randint(1, 4))
            body = [margin + line if line else "" for line in lines]
            return [f"{prefix} |{chomp}{tail}", *body]
        words = value.text.split(" ")
        if len(words) > 3 and value.style == "" and "" not in words and self._maybe(3):
            margin = " " * (indent + 3)
            first, rest = " ".join(words[:2]), " ".join(words[2:])
            if can_be_plain(value.text, in_flow=False) and not rest.startswith("#"):
                return [f"{prefix} {first}", f"{margin}{rest}{tail}"]
        return [f"{prefix} {self._one_line(value, in_flow=False)}{tail}"]

    def _one_line(self, value: Scalar, in_flow: bool) -> str:
        text = value.text
        if value.is_null:
            return self._random.choice(["~", "null"])
        if "\n" in text or "\\" in text:
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        styles = [f"'{text.replace(chr(39), chr(39) * 2)}'"]
        if '"' not in text:
            styles.append(f'"{text}"')
        if can_be_plain(text, in_flow) and (value.style == "" or self._is_text(text)):
            # What is more than text without quotes, a number or a date, may not get any.
            styles = [text, *styles] if self._is_text(text) else [text]
        return self._random.choice(styles)

    @staticmethod
    def _is_text(text: str) -> bool:
        return text not in {"true", "false"} and text[0].isalpha()

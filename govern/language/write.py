"""A tree as text, with no more brackets than it needs: `parse(write(tree))` is `tree` again."""

from decimal import Decimal

from govern.language import tree
from govern.language.tree import Node

_BODY, _OR, _AND, _COMPARE, _ADD, _MULTIPLY, _MINUS, _POST = range(8)
_ESCAPED = str.maketrans(
    {
        '"': '\\"',
        "\\": "\\\\",
        "\n": "\\n",
        "\t": "\\t",
        "\r": "\\r",
        **{chr(code): f"\\u{code:04x}" for code in range(32) if chr(code) not in "\n\t\r"},
    }
)


def write(node: Node) -> str:
    """The node in the language's own words, on one line."""
    return _write(node, _BODY)


def plain(number: Decimal) -> str:
    """The number without an exponent and without zeros at the end."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPED)}"'


def _write(node: Node, floor: int) -> str:
    level, text = _form(node)
    return f"({text})" if level < floor else text


def _form(node: Node) -> tuple[int, str]:  # noqa: PLR0911, PLR0912 - one case a form
    match node:
        case tree.Number(value=value, percent=percent):
            return _POST, plain(value) + ("%" if percent else "")
        case tree.Text(value=value):
            return _POST, quoted(value)
        case tree.Day(value=value):
            return _POST, f'@"{value.isoformat()}"'
        case tree.Truth(value=value):
            return _POST, "true" if value else "false"
        case tree.Null():
            return _POST, "null"
        case tree.Name(name=name):
            return _POST, name
        case tree.Member(base=base, name=name):
            return _POST, f"{_write(base, _POST)}.{name}"
        case tree.Filter(base=base, condition=condition):
            return _POST, f"{_write(base, _POST)}[{write(condition)}]"
        case tree.Call(name=name, arguments=arguments):
            return _POST, f"{name}({_listed(arguments)})"
        case tree.Items(items=items):
            return _POST, f"[{_listed(items)}]"
        case tree.Minus(operand=operand):
            return _MINUS, f"-{_write(operand, _MINUS)}"
        case tree.Arithmetic(operator=operator, left=left, right=right):
            level = _ADD if operator in "+-" else _MULTIPLY
            return level, f"{_write(left, level)} {operator} {_write(right, level + 1)}"
        case tree.Comparison(operator=operator, left=left, right=right):
            return _COMPARE, f"{_write(left, _ADD)} {operator} {_write(right, _ADD)}"
        case tree.Between(value=value, low=low, high=high):
            ends = f"{_write(low, _ADD)} and {_write(high, _ADD)}"
            return _COMPARE, f"{_write(value, _ADD)} between {ends}"
        case tree.In(value=value, tests=tests):
            written = ", ".join(_write(test, _ADD) for test in tests)
            return _COMPARE, f"{_write(value, _ADD)} in " + (
                f"({written})" if len(tests) > 1 else written
            )
        case tree.Range(low=low, high=high, low_included=opened, high_included=closed):
            ends = f"{_write(low, _ADD)}..{_write(high, _ADD)}"
            return _POST, f"{'[' if opened else '('}{ends}{']' if closed else ')'}"
        case tree.Unary(operator=operator, operand=operand):
            return _POST, f"{operator} {_write(operand, _ADD)}"
        case tree.Logic(operator=operator, operands=operands):
            level = _OR if operator == "or" else _AND
            return level, f" {operator} ".join(_write(part, level + 1) for part in operands)
        case tree.If(condition=condition, then=then, otherwise=otherwise):
            parts = (write(condition), write(then), write(otherwise))
            return _BODY, "if {} then {} else {}".format(*parts)
        case tree.Quantified(
            quantifier=quantifier, variable=variable, collection=collection, condition=condition
        ):
            head = f"{quantifier} {variable} in {_write(collection, _POST)}"
            return _BODY, f"{head} satisfies {write(condition)}"
        case _:
            raise TypeError(type(node).__name__)


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(write(node) for node in nodes)

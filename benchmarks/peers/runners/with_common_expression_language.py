"""common-expression-language, CEL in Rust: all rules as one compiled expression, a list, and facts in
contexts of its own."""

from importlib import import_module

from passes import Pass, Rows, run


def common_expression_language(rules: list[str], rows: Rows) -> Pass:
    cel = import_module("cel")
    execute = cel.compile(f"[{', '.join(rules)}]").execute
    contexts = [cel.Context(row) for row in rows]
    return lambda: [execute(context) for context in contexts]


if __name__ == "__main__":
    run(common_expression_language)

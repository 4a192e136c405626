"""rule-engine: each rule by itself, which is quicker than a list of all."""

from importlib import import_module

from passes import Pass, Rows, run


def rule_engine(rules: list[str], rows: Rows) -> Pass:
    rule = import_module("rule_engine").Rule
    matches = [rule(text).matches for text in rules]
    return lambda: [[match(row) for match in matches] for row in rows]


if __name__ == "__main__":
    run(rule_engine)

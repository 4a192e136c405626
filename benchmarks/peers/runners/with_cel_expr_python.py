"""cel-expr-python, Google's CEL in C++: all rules as one compiled expression, a list."""

from importlib import import_module

from passes import Pass, Rows, run


def cel_expr_python(rules: list[str], rows: Rows) -> Pass:
    cel = import_module("cel_expr_python.cel")
    environment = cel.NewEnv(variables=dict.fromkeys(rows[0], cel.Type.DYN))
    evaluate = environment.compile(f"[{', '.join(rules)}]").eval
    return lambda: [evaluate(data=row).plain_value() for row in rows]


if __name__ == "__main__":
    run(cel_expr_python)

import polars as pl
import pytest

from govern.observation.errors import BrokenReferenceError, ObservationError, WrongColumnsError
from govern.observation.frame import observe
from govern.observation.tables import SCHEMAS, ObservationTables, table
from tests.observation.portfolios import AS_OF, tables


def with_values(frame: pl.DataFrame) -> ObservationTables:
    return ObservationTables(
        **{name: table(name) for name in SCHEMAS if name != "values"}, values=frame
    )


def test_empty_tables_have_the_declared_columns() -> None:
    empty = ObservationTables.empty()
    assert {name: dict(getattr(empty, name).schema) for name in SCHEMAS} == SCHEMAS


def test_the_order_of_columns_does_not_matter() -> None:
    with_values(table("values").select(*reversed(SCHEMAS["values"])))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(WrongColumnsError, match=r"values: column 'period' is missing.*Date"):
        with_values(table("values").drop("period"))


def test_a_wrong_type_is_named_with_the_right_one() -> None:
    wrong = table("values").with_columns(pl.col("actual").cast(pl.Int64))
    with pytest.raises(WrongColumnsError, match="'actual' is Int64; it should be Float64"):
        with_values(wrong)


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(WrongColumnsError, match=r"unknown column 'actuals'.*planned, actual"):
        with_values(table("values").with_columns(actuals=pl.lit(1.0)))


def test_rows_of_no_project_are_refused() -> None:
    whole = tables(
        conditions=[{"project": "P", "condition": "1"}], stages=[{"project": "P", "stage": "draft"}]
    )
    for name in ("conditions", "stages"):
        parts = {each: table(each) for each in SCHEMAS} | {name: getattr(whole, name)}
        with pytest.raises(BrokenReferenceError, match="'P'") as caught:
            observe(ObservationTables(**parts), AS_OF)
        assert caught.value.table == name
        assert isinstance(caught.value, ObservationError)

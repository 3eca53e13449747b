"""Reading tables of every kind into columns."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from underhood._frames import columns, numeric


def test_pandas_columns_keep_their_order_and_become_numbers_where_they_are():
    frame = pd.DataFrame(
        {
            "i": [1, 2, 3],
            "text": ["x", "y", "z"],
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "date": pd.to_datetime(["2020", "2021", "2022"]),
            "category": pd.Categorical([1, 2, 1]),
            "bool": [True, False, True],
            "object": pd.Series([1, None, 2.5], dtype=object),
            "nothing": pd.Series([None, None, None], dtype=object),
            "complex": [1j, 2j, 3j],
        }
    )
    table = columns(frame)
    assert list(table) == list(frame.columns)
    numbers = {name: numeric(column) for name, column in table.items()}
    assert [name for name, values in numbers.items() if values is None] == [
        "text",
        "date",
        "category",
        "nothing",
        "complex",
    ]
    np.testing.assert_array_equal(numbers["nullable"], [1, np.nan, 3])
    np.testing.assert_array_equal(numbers["object"], [1, np.nan, 2.5])
    np.testing.assert_array_equal(numbers["bool"], [1, 0, 1])


def test_polars_columns_have_nulls_as_nan():
    frame = pl.DataFrame({"i": [1, None, 3], "text": ["x", "y", "z"], "bool": [True, None, False], "f": [0.5, None, 2]})
    numbers = {name: numeric(column) for name, column in columns(frame).items()}
    assert numbers["text"] is None
    np.testing.assert_array_equal(numbers["i"], [1, np.nan, 3])
    np.testing.assert_array_equal(numbers["bool"], [1, np.nan, 0])
    np.testing.assert_array_equal(numbers["f"], [0.5, np.nan, 2])


def test_other_tables_are_named():
    assert list(columns(np.zeros((2, 3)))) == ["x0", "x1", "x2"]
    assert list(columns([1, 2, 3])) == ["x"]
    assert list(columns(pd.Series([1, 2], name="y"))) == ["y"]
    assert list(columns(pl.Series([1, 2]))) == ["x"]
    assert list(columns(pd.DataFrame({0: [1], (1, "a"): [2]}))) == ["0", "(1, 'a')"]
    structured = np.array([(1, "a"), (2, "b")], dtype=[("n", int), ("s", "U1")])
    assert [numeric(column) is None for column in columns(structured).values()] == [False, True]
    assert columns({}) == {}


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ("text", TypeError, "is text"),
        (3.0, TypeError, "is a single value"),
        (np.zeros((2, 2, 2)), TypeError, "3 axes"),
        ([[1, 2], [3]], TypeError, "ragged"),
        (np.ma.array([1.0, 2.0]), TypeError, "masked"),
        (pl.DataFrame({"a": [1]}).lazy(), TypeError, "collect"),
        ({"a": 1}, TypeError, r"\['a'\] is a single value"),
        ({"a": "text"}, TypeError, r"\['a'\] is text"),
        ({"a": [1, 2], "b": [1]}, ValueError, "'a' has 2 rows, 'b' has 1"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ValueError, "two columns called 'a'"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data, error, words):
    with pytest.raises(error, match=f"f: frame.*{words}"):
        columns(data, function="f", argument="frame")

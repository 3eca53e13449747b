"""The data sets of the wheel hold what their descriptions and the packages they come from say."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
import underhood as uh
from sklearn import datasets
from statsmodels.datasets import longley

NAMES = uh.datasets.list().names


@pytest.mark.parametrize("name", NAMES)
def test_a_data_set_is_as_it_is_described(name):
    info = uh.datasets.describe(name)
    frame = uh.datasets.load(name)
    assert frame.shape == (info.rows, len(info.columns))
    assert list(frame.columns) == [column.name for column in info.columns]
    assert info.target in frame.columns
    for column in info.columns:
        assert pd.api.types.is_numeric_dtype(frame[column.name]) == (column.kind != "text")
        assert column.description
    assert all(len(text) > 10 for text in (info.title, info.description, info.source, info.citation, info.licence))


@pytest.mark.parametrize("name", NAMES)
def test_the_dictionary_holds_the_same_as_the_frame(name):
    frame, table = uh.datasets.load(name, as_frame=True), uh.datasets.load(name, as_frame=False)
    assert list(table) == list(frame.columns)
    for column, values in table.items():
        assert isinstance(values, np.ndarray)
        assert values.ndim == 1
        if values.dtype.kind in "if":
            np.testing.assert_array_equal(values, frame[column].to_numpy())
        else:
            assert [None if pd.isna(value) else value for value in frame[column]] == list(values)


@pytest.mark.parametrize(
    ("name", "bunch"),
    [
        ("iris", datasets.load_iris()),
        ("wine", datasets.load_wine()),
        ("breast_cancer", datasets.load_breast_cancer()),
        ("digits", datasets.load_digits()),
        ("diabetes", datasets.load_diabetes(scaled=False)),
    ],
)
def test_values_agree_with_scikit_learn(name, bunch):
    table = uh.datasets.load(name, as_frame=False)
    *columns, target = table.values()
    np.testing.assert_array_equal(np.column_stack(columns), bunch.data)
    expected = bunch.target_names[bunch.target] if target.dtype.kind == "U" else bunch.target
    np.testing.assert_array_equal(target, expected)


def test_longley_and_linnerud_agree_with_their_packages():
    ours = np.column_stack(list(uh.datasets.load("longley", as_frame=False).values()))
    np.testing.assert_array_equal(ours, longley.load_pandas().data.to_numpy())
    linnerud = datasets.load_linnerud()
    ours = np.column_stack(list(uh.datasets.load("linnerud", as_frame=False).values()))
    np.testing.assert_array_equal(ours, np.column_stack([linnerud.target, linnerud.data]))


def test_penguins_agree_with_the_published_summary():
    """Counts and means are those that the R package palmerpenguins prints for summary(penguins)."""
    penguins = uh.datasets.load("penguins")
    assert penguins["species"].value_counts().to_dict() == {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}
    assert penguins["island"].value_counts().to_dict() == {"Biscoe": 168, "Dream": 124, "Torgersen": 52}
    assert penguins["sex"].value_counts().to_dict() == {"male": 168, "female": 165}
    assert penguins.isna().sum().to_dict() == {
        **dict.fromkeys(("species", "island", "year"), 0),
        **dict.fromkeys(("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"), 2),
        "sex": 11,
    }
    means = penguins[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]].mean()
    np.testing.assert_allclose(means, [43.92, 17.15, 200.9, 4202], rtol=2e-4)


def test_a_name_that_is_not_there_gets_the_nearest_ones():
    with pytest.raises(ValueError, match=r"load: there is no data set called 'Penguin'; did you mean 'penguins'\?"):
        uh.datasets.load("Penguin")
    with pytest.raises(ValueError, match="There are: penguins, iris"):
        uh.datasets.describe("xyz")
    with pytest.raises(TypeError, match="load: name is a int"):
        uh.datasets.load(3)


def test_without_pandas_comes_a_dictionary_and_a_demanded_frame_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert isinstance(uh.datasets.load("iris"), dict)
    with pytest.raises(ImportError, match="pip install pandas"):
        uh.datasets.load("iris", as_frame=True)


def test_what_a_frame_carries_can_be_written_to_a_file():
    attrs = uh.datasets.load("iris").attrs
    assert json.loads(json.dumps(attrs)) == attrs
    assert attrs["name"] == "iris"


def test_the_list_prints_and_is_had_by_place_and_name():
    listed = uh.datasets.list()
    assert all(name in repr(listed) for name in NAMES)
    assert "<table>" in listed._repr_html_()
    assert listed[0] is listed["penguins"]
    assert [data.name for data in listed[:2]] == ["penguins", "iris"]
    with pytest.raises(KeyError, match="did you mean 'iris'"):
        listed["irises"]


def test_a_description_prints_every_column_with_its_unit():
    text = repr(uh.datasets.describe("penguins"))
    assert "flipper_length_mm" in text
    assert "[mm]" in text
    assert "CC0" in text


def test_what_the_list_holds_can_be_loaded_and_described():
    for item in uh.datasets.list():
        assert len(uh.datasets.load(item)) == item.rows
        assert uh.datasets.describe(item) is item

"""Pictures: what is drawn, and what is refused."""

import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import polars as pl
import pytest
import underhood as uh

PENGUINS = uh.datasets.load("penguins")


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure open."""
    yield
    plt.close("all")


@pytest.mark.parametrize("library", [pd.Series, pl.Series, list, np.array])
def test_every_kind_of_column_can_be_drawn(library):
    x, y, by = library([1.0, 2.0, np.nan, 4.0]), library([2.0, 1.0, 3.0, 5.0]), library(["a", "b", "b", "a"])
    ax = uh.plot.scatter(x, y, by=by)
    assert [len(points.get_offsets()) for points in ax.collections] == [2, 1]
    assert len(uh.plot.histogram(x, by=by).patches) > 2
    assert [text.get_text() for text in uh.plot.groups(y, by).get_xticklabels()] == ["a", "b"]


def test_labels_come_from_the_columns_and_missing_groups_are_left_out():
    ax = uh.plot.scatter(PENGUINS["bill_length_mm"], PENGUINS["bill_depth_mm"], by=PENGUINS["sex"])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("bill_length_mm", "bill_depth_mm")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["female", "male"]
    assert sum(len(points.get_offsets()) for points in ax.collections) == 333


def test_it_draws_where_it_is_told():
    _, axes = plt.subplots(1, 2)
    assert uh.plot.histogram([1, 2, 3], ax=axes[1]) is axes[1]
    assert not axes[0].patches


def test_many_points_are_thinned_and_it_is_said():
    ax = uh.plot.scatter(np.arange(10_000.0), np.arange(10_000.0))
    assert len(ax.collections[0].get_offsets()) == 3000
    assert ax.get_title(loc="right") == "3,000 of 10,000 rows"


def test_pairs_draws_numeric_columns_or_the_chosen_ones():
    assert len(uh.plot.pairs(PENGUINS).axes) == 25
    chosen = uh.plot.pairs(PENGUINS, by="species", columns=["bill_length_mm", "bill_depth_mm"])
    assert len(chosen.axes) == 4


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (lambda: uh.plot.histogram(["a", "b"]), TypeError, "histogram: values does not hold numbers"),
        (lambda: uh.plot.scatter([1, 2], [1, 2, 3]), ValueError, "scatter: x has 2 values, but y has 3"),
        (lambda: uh.plot.scatter([1, 2], [1, 2], by=["a"]), ValueError, "scatter: the groups are 1 labels"),
        (lambda: uh.plot.groups([1, 2], by=3), ValueError, "groups: the groups are a single value"),
        (lambda: uh.plot.groups([[1, 2], [3, 4]], ["a", "b"]), ValueError, "groups: values has 2 axes"),
        (lambda: uh.plot.heatmap([[1, 2]], ["a"]), ValueError, "heatmap: matrix has the shape"),
        (lambda: uh.plot.heatmap([[1.0]], ["a", "b"]), ValueError, "heatmap: names has 2 texts"),
        (lambda: uh.plot.pairs(PENGUINS, by="specie"), ValueError, r"did you mean 'species'\?"),
        (lambda: uh.plot.pairs(PENGUINS, columns=["x"]), ValueError, "pairs: columns names 'x'"),
        (lambda: uh.plot.pairs({"a": ["x", "y"]}), ValueError, "pairs: no column of frame holds numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, error, message):
    with pytest.raises(error, match=message):
        draw()


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=r'pip install "underhood\[notebook\]"'):
        uh.plot.histogram([1, 2, 3])

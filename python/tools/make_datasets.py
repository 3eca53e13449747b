"""Write the data sets of the wheel, ``underhood/datasets/data/*.csv.gz``, from the packages they come from.

Run by hand when a data set is added (``python tools/make_datasets.py`` in ``python/``); the files are committed. It
needs palmerpenguins, scikit-learn and statsmodels. Values are written in the fewest digits that read back as the same
double, a missing value as an empty cell, and the archives without a time stamp, so that a second run changes nothing.
"""

from __future__ import annotations

import csv
import gzip
from io import StringIO
from pathlib import Path

import numpy as np
import palmerpenguins
import pandas as pd
from sklearn import datasets
from statsmodels.datasets import longley
from underhood.datasets._catalogue import CATALOGUE

TARGET = Path(__file__).parents[1] / "underhood" / "datasets" / "data"


def labelled(bunch) -> pd.DataFrame:
    """Measurements and class names of one of scikit-learn's sets."""
    frame = pd.DataFrame(bunch.data)
    frame["class"] = np.asarray(bunch.target_names)[bunch.target]
    return frame


def sources() -> dict[str, pd.DataFrame]:
    """Read every data set as its package gives it, columns in the order of the catalogue."""
    diabetes = datasets.load_diabetes(scaled=False)
    digits = datasets.load_digits()
    linnerud = datasets.load_linnerud()
    return {
        "penguins": palmerpenguins.load_penguins(),
        "iris": labelled(datasets.load_iris()),
        "wine": labelled(datasets.load_wine()),
        "breast_cancer": labelled(datasets.load_breast_cancer()),
        "diabetes": pd.DataFrame(np.column_stack([diabetes.data, diabetes.target])),
        "digits": pd.DataFrame(np.column_stack([digits.data, digits.target])),
        "linnerud": pd.DataFrame(np.column_stack([linnerud.target, linnerud.data])),
        "longley": longley.load_pandas().data,
    }


def cell(value: object) -> str:
    """Write one value: nothing if missing, whole numbers without a point."""
    if pd.isna(value):
        return ""
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def main() -> None:
    """Write all of them."""
    TARGET.mkdir(exist_ok=True)
    frames = sources()
    assert frames.keys() == CATALOGUE.keys()
    for name, frame in frames.items():
        info = CATALOGUE[name]
        assert frame.shape == (info.rows, len(info.columns)), name
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column.name for column in info.columns])
        writer.writerows([[cell(value) for value in row] for row in frame.itertuples(index=False)])
        path = TARGET / f"{name}.csv.gz"
        path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
        print(f"{path.name:24} {info.rows:6} rows {path.stat().st_size:8} bytes")


if __name__ == "__main__":
    main()

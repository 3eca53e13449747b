"""Real data sets that come with underhood, each with its source, licence, units and the meaning of every column.

``list()`` shows what there is, ``describe(name)`` tells about one, ``load(name)`` loads it: as a pandas frame if
pandas is installed, else as a dictionary of NumPy columns. Your own data come in by the ways you know:
``pandas.read_csv``, ``polars.read_parquet``; everything in underhood takes their frames.

>>> frame = uh.datasets.load("penguins")
>>> len(frame)
344
>>> uh.datasets.describe("penguins").licence
'CC0 1.0 (no rights reserved).'
"""

from underhood.datasets._catalogue import DataSet, DataSetColumn
from underhood.datasets._loading import describe, load
from underhood.datasets._loading import list_all as list  # noqa: A004 - reads well as uh.datasets.list()

__all__ = ["DataSet", "DataSetColumn", "describe", "list", "load"]

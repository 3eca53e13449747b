"""The mathematics of machine learning, with the hood open."""

from underhood import linalg
from underhood._core import __version__

__all__ = ["__version__", "linalg"]

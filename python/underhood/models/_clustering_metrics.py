"""Judging clusters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import structure as _core
from underhood.models._input import read_labels, read_matrix

__all__ = ["silhouette_samples", "silhouette_score"]


def silhouette_samples(X: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """Silhouette of each row: how much nearer it is to its own cluster than to the next one.

    With a the mean Euclidean distance to the other rows of the cluster, and b the least of the mean distances to the
    rows of another cluster, it is

        (b − a)/max(a, b),

    near 1 in the midst of a cluster, 0 between two, negative for a row that is nearer to another cluster; 0 for a row
    that is alone in its cluster.

    Parameters
    ----------
    X : array_like, shape (rows, features)
        Finite numbers.
    labels : array_like, shape (rows,)
        The cluster of each row; at least two clusters, and fewer than rows.

    Returns
    -------
    ndarray, shape (rows,)

    Raises
    ------
    ValueError
        If X holds a NaN or an infinity, lengths differ, or there is one cluster only, or one for each row.

    Notes
    -----
    The time grows with the square of the rows, the memory does not: one copy of X, in tiles of eight rows of a cluster
    (up to eight copies, if clusters have one row each). Distances are summed from differences of centred columns.
    scikit-learn's other metrics are not offered.

    References
    ----------
    P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", Journal of
    Computational and Applied Mathematics 20 (1987) 53, doi:10.1016/0377-0427(87)90125-7.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.silhouette_samples([[0.0], [1.0], [5.0]], [0, 0, 1])
    array([0.8 , 0.75, 0.  ])
    """
    return _silhouettes("silhouette_samples", X, labels)


def silhouette_score(
    X: ArrayLike, labels: ArrayLike, *, sample_size: int | None = None, random_state: Any = 0
) -> float:
    """Mean of :func:`silhouette_samples`: how well rows fit their clusters, from −1 to 1.

    Parameters
    ----------
    X : array_like, shape (rows, features)
        Finite numbers.
    labels : array_like, shape (rows,)
        The cluster of each row; at least two clusters, and fewer than rows.
    sample_size : int, optional
        Look only at so many rows, drawn at random.
    random_state : int, numpy.random.Generator or None, default 0
        Seed of that draw.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As :func:`silhouette_samples`; if ``sample_size`` is not between 3 and the number of rows.

    Examples
    --------
    >>> import underhood as uh
    >>> uh.models.silhouette_score([[0.0], [1.0], [10.0], [11.0]], ["a", "a", "b", "b"])
    0.8997...
    """
    if sample_size is None:
        return float(_silhouettes("silhouette_score", X, labels).mean())
    read = read_matrix("silhouette_score", X)
    codes = read_labels("silhouette_score", labels, read.shape[0], "labels")[1]
    if isinstance(sample_size, bool) or not isinstance(sample_size, int | np.integer):
        raise TypeError(f"silhouette_score: sample_size is a {type(sample_size).__name__}, but must be a whole number")
    if not 3 <= sample_size <= read.shape[0]:
        raise ValueError(
            f"silhouette_score: sample_size is {sample_size}, but must be between 3 and the {read.shape[0]} rows of X"
        )
    rows = np.sort(np.random.default_rng(random_state).choice(read.shape[0], int(sample_size), replace=False))
    data = read.to_numpy() if hasattr(read, "to_numpy") else read
    return float(_silhouettes("silhouette_score", data[rows], codes[rows]).mean())


def _silhouettes(function: str, X: Any, labels: Any) -> NDArray[np.float64]:
    read = read_matrix(function, X)
    classes, codes = read_labels(function, labels, read.shape[0], "labels")
    return _core.silhouettes(read, codes, len(classes), function == "silhouette_score")

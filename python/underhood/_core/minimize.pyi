from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["minimize", "minimize_constrained", "minimize_scalar"]

def minimize(
    f: Callable[[NDArray[np.float64]], Any],
    x0: ArrayLike,
    method: str | None,
    derivatives: tuple[Callable[..., Any] | None, Callable[..., Any] | None, Callable[..., Any] | None],
    bounds: tuple[ArrayLike, ArrayLike] | None,
    limits: tuple[Any, Any, Any],
    tolerances: tuple[Any, Any, Any],
    simplex: tuple[Any, Any],
    watch: Callable[[NDArray[np.float64], float], object] | None,
) -> tuple[
    tuple[NDArray[np.float64], float, NDArray[np.float64] | None, NDArray[np.float64] | None],
    tuple[int, int, int, int],
    tuple[str, str, str, bool],
    tuple[NDArray[np.float64], NDArray[np.float64]] | None,
]: ...
def minimize_constrained(
    f: Callable[[NDArray[np.float64]], Any],
    x0: ArrayLike,
    jac: Callable[..., Any] | None,
    constraints: tuple[Callable[..., Any], Callable[..., Any] | None, ArrayLike, ArrayLike],
    bounds: tuple[ArrayLike, ArrayLike] | None,
    limits: tuple[Any, Any, Any],
    gtol: Any,
    watch: Callable[[NDArray[np.float64], float], object] | None,
) -> tuple[
    tuple[NDArray[np.float64], float, NDArray[np.float64]],
    tuple[NDArray[np.float64], NDArray[np.float64], float, float],
    tuple[int, list[int]],
    tuple[bool, str, str],
]: ...
def minimize_scalar(
    f: Callable[[float], Any],
    bracket: Sequence[Any] | None,
    bounds: tuple[Any, Any] | None,
    method: str,
    tol: Any,
    max_iter: Any,
) -> tuple[float, float, int, int, str]: ...

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Floats = NDArray[np.float64]

__all__ = ["class_moments", "log_joint"]

def class_moments(
    X: ArrayLike,
    codes: NDArray[np.int64],
    classes: int,
    weights: ArrayLike | None,
    before: tuple[_Floats, _Floats, _Floats] | None,
) -> tuple[_Floats, _Floats, _Floats, float]: ...
def log_joint(X: ArrayLike, means: ArrayLike, variances: ArrayLike, priors: ArrayLike) -> _Floats: ...

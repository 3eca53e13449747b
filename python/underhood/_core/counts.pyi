import numpy as np
from numpy.typing import ArrayLike, NDArray

def chi2_contingency(
    observed: ArrayLike, correction: bool
) -> tuple[float, float, int, NDArray[np.float64], float, float, bool]: ...

__all__ = [
    "chi2_contingency",
]

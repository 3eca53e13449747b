import numpy as np
from numpy.typing import ArrayLike, NDArray

def rankdata(a: ArrayLike) -> NDArray[np.float64]: ...

__all__ = [
    "rankdata",
]

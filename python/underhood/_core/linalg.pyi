from numpy.typing import ArrayLike

__all__ = ["trace"]

def trace(a: ArrayLike) -> float: ...

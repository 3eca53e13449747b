"""A number that was computed numerically, and how good it is; the warning when it is not."""

from __future__ import annotations

from typing import Any, SupportsFloat

__all__ = ["AccuracyWarning", "Estimate"]


class AccuracyWarning(UserWarning):
    """A numerical result did not converge: it is wrong, or at least its error estimate is not to be relied on."""


class Estimate(float):
    """A number that was computed numerically, and how good it is.

    It is a ``float`` in every respect: arithmetic with it gives plain floats, and it prints and formats like one.
    Only its ``repr``, which a notebook shows, tells the rest.

    Attributes
    ----------
    error : float
        A cautious estimate of the absolute error; infinite where the number has no correct digit.
    evaluations : int
        How often the function was called.
    converged : bool
        Whether the error is below a millionth of the value, or as small as the rounding in ``f`` allows.
    method : str
        How it was computed.
    message : str
        What is wrong if it did not converge; empty if it did.

    Examples
    --------
    >>> from underhood.calculus import Estimate
    >>> third = Estimate(0.3333, error=5e-5, evaluations=7, converged=True, method="central")
    >>> third
    0.3333 ± 5e-05 (central, 7 evaluations)
    >>> 3 * third
    0.9999
    """

    __slots__ = ("converged", "error", "evaluations", "message", "method")

    error: float
    evaluations: int
    converged: bool
    method: str
    message: str

    def __new__(
        cls,
        value: SupportsFloat,
        error: float = float("nan"),
        evaluations: int = 0,
        converged: bool = False,
        method: str = "",
        message: str = "",
    ) -> Estimate:
        """Make a number with its error."""
        self = float.__new__(cls, value)
        self.error = error
        self.evaluations = evaluations
        self.converged = converged
        self.method = method
        self.message = message
        return self

    def __reduce__(self) -> tuple[type[Estimate], tuple[Any, ...]]:
        return type(self), (float(self), self.error, self.evaluations, self.converged, self.method, self.message)

    def __repr__(self) -> str:
        state = "" if self.converged else f"; not converged: {self.message}" if self.message else "; not converged"
        return f"{float(self)!r} ± {self.error:.2g} ({self.method}, {self.evaluations} evaluations{state})"

    __str__ = float.__repr__

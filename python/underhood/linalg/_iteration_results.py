"""What iterations return: the answer, the road there, and its rate of convergence, observed beside predicted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from underhood._results import Result, format_value

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

__all__ = [
    "ConjugateGradientResult",
    "GaussSeidelResult",
    "InverseIterationResult",
    "JacobiEigenResult",
    "PowerIterationResult",
    "QRAlgorithmResult",
]


@dataclass(slots=True, repr=False, eq=False)
class _Course(Result, ABC):
    """What every iteration tells of itself."""

    nit: int
    success: bool
    reason: str
    message: str
    steps: NDArray[np.int64]
    residuals: NDArray[np.float64]
    observed_rate: float | None
    predicted_rate: float | None

    @abstractmethod
    def _name(self) -> str:
        """Name the iteration."""

    @abstractmethod
    def _answer(self) -> list[tuple[str, str]]:
        """Give the lines that say what was found."""

    def _title(self) -> str:
        return f"{self._name()}: {self.reason}"

    def _rows(self) -> list[tuple[str, str]]:
        return [
            *self._answer(),
            ("residual", f"{self.residuals[0]:.3g} → {self.residuals[-1]:.3g} in {_counted(self.nit)}"),
            *self._rates(),
            ("iterates", _shape(self)),
            ("message", self.message),
        ]

    def _rates(self) -> list[tuple[str, str]]:
        return [("rate", f"{_rate(self.observed_rate)} observed, {_rate(self.predicted_rate, 'unknown')} predicted")]

    def _errors(self) -> tuple[str, NDArray[np.float64]]:
        """Give what the plot shows."""
        return "residual", self.residuals

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how the error falls, step by step, on a logarithmic scale, beside the predicted rate.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default on a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Where it was drawn. Needs matplotlib.
        """
        from underhood.plot._convergence import convergence

        label, errors = self._errors()
        order = getattr(self, "predicted_order", None)
        bound = isinstance(self, ConjugateGradientResult)
        ax = convergence(
            errors, label, rate=self.predicted_rate, observed=self.observed_rate, order=order, bound=bound, ax=ax
        )
        ax.set_title(f"{self._name()}: {self.reason} after {_counted(self.nit)}")
        return ax


@dataclass(slots=True, repr=False, eq=False)
class PowerIterationResult(_Course):
    """What :func:`power_iteration` found, and its road there.

    Attributes
    ----------
    eigenvalue : float
        The last estimate of the eigenvalue.
    eigenvector : ndarray, shape (n,)
        The last vector, of length one; the first component that is at least 7/10 as large as the largest is positive.
    eigenvalues : ndarray, shape (nit + 1,)
        The estimate xᵀax at every step, the start's first.
    iterates : ndarray, shape (len(steps), n)
        The vectors, of length one, one a row. That of a negative eigenvalue turns round at every step.
    nit : int
        Steps made.
    success : bool
        Whether it converged.
    reason : str
        ``"converged"``, ``"max_iter"`` or ``"breakdown"``.
    message : str
        The same in a sentence, with what theory says if it did not settle.
    steps : ndarray of int
        The steps that ``iterates`` belong to: all of them, until they would hold more than four million numbers; then
        every second, every fourth, …, and always the first and the last.
    residuals : ndarray, shape (nit + 1,)
        ‖a x - λ x‖ / ‖a‖ at every step.
    observed_rate : float or None
        The factor by which the last steps shrank the residual; None when there were too few to tell.
    predicted_rate : float or None
        |λ₂/λ₁|, from the true eigenvalues; 1 when it does not settle. None for more than 500 rows.
    """

    eigenvalue: float
    eigenvector: NDArray[np.float64]
    eigenvalues: NDArray[np.float64]
    iterates: NDArray[np.float64]

    def _name(self) -> str:
        return "Power iteration"

    def _answer(self) -> list[tuple[str, str]]:
        return [("eigenvalue", format_value(self.eigenvalue, 12)), ("eigenvector", format_value(self.eigenvector))]


@dataclass(slots=True, repr=False, eq=False)
class InverseIterationResult(_Course):
    """What :func:`inverse_iteration` found, and its road there.

    Attributes
    ----------
    eigenvalue, eigenvector, eigenvalues, iterates
        As in :class:`PowerIterationResult`.
    nit, success, reason, message, steps, residuals, observed_rate
        As in :class:`PowerIterationResult`; with ``shift="rayleigh"`` there is no constant rate to observe.
    predicted_rate : float or None
        |λₖ - shift| / |λⱼ - shift| for the nearest and the next eigenvalue.
    observed_order, predicted_order : float or None
        With ``shift="rayleigh"``: the power p in error → C errorᵖ, from the last three residuals; 3 is predicted for a
        symmetric matrix, 2 for others. None when there were too few steps to tell.
    shift : float or str
        As given.
    """

    eigenvalue: float
    eigenvector: NDArray[np.float64]
    eigenvalues: NDArray[np.float64]
    iterates: NDArray[np.float64]
    observed_order: float | None
    predicted_order: float | None
    shift: float | str

    def _name(self) -> str:
        given = "Rayleigh's shifts" if isinstance(self.shift, str) else f"shift {self.shift:g}"
        return f"Inverse iteration with {given}"

    def _answer(self) -> list[tuple[str, str]]:
        return [("eigenvalue", format_value(self.eigenvalue, 12)), ("eigenvector", format_value(self.eigenvector))]

    def _rates(self) -> list[tuple[str, str]]:
        return _Course._rates(self) if self.predicted_order is None else _orders(self)


@dataclass(slots=True, repr=False, eq=False)
class QRAlgorithmResult(_Course):
    """What :func:`qr_algorithm` found, and its road there.

    Attributes
    ----------
    eigenvalues : ndarray, shape (n,)
        In their order on the diagonal, which without shifts is that of falling modulus as a rule; complex if there are
        complex pairs. Where it has not converged, the diagonal's numbers.
    Q : ndarray, shape (n, n)
        The product of all factors: ``a = Q @ iterates[-1] @ Q.T``. Eigenvectors in its columns, if a is symmetric.
    iterates : ndarray, shape (len(steps), n, n)
        The matrices, all similar to the first, which is a.
    subdiagonals : ndarray, shape (nit + 1, n - 1)
        At each step and for each i, the length of all that stands in the rows after i and the columns up to i. For a
        matrix with zeros below its subdiagonal, this is |aᵢ₊₁,ᵢ|.
    observed_rates, predicted_rates : ndarray, shape (n - 1,)
        By how much a step shrinks each of them: as seen, and |λᵢ₊₁/λᵢ|. NaN where there is no rate to tell: with
        shifts, or when it vanished at once.
    nit, success, reason, message, steps
        As in :class:`PowerIterationResult`.
    residuals : ndarray, shape (nit + 1,)
        The largest of ``subdiagonals`` that has to vanish, relative to ‖a‖.
    observed_rate, predicted_rate : float or None
        The slowest of the rates of those that have to vanish.
    observed_order, predicted_order : float or None
        With shifts: the power p in error → C errorᵖ of the last of ``subdiagonals``.
    shifts : str
        As given.
    """

    eigenvalues: NDArray[np.float64] | NDArray[np.complex128]
    Q: NDArray[np.float64]
    iterates: NDArray[np.float64]
    subdiagonals: NDArray[np.float64]
    observed_rates: NDArray[np.float64]
    predicted_rates: NDArray[np.float64]
    observed_order: float | None
    predicted_order: float | None
    shifts: str

    def _name(self) -> str:
        return "QR algorithm" + (" with Wilkinson's shifts" if self.shifts == "wilkinson" else "")

    def _answer(self) -> list[tuple[str, str]]:
        return [("eigenvalues", format_value(self.eigenvalues))]

    def _rates(self) -> list[tuple[str, str]]:
        if self.shifts == "wilkinson":
            return _orders(self)
        rows = [("rates observed", format_value(self.observed_rates, 4))]
        return [*rows, ("  predicted", format_value(self.predicted_rates, 4))]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how the subdiagonal vanishes, one line an element, each beside its predicted rate.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default on a new figure.

        Returns
        -------
        matplotlib.axes.Axes
            Where it was drawn. Needs matplotlib.
        """
        from underhood.plot._convergence import several

        ax = several(self.subdiagonals, self.predicted_rates, ax)
        ax.set_title(f"{self._name()}: {self.reason} after {_counted(self.nit)}")
        return ax


@dataclass(slots=True, repr=False, eq=False)
class JacobiEigenResult(_Course):
    """What :func:`jacobi_eigen` found, and its road there.

    Attributes
    ----------
    eigenvalues : ndarray, shape (n,)
        Rising.
    eigenvectors : ndarray, shape (n, n)
        In the columns, of length one; the first large component of each is positive.
    iterates : ndarray, shape (len(steps), n, n)
        The matrix at the start and after each sweep.
    off_diagonal : ndarray, shape (nit + 1,)
        The length of all that stands beside the diagonal, at the start and after each sweep.
    rotations : int
        Rotations made.
    nit : int
        Sweeps made, each over all pairs of axes.
    success, reason, message, steps
        As in :class:`PowerIterationResult`.
    residuals : ndarray, shape (nit + 1,)
        ``off_diagonal`` relative to ‖a‖.
    observed_rate, predicted_rate : None
        The convergence is not linear.
    observed_order, predicted_order : float or None
        The power p in error → C errorᵖ, from the last three sweeps; 2 is predicted. None when there were too few to
        tell.
    """

    eigenvalues: NDArray[np.float64]
    eigenvectors: NDArray[np.float64]
    iterates: NDArray[np.float64]
    off_diagonal: NDArray[np.float64]
    rotations: int
    observed_order: float | None
    predicted_order: float | None

    def _name(self) -> str:
        return "Jacobi's rotations"

    def _answer(self) -> list[tuple[str, str]]:
        return [("eigenvalues", format_value(self.eigenvalues)), ("rotations", str(self.rotations))]

    def _rates(self) -> list[tuple[str, str]]:
        return _orders(self)


@dataclass(slots=True, repr=False, eq=False)
class ConjugateGradientResult(_Course):
    """What :func:`conjugate_gradient` found, and its road there.

    Attributes
    ----------
    x : ndarray, shape (n,)
        The last iterate.
    iterates : ndarray, shape (len(steps), n)
        The points, one a row, the start first.
    errors : ndarray, shape (nit + 1,), or None
        √(eᵀ a e) for e = x - a⁻¹b, relative to the start's; None if a is not positive definite.
    nit, success, reason, message, steps
        As in :class:`PowerIterationResult`; the reason is ``"breakdown"`` when a turned out not to be positive
        definite.
    residuals : ndarray, shape (nit + 1,)
        ‖b - a x‖ / ‖b‖ at every step.
    observed_rate : float or None
        The factor by which a step shrank the error, over the whole road: the method becomes faster on its way.
    predicted_rate : float or None
        (√κ - 1)/(√κ + 1), a bound.
    """

    x: NDArray[np.float64]
    iterates: NDArray[np.float64]
    errors: NDArray[np.float64] | None

    def _name(self) -> str:
        return "Conjugate gradients"

    def _answer(self) -> list[tuple[str, str]]:
        return [("x", format_value(self.x))]

    def _errors(self) -> tuple[str, NDArray[np.float64]]:
        return ("residual", self.residuals) if self.errors is None else ("error, √(eᵀae)", self.errors)


@dataclass(slots=True, repr=False, eq=False)
class GaussSeidelResult(_Course):
    """What :func:`gauss_seidel` found, and its road there.

    Attributes
    ----------
    x : ndarray, shape (n,)
        The last iterate; when it diverged, the last that is finite.
    iterates : ndarray, shape (len(steps), n)
        The points, one a row, the start first.
    errors : ndarray, shape (nit + 1,), or None
        ‖x - a⁻¹b‖ relative to the start's; None if a is singular.
    nit, success, reason, message, steps
        As in :class:`PowerIterationResult`; the reason may be ``"diverged"``.
    residuals : ndarray, shape (nit + 1,)
        ‖b - a x‖ / ‖b‖ at every step.
    observed_rate : float or None
        The factor by which the last sweeps multiplied the error.
    predicted_rate : float or None
        The spectral radius of the iteration matrix; from 1 on, it does not converge.
    method : str
        As given.
    """

    x: NDArray[np.float64]
    iterates: NDArray[np.float64]
    errors: NDArray[np.float64] | None
    method: str

    def _name(self) -> str:
        return "Jacobi iteration" if self.method == "jacobi" else "Gauss-Seidel iteration"

    def _answer(self) -> list[tuple[str, str]]:
        return [("x", format_value(self.x))]

    def _errors(self) -> tuple[str, NDArray[np.float64]]:
        return ("residual", self.residuals) if self.errors is None else ("error, ‖x - a⁻¹b‖", self.errors)


def _counted(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def _rate(rate: float | None, unknown: str = "too few steps to tell") -> str:
    return unknown if rate is None else f"{rate:.4g}"


def _orders(result: Any) -> list[tuple[str, str]]:
    observed, predicted = _rate(result.observed_order), _rate(result.predicted_order, "unknown")
    return [("order", f"{observed} observed, {predicted} predicted")]


def _shape(result: Any) -> str:
    kept = len(result.steps)
    return f"{kept} kept" if kept == result.nit + 1 else f"{kept} of {result.nit + 1} kept"

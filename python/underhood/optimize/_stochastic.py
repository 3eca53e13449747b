"""Descent on a few rows of the data at a time, with all that happened on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from underhood._core import optimize as _core
from underhood._functions._tracing import NotTracedError, trace
from underhood._results import Result, format_value
from underhood.optimize._rates import core_rate, flag, rate_shown
from underhood.optimize.schedules import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from underhood.plot._animation import Animation

__all__ = ["StochasticResult", "stochastic_gradient_descent"]

_STATUS = {"epochs": 0, "diverged": 2, "callback": 4}


@dataclass(slots=True, repr=False, eq=False)
class StochasticResult(Result):
    """A whole stochastic descent.

    Attributes
    ----------
    x : ndarray
        The last point, in the shape of ``x0``; with ``averaging=True`` the mean of the points of the second half.
    fun : float
        The loss of all rows there.
    nit : int
        Steps made, one for each batch.
    epochs : int
        Whole epochs made.
    success : bool
        Whether all epochs were made and the loss of all rows ended no higher than it began. It does not say that the
        loss is the least: batches differ, so there is no test of that.
    status : int
        0 all epochs made, 2 diverged, 4 stopped by the callback.
    reason : str
        The same as a word: ``"epochs"``, ``"diverged"``, ``"callback"``.
    message : str
        The same in a sentence.
    path : ndarray or None
        The points, ``nit + 1`` of them along the first axis, the start first; None with ``keep_path=False``.
    values : ndarray
        The loss of each step's batch, where the step begins.
    epoch_values : ndarray
        The loss of all rows at the start and at the end of each whole epoch.
    gradient_norms : ndarray
        The Euclidean lengths of the batches' gradients.
    step_lengths, rates : ndarray
        The Euclidean lengths of the steps, and their learning rates.
    batch_size : int
        Rows of a batch.
    learning_rate : float, Schedule or str
        As given; of a function, its name.
    method : str
        As given; ``"momentum"`` if a momentum was given to ``"plain"``.
    parameters : dict
        The method's parameters.
    averaging : bool
        As given.
    gradient_method : str
        ``"given"``, ``"exact"`` (of a loss that could be traced) or ``"numerical"``.
    """

    x: NDArray[np.float64]
    fun: float
    nit: int
    epochs: int
    success: bool
    status: int
    reason: str
    message: str
    path: NDArray[np.float64] | None
    values: NDArray[np.float64]
    epoch_values: NDArray[np.float64]
    gradient_norms: NDArray[np.float64]
    step_lengths: NDArray[np.float64]
    rates: NDArray[np.float64]
    batch_size: int
    learning_rate: float | Schedule | str
    method: str
    parameters: dict[str, float]
    averaging: bool
    gradient_method: str
    _f: Callable[[NDArray[np.float64]], Any] | None = None

    def _title(self) -> str:
        return f"Stochastic gradient descent: {self.reason}"

    def _rows(self) -> list[tuple[str, str]]:
        rate = self.learning_rate
        shown = f"{rate:g}" if isinstance(rate, float) else str(rate)
        return [
            ("x", format_value(self.x) + (" (mean of the second half)" if self.averaging else "")),
            ("fun", f"{self.epoch_values[0]:.6g} → {self.fun:.6g} (all rows)"),
            ("method", self.method + "".join(f", {name}={value:g}" for name, value in self.parameters.items())),
            ("epochs", f"{self.epochs} of {self.nit // max(self.epochs, 1)} steps, {self.batch_size} rows each"),
            ("nit", f"{self.nit} steps at learning_rate={shown} (gradient {self.gradient_method})"),
            ("path", "not kept" if self.path is None else f"{len(self.path)} points"),
            ("message", self.message),
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        # The loss may be a lambda, which does not pickle; all else does.
        return _restore, tuple(getattr(self, name) for name in self.__slots__ if name != "_f")

    @overload
    def plot(self, ax: None = None) -> Figure: ...
    @overload
    def plot(self, ax: Axes) -> Axes: ...
    def plot(self, ax: Axes | None = None) -> Figure | Axes:
        """Draw the path on the landscape of the loss of all rows, and beside it that loss over the batches' losses.

        As :meth:`DescentResult.plot`; the picture's landscape calls the loss with all rows at some thousand points.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw the path alone (the losses, if the path was not kept); by default both on a new figure.

        Returns
        -------
        matplotlib Figure or Axes
            What was drawn on. Needs matplotlib.
        """
        from underhood.plot import _descent

        return _descent.figure(self._course()) if ax is None else _descent.path(self._course(), ax)

    def animate(self, kind: Literal["html", "frames"] = "html", *, frames: int | None = None) -> Animation | Figure:
        """Show the descent as it goes, as :meth:`DescentResult.animate` does."""
        from underhood.plot import _animation, _descent

        if kind not in ("html", "frames"):
            raise ValueError(f'animate: kind is {kind!r}, but must be "html" or "frames"')
        if self.path is None:
            raise ValueError("animate: the path was not kept; descend with keep_path=True")
        if kind == "frames":
            return _descent.frames(self._course(), 9 if frames is None else int(frames))
        return _animation.animation(self._course(), 150 if frames is None else int(frames))

    def _course(self) -> Any:
        """Give what the pictures are drawn from."""
        from underhood.plot._descent import Course

        return Course(
            f=self._f, path=self.path, values=self.values, labels=("step", "loss of the batch"),
            slopes=self.gradient_norms, diverged=self.reason == "diverged", epochs=self.epoch_values,
            title=f"stochastic gradient descent: {self.nit} steps, {self.epochs} epochs",
        )  # fmt: skip


def _restore(*fields: Any) -> StochasticResult:
    return StochasticResult(*fields)


def _traced(
    loss: Any, x0: ArrayLike, arrays: tuple[ArrayLike, ...], batch_size: Any
) -> tuple[Callable[..., Any], Callable[..., Any]] | None:
    """Give loss and gradient as graphs, for a batch, the last batch and all rows; None if there are none."""
    try:
        start = np.array(x0, dtype=np.float64)
        data = [np.asarray(array, dtype=np.float64) for array in arrays]
        batch, rows = min(int(batch_size), len(data[0])), len(data[0])
        if not callable(loss) or batch < 1 or any(len(array) != rows for array in data):
            return None
    except (TypeError, ValueError, OverflowError):
        return None  # what cannot be read is refused by name later
    names = ["w", *(f"x{i + 1}" for i in range(len(data)))]
    graphs = {}
    for count in {batch, rows % batch or batch, rows}:
        point = [start, *(array[:count] for array in data)]
        shapes = tuple(np.shape(value) for value in point)
        try:
            graph = trace(loss, names, shapes, point)[0]
        except NotTracedError:
            return None
        if graph.shape != ():
            return None
        graphs[count] = graph, graph.gradient([0])
    return (lambda w, *some: graphs[len(some[0])][0](w, *some)), (lambda w, *some: graphs[len(some[0])][1](w, *some))


def stochastic_gradient_descent(
    loss: Callable[..., Any],
    x0: ArrayLike,
    data: ArrayLike | tuple[ArrayLike, ...],
    *,
    gradient: Callable[..., ArrayLike] | None = None,
    batch_size: int = 32,
    epochs: int = 10,
    learning_rate: float | Schedule | Callable[[int], float] = 0.01,
    method: str = "plain",
    momentum: float | None = None,
    beta1: float | None = None,
    beta2: float | None = None,
    epsilon: float | None = None,
    shuffle: bool = True,
    averaging: bool = False,
    keep_path: bool = True,
    rng: int | np.random.Generator | None = None,
    callback: Callable[[NDArray[np.float64]], object] | None = None,
) -> StochasticResult:
    """Walk downhill on a loss by looking at a few rows of the data at a time.

    A step is as one of :func:`gradient_descent`, but its gradient is that of a batch: x ← x - η ∇loss(x, batch). An
    epoch goes through all rows once, in a new random order. Each step costs a small part of a whole gradient and leads
    about the same way.

    Parameters
    ----------
    loss : callable
        ``loss(w, X, y)`` for ``data=(X, y)``, ``loss(w, X)`` for ``data=X``: takes the point and some rows of each
        array (copies of its own each time) and returns one number. It must be a *mean* over the rows, or batches and
        the smaller last batch of an epoch would count differently.
    x0 : array_like
        Where to start; any shape.
    data : array_like or tuple of array_like
        One array, or a tuple of several with the same number of rows (entries along the first axis).
    gradient : callable, optional
        Takes the same as ``loss`` and returns the gradient with respect to the point, of the shape of ``x0``. If it is
        not given, it is the exact one of a loss that runs as a graph (see :func:`underhood.function`), which then also
        runs without Python; of any other it is computed numerically, with some 20 to 40 calls of ``loss`` for each
        coordinate.
    batch_size : int, default 32
        Rows of a batch; the last batch of an epoch has those that are left.
    epochs : int, default 10
        How often all rows are gone through.
    learning_rate : float, Schedule or callable, default 0.01
        η: a positive number, a schedule of :mod:`underhood.optimize.schedules`, or a function that gives η for step
        k = 0, 1, …. With a constant rate the walk ends up wandering around the minimum, at a distance that grows with
        the rate; falling rates bring it to rest.
    method, momentum, beta1, beta2, epsilon
        As in :func:`gradient_descent`.
    shuffle : bool, default True
        Whether each epoch has the rows in a new random order. In their own order, rows that are sorted mislead.
    averaging : bool, default False
        Whether ``x`` is the mean of the points of the second half of all steps, in which the wandering cancels out,
        rather than the last point.
    keep_path : bool, default True
        Whether to keep every point.
    rng : int, numpy.random.Generator or None
        The seed of the orders; the same seed gives the same walk. None takes a fresh one.
    callback : callable, optional
        Called with a copy of the point after each step; ends the walk by raising ``StopIteration``.

    Returns
    -------
    StochasticResult
        ``x``, ``fun``, ``message``, ``path``, the batches' losses ``values`` and the whole ones ``epoch_values``; draws
        itself with ``.plot()`` and ``.animate()``.

    Raises
    ------
    TypeError
        A function cannot be called, or returns something other than numbers.
    ValueError
        ``x0`` or ``data`` is empty, arrays of ``data`` have different numbers of rows, the loss or its gradient is not
        finite at ``x0``, an option is out of range. Whatever the functions raise comes out as it is.

    Notes
    -----
    H. Robbins, S. Monro (1951), https://doi.org/10.1214/aoms/1177729586; L. Bottou, F. E. Curtis, J. Nocedal (2018),
    https://doi.org/10.1137/16M1080173. Averaging: B. T. Polyak, A. B. Juditsky (1992),
    https://doi.org/10.1137/0330046, over the second half as in A. Rakhlin, O. Shamir, K. Sridharan (2012),
    https://arxiv.org/abs/1109.5647.

    Examples
    --------
    >>> from underhood.optimize import stochastic_gradient_descent
    >>> rng = np.random.default_rng(1)
    >>> X = rng.normal(size=(200, 2))
    >>> y = X @ [2.0, -1.0] + rng.normal(scale=0.1, size=200)
    >>> def loss(w, X, y):
    ...     return np.mean((X @ w - y) ** 2)
    >>> def slope(w, X, y):
    ...     return 2 * X.T @ (X @ w - y) / len(y)
    >>> walk = stochastic_gradient_descent(
    ...     loss, [0.0, 0.0], (X, y), gradient=slope, learning_rate=0.05, epochs=20, rng=0
    ... )
    >>> bool(np.allclose(walk.x, [2, -1], atol=0.05)), walk.nit, walk.epoch_values.shape
    (True, 140, (21,))
    """
    name = "stochastic_gradient_descent"
    arrays = data if isinstance(data, tuple) else (data,)
    if not arrays:
        raise ValueError(f"{name}: data is an empty tuple, but must hold at least one array")
    flags = tuple(
        flag(name, argument, value)
        for argument, value in (("shuffle", shuffle), ("averaging", averaging), ("keep_path", keep_path))
    )
    exact = _traced(loss, x0, arrays, batch_size) if gradient is None else None
    runs, slopes = (loss, gradient) if exact is None else exact
    with np.errstate(all="ignore"):
        (x, fun), counts, (reason, message), path, columns, (method, parameters) = _core.stochastic_gradient_descent(
            runs, x0, list(arrays), slopes, core_rate(name, learning_rate),
            (method, momentum, beta1, beta2, epsilon), (batch_size, epochs), flags, rng, callback,
        )  # fmt: skip
    values, epoch_values, norms, lengths, rates = columns
    read = [np.asarray(array, dtype=float) for array in arrays]
    how = "given" if gradient is not None else "numerical" if exact is None else "exact"
    return StochasticResult(
        x, fun, *counts, reason == "epochs" and bool(fun <= epoch_values[0]), _STATUS[reason], reason, message, path,
        values, epoch_values, norms, lengths, rates, min(int(batch_size), len(read[0])), rate_shown(learning_rate),
        method, dict(parameters), flags[1], how,
        lambda w: loss(w, *(array.copy() for array in read)),
    )  # fmt: skip

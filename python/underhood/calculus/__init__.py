"""Derivatives and integrals of functions that can only be called.

``derivative(f, x)`` is the slope of ``f`` at ``x``, ``gradient(f, x)`` the vector of slopes along each coordinate.
Both are found by calling ``f`` near ``x`` at shrinking steps and extrapolating to step zero, and both know how good
they are:

>>> import math
>>> from underhood.calculus import derivative, gradient
>>> d = derivative(math.exp, 1.0)
>>> abs(d - math.e) <= d.error < 1e-12
True
>>> d.converged, d.method
(True, 'central')

The result is a float that carries its ``error``; in a notebook it shows itself as ``2.718281828459046 ± 5e-14
(…)``. Where there is no derivative, an :class:`AccuracyWarning` says why, and ``converged`` is False:

>>> import warnings
>>> with warnings.catch_warnings(record=True) as caught:
...     warnings.simplefilter("always")
...     corner = derivative(abs, 0.0)
>>> print(str(caught[0].message).partition(": ")[2])
not converged at x = 0.0: f has a corner: its derivative is -1.000000 on the left and 1.000000 on the right
>>> corner.converged
False

A gradient is a NumPy array:

>>> gradient(lambda x: x[0] ** 2 + 3 * x[1], [2.0, 1.0]).round(10)
array([4., 3.])

``integrate(f, a, b)`` is the area under ``f``, whether the range is infinite, the ends are singular, or ``f`` has
kinks, jumps and waves; over regions the limits are pairs. An integral that diverges is refused:

>>> from underhood.calculus import integrate
>>> round(integrate(math.exp, -math.inf, 0), 12)
1.0
>>> integrate(lambda x: 1 / x, 1, math.inf)
Traceback (most recent call last):
...
ValueError: integrate: f has a divergent integral: it behaves only like 1/|x| towards inf

``riemann_sum`` shows how integrals come about; ``trapezoid``, ``simpson`` and ``cumulative`` integrate values on a
grid; ``arc_length`` and ``line_integral`` go along curves.
"""

from underhood.calculus._curves import arc_length, line_integral
from underhood.calculus._derivative import Gradient, derivative, gradient
from underhood.calculus._estimate import AccuracyWarning, Estimate
from underhood.calculus._integrals import integrate
from underhood.calculus._sums import cumulative, riemann_sum, simpson, trapezoid

__all__ = [
    "AccuracyWarning",
    "Estimate",
    "Gradient",
    "arc_length",
    "cumulative",
    "derivative",
    "gradient",
    "integrate",
    "line_integral",
    "riemann_sum",
    "simpson",
    "trapezoid",
]


def __dir__() -> list[str]:
    return sorted(__all__)

"""Limits, derivatives and what is made of them: of functions that can be called, and of those that can be traced.
"""

from underhood.calculus._critical import (An, CriticalPoint, CriticalPoints, Traceback, ValueError, a, about, along, and, arc_length, are, area, b, behaves, calculus, call, come, critical_points, cumulative, curves, divergent, diverges, ends, exp, f, from, go, grid, has, how, import, inf, infinite, integral, integrals, integrate, is, it, jumps, kinks, lambda, last, like, limits, line_integral, math, most, on, only, or, over, pairs, range, recent, refused, regions, riemann_sum, round, shows, simpson, singular, that, the, towards, trapezoid, under, underhood, values, waves, whether, x)
from underhood.calculus._derivative import (Gradient, derivative, gradient)
from underhood.calculus._equations import (OdeResult, OdeSolution, solve_ivp)
from underhood.calculus._estimate import (AccuracyWarning, Estimate)
from underhood.calculus._fields import (Derivatives, curl, divergence, hessian, jacobian, laplacian)
from underhood.calculus._limit import (Approach, Limit, limit)
from underhood.calculus._partial import (directional_derivative, partial)
from underhood.calculus._table import (DerivativeTable, derivative_table)
from underhood.calculus._tangent import (Linearization, TangentLine, linearize, tangent_line)
from underhood.calculus._taylor import (Taylor, taylor)
"""Limits, derivatives and integrals, and differential equations: the learner's calculus.

=============================  ==================================================================================
where a function is going      :func:`limit`
how fast it changes            :func:`derivative`, :func:`derivative_table`, :func:`tangent_line`
several variables              :func:`partial`, :func:`gradient`, :func:`directional_derivative`, :func:`linearize`
several values, second order   :func:`jacobian`, :func:`hessian`
fields                         :func:`divergence`, :func:`curl`, :func:`laplacian`
polynomials that stand for it  :func:`taylor`
where it is level              :func:`critical_points`
the area under it              :func:`integrate`; :func:`riemann_sum` shows how integrals come about
values on a grid               :func:`trapezoid`, :func:`simpson`, :func:`cumulative`
along curves                   :func:`arc_length`, :func:`line_integral`
differential equations         :func:`solve_ivp`
=============================  ==================================================================================

A function that can be traced is differentiated exactly. Any other is called near the point at shrinking steps, and the
quotients are extrapolated to step zero; the result knows how good it is:

>>> import math
>>> from underhood.calculus import derivative, gradient
>>> d = derivative(math.exp, 1.0)
>>> abs(d - math.e) <= d.error < 1e-12
True
>>> d.converged, d.method
(True, 'central')

It is a float that carries its ``error``; in a notebook it shows itself as ``2.718281828459046 ± 5e-14 (…)``.
Where there is no derivative, an :class:`AccuracyWarning` says why, and ``converged`` is False:

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

Differential equations are solved by :func:`solve_ivp`:

>>> from underhood.calculus import solve_ivp
>>> r = solve_ivp(lambda t, y: y * (1 - y), (0, 5), 0.1)
>>> f"{r.y[-1]:.6f}"
'0.942826'
"""

from underhood.calculus._critical import CriticalPoint, CriticalPoints, critical_points
from underhood.calculus._curves import arc_length, line_integral
from underhood.calculus._derivative import Gradient, derivative, gradient
from underhood.calculus._equations import OdeResult, OdeSolution, solve_ivp
from underhood.calculus._estimate import AccuracyWarning, Estimate
from underhood.calculus._fields import Derivatives, curl, divergence, hessian, jacobian, laplacian
from underhood.calculus._integrals import integrate
from underhood.calculus._limit import Approach, Limit, limit
from underhood.calculus._partial import directional_derivative, partial
from underhood.calculus._sums import cumulative, riemann_sum, simpson, trapezoid
from underhood.calculus._table import DerivativeTable, derivative_table
from underhood.calculus._tangent import Linearization, TangentLine, linearize, tangent_line
from underhood.calculus._taylor import Taylor, taylor

__all__ = [
    "AccuracyWarning",
    "Approach",
    "CriticalPoint",
    "CriticalPoints",
    "DerivativeTable",
    "Derivatives",
    "Estimate",
    "Gradient",
    "Limit",
    "Linearization",
    "OdeResult",
    "OdeSolution",
    "TangentLine",
    "Taylor",
    "arc_length",
    "critical_points",
    "cumulative",
    "curl",
    "derivative",
    "derivative_table",
    "directional_derivative",
    "divergence",
    "gradient",
    "hessian",
    "integrate",
    "jacobian",
    "laplacian",
    "limit",
    "line_integral",
    "linearize",
    "partial",
    "riemann_sum",
    "simpson",
    "solve_ivp",
    "tangent_line",
    "taylor",
    "trapezoid",
]


def __dir__() -> list[str]:
    return sorted(__all__)

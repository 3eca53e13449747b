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

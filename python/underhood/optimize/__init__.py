"""Finding where a function is least, and where equations hold.

=========================  =======================================================================================
walk downhill              :func:`gradient_descent`, :func:`stochastic_gradient_descent`
roots                      :func:`find_root` and :func:`bisect` between two points, :func:`newton` near one,
                           :func:`root` of systems
fit a curve to points      :func:`curve_fit`; :func:`least_squares` of any residuals
under constraints          :func:`minimize` with ``constraints``; :func:`lagrange` for any stationary point under
                           equations; both with multipliers
linear, quadratic          :func:`linear_program`, :func:`quadratic_program`, with shadow prices
convex?                    :func:`is_convex`
=========================  =======================================================================================

:func:`gradient_descent` walks downhill, and its result keeps the whole walk: every point, value and gradient, and
the reason why it ended.

:func:`minimize` goes there by the shortest way: BFGS, with bounds L-BFGS-B, and others by name.
:func:`minimize_scalar` does so for functions of one number.

>>> import numpy as np
>>> from underhood.optimize import gradient_descent
>>> walk = gradient_descent(lambda x: (x[0] - 1) ** 2 + 10 * x[1] ** 2, [4.0, 1.0], learning_rate=0.05)
>>> walk.success, walk.reason
(True, 'converged')
>>> bool(np.allclose(walk.x, [1, 0]))
True
>>> walk.path.shape == (walk.nit + 1, 2)
True

Steps may follow other rules than the plain one (momentum, Nesterov, AdaGrad, RMSProp, Adam), and rates that change
(:mod:`underhood.optimize.schedules`) or are searched for along the line. :func:`stochastic_gradient_descent` looks at
a few rows of the data at a time. Results draw themselves (``.plot()``) and can be watched (``.animate()``).

A rate that is too large overshoots further with each step. A :class:`LearningRateWarning` says so before the first one,
with the critical rate; and if it happens, the result says so, and which rates would not:

>>> walk = gradient_descent(
...     lambda x: 10 * x[0] ** 2, [1.0], gradient=lambda x: 20 * x, learning_rate=0.11, check_rate=False
... )
>>> walk.reason
'diverged'
>>> round(walk.curvature, 6), walk.message.endswith("rates above 2/L = 0.1 overshoot further each time; try 0.05")
(20.0, True)
"""

from underhood.optimize import schedules
from underhood.optimize._convexity import ConvexityResult, is_convex
from underhood.optimize._curve_fit import CurveFitResult, curve_fit
from underhood.optimize._descent import DescentResult, gradient_descent
from underhood.optimize._lagrange import LagrangeResult, lagrange
from underhood.optimize._least_squares import LeastSquaresResult, least_squares
from underhood.optimize._minimize import ConstrainedMinimizeResult, MinimizeResult, minimize
from underhood.optimize._minimize_scalar import ScalarMinimum, minimize_scalar
from underhood.optimize._programs import ProgramResult, linear_program, quadratic_program
from underhood.optimize._rates import LearningRateWarning
from underhood.optimize._result import OptimizeResult
from underhood.optimize._roots import BisectionResult, NewtonResult, RootResult, bisect, find_root, newton, root
from underhood.optimize._stochastic import StochasticResult, stochastic_gradient_descent

__all__ = [
    "BisectionResult",
    "ConstrainedMinimizeResult",
    "ConvexityResult",
    "CurveFitResult",
    "DescentResult",
    "LagrangeResult",
    "LearningRateWarning",
    "LeastSquaresResult",
    "MinimizeResult",
    "NewtonResult",
    "OptimizeResult",
    "ProgramResult",
    "RootResult",
    "ScalarMinimum",
    "StochasticResult",
    "bisect",
    "curve_fit",
    "find_root",
    "gradient_descent",
    "is_convex",
    "lagrange",
    "least_squares",
    "linear_program",
    "minimize",
    "minimize_scalar",
    "newton",
    "quadratic_program",
    "root",
    "schedules",
    "stochastic_gradient_descent",
]


def __dir__() -> list[str]:
    return sorted(__all__)

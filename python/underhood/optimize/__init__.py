"""Finding where a function is least, and where equations hold.

=========================  =======================================================================================
walk downhill              :func:`gradient_descent`
roots                      :func:`find_root` and :func:`bisect` between two points, :func:`newton` near one,
                           :func:`root` of systems
fit a curve to points      :func:`curve_fit`; :func:`least_squares` of any residuals
under equations            :func:`lagrange`, with multipliers
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

A rate that is too large overshoots further with each step. The result says so, and which rates would not:

>>> walk = gradient_descent(lambda x: 10 * x[0] ** 2, [1.0], gradient=lambda x: 20 * x, learning_rate=0.11)
>>> walk.reason
'diverged'
>>> round(walk.curvature, 6), walk.message.endswith("rates above 2/L = 0.1 overshoot further each time; try 0.05")
(20.0, True)
"""

__all__ = [
    "BisectionResult",
    "ConvexityResult",
    "CurveFitResult",
    "DescentResult",
    "LagrangeResult",
    "LeastSquaresResult",
    "MinimizeResult",
    "NewtonResult",
    "OptimizeResult",
    "ProgramResult",
    "RootResult",
    "ScalarMinimum",
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
]


def __dir__() -> list[str]:
    return sorted(__all__)

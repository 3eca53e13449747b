"""Finding where a function is least.

:func:`gradient_descent` walks downhill, and its result keeps the whole walk: every point, value and gradient, and
the reason why it ended.

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
from underhood.optimize._descent import DescentResult, gradient_descent
from underhood.optimize._rates import LearningRateWarning
from underhood.optimize._result import OptimizeResult
from underhood.optimize._stochastic import StochasticResult, stochastic_gradient_descent

__all__ = [
    "DescentResult",
    "LearningRateWarning",
    "OptimizeResult",
    "StochasticResult",
    "gradient_descent",
    "schedules",
    "stochastic_gradient_descent",
]


def __dir__() -> list[str]:
    return sorted(__all__)

"""The exception and the warning that the compiled core raises beside Python's own."""

import numpy as np


class LinAlgError(np.linalg.LinAlgError):
    """A matrix does not allow the operation: it is singular, or not positive definite.

    A subclass of :class:`numpy.linalg.LinAlgError`, hence of ``ValueError``.
    """


class IllConditionedWarning(RuntimeWarning):
    """A matrix is so nearly singular that few digits of the result are safe.

    The message has the estimated condition number and how many digits of the result numbers rounded to 16 digits
    determine.
    """

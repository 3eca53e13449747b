"""The exception that the compiled core raises beside ValueError and TypeError."""

import numpy as np


class LinAlgError(np.linalg.LinAlgError):
    """A matrix does not allow the operation: it is singular, or not positive definite.

    A subclass of :class:`numpy.linalg.LinAlgError`, hence of ``ValueError``.
    """

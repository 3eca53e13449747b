"""Linear algebra."""

from underhood._core.linalg import trace
from underhood._errors import LinAlgError

__all__ = ["LinAlgError", "trace"]

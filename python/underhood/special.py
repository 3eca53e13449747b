"""Special."""

__all__: list[str] = []

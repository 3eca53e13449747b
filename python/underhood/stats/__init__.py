"""Stats."""

__all__: list[str] = []

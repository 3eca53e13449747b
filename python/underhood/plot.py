"""Plot."""

__all__: list[str] = []

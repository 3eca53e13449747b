"""Optimize."""

__all__: list[str] = []

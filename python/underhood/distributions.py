"""Distributions."""

__all__: list[str] = []

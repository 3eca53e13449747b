"""Datasets."""

__all__: list[str] = []

"""Calculus."""

__all__: list[str] = []

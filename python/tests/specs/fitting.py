"""Least squares."""

from specs import Spec

SPECS: list[Spec] = []

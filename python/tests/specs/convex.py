"""Convex programs."""

from specs import Spec

SPECS: list[Spec] = []

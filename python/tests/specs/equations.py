"""Differential equations."""

from specs import Spec

SPECS: list[Spec] = []

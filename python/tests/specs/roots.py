"""Roots."""

from specs import Spec

SPECS: list[Spec] = []

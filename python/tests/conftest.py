"""What every test of the package starts from."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")


@pytest.fixture
def rng() -> np.random.Generator:
    """Seeded: a failure can be repeated."""
    return np.random.default_rng(20261122)

"""What every test of the package starts from."""

from collections.abc import Iterator

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import settings

matplotlib.use("agg")

# The same examples in every run, so that what passed passes again; `--hypothesis-profile=default` draws fresh ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

SUMMARY = pytest.StashKey[str]()
"""What the session shall say at its end."""


def pytest_terminal_summary(terminalreporter, config):
    """Print what the table of bad input came to."""
    if SUMMARY in config.stash:
        terminalreporter.write_line(config.stash[SUMMARY])


@pytest.fixture
def rng() -> np.random.Generator:
    """Seeded: a failure can be repeated."""
    return np.random.default_rng(20261122)


@pytest.fixture(autouse=True)
def _no_figures_left() -> Iterator[None]:
    """Close what a test or an example drew: matplotlib warns when too many figures stay open."""
    yield
    plt.close("all")

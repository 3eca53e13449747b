"""The scripts that measure accuracy run, and read the whole of their tables' kinds of rows."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "benches" / "accuracy"


def test_the_special_functions_are_scored():
    command = [sys.executable, str(SCRIPTS / "special.py"), "--print", "--every", "40"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    lines = text.splitlines()
    # A heading, a rule, 34 functions and their sum.
    assert len(lines) == 37
    last = [cell.strip() for cell in lines[-1].split("|")[1:-1]]
    assert last[0] == "**all**"
    # Ours: every point to twelve digits, none below six, none without a number.
    assert (last[4], last[6], last[8]) == ("100 %", "0 %", "0")


def test_the_distributions_are_scored():
    command = [sys.executable, str(SCRIPTS / "distributions.py"), "--print", "--every", "8"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    families, methods = text.strip().split("\n\n")
    # Beside a heading, a rule and their sum: 24 families, eight methods.
    assert (len(families.splitlines()), len(methods.splitlines())) == (24 + 3, 8 + 3)
    last = [cell.strip() for cell in families.splitlines()[-1].split("|")[1:-1]]
    assert int(last[1].replace(",", "")) > 1000
    # Ours: at least 99.9 % to twelve digits, none below six, none without a number.
    assert float(last[4].removesuffix(" %")) >= 99.9
    assert (last[6], last[8]) == ("0 %", "0")


def test_every_value_of_a_distribution_has_twelve_digits():
    command = [sys.executable, str(SCRIPTS / "distributions.py"), "--misses"]
    assert subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout == ""

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

"""Print how many certified digits fits of NIST's nonlinear regressions have, beside SciPy's curve_fit.

Run it as ``python benches/accuracy/fitting.py``. Both sides get the same model, start and data, and no other argument;
neither has derivatives. Digits are -log10 of the largest relative error, at most 11, of the parameters and of their
standard errors; 0 where the fit raised. The data sets are NIST's Statistical Reference Datasets (public domain).
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import underhood as uh
from scipy import optimize

FOLDER = Path(__file__).parents[2] / "crates/underhood/tests/data/nls"


def exponentials(x, *b):
    """Lanczos' sums of three exponentials."""
    return sum(b[i] * np.exp(-b[i + 1] * x) for i in (0, 2, 4))


def gauss(x, *b):
    """Two bells on an exponential."""
    bells = sum(b[i] * np.exp(-(((x - b[i + 1]) / b[i + 2]) ** 2)) for i in (2, 5))
    return b[0] * np.exp(-b[1] * x) + bells


def cubics(x, *b):
    """Divide a cubic by a cubic."""
    return (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3)


def seasons(x, *b):
    """Three waves, of which two have a period to be found."""

    def wave(cosine, sine, period):
        return cosine * np.cos(2 * np.pi * x / period) + sine * np.sin(2 * np.pi * x / period)

    return b[0] + wave(b[1], b[2], 12) + wave(b[4], b[5], b[3]) + wave(b[7], b[8], b[6])


def saturation(x, b1, b2):
    """Rise to a level."""
    return b1 * (1 - np.exp(-b2 * x))


def decay(x, b1, b2, b3):
    """Chwirut's ultrasonic response."""
    return np.exp(-b1 * x) / (b2 + b3 * x)


MODELS: dict[str, Any] = {
    "Misra1a": saturation,
    "Chwirut2": decay,
    "Chwirut1": decay,
    "Lanczos3": exponentials,
    "Gauss1": gauss,
    "Gauss2": gauss,
    "DanWood": lambda x, b1, b2: b1 * x**b2,
    "Misra1b": lambda x, b1, b2: b1 * (1 - (1 + b2 * x / 2) ** -2),
    "Kirby2": lambda x, b1, b2, b3, b4, b5: (b1 + b2 * x + b3 * x**2) / (1 + b4 * x + b5 * x**2),
    "Hahn1": cubics,
    "Nelson": lambda x, b1, b2, b3: b1 - b2 * x[0] * np.exp(-b3 * x[1]),
    "MGH17": lambda x, b1, b2, b3, b4, b5: b1 + b2 * np.exp(-x * b4) + b3 * np.exp(-x * b5),
    "Lanczos1": exponentials,
    "Lanczos2": exponentials,
    "Gauss3": gauss,
    "Misra1c": lambda x, b1, b2: b1 * (1 - (1 + 2 * b2 * x) ** -0.5),
    "Misra1d": lambda x, b1, b2: b1 * b2 * x / (1 + b2 * x),
    "Roszman1": lambda x, b1, b2, b3, b4: b1 - b2 * x - np.arctan(b3 / (x - b4)) / np.pi,
    "ENSO": seasons,
    "MGH09": lambda x, b1, b2, b3, b4: b1 * (x**2 + x * b2) / (x**2 + x * b3 + b4),
    "Thurber": cubics,
    "BoxBOD": saturation,
    "Rat42": lambda x, b1, b2, b3: b1 / (1 + np.exp(b2 - b3 * x)),
    "MGH10": lambda x, b1, b2, b3: b1 * np.exp(b2 / (x + b3)),
    "Eckerle4": lambda x, b1, b2, b3: b1 / b2 * np.exp(-0.5 * ((x - b3) / b2) ** 2),
    "Rat43": lambda x, b1, b2, b3, b4: b1 / (1 + np.exp(b2 - b3 * x)) ** (1 / b4),
    "Bennett5": lambda x, b1, b2, b3: b1 * (b2 + x) ** (-1 / b3),
}


def read(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give x, y, and for each parameter both starts, the certified value and its standard deviation."""
    text = (FOLDER / f"{name}.dat").read_text()
    rows = [line.split("=")[1].split() for line in text.splitlines() if re.match(r"\s+b\d =", line)]
    body = text.split("Data:")[-1].splitlines()[1:]
    data = np.array([line.split() for line in body if line.strip()], dtype=float)
    x, y = data[:, 1:].T, data[:, 0]
    return (x if len(x) > 1 else x[0]), (np.log(y) if name == "Nelson" else y), np.array(rows, dtype=float)


def digits(found: np.ndarray, certified: np.ndarray) -> float:
    """Count the correct digits of the worst."""
    with np.errstate(all="ignore"):
        worst = np.max(np.abs((found - certified) / certified))
        return float(np.clip(-np.log10(worst), 0, 11)) if np.isfinite(worst) else 0.0


def ours(model, x, y, start):
    """Fit with underhood."""
    fit = uh.optimize.curve_fit(model, x, y, p0=start)
    return fit.params, fit.standard_errors


def theirs(model, x, y, start):
    """Fit with SciPy."""
    popt, pcov = optimize.curve_fit(model, x, y, p0=start)
    return popt, np.sqrt(np.diag(pcov))


def main() -> None:
    """Print the table, and how many are right to four and to nine digits."""
    counts = np.zeros((2, 2, 2), dtype=int)
    print(f"{'':10}  {'underhood':^23}   {'SciPy':^23}")
    print(f"{'':10}  {'start 1':^11} {'start 2':^11}   {'start 1':^11} {'start 2':^11}")
    for name, model in MODELS.items():
        x, y, table = read(name)
        cells = []
        for side, fit in enumerate((ours, theirs)):
            for start in range(2):
                with warnings.catch_warnings(), np.errstate(all="ignore"):
                    warnings.simplefilter("ignore")
                    try:
                        params, errors = fit(model, x, y, table[:, start])
                    except (RuntimeError, ValueError):
                        params = errors = np.full(len(table), np.nan)
                right = digits(params, table[:, 2])
                cells.append(f"{right:5.1f} {digits(errors, table[:, 3]):5.1f}")
                counts[side, start] += [right >= 4, right >= 9]
        print(f"{name:10}  {cells[0]} {cells[1]}   {cells[2]} {cells[3]}")
    for side, who in enumerate(("underhood", "SciPy")):
        for start in range(2):
            four, nine = counts[side, start]
            print(f"{who}, start {start + 1}: {four} of 27 to 4 digits, {nine} to 9")


if __name__ == "__main__":
    main()

"""Write derivatives.tsv: derivatives of orders 1 to 4 of a collection of functions, by mpmath at 60 digits.

Run it as ``python derivatives.py > derivatives.tsv``. The functions stand in tests/calculus.rs under the same names; every
constant is a double that both sides share, and every point is the double that is printed.
"""

import mpmath as mp

mp.mp.dps = 60
c = mp.mpf

FUNCTIONS = {
    "exp": (mp.exp, [1.0, -20.0, 1e-9, 50.0, 0.0]),
    "sin": (mp.sin, [1.0, 1e-8, 1000.5, 3.0]),
    "cos": (mp.cos, [1.0, 0.0, 1e-3, 25.25]),
    "tan": (mp.tan, [0.5, 1.57, -1.2]),
    "log": (mp.log, [2.0, 1e-3, 1e-6, 1e-12, 1e-300, 1e10, 1e300]),
    "sqrt": (mp.sqrt, [2.0, 1e-3, 1e-6, 1e-12, 1e-300, 1e8]),
    "reciprocal": (lambda x: 1 / x, [3.0, 1e-3, 1e-6, -1e-9, 1e70]),
    "square": (lambda x: x**2, [3.0, 1e-5, 1e150]),
    "cube": (lambda x: x**3, [1.5, 1e-100, -7.0]),
    "polynomial": (lambda x: x**5 - 4 * x**3 + 2 * x - 1, [0.5, 2.0, -30.0, 0.0]),
    "runge": (lambda x: 1 / (1 + 25 * x**2), [0.1, 0.5, 1.0]),
    "near_pole": (lambda x: 1 / (1 - x), [0.0, 0.999, 1.0009765625]),
    "log1p": (mp.log1p, [0.0, 1e-5, -0.999]),
    "expm1": (mp.expm1, [0.0, 1e-5, 2.0]),
    "sinh": (mp.sinh, [1.0, 0.25, -5.0]),
    "cosh": (mp.cosh, [1.0, 0.25, 5.0]),
    "tanh": (mp.tanh, [0.3, 2.0, -6.0]),
    "atan": (mp.atan, [0.3, 5.0, 100.0]),
    "asin": (mp.asin, [0.3, 0.99, -0.999999]),
    "acos": (mp.acos, [0.3, 0.9, -0.99]),
    "asinh": (mp.asinh, [0.3, 30.0, 0.0]),
    "acosh": (mp.acosh, [1.5, 1.0009765625, 40.0]),
    "atanh": (mp.atanh, [0.3, 0.99, -0.75]),
    "gauss": (lambda x: mp.exp(-(x**2)), [0.5, 2.0, 1e-4, 5.0]),
    "logistic": (lambda x: 1 / (1 + mp.exp(-x)), [0.0, 3.0, -10.0, 0.001]),
    "softplus": (lambda x: mp.log(1 + mp.exp(x)), [0.0, 2.0, -4.0]),
    "steep_logistic": (lambda x: 1 / (1 + mp.exp(-1000 * (x - c(0.5)))), [0.5, 0.501, 0.4990234375]),
    "narrow_gauss": (lambda x: mp.exp(-1000000 * (x - 1) ** 2), [1.0001220703125, 0.99951171875]),
    "fast_sine": (lambda x: mp.sin(1000 * x), [0.1, 1.0, 0.0]),
    "very_fast_sine": (lambda x: mp.sin(1000000 * x), [0.0, 0.75]),
    "slow_sine": (lambda x: mp.sin(x / 1024), [0.0, 1.0, 700.0]),
    "slow_exp": (lambda x: mp.exp(x / 1048576), [0.0, 1.0, 1e5]),
    "sine_product": (lambda x: x**2 * mp.sin(x), [1.0, 2.5, -3.0, 1e-3]),
    "damped": (lambda x: mp.exp(-x) * mp.cos(2 * x), [0.5, 2.0, 10.0]),
    "chirp": (lambda x: mp.sin(x**2), [1.0, 5.0, 12.0]),
    "essential": (lambda x: mp.exp(-1 / x), [1.0, 0.1, 0.02]),
    "x_log_x": (lambda x: x * mp.log(x), [1.0, 1e-4, 300.0]),
    "x_to_x": (lambda x: x**x, [0.5, 2.0, 3.5]),
    "power": (lambda x: x ** c(2.5), [2.0, 1e-2, 500.0]),
    "three_halves": (lambda x: x * mp.sqrt(x), [4.0, 1e-8]),
    "offset": (lambda x: 1000000 + mp.sin(x), [1.0]),
    "hypotenuse": (lambda x: mp.sqrt(1 + x**2), [0.0, 1.0, -30.0]),
    "rounded_corner": (lambda x: mp.sqrt(x**2 + c(2) ** -40), [0.0, 9.5367431640625e-07, 0.125]),
    "rational": (lambda x: (x**3 - 2) / (x**2 + 1), [0.5, 2.0, -8.0]),
    "sinc": (lambda x: mp.sin(x) / x, [1.0, 0.01, 20.0]),
    "log_sine": (lambda x: mp.log(2 + mp.sin(x)), [0.3, 4.0, 7.0]),
    "log_cosh": (lambda x: mp.log(mp.cosh(x)), [0.5, -3.0, 0.001]),
    "nested": (lambda x: mp.sin(mp.exp(x)), [0.0, 1.0, 3.0]),
    "inverse_square": (lambda x: 1 / x**2, [0.5, 1e-3, -4.0]),
    "cosine_root": (lambda x: mp.cos(mp.sqrt(x)), [1.0, 1e-3, 50.0]),
}

print("function\tx\tfirst\tsecond\tthird\tfourth")
for name, (function, points) in FUNCTIONS.items():
    for x in points:
        # Central differences at a step of 1e-30 scales and 300 digits: truncation beyond the 50th digit, rounding beyond the 100th.
        with mp.workdps(300):
            step = mp.mpf(10) ** -30 * (abs(mp.mpf(x)) if x else 1)
            at = [function(mp.mpf(x) + k * step) for k in (-2, -1, 0, 1, 2)]
            exact = [
                (at[3] - at[1]) / (2 * step),
                (at[3] - 2 * at[2] + at[1]) / step**2,
                (at[4] - 2 * at[3] + 2 * at[1] - at[0]) / (2 * step**3),
                (at[4] - 4 * at[3] + 6 * at[2] - 4 * at[1] + at[0]) / step**4,
            ]
        # What a double cannot hold is left out; the differences' own rounding around a zero is a zero.
        exact = [0 if abs(value) < mp.mpf(10) ** -100 * abs(at[2] or 1) / (step * 10**30) ** (i + 1) else value for i, value in enumerate(exact)]
        exact = [value if value == 0 or 1e-300 < abs(value) < 1e300 else mp.nan for value in exact]
        print(name, repr(x), *(mp.nstr(value, 20) for value in exact), sep="\t")

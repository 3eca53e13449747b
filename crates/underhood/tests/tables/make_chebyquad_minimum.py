"""The local minimum of Chebyquad in ten variables that Moré, Garbow and Hillstrom do not list, to 30 digits.

Run `python make_chebyquad_minimum.py`. It prints the point, the value (used in tests/suite/minimize.rs), the largest
entry of the gradient, and the eigenvalues of the second derivatives, all of which are positive. Newton's method on the
gradient starts from four digits of the point, which is symmetric about 1/2; two coordinates on each side coincide.
"""

import mpmath as mp

mp.mp.dps = 40
START = ["0.0271", "0.1318", "0.2077", "0.3851", "0.3851", "0.6149", "0.6149", "0.7923", "0.8682", "0.9729"]
N = len(START)


def shifted(i, x):
    """Give T_i(2x - 1) and its first two derivatives in x, by the recurrence and its derivatives."""
    t = 2 * x - 1
    before, here = (mp.mpf(1), mp.mpf(0), mp.mpf(0)), (t, mp.mpf(2), mp.mpf(0))
    for _ in range(i - 1):
        (a0, a1, a2), (b0, b1, b2) = before, here
        before, here = here, (2 * t * b0 - a0, 4 * b0 + 2 * t * b1 - a1, 8 * b1 + 2 * t * b2 - a2)
    return here


def derivatives(x):
    """Give the value, the gradient and the second derivatives of the sum of squares."""
    value, gradient, hessian = mp.mpf(0), mp.matrix(N, 1), mp.matrix(N, N)
    for i in range(1, N + 1):
        terms = [shifted(i, x[j]) for j in range(N)]
        residual = sum(term[0] for term in terms) / N + (mp.mpf(1) / (i * i - 1) if i % 2 == 0 else 0)
        value += residual**2
        for j in range(N):
            gradient[j] += 2 * residual * terms[j][1] / N
            hessian[j, j] += 2 * residual * terms[j][2] / N
            for k in range(N):
                hessian[j, k] += 2 * terms[j][1] * terms[k][1] / N**2
    return value, gradient, hessian


def main():
    """Print the minimum."""
    x = mp.matrix([mp.mpf(v) for v in START])
    for _ in range(12):
        _, gradient, hessian = derivatives(x)
        x = x - mp.lu_solve(hessian, gradient)
    value, gradient, hessian = derivatives(x)
    print("x        ", [mp.nstr(v, 20) for v in x])
    print("f(x)     ", mp.nstr(value, 20))
    print("|grad|   ", mp.nstr(max(abs(v) for v in gradient), 3))
    print("curvature", [mp.nstr(v, 6) for v in mp.eigsy(hessian, eigvals_only=True)])


if __name__ == "__main__":
    main()

//! The smallest pieces of the QR algorithm: reflections of two or three coordinates, the standard form of a 2×2 block, and the exchange
//! of neighbouring blocks on the diagonal.
//!
//! Sources: G. Golub and C. Van Loan, Matrix Computations, §§5.1, 7.4; Z. Bai and J. Demmel, "On swapping diagonal blocks in real Schur
//! form", Linear Algebra Appl. 186 (1993), doi:10.1016/0024-3795(93)90286-W, which also gives the standard form.

use super::columns::Columns;

/// Squares of numbers between these bounds are normal numbers.
const SMALL: f64 = 1e-140;
const LARGE: f64 = 1e140;

/// A reflection I − τ·v·vᵀ with v₀ = 1 that maps a vector to (β, 0, …).
#[derive(Debug, Clone, Copy)]
pub(super) struct Reflection<const N: usize> {
    pub(super) v: [f64; N],
    pub(super) tau: f64,
    pub(super) beta: f64,
}

/// The reflection that maps `x` to a multiple of the first axis; the identity when it lies there already.
#[inline(always)]
pub(super) fn reflection<const N: usize>(x: [f64; N]) -> Reflection<N> {
    let mut v = [0.0; N];
    v[0] = 1.0;
    let tail = x[1..].iter().fold(0.0_f64, |m, e| m.max(e.abs()));
    if tail == 0.0 {
        return Reflection { v, tau: 0.0, beta: x[0] };
    }
    let largest = tail.max(x[0].abs());
    let scale = if (SMALL..LARGE).contains(&largest) { 1.0 } else { largest };
    let scaled = x.map(|e| e / scale);
    let length = scaled.iter().map(|e| e * e).sum::<f64>().sqrt();
    let beta = if x[0] > 0.0 { -length } else { length };
    let pivot = scaled[0] - beta;
    let reciprocal = 1.0 / pivot;
    for i in 1..N {
        v[i] = scaled[i] * reciprocal;
    }
    Reflection { v, tau: -pivot / beta, beta: beta * scale }
}

/// A 2×2 block [[a, b], [c, d]] in standard form (c = 0, or a = d and b·c < 0) and the rotation [[cos, −sin], [sin, cos]] =: R with
/// R·standard·Rᵀ = block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standard {
    pub(crate) a: f64,
    pub(crate) b: f64,
    pub(crate) c: f64,
    pub(crate) d: f64,
    pub(super) cos: f64,
    pub(super) sin: f64,
}

impl Standard {
    /// The two eigenvalues as real part and (nonnegative) imaginary part: a ± √(b·c), or a and d.
    pub(crate) fn imaginary(&self) -> f64 {
        if self.c == 0.0 { 0.0 } else { self.b.abs().sqrt() * self.c.abs().sqrt() }
    }
}

/// √(x² + y²), without a call where squares stay in range.
#[inline(always)]
fn hypotenuse(x: f64, y: f64) -> f64 {
    let square = x * x + y * y;
    if (1e-280..1e280).contains(&square) { square.sqrt() } else { x.hypot(y) }
}

/// Brings a block to standard form.
///
/// Real eigenvalues are those of z² − z·(a − d) − b·c = 0 shifted by d; the larger root comes without cancellation. Otherwise the
/// rotation makes the diagonal equal: tan 2θ = (d − a)/(b + c). Blocks whose eigenvalues differ by a rounding error take the second way too.
#[inline]
pub(crate) fn standardize(a: f64, b: f64, c: f64, d: f64) -> Standard {
    if c == 0.0 {
        return Standard { a, b, c, d, cos: 1.0, sin: 0.0 };
    }
    if b == 0.0 {
        return Standard { a: d, b: -c, c: 0.0, d: a, cos: 0.0, sin: 1.0 };
    }
    if a == d && (b > 0.0) != (c > 0.0) {
        return Standard { a, b, c, d, cos: 1.0, sin: 0.0 };
    }
    let half = 0.5 * (a - d);
    let (larger, smaller) = (b.abs().max(c.abs()), b.abs().min(c.abs()).copysign(b * c.signum()));
    let scale = half.abs().max(larger);
    // (half² + b·c) / scale
    let discriminant = half / scale * half + larger / scale * smaller;
    if discriminant >= 4.0 * f64::EPSILON * scale {
        let z = half + (scale.sqrt() * discriminant.sqrt()).copysign(half);
        let length = hypotenuse(c, z);
        return Standard { a: d + z, b: b - c, c: 0.0, d: d - larger / z * smaller, cos: z / length, sin: c / length };
    }
    let (sum, difference) = (b + c, a - d);
    let length = hypotenuse(sum, difference);
    if length == 0.0 {
        return Standard { a, b, c, d, cos: 1.0, sin: 0.0 };
    }
    let cos = (0.5 * (1.0 + sum.abs() / length)).sqrt();
    let sin = -(half / (length * cos)) * 1.0_f64.copysign(sum);
    let (a1, b1, c1, d1) = (a * cos + b * sin, b * cos - a * sin, c * cos + d * sin, d * cos - c * sin);
    let (a2, b2, c2, d2) = (a1 * cos + c1 * sin, b1 * cos + d1 * sin, c1 * cos - a1 * sin, d1 * cos - b1 * sin);
    let mean = 0.5 * a2 + 0.5 * d2;
    if c2 == 0.0 || b2 == 0.0 || (b2 > 0.0) != (c2 > 0.0) {
        if b2 == 0.0 && c2 != 0.0 {
            return Standard { a: mean, b: -c2, c: 0.0, d: mean, cos: -sin, sin: cos };
        }
        return Standard { a: mean, b: b2, c: c2, d: mean, cos, sin };
    }
    // Equal diagonal and b·c > 0: two real eigenvalues mean ± √(b·c) after all.
    let (root_b, root_c) = (b2.abs().sqrt(), c2.abs().sqrt());
    let p = (root_b * root_c).copysign(c2);
    let tau = 1.0 / (b2 + c2).abs().sqrt();
    let (cos2, sin2) = (root_b * tau, root_c * tau);
    Standard {
        a: mean + p,
        b: b2 - c2,
        c: 0.0,
        d: mean - p,
        cos: cos * cos2 - sin * sin2,
        sin: cos * sin2 + sin * cos2,
    }
}

/// Brings the block at (j, j) of a quasi-triangular matrix to standard form, turning the rest of the matrix and `z` along.
pub(super) fn standardize_at(t: &mut Columns, z: &mut Columns, j: usize) {
    let s = standardize(t[(j, j)], t[(j, j + 1)], t[(j + 1, j)], t[(j + 1, j + 1)]);
    if s.sin != 0.0 {
        for column in j + 2..t.n() {
            let (x, y) = (t[(j, column)], t[(j + 1, column)]);
            t[(j, column)] = s.cos * x + s.sin * y;
            t[(j + 1, column)] = s.cos * y - s.sin * x;
        }
        for (m, rows) in [(&mut *t, j), (&mut *z, usize::MAX)] {
            let (left, right) = m.two(j);
            for (x, y) in left.iter_mut().zip(right).take(rows) {
                (*x, *y) = (s.cos * *x + s.sin * *y, s.cos * *y - s.sin * *x);
            }
        }
    }
    t[(j, j)] = s.a;
    t[(j, j + 1)] = s.b;
    t[(j + 1, j)] = s.c;
    t[(j + 1, j + 1)] = s.d;
}

/// Exchanges the p×p block at (j, j) with the q×q block that follows it, by an orthogonal similarity that `z` follows. Nothing is
/// changed, and `false` returned, when the blocks are too close for an exchange that is exact to rounding.
pub(super) fn exchange(t: &mut Columns, z: &mut Columns, j: usize, p: usize, q: usize) -> bool {
    let m = p + q;
    // T₁₁·X − X·T₂₂ = T₁₂: the columns of (−X; I) span the invariant subspace that belongs to T₂₂.
    let unknowns = p * q;
    let mut system = [[0.0; 5]; 4];
    for row in 0..p {
        for column in 0..q {
            let equation = &mut system[row + column * p];
            for k in 0..p {
                equation[k + column * p] += t[(j + row, j + k)];
            }
            for k in 0..q {
                equation[row + k * p] -= t[(j + p + k, j + p + column)];
            }
            equation[4] = t[(j + row, j + p + column)];
        }
    }
    let mut size = 0.0_f64;
    for row in 0..m {
        for column in 0..m {
            size = size.max(t[(j + row, j + column)].abs());
        }
    }
    let floor = (f64::EPSILON * size).max(f64::MIN_POSITIVE / f64::EPSILON);
    let Some(x) = eliminate(&mut system, unknowns, floor) else { return false };
    let mut basis = [[0.0; 2]; 4];
    for column in 0..q {
        for row in 0..p {
            basis[row][column] = -x[row + column * p];
        }
        basis[p + column][column] = 1.0;
    }
    let turn = orthogonal(basis, m, q);
    // Turned block: turnᵀ·T·turn.
    let mut block = [[0.0; 4]; 4];
    for row in 0..m {
        for column in 0..m {
            let mut sum = 0.0;
            for k in 0..m {
                for l in 0..m {
                    sum += turn[k][row] * t[(j + k, j + l)] * turn[l][column];
                }
            }
            block[row][column] = sum;
        }
    }
    for row in q..m {
        for column in 0..q {
            if block[row][column].abs() > 10.0 * f64::EPSILON * size {
                return false;
            }
        }
    }
    for column in j..t.n() {
        let old: [f64; 4] = std::array::from_fn(|k| if k < m { t[(j + k, column)] } else { 0.0 });
        for row in 0..m {
            t[(j + row, column)] = (0..m).map(|k| turn[k][row] * old[k]).sum();
        }
    }
    for (matrix, rows) in [(&mut *t, j + m), (&mut *z, usize::MAX)] {
        for row in 0..rows.min(matrix.rows()) {
            let old: [f64; 4] = std::array::from_fn(|k| if k < m { matrix[(row, j + k)] } else { 0.0 });
            for column in 0..m {
                matrix[(row, j + column)] = (0..m).map(|k| old[k] * turn[k][column]).sum();
            }
        }
    }
    for row in q..m {
        for column in 0..q {
            t[(j + row, j + column)] = 0.0;
        }
    }
    if q == 2 {
        standardize_at(t, z, j);
    }
    if p == 2 {
        standardize_at(t, z, j + q);
    }
    true
}

/// Elimination with complete pivoting of a system of at most four equations, whose right-hand side is the last column. A pivot below
/// `floor` is raised to it: the caller looks at what comes out.
fn eliminate(system: &mut [[f64; 5]; 4], n: usize, floor: f64) -> Option<[f64; 4]> {
    let mut order = [0, 1, 2, 3];
    for k in 0..n {
        let (mut row, mut column) = (k, k);
        for i in k..n {
            for l in k..n {
                if system[i][l].abs() > system[row][column].abs() {
                    (row, column) = (i, l);
                }
            }
        }
        system.swap(k, row);
        system.iter_mut().for_each(|equation| equation.swap(k, column));
        order.swap(k, column);
        if system[k][k].abs() < floor {
            system[k][k] = floor;
        }
        for i in k + 1..n {
            let factor = system[i][k] / system[k][k];
            for l in k..5 {
                system[i][l] -= factor * system[k][l];
            }
        }
    }
    let mut x = [0.0; 4];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|l| system[k][l] * x[order[l]]).sum();
        x[order[k]] = (system[k][4] - known) / system[k][k];
    }
    x.iter().all(|v| v.abs() < LARGE).then_some(x)
}

/// An orthogonal matrix whose first q columns span those of `basis`.
fn orthogonal(mut basis: [[f64; 2]; 4], m: usize, q: usize) -> [[f64; 4]; 4] {
    let mut turn = [[0.0; 4]; 4];
    for i in 0..4 {
        turn[i][i] = 1.0;
    }
    for k in 0..q {
        let mut x = [0.0; 4];
        for i in k..m {
            x[i - k] = basis[i][k];
        }
        let r = reflection(x);
        for column in 0..2 {
            let sum: f64 = (k..m).map(|i| r.v[i - k] * basis[i][column]).sum();
            for i in k..m {
                basis[i][column] -= r.tau * r.v[i - k] * sum;
            }
        }
        for row in &mut turn {
            let sum: f64 = (k..m).map(|i| r.v[i - k] * row[i]).sum();
            for i in k..m {
                row[i] -= r.tau * r.v[i - k] * sum;
            }
        }
    }
    turn
}

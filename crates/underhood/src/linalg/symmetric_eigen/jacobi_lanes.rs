//! Matrices of two to four rows, many at once: Jacobi's rotations, with one matrix in each lane of the vector unit.
//!
//! Each rotation makes one off-diagonal entry zero; sweeps over all of them converge quadratically. A lane that has converged turns by
//! nothing, so that no matrix's result depends on its neighbours', and a single matrix gets the bits that it would get in a stack.
//! (The closed form for 3×3 with its arc cosine loses half of the digits when eigenvalues are close.)
//!
//! Source: C. G. J. Jacobi (1846); G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition, §8.5.

use super::Triangle;
use crate::linalg::{magnitude, orientation};
use crate::simd::{mul_add, wide_kernel};

/// The largest matrix that is done this way.
pub(super) const LIMIT: usize = 4;

/// As many matrices are done at once in a stack: two vectors of eight, so that one computes while the other waits for its roots.
pub(super) const TOGETHER: usize = 16;

/// Sweeps; convergence takes six, nine for the hardest.
const SWEEPS: usize = 40;

/// For W matrices of N rows: entries, eigenvectors (columns), and whether squares of a matrix's entries fell below the range of doubles.
struct Lanes<const N: usize, const W: usize> {
    a: [[[f64; W]; N]; N],
    v: [[[f64; W]; N]; N],
    lost: [bool; W],
}

#[inline(always)]
fn diagonalise<const FMA: bool, const N: usize, const W: usize>(lanes: &mut Lanes<N, W>) {
    const UNIT: f64 = 0.25 * f64::EPSILON * f64::EPSILON;
    for i in 0..N {
        lanes.v[i] = [[0.0; W]; N];
        lanes.v[i][i] = [1.0; W];
    }
    lanes.lost = [false; W];
    for _ in 0..SWEEPS {
        let mut turned = [false; W];
        for p in 0..N {
            for q in p + 1..N {
                let (mut c, mut s) = ([1.0; W], [0.0; W]);
                for w in 0..W {
                    let (x, y, b) = (lanes.a[p][p][w], lanes.a[q][q][w], lanes.a[p][q][w]);
                    let square = b * b;
                    let turns = !(square < UNIT * (x * y).abs()) & (b != 0.0);
                    let difference = y - x;
                    let squares = mul_add::<FMA>(difference, difference, 4.0 * square);
                    lanes.lost[w] |= turns & !(squares > 1e-280);
                    // The smaller root t of t² + t·(y − x)/b = 1, the tangent of an angle up to 45°.
                    let divisor = difference.abs() + squares.sqrt();
                    let t = 2.0 * b / if turns { divisor } else { 1.0 };
                    let t = if difference < 0.0 { -t } else { t };
                    let t = if turns { t } else { 0.0 };
                    turned[w] |= turns;
                    lanes.a[p][p][w] = mul_add::<FMA>(-t, b, x);
                    lanes.a[q][q][w] = mul_add::<FMA>(t, b, y);
                    lanes.a[p][q][w] = 0.0;
                    c[w] = 1.0 / mul_add::<FMA>(t, t, 1.0).sqrt();
                    s[w] = t * c[w];
                }
                for r in 0..N {
                    if r != p && r != q {
                        let (i, j) = (r.min(p), r.max(p));
                        let (k, l) = (r.min(q), r.max(q));
                        for w in 0..W {
                            let (x, y) = (lanes.a[i][j][w], lanes.a[k][l][w]);
                            lanes.a[i][j][w] = mul_add::<FMA>(c[w], x, -(s[w] * y));
                            lanes.a[k][l][w] = mul_add::<FMA>(s[w], x, c[w] * y);
                        }
                    }
                    for w in 0..W {
                        let (x, y) = (lanes.v[p][r][w], lanes.v[q][r][w]);
                        lanes.v[p][r][w] = mul_add::<FMA>(c[w], x, -(s[w] * y));
                        lanes.v[q][r][w] = mul_add::<FMA>(s[w], x, c[w] * y);
                    }
                }
            }
        }
        if !turned.iter().fold(false, |any, &t| any | t) {
            break;
        }
    }
}

/// The kernels of one number of rows.
macro_rules! rows {
    ($module:ident, $n:literal) => {
        mod $module {
            use super::{Lanes, TOGETHER, diagonalise, wide_kernel};

            wide_kernel! {
                /// One matrix.
                pub(super) fn one(lanes: &mut Lanes<$n, 1>) = one_body
            }
            #[inline(always)]
            fn one_body<const FMA: bool>(lanes: &mut Lanes<$n, 1>) {
                diagonalise::<FMA, $n, 1>(lanes);
            }

            wide_kernel! {
                /// A group of matrices.
                pub(super) fn many(lanes: &mut Lanes<$n, TOGETHER>) = many_body
            }
            #[inline(always)]
            fn many_body<const FMA: bool>(lanes: &mut Lanes<$n, TOGETHER>) {
                diagonalise::<FMA, $n, TOGETHER>(lanes);
            }
        }
    };
}
rows!(two, 2);
rows!(three, 3);
rows!(four, 4);

/// Eigenvalues (rising) and eigenvectors (in columns, row by row) of up to [`TOGETHER`] matrices of n rows, 2 ≤ n ≤ [`LIMIT`], which
/// lie one behind the other in `a`; whether each of them could be done. One that holds NaN, is not exactly symmetric, or leaves the
/// comfortable range cannot, and its results are without meaning.
pub(super) fn solve(
    n: usize,
    a: &[f64],
    triangle: Triangle,
    values: &mut [f64],
    vectors: &mut [f64],
) -> [bool; TOGETHER] {
    match (n, a.len() / (n * n)) {
        (2, 1) => run::<2, 1>(two::one, a, triangle, values, vectors),
        (2, _) => run::<2, TOGETHER>(two::many, a, triangle, values, vectors),
        (3, 1) => run::<3, 1>(three::one, a, triangle, values, vectors),
        (3, _) => run::<3, TOGETHER>(three::many, a, triangle, values, vectors),
        (_, 1) => run::<4, 1>(four::one, a, triangle, values, vectors),
        _ => run::<4, TOGETHER>(four::many, a, triangle, values, vectors),
    }
}

#[inline(always)]
fn run<const N: usize, const W: usize>(
    kernel: impl Fn(&mut Lanes<N, W>),
    a: &[f64],
    triangle: Triangle,
    values: &mut [f64],
    vectors: &mut [f64],
) -> [bool; TOGETHER] {
    let mut lanes = Lanes { a: [[[0.0; W]; N]; N], v: [[[0.0; W]; N]; N], lost: [false; W] };
    let mut fit = [false; TOGETHER];
    let matrices = a.as_chunks::<N>().0.as_chunks::<N>().0;
    for (w, matrix) in matrices.iter().enumerate().take(W) {
        fit[w] = is_fit(matrix, triangle);
        for i in 0..N {
            for j in i..N {
                let value = if triangle == Triangle::Upper { matrix[i][j] } else { matrix[j][i] };
                lanes.a[i][j][w] = if fit[w] { value } else { 0.0 };
            }
        }
    }
    kernel(&mut lanes);
    let results = values.as_chunks_mut::<N>().0.iter_mut().zip(vectors.as_chunks_mut::<N>().0.as_chunks_mut::<N>().0);
    for (w, (values, vectors)) in results.enumerate().take(matrices.len().min(W)) {
        fit[w] &= !lanes.lost[w];
        let mut order: [usize; N] = std::array::from_fn(|i| i);
        for i in 1..N {
            for j in (0..i).rev() {
                if lanes.a[order[j + 1]][order[j + 1]][w] < lanes.a[order[j]][order[j]][w] {
                    order.swap(j, j + 1);
                }
            }
        }
        for (k, &from) in order.iter().enumerate() {
            values[k] = lanes.a[from][from][w] + 0.0;
            let vector: [f64; N] = std::array::from_fn(|r| lanes.v[from][r][w]);
            let sign = orientation::sign(vector.iter().copied());
            for r in 0..N {
                vectors[r][k] = sign * vector[r];
            }
        }
    }
    fit
}

/// Whether what is read of a matrix is finite, exactly symmetric, and far from the ends of the range.
#[inline(always)]
fn is_fit<const N: usize>(matrix: &[[f64; N]; N], triangle: Triangle) -> bool {
    let (mut largest, mut symmetric) = (0, true);
    for i in 0..N {
        for j in 0..=i {
            let (lower, upper) = (matrix[i][j], matrix[j][i]);
            symmetric &= lower == upper;
            let value = if triangle == Triangle::Upper { upper } else { lower };
            largest = largest.max(value.to_bits() & !(1 << 63));
        }
    }
    (symmetric || triangle != Triangle::Both) && magnitude::is_comfortable(f64::from_bits(largest))
}

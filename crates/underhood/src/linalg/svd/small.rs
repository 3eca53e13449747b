//! Matrices up to 16×16: one-sided Jacobi rotations, many pairs of columns at a time.
//!
//! A rotation of two columns of A from the right makes them perpendicular; when all pairs are, A·V = U·Σ: the columns' lengths are the
//! singular values. Source: M. R. Hestenes, "Inversion of matrices by biorthogonalization and related results", J. SIAM 6 (1958),
//! doi:10.1137/0106005; that it keeps small singular values accurate is J. Demmel and K. Veselić (1992), doi:10.1137/0613074.
//!
//! The columns meet as players of a round-robin tournament do (R. P. Brent and F. T. Luk 1985, doi:10.1137/0906007): they sit in two rows,
//! opposite columns are rotated, then all but the first move on by one seat. So a row of the matrix is two vectors of lanes, all pairs
//! of a round share one computation of sines and cosines, and no sum runs across lanes.

use crate::simd::{mul_add, wide_kernel};

/// The largest number of rows and columns that have a seat.
pub(super) const LIMIT: usize = 16;

/// Beyond this, values without vectors come quicker from the bidiagonal form.
pub(super) const LIMIT_OF_VALUES: usize = 8;

/// Columns whose angle differs from a right one by less than this count as perpendicular.
const TOLERANCE: f64 = 4.0 * f64::EPSILON;

/// The squared length below which a column is zero beside the largest entry, which is about one: its square would soon underflow.
pub(super) const NEGLIGIBLE: f64 = 1e-130;

/// Rotations shrink the sum of all cosines quadratically: five to eight rounds of all pairs are usual.
pub(super) const ROUNDS: usize = 60;

/// Rows of two times H lanes: the columns 0 … H−1 sit opposite the columns 2H−1 … H.
pub(super) type Board<const H: usize> = [[[f64; H]; 2]; LIMIT];

/// Where column j sits before the first round.
#[inline(always)]
pub(super) fn seat<const H: usize>(j: usize) -> (usize, usize) {
    if j < H { (0, j) } else { (1, 2 * H - 1 - j) }
}

/// Everybody but the first moves on by one seat.
#[inline(always)]
fn turn<const H: usize>([top, bottom]: [[f64; H]; 2]) -> [[f64; H]; 2] {
    if H == 1 {
        return [top, bottom];
    }
    let (mut new_top, mut new_bottom) = (top, bottom);
    new_top[1] = bottom[0];
    new_top[2..].copy_from_slice(&top[1..H - 1]);
    new_bottom[..H - 1].copy_from_slice(&bottom[1..]);
    new_bottom[H - 1] = top[H - 1];
    [new_top, new_bottom]
}

/// Turns the first m rows of `w` into perpendicular columns, doing the same to the first n rows of `v`; `names` moves along.
#[inline(always)]
fn rotate<const FMA: bool, const H: usize>(
    w: &mut Board<H>,
    m: usize,
    v: &mut Board<H>,
    n: usize,
    names: &mut [[f64; H]; 2],
) {
    let (m, n, steps) = (m.min(LIMIT), n.min(LIMIT), 2 * H - 1);
    let mut at_rest = 0;
    for _ in 0..ROUNDS * steps {
        let (mut alpha, mut beta, mut gamma) = ([0.0; H], [0.0; H], [0.0; H]);
        for [top, bottom] in &w[..m] {
            for lane in 0..H {
                alpha[lane] = mul_add::<FMA>(top[lane], top[lane], alpha[lane]);
                beta[lane] = mul_add::<FMA>(bottom[lane], bottom[lane], beta[lane]);
                gamma[lane] = mul_add::<FMA>(top[lane], bottom[lane], gamma[lane]);
            }
        }
        let (mut cosine, mut sine, mut moved) = ([0.0; H], [0.0; H], 0_u64);
        for lane in 0..H {
            let (rotation, oblique) = rotation::<FMA>(alpha[lane], beta[lane], gamma[lane]);
            (cosine[lane], sine[lane]) = rotation;
            moved |= u64::from(oblique);
        }
        if moved == 0 {
            at_rest += 1;
            if at_rest == steps {
                break;
            }
            w[..m].iter_mut().for_each(|row| *row = turn(*row));
            v[..n].iter_mut().for_each(|row| *row = turn(*row));
        } else {
            at_rest = 0;
            for board in [&mut w[..m], &mut v[..n]] {
                for row in board {
                    let [top, bottom] = *row;
                    let (mut x, mut y) = ([0.0; H], [0.0; H]);
                    for lane in 0..H {
                        x[lane] = mul_add::<FMA>(cosine[lane], top[lane], -(sine[lane] * bottom[lane]));
                        y[lane] = mul_add::<FMA>(sine[lane], top[lane], cosine[lane] * bottom[lane]);
                    }
                    *row = turn([x, y]);
                }
            }
        }
        *names = turn(*names);
    }
}

/// Cosine and sine that make two columns perpendicular, of squared lengths a and b with dot product g, and whether they were not.
#[inline(always)]
pub(super) fn rotation<const FMA: bool>(a: f64, b: f64, g: f64) -> ((f64, f64), bool) {
    let oblique = (g * g > TOLERANCE * TOLERANCE * (a * b)) & (a > NEGLIGIBLE) & (b > NEGLIGIBLE);
    // Where there is nothing to do the tangent is exactly zero; the last summand keeps 0/0 away.
    let (difference, g) = (b - a, if oblique { g } else { 0.0 });
    let hypotenuse = (mul_add::<FMA>(difference, difference, 4.0 * (g * g)) + 1e-305).sqrt();
    let tangent = (2.0 * g) / (difference + hypotenuse.copysign(difference));
    let c = 1.0 / mul_add::<FMA>(tangent, tangent, 1.0).sqrt();
    ((c, c * tangent), oblique)
}

macro_rules! boards {
    ($($kernel:ident, $body:ident, $half:literal;)*) => {$(
        wide_kernel! {
            /// The tournament of twice as many columns as lanes.
            pub(super) fn $kernel(
                w: &mut Board<$half>,
                m: usize,
                v: &mut Board<$half>,
                n: usize,
                names: &mut [[f64; $half]; 2],
            ) = $body
        }
        #[inline(always)]
        fn $body<const FMA: bool>(
            w: &mut Board<$half>,
            m: usize,
            v: &mut Board<$half>,
            n: usize,
            names: &mut [[f64; $half]; 2],
        ) {
            rotate::<FMA, $half>(w, m, v, n, names);
        }
    )*};
}
boards! {
    two, two_body, 1;
    four, four_body, 2;
    six, six_body, 3;
    eight, eight_body, 4;
    ten, ten_body, 5;
    twelve, twelve_body, 6;
    sixteen, sixteen_body, 8;
}

/// What the tournament left: columns of A·V, and V's, in falling order of the former's lengths.
pub(super) struct Rotated {
    /// The columns' lengths, the largest first.
    pub(super) s: [f64; LIMIT],
    /// The columns divided by their lengths; zeros where the length is negligible.
    pub(super) u: [[f64; LIMIT]; LIMIT],
    /// V's columns, where they were asked for.
    pub(super) v: [[f64; LIMIT]; LIMIT],
    /// How many columns are not negligible.
    pub(super) rank: usize,
}

/// Rotates the m×n matrix with these entries (n ≤ m ≤ 16), the largest of which is about one.
pub(super) fn decompose(m: usize, n: usize, entry: impl Fn(usize, usize) -> f64, with_v: bool) -> Rotated {
    match n {
        0..=2 => run::<1>(two, m, n, entry, with_v),
        3..=4 => run::<2>(four, m, n, entry, with_v),
        5..=6 => run::<3>(six, m, n, entry, with_v),
        7..=8 => run::<4>(eight, m, n, entry, with_v),
        9..=10 => run::<5>(ten, m, n, entry, with_v),
        11..=12 => run::<6>(twelve, m, n, entry, with_v),
        _ => run::<8>(sixteen, m, n, entry, with_v),
    }
}

type Kernel<const H: usize> = fn(&mut Board<H>, usize, &mut Board<H>, usize, &mut [[f64; H]; 2]);

#[inline]
fn run<const H: usize>(
    kernel: Kernel<H>,
    m: usize,
    n: usize,
    entry: impl Fn(usize, usize) -> f64,
    with_v: bool,
) -> Rotated {
    let (mut w, mut v, mut names) = ([[[0.0; H]; 2]; LIMIT], [[[0.0; H]; 2]; LIMIT], [[-1.0; H]; 2]);
    for j in 0..n {
        let (row, lane) = seat::<H>(j);
        names[row][lane] = j as f64;
        v[j][row][lane] = 1.0;
        for i in 0..m {
            w[i][row][lane] = entry(i, j);
        }
    }
    kernel(&mut w, m, &mut v, if with_v { n } else { 0 }, &mut names);

    let mut seats = [(0, 0); LIMIT];
    for row in 0..2 {
        for lane in 0..H {
            if names[row][lane] >= 0.0 {
                seats[names[row][lane] as usize] = (row, lane);
            }
        }
    }
    let number = |board: &Board<H>, j: usize, i: usize| board[i][seats[j].0][seats[j].1];
    sorted(m, n, |j, i| number(&w, j, i), |j, i| number(&v, j, i))
}

/// The n perpendicular columns w (of length m) and v by falling length; those of one length as they stood.
#[inline]
pub(super) fn sorted(m: usize, n: usize, w: impl Fn(usize, usize) -> f64, v: impl Fn(usize, usize) -> f64) -> Rotated {
    let (m, n) = (m.min(LIMIT), n.min(LIMIT));
    let mut order = [(0.0, 0); LIMIT];
    for (j, place) in order[..n].iter_mut().enumerate() {
        *place = (length((0..m).map(|i| w(j, i))), j);
    }
    // A stable sort by insertion: there are few.
    for i in 1..n {
        let mut k = i;
        while k > 0 && order[k - 1].0 < order[k].0 {
            order.swap(k - 1, k);
            k -= 1;
        }
    }
    let mut out = Rotated { s: [0.0; LIMIT], u: [[0.0; LIMIT]; LIMIT], v: [[0.0; LIMIT]; LIMIT], rank: 0 };
    for (to, &(s, from)) in order[..n].iter().enumerate() {
        out.s[to] = s;
        if s * s > NEGLIGIBLE {
            out.rank = to + 1;
            let reciprocal = 1.0 / s;
            for i in 0..m {
                out.u[to][i] = w(from, i) * reciprocal;
            }
        }
        for i in 0..n {
            out.v[to][i] = v(from, i);
        }
    }
    out
}

/// √Σx², also where the squares underflow.
#[inline]
fn length(x: impl Iterator<Item = f64> + Clone) -> f64 {
    let sum: f64 = x.clone().map(|v| v * v).sum();
    if sum > NEGLIGIBLE {
        return sum.sqrt();
    }
    let largest = x.clone().fold(0.0_f64, |l, v| l.max(v.abs()));
    if largest == 0.0 { 0.0 } else { largest * x.map(|v| (v / largest) * (v / largest)).sum::<f64>().sqrt() }
}

/// Puts unit vectors that are perpendicular to the first `known` columns, and to each other, into the rest of the n columns of length m.
pub(super) fn complete(u: &mut [[f64; LIMIT]; LIMIT], known: usize, m: usize, n: usize) {
    for j in known..n {
        // The axis that the columns so far reach least; what they leave of it has a length of at least 1/√m.
        let reach = |i: usize| u[..j].iter().map(|column| column[i] * column[i]).sum::<f64>();
        let axis = (0..m).fold((0, f64::INFINITY), |best, i| if reach(i) < best.1 { (i, reach(i)) } else { best }).0;
        let mut x = [0.0; LIMIT];
        x[axis] = 1.0;
        // Twice is enough (L. Giraud et al. 2005, doi:10.1007/s00211-005-0615-4).
        for _ in 0..2 {
            for column in &u[..j] {
                let along: f64 = x.iter().zip(column).map(|(a, b)| a * b).sum();
                x.iter_mut().zip(column).for_each(|(a, b)| *a -= along * b);
            }
        }
        let reciprocal = 1.0 / length(x.iter().copied());
        u[j] = x.map(|v| v * reciprocal);
    }
}

//! Padé's approximants to the exponential, the choice of their degree, and the squarings that follow.
//!
//! r(A) = q(A)⁻¹·p(A) with q(A) = p(−A): p's even part V and odd part U give (V − U)·r = V + U.

use crate::linalg::lu::Lu;
use crate::linalg::matrix_power::multiply;
use crate::linalg::product::gemm;
use crate::linalg::schur::Columns;

/// p's coefficients for degrees 3, 5, 7, 9 and 13, from the constant up: (2m − k)!·m! / ((2m)!·k!·(m − k)!) times a whole number.
const DEGREE_3: [f64; 4] = [120.0, 60.0, 12.0, 1.0];
const DEGREE_5: [f64; 6] = [30240.0, 15120.0, 3360.0, 420.0, 30.0, 1.0];
const DEGREE_7: [f64; 8] = [17_297_280.0, 8_648_640.0, 1_995_840.0, 277_200.0, 25_200.0, 1512.0, 56.0, 1.0];
const DEGREE_9: [f64; 10] = [
    17_643_225_600.0,
    8_821_612_800.0,
    2_075_673_600.0,
    302_702_400.0,
    30_270_240.0,
    2_162_160.0,
    110_880.0,
    3960.0,
    90.0,
    1.0,
];
pub(super) const DEGREE_13: [f64; 14] = [
    64_764_752_532_480_000.0,
    32_382_376_266_240_000.0,
    7_771_770_303_897_600.0,
    1_187_353_796_428_800.0,
    129_060_195_264_000.0,
    10_559_470_521_600.0,
    670_442_572_800.0,
    33_522_128_640.0,
    1_323_241_920.0,
    40_840_800.0,
    960_960.0,
    16_380.0,
    182.0,
    1.0,
];

/// Up to here (of ‖A^k‖^(1/k)) the approximant of this degree is exact to rounding: table 3.1 of the source.
const THETA: [(usize, f64); 5] = [
    (3, 1.495_585_217_958_292e-2),
    (5, 2.539_398_330_063_230e-1),
    (7, 9.504_178_996_162_932e-1),
    (9, 2.097_847_961_257_068),
    (13, 4.25),
];

/// ‖A‖₁.
pub(super) fn norm(a: &Columns) -> f64 {
    (0..a.n()).map(|j| a.column(j).iter().map(|v| v.abs()).sum()).fold(0.0, f64::max)
}

/// e^(A/2^s) by an approximant, and the number of squarings that are left, s plus `owed` (A was already divided by 2^owed). `a` is divided by 2^s.
pub(super) fn exponential(a: &mut Columns, owed: u32) -> (Columns, u32) {
    let n = a.n();
    let product = |x: &Columns, y: &Columns| {
        let mut out = Columns::zeros(n, n);
        multiply(&mut out, x, y);
        out
    };
    let [three, five, seven, nine, thirteen] = THETA.map(|(_, theta)| theta);
    let a2 = product(a, a);
    let one = norm(a);
    // ‖A⁴‖ ≤ ‖A²‖², and so on: where the bound is good enough, the product is not needed.
    let d2 = norm(&a2).sqrt();
    if owed == 0 && d2 <= three && extra(a, one, 3) == 0 {
        return (quotient(a, &[&a2], &DEGREE_3), 0);
    }
    let a4 = product(&a2, &a2);
    let d4 = norm(&a4).powf(0.25);
    // ‖A⁶‖ ≤ ‖A⁴‖·‖A²‖.
    let six = (d4.powi(4) * d2 * d2).powf(1.0 / 6.0);
    if owed == 0 && d4.max(six) <= five && extra(a, one, 5) == 0 {
        return (quotient(a, &[&a2, &a4], &DEGREE_5), 0);
    }
    let a6 = product(&a4, &a2);
    let d6 = norm(&a6).powf(1.0 / 6.0);
    // ‖A⁸‖ ≤ ‖A⁴‖².
    let low = d6.max(d4);
    if owed == 0 && low <= seven && extra(a, one, 7) == 0 {
        return (quotient(a, &[&a2, &a4, &a6], &DEGREE_7), 0);
    }
    if owed == 0 && low <= nine && extra(a, one, 9) == 0 {
        let a8 = product(&a4, &a4);
        return (quotient(a, &[&a2, &a4, &a6, &a8], &DEGREE_9), 0);
    }
    let d8 = norm_of_product(&a4, &a4).powf(0.125).min(d4);
    let d10 = norm_of_product(&a4, &a6).powf(0.1);
    let eta = d6.max(d8).min(d8.max(d10));
    let mut halvings = if eta > thirteen { (eta / thirteen).log2().ceil() as u32 } else { 0 };
    if owed > 0 {
        halvings = halvings.max(1);
    }
    let shrink = |x: &Columns, power: i32| {
        let mut out = x.clone();
        let factor = libm::ldexp(1.0, -power);
        out.data_mut().iter_mut().for_each(|v| *v *= factor);
        out
    };
    let mut scaled = shrink(a, halvings as i32);
    let more = extra(&scaled, norm(&scaled), 13);
    halvings += more;
    scaled = shrink(a, halvings as i32);
    let power = halvings as i32;
    let (a2, a4, a6) = (shrink(&a2, 2 * power), shrink(&a4, 4 * power), shrink(&a6, 6 * power));
    let result = quotient_13(&scaled, &a2, &a4, &a6);
    *a = scaled;
    (result, halvings + owed)
}

/// How many more halvings the rounding errors of the approximant itself ask for: ℓ(A, m) of the source, from ‖|A|^(2m+1)‖₁.
fn extra(a: &Columns, one: f64, degree: usize) -> u32 {
    if one == 0.0 {
        return 0;
    }
    // 1/c of the leading error term.
    let inverse = match degree {
        3 => 100_800.0,
        5 => 10_059_033_600.0,
        7 => 4_487_938_430_976_000.0,
        9 => 5_914_384_781_877_411_840_000.0,
        _ => 113_250_775_606_021_113_483_283_660_800_000_000.0,
    };
    // Cheaply first: ‖|A|^(2m+1)‖ ≤ ‖A‖^(2m+1).
    let rounding = 0.5 * f64::EPSILON;
    let exponent = 2 * degree as i32;
    if one.powi(exponent) <= inverse * rounding {
        return 0;
    }
    // Sums of columns of |A|^k, scaled to keep range.
    let n = a.n();
    let mut sums = vec![1.0; n];
    let mut logarithm = 0.0;
    for _ in 0..=exponent {
        let next: Vec<f64> = (0..n).map(|j| a.column(j).iter().zip(&sums).map(|(v, s)| v.abs() * s).sum()).collect();
        let largest = next.iter().fold(0.0, |m: f64, v| m.max(*v));
        if largest == 0.0 {
            return 0;
        }
        logarithm += largest.log2();
        sums = next.into_iter().map(|v| v / largest).collect();
    }
    let alpha = logarithm - one.log2() - inverse.log2();
    ((alpha - rounding.log2()) / f64::from(exponent)).ceil().max(0.0) as u32
}

/// ‖X·Y‖₁ from below, almost always to within a factor of three, by W. Hager's climb (SIAM J. Sci. Stat. Comput. 5 (1984)) as refined by N. Higham.
fn norm_of_product(x: &Columns, y: &Columns) -> f64 {
    let n = x.n();
    let times = |m: &Columns, v: &[f64]| {
        let mut out = vec![0.0; n];
        for (j, &factor) in v.iter().enumerate() {
            if factor != 0.0 {
                for (out, m) in out.iter_mut().zip(m.column(j)) {
                    *out += factor * m;
                }
            }
        }
        out
    };
    let transposed = |m: &Columns, v: &[f64]| -> Vec<f64> {
        (0..n).map(|j| m.column(j).iter().zip(v).map(|(m, v)| m * v).sum()).collect()
    };
    let length = |v: &[f64]| v.iter().map(|v| v.abs()).sum::<f64>();
    let mut probe = vec![1.0 / n as f64; n];
    let (mut best, mut corner) = (0.0, n);
    for _ in 0..5 {
        let reached = times(x, &times(y, &probe));
        if length(&reached) <= best {
            break;
        }
        best = length(&reached);
        let signs: Vec<f64> = reached.iter().map(|v| 1.0_f64.copysign(*v)).collect();
        let slopes = transposed(y, &transposed(x, &signs));
        let steepest = (0..n).fold(0, |m, j| if slopes[j].abs() > slopes[m].abs() { j } else { m });
        if steepest == corner {
            break;
        }
        corner = steepest;
        probe.fill(0.0);
        probe[corner] = 1.0;
    }
    let alternating: Vec<f64> =
        (0..n).map(|i| (1.0 + i as f64 / (n.max(2) - 1) as f64) * if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
    best.max(2.0 * length(&times(x, &times(y, &alternating))) / (3.0 * n as f64))
}

/// Σ coefficients·powers, the first coefficient belonging to the identity.
fn combine(coefficients: &[f64], powers: &[&Columns], n: usize) -> Columns {
    let mut sum = Columns::zeros(n, n);
    for (&c, power) in coefficients[1..].iter().zip(powers) {
        for (sum, v) in sum.data_mut().iter_mut().zip(power.data()) {
            *sum += c * v;
        }
    }
    for i in 0..n {
        sum[(i, i)] += coefficients[0];
    }
    sum
}

/// The approximant from the even powers of A.
fn quotient(a: &Columns, powers: &[&Columns], coefficients: &[f64]) -> Columns {
    let n = a.n();
    let every_second = |first: usize| coefficients[first..].iter().copied().step_by(2).collect::<Vec<f64>>();
    let even = combine(&every_second(0), powers, n);
    let inner = combine(&every_second(1), powers, n);
    let mut odd = Columns::zeros(n, n);
    multiply(&mut odd, a, &inner);
    solve(&odd, even)
}

/// Degree 13, with A⁶ factored out of the high powers.
fn quotient_13(a: &Columns, a2: &Columns, a4: &Columns, a6: &Columns) -> Columns {
    let (n, b) = (a.n(), &DEGREE_13);
    let half = |offset: usize| {
        let high = combine(&[0.0, b[8 + offset], b[10 + offset], b[12 + offset]], &[a2, a4, a6], n);
        let low = combine(&[b[offset], b[2 + offset], b[4 + offset], b[6 + offset]], &[a2, a4, a6], n);
        let mut sum = Columns::zeros(n, n);
        multiply(&mut sum, a6, &high);
        for (sum, v) in sum.data_mut().iter_mut().zip(low.data()) {
            *sum += v;
        }
        sum
    };
    let (even, inner) = (half(0), half(1));
    let mut odd = Columns::zeros(n, n);
    multiply(&mut odd, a, &inner);
    solve(&odd, even)
}

/// (V − U)·r = V + U.
fn solve(odd: &Columns, even: Columns) -> Columns {
    let (mut left, mut right) = (even.clone(), even);
    for ((l, r), u) in left.data_mut().iter_mut().zip(right.data_mut()).zip(odd.data()) {
        *l -= u;
        *r += u;
    }
    let mut x = right.into_array();
    Lu::of(left.view()).solve(&mut x);
    Columns::of(x.view())
}

/// X^(2^s).
pub(super) fn square(mut x: Columns, squarings: u32) -> Columns {
    let mut next = Columns::zeros(x.n(), x.n());
    for _ in 0..squarings {
        multiply(&mut next, &x, &x);
        std::mem::swap(&mut x, &mut next);
        if !x.data().iter().all(|v| v.is_finite()) {
            break;
        }
    }
    x
}

/// The same for an upper triangle, whose diagonal and first superdiagonal are set to what they are known to be at every step; `a` is A/2^s.
pub(super) fn square_triangular(mut x: Columns, a: &Columns, squarings: u32) -> Columns {
    let n = x.n();
    let settle = |x: &mut Columns, done: u32| {
        let power = libm::ldexp(1.0, done as i32);
        for i in 0..n {
            x[(i, i)] = (power * a[(i, i)]).exp();
        }
        for i in 0..n.saturating_sub(1) {
            // e^A's (i, i + 1) of the 2×2 block: a·(e^λ₁ − e^λ₂)/(λ₁ − λ₂).
            let (p, q) = (power * a[(i, i)], power * a[(i + 1, i + 1)]);
            let half = 0.5 * (p - q);
            let ratio = if half.abs() < 1.0 {
                (0.5 * (p + q)).exp() * if half == 0.0 { 1.0 } else { half.sinh() / half }
            } else {
                (p.exp() - q.exp()) / (p - q)
            };
            x[(i, i + 1)] = power * a[(i, i + 1)] * ratio;
        }
    };
    let clear = |x: &mut Columns| {
        for j in 0..n {
            x.column_mut(j)[j + 1..].fill(0.0);
        }
    };
    settle(&mut x, 0);
    clear(&mut x);
    let mut next = Columns::zeros(n, n);
    for done in 1..=squarings {
        gemm(next.view_mut(), x.view(), x.view());
        std::mem::swap(&mut x, &mut next);
        settle(&mut x, done);
        clear(&mut x);
        if !x.data().iter().all(|v| v.is_finite()) {
            break;
        }
    }
    x
}

//! Least squares in doubled precision: the solver for problems that are small or ill-conditioned.
//!
//! The normal equations ZᵀZ·β = Zᵀy have the square of Z's condition number κ, which is why they have a bad name. Formed and factored with
//! 32 digits they lose only what they would with κ²·10⁻³²: nothing that a double could show up to κ = 10⁸, and beyond that β is refined on
//! the residual, as long as κ stays below 10¹⁴, where columns can no longer be told from dependent ones anyway. Source: Å. Björck,
//! Numerical Methods for Least Squares Problems, sections 2.2 and 2.9 (SIAM 1996).

use super::design::Design;
use crate::double_double::{self, Dd};
use crate::error::{Error, Result};
use crate::simd::wide_kernel;

/// Below this squared distance, relative to its length, a column is looked at as one that depends on those before it.
const SUSPICIOUS: f64 = 1e-20;
/// Below this the distance is rounding of the 32 digits.
const NOISE: f64 = 1e-27;
/// So many columns are listed in a message.
const LISTED: usize = 8;

/// The factorisation of a design, for its scaled columns.
pub(in crate::stats) struct Factored {
    pub(in crate::stats) design: Design,
    /// R of Z = Q·R, upper triangular, by rows.
    pub(super) root: Vec<Dd>,
    /// R⁻¹, likewise.
    pub(in crate::stats) inverse_root: Vec<Dd>,
    /// κ of Z with its columns scaled to one length, in the Frobenius norm.
    pub(in crate::stats) condition: f64,
}

impl Factored {
    /// Factors; refuses dependent columns by name.
    pub(in crate::stats) fn of(design: Design, names: Option<&[String]>) -> Result<Self> {
        Factored::interruptible(design, names, &mut || Ok(()))
    }

    /// The same, asking at each column whether to go on: many columns take seconds.
    pub(in crate::stats) fn interruptible<E: From<Error>>(
        design: Design,
        names: Option<&[String]>,
        checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Self, E> {
        let k = design.width();
        let mut gram = vec![Dd::ZERO; k * k];
        for i in 0..k {
            checkpoint()?;
            for j in i..k {
                gram[i * k + j] = double_double::dot(design.column(i), design.column(j));
            }
        }
        let (root, inverse_root) = match factor(&gram, k, checkpoint)? {
            Factorisation::Triangles(root, inverse_root) => (root, inverse_root),
            Factorisation::Dependent { column, coefficients, rank } => {
                return Err(dependent(&design, names, column, &coefficients, rank).into());
            }
        };
        // With D the columns' lengths: ‖R·D⁻¹‖² = k, and ‖D·R⁻¹‖² is the sum.
        let mut sum = 0.0;
        for i in 0..k {
            let length = gram[i * k + i].value().sqrt();
            sum += (i..k).map(|j| (length * inverse_root[i * k + j].value()).powi(2)).sum::<f64>();
        }
        Ok(Factored { design, root, inverse_root, condition: (k as f64 * sum).sqrt() })
    }

    /// β, and y − Z·β rounded once.
    pub(super) fn solve(&self, y: &[f64]) -> (Vec<Dd>, Vec<f64>) {
        let k = self.design.width();
        let mut beta = vec![Dd::ZERO; k];
        let (mut high, mut low) = (y.to_vec(), vec![0.0; y.len()]);
        // The first round solves; each further one shrinks the error by κ²·10⁻³².
        let rounds = if self.condition < 1e7 { 1 } else { 4 };
        for round in 0..rounds {
            let products: Vec<Dd> = (0..k)
                .map(|j| {
                    let product = double_double::dot(self.design.column(j), &high);
                    if round == 0 { product } else { product + double_double::dot(self.design.column(j), &low) }
                })
                .collect();
            for (j, step) in apply(&self.inverse_root, &products).into_iter().enumerate() {
                subtract(&mut high, &mut low, self.design.column(j), step);
                beta[j] = beta[j] + step;
            }
        }
        high.iter_mut().zip(&low).for_each(|(h, l)| *h += l);
        (beta, high)
    }

    /// Q = Z·R⁻¹, one column after the other.
    pub(in crate::stats) fn orthonormal(&self) -> Vec<f64> {
        let (n, k) = (self.design.rows, self.design.width());
        let mut q = Vec::with_capacity(n * k);
        let (mut high, mut low) = (vec![0.0; n], vec![0.0; n]);
        for j in 0..k {
            high.fill(0.0);
            low.fill(0.0);
            for i in 0..=j {
                subtract(&mut high, &mut low, self.design.column(i), -self.inverse_root[i * k + j]);
            }
            q.extend(high.iter().zip(&low).map(|(h, l)| h + l));
        }
        q
    }
}

/// (ZᵀZ)⁻¹·v = R⁻¹·R⁻ᵀ·v.
fn apply(inverse_root: &[Dd], v: &[Dd]) -> Vec<Dd> {
    let k = v.len();
    let sum = |terms: &mut dyn Iterator<Item = (Dd, Dd)>| terms.fold(Dd::ZERO, |sum, (a, b)| sum + a * b);
    let half: Vec<Dd> = (0..k).map(|j| sum(&mut (0..=j).map(|i| (inverse_root[i * k + j], v[i])))).collect();
    (0..k).map(|i| sum(&mut (i..k).map(|j| (inverse_root[i * k + j], half[j])))).collect()
}

/// What comes of factoring.
enum Factorisation {
    /// R and R⁻¹, by rows.
    Triangles(Vec<Dd>, Vec<Dd>),
    /// The first column that depends on those before it, the coefficients that make it, and how many columns are independent.
    Dependent { column: usize, coefficients: Vec<f64>, rank: usize },
}

/// Factors ZᵀZ = Rᵀ·R; a column that depends on those before it is left out, so that the others can be counted.
fn factor<E>(
    gram: &[Dd],
    k: usize,
    checkpoint: &mut dyn FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Factorisation, E> {
    let (mut first, mut rank) = (None, k);
    let mut root = gram.to_vec();
    let mut inverse = vec![Dd::ZERO; k * k];
    for j in 0..k {
        checkpoint()?;
        for i in 0..=j {
            let mut sum = gram[i * k + j];
            for l in 0..i {
                sum = sum - root[l * k + i] * root[l * k + j];
            }
            if i < j {
                // The diagonal of the inverse is the reciprocal of R's.
                root[i * k + j] = sum * inverse[i * k + i];
                continue;
            }
            let left = sum.value() / gram[j * k + j].value();
            // Comparisons are false for NaN.
            if !(left > SUSPICIOUS) {
                let coefficients: Vec<f64> = (0..j)
                    .map(|i| (i..j).map(|l| inverse[i * k + l].value() * root[l * k + j].value()).sum())
                    .collect();
                // Rounding of the inputs to doubles alone could move the column this far.
                let reach: f64 = (0..j).map(|i| coefficients[i].abs() * gram[i * k + i].value().sqrt()).sum();
                let reach = f64::EPSILON * (reach + gram[j * k + j].value().sqrt());
                if !(left > NOISE) || sum.value() <= reach * reach {
                    rank -= 1;
                    first.get_or_insert((j, coefficients));
                    // Rows of zeros leave the column out of everything that follows.
                    continue;
                }
            }
            root[j * k + j] = sum.sqrt();
            inverse[j * k + j] = Dd::from(1.0) / root[j * k + j];
        }
        if inverse[j * k + j] == Dd::ZERO {
            (0..j).for_each(|i| root[i * k + j] = Dd::ZERO);
            continue;
        }
        for i in (0..j).rev() {
            let mut sum = Dd::ZERO;
            for l in i..j {
                sum = sum - inverse[i * k + l] * root[l * k + j];
            }
            inverse[i * k + j] = sum * inverse[j * k + j];
        }
        for i in j + 1..k {
            root[i * k + j] = Dd::ZERO;
        }
    }
    Ok(match first {
        None => Factorisation::Triangles(root, inverse),
        Some((column, coefficients)) => Factorisation::Dependent { column, coefficients, rank },
    })
}

/// Says which column is which combination of the others.
fn dependent(design: &Design, names: Option<&[String]>, j: usize, coefficients: &[f64], rank: usize) -> Error {
    let length = |i: usize| design.column(i).iter().map(|v| v * v).sum::<f64>().sqrt();
    let of_j = length(j);
    let made_of: Vec<(usize, &f64)> =
        coefficients.iter().enumerate().filter(|&(i, c)| (c * length(i)).abs() > 1e-10 * of_j).collect();
    let mut parts: Vec<String> = made_of
        .iter()
        .take(LISTED)
        .map(|&(i, c)| {
            let c = libm::ldexp(*c, design.exponents[j] - design.exponents[i]);
            let rounded: f64 = format!("{c:.5e}").parse().unwrap_or(c);
            format!("{rounded} × {}", design.name(i, names))
        })
        .collect();
    if made_of.len() > LISTED {
        parts.push(format!("… ({} columns more)", made_of.len() - LISTED));
    }
    let consequence = format!(
        "{} is, to within rounding, {}; leave one of them out, since their effects cannot be told apart",
        design.name(j, names),
        if parts.is_empty() { "a combination of the others".into() } else { parts.join(" + ") }
    );
    let (function, given) = (design.function, design.width());
    Error::RankDeficient { function, argument: "X", rank, columns: given, consequence }
}

wide_kernel! {
    /// (high + low) ← (high + low) − c·x, entry by entry, in doubled precision.
    fn subtract(high: &mut [f64], low: &mut [f64], x: &[f64], c: Dd) = subtract_body
}

#[inline(always)]
fn subtract_body<const FMA: bool>(high: &mut [f64], low: &mut [f64], x: &[f64], c: Dd) {
    let n = x.len().min(high.len()).min(low.len());
    let (high, low, x) = (&mut high[..n], &mut low[..n], &x[..n]);
    for i in 0..n {
        let (p, e) = double_double::two_product::<FMA>(x[i], -c.high);
        let (s, f) = double_double::two_sum(high[i], p);
        let rest = f + (e - x[i] * c.low) + low[i];
        (high[i], low[i]) = double_double::quick_two_sum(s, rest);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2};

    use super::*;

    #[test]
    fn the_rank_counts_what_stands_behind_the_dependent_column_too() {
        // Columns 1 and 2 are one, 0 and 3 their own: rank 4 of 5 with the constant.
        let x = Array2::from_shape_fn((9, 4), |(i, j)| {
            [i as f64, (i * i) as f64, (2 * i * i) as f64, 1.0 / (i + 1) as f64][j]
        });
        let error = Factored::of(Design::new("test", x.view(), true, None).unwrap(), None).err().unwrap();
        assert!(matches!(error, Error::RankDeficient { rank: 4, columns: 5, .. }), "{error}");
    }

    #[test]
    fn a_checkpoint_that_refuses_ends_the_work() {
        let x = Array2::from_shape_fn((9, 3), |(i, j)| (i as f64 + 1.0).powi(j as i32 + 1));
        // Four columns are asked about twice: when their products are formed, and when they are factored.
        for (allowed, finished) in [(0, false), (3, false), (7, false), (8, true)] {
            let mut left = allowed;
            let mut checkpoint = || {
                left -= 1;
                if left < 0 { Err(Error::Interrupted { function: "test" }) } else { Ok(()) }
            };
            let design = Design::new("test", x.view(), true, None).unwrap();
            assert_eq!(Factored::interruptible(design, None, &mut checkpoint).is_ok(), finished, "{allowed}");
        }
    }

    #[test]
    fn thirty_digits_carry_a_condition_number_of_ten_to_the_tenth() {
        // A polynomial of degree 8 on 30 points, with the coefficients 1: y is exact, and so must β be.
        let x = Array2::from_shape_fn((30, 8), |(i, j)| (i as f64 + 10.0).powi(j as i32 + 1));
        let y: Array1<f64> = x.sum_axis(ndarray::Axis(1)) + 1.0;
        let factored = Factored::of(Design::new("test", x.view(), true, None).unwrap(), None).unwrap();
        assert!(factored.condition > 1e7);
        let (beta, _) = factored.solve(&y.to_vec());
        for (j, beta) in beta.iter().enumerate() {
            let value = libm::ldexp(beta.value(), -factored.design.exponents[j]);
            assert!((value - 1.0).abs() <= f64::EPSILON, "{j}: {value}");
        }
        let q = factored.orthonormal();
        for i in 0..9 {
            for j in 0..9 {
                let product: f64 = (0..30).map(|r| q[i * 30 + r] * q[j * 30 + r]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
    }
}

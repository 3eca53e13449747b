//! Polynomials by least squares, fitted in the polynomials that are orthogonal on the data.
//!
//! Powers of x are nearly dependent, and each loses digits when it is rounded. The polynomials p₀, p₁, … that are orthogonal on the points
//! follow from one another by pⱼ₊₁ = (x − aⱼ)·pⱼ − bⱼ·pⱼ₋₁, so that powers are never formed; each coefficient in them is a quotient of two
//! sums. All of it is carried with 32 digits, which leaves enough of them when the coefficients of powers are worked out in the end.
//! Source: G. E. Forsythe, J. SIAM 5 (1957) 74–88, doi:10.1137/0105007.

use ndarray::{Array1, Array2, ArrayView1};

use super::solved::{Constant, Solved};
use super::{LinearRegression, RegressionOptions, inference, roots_of};
use crate::check;
use crate::double_double::{self, Dd, quick_two_sum, two_product, two_sum};
use crate::error::{Error, Result};
use crate::simd::{self, wide_kernel};

const FUNCTION: &str = "polyfit";
/// A polynomial whose square on the points is smaller than this part of what it was made of is rounding of the 32 digits.
const NOISE: f64 = 1e-26;

/// The polynomials that are orthonormal on the points of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct PolynomialBasis {
    /// x·2^(−exponent) is the variable that the recurrence has.
    pub exponent: i32,
    /// aⱼ of the recurrence.
    pub centres: Vec<f64>,
    /// bⱼ of the recurrence; the first is zero.
    pub ratios: Vec<f64>,
    /// ‖pⱼ‖ on the points.
    pub lengths: Vec<f64>,
}

impl PolynomialBasis {
    /// pⱼ(xᵢ)/‖pⱼ‖ for every x (row) and j (column).
    pub fn values(&self, x: ArrayView1<'_, f64>) -> Array2<f64> {
        let mut values = Array2::zeros((x.len(), self.lengths.len()));
        for (&x, mut row) in x.iter().zip(values.rows_mut()) {
            let t = libm::ldexp(x, -self.exponent);
            let (mut before, mut p) = (0.0, 1.0);
            for (j, length) in self.lengths.iter().enumerate() {
                row[j] = p / length;
                if let (Some(a), Some(b)) = (self.centres.get(j), self.ratios.get(j)) {
                    (before, p) = (p, (t - a) * p - b * before);
                }
            }
        }
        values
    }
}

/// A fitted polynomial.
#[derive(Debug, Clone, PartialEq)]
pub struct PolynomialFit {
    /// The regression on 1, x, x², …: coefficients by increasing degree, with everything that follows.
    pub regression: LinearRegression,
    /// The basis that it was fitted in.
    pub basis: PolynomialBasis,
    /// The coefficients in that basis, which are independent of each other, each with the residual standard deviation as its error.
    pub coefficients: Array1<f64>,
}

/// Fits a polynomial of a degree to points (xᵢ, yᵢ), with weights proportional to one over the variance of each y.
///
/// # Errors
/// [`Error::Shape`] for lengths that differ, [`Error::TooFew`] unless there are at least two points more than the degree,
/// [`Error::NotFinite`] for missing values, [`Error::Constant`] for a y that does not vary, [`Error::Invalid`] for fewer different x than
/// coefficients, weights that are not positive, and numbers that leave the range of doubles, [`Error::OutOfRange`] for the level.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::regression::{RegressionOptions, polyfit};
///
/// let (x, y) = (array![0.0, 1.0, 2.0, 3.0, 4.0], array![1.0, 2.0, 5.0, 10.0, 17.0]);
/// let fit = polyfit(x.view(), y.view(), 2, &RegressionOptions::default())?;
/// assert_eq!(fit.regression.params, array![1.0, 0.0, 1.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn polyfit(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    degree: usize,
    options: &RegressionOptions<'_>,
) -> Result<PolynomialFit> {
    let (n, k) = (x.len(), degree.saturating_add(1));
    check::same_length(FUNCTION, ("y", y.len()), ("x", x.shape()))?;
    check::at_least(FUNCTION, "x", "values", n, k.saturating_add(1))?;
    check::finite_vector(FUNCTION, "x", x)?;
    check::finite_vector(FUNCTION, "y", y)?;
    let level = options.confidence_level;
    check::in_range(FUNCTION, "confidence_level", level, level > 0.0 && level < 1.0, "between 0 and 1")?;
    let roots = roots_of(FUNCTION, options.weights, x.insert_axis(ndarray::Axis(1)))?;
    different(x, k)?;
    if y.iter().all(|v| *v == y[0]) {
        let consequence = "there is no variation to explain";
        return Err(Error::Constant { function: FUNCTION, argument: "y", value: y[0], consequence });
    }

    let (exponent, shift) = (exponent_of(x), exponent_of(y));
    let t: Vec<f64> = x.iter().map(|x| libm::ldexp(*x, -exponent)).collect();
    let weight = |i: usize| roots.get(i).copied().unwrap_or(1.0);
    let mut left = Pair::of(y.iter().enumerate().map(|(i, y)| libm::ldexp(*y, -shift) * weight(i)).collect());
    let mut p = Pair::of((0..n).map(weight).collect());
    let mut before = Pair::of(vec![0.0; n]);
    let (mut squares, mut centres, mut ratios) = (vec![p.dot(&p)], Vec::new(), Vec::new());
    let mut scores = Vec::with_capacity(k);
    for j in 0..k {
        let score = p.dot(&left) / squares[j];
        left.subtract(score, &p);
        scores.push(score);
        if j + 1 < k {
            let mut next = p.times(&t);
            let (made_of, centre) = (next.dot(&next).value(), next.dot(&p) / squares[j]);
            let ratio = if j == 0 { Dd::ZERO } else { squares[j] / squares[j - 1] };
            next.subtract(centre, &p);
            next.subtract(ratio, &before);
            let square = next.dot(&next);
            if !(square.value() > NOISE * made_of) {
                let problem = format!("has values too close to each other for a polynomial of degree {degree}");
                return Err(Error::Invalid { function: FUNCTION, argument: "x", problem });
            }
            (before, p) = (p, next);
            squares.push(square);
            centres.push(centre);
            ratios.push(ratio);
        }
    }

    let powers = in_powers(&centres, &ratios, k);
    let lengths: Vec<Dd> = squares.iter().map(|s| s.sqrt()).collect();
    let unscale = |v: Dd, e: i32| libm::ldexp(v.value(), e);
    let place = |i: usize| i32::try_from(i).unwrap_or(i32::MAX).saturating_mul(exponent);
    let params = (0..k)
        .map(|i| (i..k).fold(Dd::ZERO, |sum, j| sum + scores[j] * powers[j * k + i]))
        .enumerate()
        .map(|(i, b)| unscale(b, shift.saturating_sub(place(i))))
        .collect();
    let solved = Solved {
        params,
        inverse_root: Array2::from_shape_fn((k, k), |(i, j)| unscale(powers[j * k + i] / lengths[j], -place(i))),
        root: powers_in(&centres, &ratios, &lengths, exponent),
        residuals: left.rounded().into_iter().enumerate().map(|(i, e)| libm::ldexp(e / weight(i), shift)).collect(),
        constant: Constant::Column(0),
        q: None,
    };
    let basis = PolynomialBasis {
        exponent,
        centres: centres.iter().map(|a| a.value()).collect(),
        ratios: ratios.iter().map(|b| b.value()).collect(),
        lengths: lengths.iter().map(|l| l.value()).collect(),
    };
    let solved = if options.covariance == super::Covariance::Classical {
        solved
    } else {
        let mut q = basis.values(x).t().as_standard_layout().into_owned();
        (0..if roots.is_empty() { 0 } else { n }).for_each(|i| q.column_mut(i).mapv_inplace(|v| v * roots[i]));
        Solved { q: Some(q.into_raw_vec_and_offset().0), ..solved }
    };
    let coefficients = scores.iter().zip(&lengths).map(|(&s, &l)| unscale(s * l, shift)).collect();
    let regression = inference::infer(FUNCTION, y, &roots, solved, options)?;
    Ok(PolynomialFit { regression, basis, coefficients })
}

/// There must be as many different x as coefficients.
fn different(x: ArrayView1<'_, f64>, k: usize) -> Result<()> {
    let mut sorted = x.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup();
    if sorted.len() >= k {
        return Ok(());
    }
    let problem = format!(
        "has {} different values, which determine a polynomial of degree {} at most",
        sorted.len(),
        sorted.len() - 1
    );
    Err(Error::Invalid { function: FUNCTION, argument: "x", problem })
}

fn exponent_of(values: ArrayView1<'_, f64>) -> i32 {
    libm::frexp(values.iter().fold(0.0_f64, |m, v| m.max(v.abs()))).1
}

/// Coefficients of each pⱼ (row) in powers (column).
fn in_powers(centres: &[Dd], ratios: &[Dd], k: usize) -> Vec<Dd> {
    let mut rows = vec![Dd::ZERO; k * k];
    rows[0] = Dd::from(1.0);
    for j in 0..k - 1 {
        for i in 0..=j + 1 {
            let mut sum = if i == 0 { Dd::ZERO } else { rows[j * k + i - 1] };
            sum = sum - centres[j] * rows[j * k + i];
            if j > 0 {
                sum = sum - ratios[j] * rows[(j - 1) * k + i];
            }
            rows[(j + 1) * k + i] = sum;
        }
    }
    rows
}

/// R: coefficients of each power (column) in the orthonormal polynomials (row), from t·pⱼ = pⱼ₊₁ + aⱼ·pⱼ + bⱼ·pⱼ₋₁.
fn powers_in(centres: &[Dd], ratios: &[Dd], lengths: &[Dd], exponent: i32) -> Array2<f64> {
    let k = lengths.len();
    let mut root = Array2::zeros((k, k));
    let mut power = vec![Dd::ZERO; k];
    power[0] = Dd::from(1.0);
    for m in 0..k {
        for j in 0..=m {
            let e = i32::try_from(m).unwrap_or(i32::MAX).saturating_mul(exponent);
            root[[j, m]] = libm::ldexp((power[j] * lengths[j]).value(), e);
        }
        if m + 1 < k {
            let mut next = vec![Dd::ZERO; k];
            for j in 0..=m {
                next[j + 1] = next[j + 1] + power[j];
                next[j] = next[j] + centres[j] * power[j];
                if j > 0 {
                    next[j - 1] = next[j - 1] + ratios[j] * power[j];
                }
            }
            power = next;
        }
    }
    root
}

/// A vector of numbers of 32 digits.
struct Pair {
    high: Vec<f64>,
    low: Vec<f64>,
}

impl Pair {
    fn of(high: Vec<f64>) -> Self {
        Pair { low: vec![0.0; high.len()], high }
    }

    fn dot(&self, other: &Pair) -> Dd {
        let small = simd::dot(&self.high, &other.low) + simd::dot(&self.low, &other.high);
        double_double::dot(&self.high, &other.high) + small
    }

    fn times(&self, x: &[f64]) -> Pair {
        let mut product = Pair::of(vec![0.0; x.len()]);
        multiply(x, &self.high, &self.low, &mut product.high, &mut product.low);
        product
    }

    fn subtract(&mut self, c: Dd, other: &Pair) {
        subtract(&mut self.high, &mut self.low, c, &other.high, &other.low);
    }

    fn rounded(self) -> Vec<f64> {
        self.high.iter().zip(&self.low).map(|(h, l)| h + l).collect()
    }
}

wide_kernel! {
    /// v ← x·p, entry by entry.
    fn multiply(x: &[f64], p: &[f64], p_low: &[f64], v: &mut [f64], v_low: &mut [f64]) = multiply_body
}

#[inline(always)]
fn multiply_body<const FMA: bool>(x: &[f64], p: &[f64], p_low: &[f64], v: &mut [f64], v_low: &mut [f64]) {
    let n = x.len();
    let (p, p_low, v, v_low) = (&p[..n], &p_low[..n], &mut v[..n], &mut v_low[..n]);
    for i in 0..n {
        let (high, rest) = two_product::<FMA>(x[i], p[i]);
        (v[i], v_low[i]) = quick_two_sum(high, rest + x[i] * p_low[i]);
    }
}

wide_kernel! {
    /// v ← v − c·p, entry by entry.
    fn subtract(v: &mut [f64], v_low: &mut [f64], c: Dd, p: &[f64], p_low: &[f64]) = subtract_body
}

#[inline(always)]
fn subtract_body<const FMA: bool>(v: &mut [f64], v_low: &mut [f64], c: Dd, p: &[f64], p_low: &[f64]) {
    let n = v.len();
    let (v_low, p, p_low) = (&mut v_low[..n], &p[..n], &p_low[..n]);
    for i in 0..n {
        let (high, rest) = two_product::<FMA>(p[i], -c.high);
        let (sum, lost) = two_sum(v[i], high);
        let rest = lost + (rest - (p_low[i] * c.high + p[i] * c.low)) + v_low[i];
        (v[i], v_low[i]) = quick_two_sum(sum, rest);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Axis;

    use super::super::linear_regression;
    use super::*;

    #[test]
    fn it_is_the_regression_on_powers() {
        let x = Array1::from_shape_fn(20, |i| i as f64 * 0.3 - 2.0);
        let y = Array1::from_shape_fn(20, |i| (i as f64).sin() + 0.1 * i as f64);
        let powers = Array2::from_shape_fn((20, 3), |(i, j)| x[i].powi(j as i32 + 1));
        let weights = Array1::from_shape_fn(20, |i| 1.0 + (i % 3) as f64);
        for weights in [None, Some(weights.view())] {
            for covariance in [super::super::Covariance::Classical, super::super::Covariance::Hc3] {
                let options = RegressionOptions { weights, covariance, ..RegressionOptions::default() };
                let expected = linear_regression(powers.view(), y.view(), &options).unwrap();
                let found = polyfit(x.view(), y.view(), 3, &options).unwrap();
                let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-10, "{a} is not {b}");
                for i in 0..4 {
                    near(found.regression.params[i], expected.params[i]);
                    near(found.regression.bse[i], expected.bse[i]);
                }
                near(found.regression.llf, expected.llf);
                near(found.regression.scaled_condition_number, expected.scaled_condition_number);
                near(found.regression.condition_number().unwrap(), expected.condition_number().unwrap());
                let fitted = found.basis.values(x.view()).dot(&found.coefficients);
                fitted.iter().zip(&expected.fittedvalues).for_each(|(a, b)| assert!((a - b).abs() < 1e-13));
            }
        }
    }

    #[test]
    fn what_does_not_determine_a_polynomial_is_refused() {
        let x = Array1::from_vec(vec![1.0, 1.0, 2.0, 2.0, 1.0]);
        let y = Array1::from_vec(vec![1.0, 2.0, 3.0, 5.0, 4.0]);
        let options = RegressionOptions::default();
        let error = polyfit(x.view(), y.view(), 2, &options).unwrap_err().to_string();
        assert_eq!(error, "polyfit: x has 2 different values, which determine a polynomial of degree 1 at most");
        assert!(polyfit(x.view(), y.view(), usize::MAX, &options).is_err());
        let wide = x.insert_axis(Axis(1));
        assert!(polyfit(wide.column(0), y.view(), 4, &options).is_err());
    }
}

//! Elimination that no entry is too large or too small for: numbers of about 32 digits with an exponent of their own.
//!
//! Where the entries of one matrix reach from 1e-150 to 1e150, no scaling of rows and columns keeps all of them within the range of
//! doubles, and a residual that is small beside ‖A‖·‖x‖ says nothing of the small components. Such matrices are rare and may take their
//! time: elimination is carried out on numbers m·2ᵉ, m in doubled precision and e a whole number, with pivots that are largest relative to
//! their rows, and the solution is believed when |A⁻¹|·|b − A·x| is small beside each component of |x| (W. Oettli and W. Prager, Numer.
//! Math. 6 (1964) 405–409, doi:10.1007/BF01386090; R. D. Skeel, J. ACM 26 (1979) 494–526, doi:10.1145/322139.322148).

use ndarray::{Array2, ArrayView2};

use crate::double_double::Dd;

/// A step costs some fifty times what it costs in doubles; above this side it would be felt.
pub(crate) const LIMIT: usize = 256;

/// Magnitudes that differ by more than 2¹⁰⁰ are mixed.
const MIXED: f64 = 1_267_650_600_228_229_401_496_703_205_376.0;

/// Errors of the solution that are estimated to be larger than this, relative to a component, are worth a warning.
const BELIEVED: f64 = 1e-10;

/// Whether nonzero entries differ so much in magnitude that sums over them, or one common scale, would lose some.
pub(crate) fn is_mixed(a: ArrayView2<'_, f64>) -> bool {
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for v in a.iter().map(|v| v.abs()).filter(|&v| v != 0.0) {
        least = least.min(v);
        most = most.max(v);
    }
    most / MIXED > least
}

/// mantissa·2^exponent, the mantissa in [½, 1) or zero.
#[derive(Debug, Clone, Copy)]
struct Wide {
    mantissa: Dd,
    exponent: i64,
}

impl Wide {
    const ZERO: Wide = Wide { mantissa: Dd::ZERO, exponent: 0 };

    fn of(mantissa: Dd, exponent: i64) -> Wide {
        if mantissa.high == 0.0 {
            return Wide::ZERO;
        }
        let (high, shift) = libm::frexp(mantissa.high);
        Wide {
            mantissa: Dd { high, low: libm::ldexp(mantissa.low, -shift) },
            exponent: exponent + i64::from(shift),
        }
    }

    fn from(v: f64) -> Wide {
        let (high, exponent) = libm::frexp(v);
        Wide { mantissa: Dd::from(high), exponent: if v == 0.0 { 0 } else { i64::from(exponent) } }
    }

    /// The nearest double, of the number times 2^shift.
    fn value(self, shift: i64) -> f64 {
        libm::ldexp(self.mantissa.value(), (self.exponent + shift).clamp(-5000, 5000) as i32)
    }

    fn is_zero(self) -> bool {
        self.mantissa.high == 0.0
    }

    fn abs(self) -> Wide {
        if self.mantissa.high < 0.0 { Wide { mantissa: -self.mantissa, ..self } } else { self }
    }

    fn times(self, other: Wide) -> Wide {
        Wide::of(self.mantissa * other.mantissa, self.exponent + other.exponent)
    }

    fn over(self, other: Wide) -> Wide {
        Wide::of(self.mantissa / other.mantissa, self.exponent - other.exponent)
    }

    fn plus(self, other: Wide) -> Wide {
        let (large, small) = if self.is_zero() || (!other.is_zero() && self.exponent < other.exponent) {
            (other, self)
        } else {
            (self, other)
        };
        let gap = large.exponent - small.exponent;
        if small.is_zero() || gap > 120 {
            return large;
        }
        let shrunk = |v: f64| libm::ldexp(v, -(gap as i32));
        let small = Dd { high: shrunk(small.mantissa.high), low: shrunk(small.mantissa.low) };
        Wide::of(large.mantissa + small, large.exponent)
    }

    fn minus(self, other: Wide) -> Wide {
        self.plus(Wide { mantissa: -other.mantissa, ..other })
    }

    /// Whether |self| > |other|.
    fn exceeds(self, other: Wide) -> bool {
        if self.is_zero() || other.is_zero() {
            return !self.is_zero();
        }
        let (a, b) = (self.abs(), other.abs());
        a.exponent > b.exponent || (a.exponent == b.exponent && a.mantissa.high > b.mantissa.high)
    }
}

/// P·A = L·U, by rows.
struct Factors {
    n: usize,
    values: Vec<Wide>,
    order: Vec<usize>,
    odd: bool,
}

/// What a pivot is the largest of.
#[derive(Clone, Copy, PartialEq)]
enum Pivoting {
    /// The column's entries, each beside the largest of its row.
    Scaled,
    /// The column's entries.
    Plain,
}

impl Factors {
    /// The pivot that is zero, if there is one whatever the choice of pivots.
    fn of(a: ArrayView2<'_, f64>) -> Result<Self, usize> {
        Self::choosing(a, Pivoting::Scaled).or_else(|_| Self::choosing(a, Pivoting::Plain))
    }

    fn choosing(a: ArrayView2<'_, f64>, pivoting: Pivoting) -> Result<Self, usize> {
        let n = a.nrows();
        let mut values: Vec<Wide> = a.iter().map(|&v| Wide::from(v)).collect();
        let mut sizes: Vec<Wide> = a.rows().into_iter().map(|row| Wide::from(super::magnitude::largest_of(&row.to_vec()))).collect();
        let (mut order, mut odd): (Vec<usize>, bool) = ((0..n).collect(), false);
        for k in 0..n {
            let size = |i: usize| {
                let v: Wide = values[i * n + k];
                if v.is_zero() || pivoting == Pivoting::Plain { v } else { v.over(sizes[i]) }
            };
            let (mut pivot, mut best) = (k, size(k));
            for i in k + 1..n {
                let candidate = size(i);
                if candidate.exceeds(best) {
                    (pivot, best) = (i, candidate);
                }
            }
            if best.is_zero() {
                return Err(k);
            }
            if pivot != k {
                (0..n).for_each(|j| values.swap(k * n + j, pivot * n + j));
                order.swap(k, pivot);
                sizes.swap(k, pivot);
                odd = !odd;
            }
            let (above, below) = values.split_at_mut((k + 1) * n);
            let head = &above[k * n..];
            for row in below.chunks_exact_mut(n).filter(|row| !row[k].is_zero()) {
                let factor = row[k].over(head[k]);
                row[k] = factor;
                for (v, &u) in row[k + 1..].iter_mut().zip(&head[k + 1..]) {
                    if !u.is_zero() {
                        *v = v.minus(factor.times(u));
                    }
                }
            }
        }
        Ok(Factors { n, values, order, odd })
    }

    fn solve(&self, b: &[Wide]) -> Vec<Wide> {
        let n = self.n;
        let mut x: Vec<Wide> = self.order.iter().map(|&i| b[i]).collect();
        for i in 0..n {
            x[i] = (0..i).fold(x[i], |sum, j| sum.minus(self.values[i * n + j].times(x[j])));
        }
        for i in (0..n).rev() {
            let left = (i + 1..n).fold(x[i], |sum, j| sum.minus(self.values[i * n + j].times(x[j])));
            x[i] = left.over(self.values[i * n + i]);
        }
        x
    }
}

/// A solution, and two condition numbers.
pub(crate) struct Solved {
    pub(crate) x: Array2<f64>,
    /// ‖A‖₁·‖A⁻¹‖₁.
    pub(crate) condition: f64,
    /// The smaller of ‖D₁·A·D₂‖₁·‖(D₁·A·D₂)⁻¹‖₁, rows and columns scaled to largest entries near one, and of what a relative change of
    /// each number of A and b can magnify to in a component of x. Infinite where the solution cannot be vouched for.
    pub(crate) scaled_condition: f64,
}

/// A⁻¹·b; the zero pivot of a singular matrix.
pub(crate) fn solve(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Result<Solved, usize> {
    let n = a.nrows();
    let lu = Factors::of(a)?;
    let wide: Vec<Wide> = a.iter().map(|&v| Wide::from(v)).collect();
    // By columns.
    let inverse: Vec<Vec<Wide>> = (0..n)
        .map(|j| lu.solve(&(0..n).map(|i| Wide::from(f64::from(u8::from(i == j)))).collect::<Vec<_>>()))
        .collect();
    let mut x = Array2::zeros(b.dim());
    let (mut magnified, mut believed) = (0.0_f64, true);
    for (column, mut out) in b.columns().into_iter().zip(x.columns_mut()) {
        let b: Vec<Wide> = column.iter().map(|&v| Wide::from(v)).collect();
        let residual = |x: &[Wide]| -> Vec<Wide> {
            (0..n).map(|i| (0..n).fold(b[i], |sum, j| sum.minus(wide[i * n + j].times(x[j])))).collect()
        };
        let stretched = |v: &[Wide], i: usize| {
            (0..n).fold(Wide::ZERO, |sum, j| sum.plus(inverse[j][i].abs().times(v[j].abs())))
        };
        let mut x = lu.solve(&b);
        let correction = lu.solve(&residual(&x));
        x.iter_mut().zip(&correction).for_each(|(x, &c)| *x = x.plus(c));
        let left = residual(&x);
        let sizes: Vec<Wide> = (0..n)
            .map(|i| (0..n).fold(b[i].abs(), |sum, j| sum.plus(wide[i * n + j].times(x[j]).abs())))
            .collect();
        for i in 0..n {
            out[i] = x[i].value(0);
            let (error, moved) = (stretched(&left, i), stretched(&sizes, i));
            if x[i].is_zero() {
                // Only where nothing moves it is a zero as certain as other numbers.
                magnified = if moved.is_zero() { magnified } else { f64::INFINITY };
            } else {
                magnified = magnified.max(moved.over(x[i]).abs().value(0));
                believed &= error.over(x[i]).abs().value(0) <= BELIEVED;
            }
        }
    }
    let norm = |at: &dyn Fn(usize, usize) -> f64| {
        (0..n).map(|j| (0..n).map(|i| at(i, j).abs()).sum::<f64>()).fold(0.0, f64::max)
    };
    // Largest exponents of rows, then of what that leaves of columns.
    let largest = |lane: &dyn Fn(usize) -> (Wide, i64)| {
        (0..n).map(lane).filter(|(v, _)| !v.is_zero()).map(|(v, shift)| v.exponent - shift).max().unwrap_or(0)
    };
    let rows: Vec<i64> = (0..n).map(|i| largest(&|j| (wide[i * n + j], 0))).collect();
    let columns: Vec<i64> = (0..n).map(|j| largest(&|i| (wide[i * n + j], rows[i]))).collect();
    let scaled = norm(&|i, j| wide[i * n + j].value(-rows[i] - columns[j]))
        * norm(&|i, j| inverse[j][i].value(rows[j] + columns[i]));
    // One common power of two keeps both norms within the range unless the product is not.
    let common = rows.iter().copied().max().unwrap_or(0);
    let condition = norm(&|i, j| wide[i * n + j].value(-common)) * norm(&|i, j| inverse[j][i].value(common));
    let or_infinite = |v: f64| if v.is_nan() || !believed { f64::INFINITY } else { v };
    Ok(Solved { x, condition: or_infinite(condition), scaled_condition: or_infinite(scaled.min(magnified)) })
}

/// The determinant as a mantissa and a power of two; zero where a pivot is.
pub(crate) fn determinant(a: ArrayView2<'_, f64>) -> (f64, i64) {
    let Ok(lu) = Factors::of(a) else { return (0.0, 0) };
    let one = Wide::from(if lu.odd { -1.0 } else { 1.0 });
    let product = (0..lu.n).fold(one, |product, i| product.times(lu.values[i * lu.n + i]));
    (product.mantissa.value(), product.exponent)
}

//! Kernel density estimates with a normal kernel (B. W. Silverman, 1986, Density Estimation for Statistics and Data Analysis, §2.4 and §3.4).

use ndarray::ArrayView1;

use super::root::{peak, quantile};
use crate::check::{at_least, finite_vector, in_range};
use crate::distributions::family::mean;
use crate::distributions::{Continuous, Distribution, Normal};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::{log_ndtr, logsumexp, ndtr_in_place, ndtri};

/// Beyond so many bandwidths a kernel adds nothing that a double could hold.
const REACH: f64 = 38.6;
/// So many values at a time go through a wide kernel.
const BLOCK: usize = 512;

/// How broad the kernels are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bandwidth {
    /// h = s·n^(−1/5): the best for normal data (D. W. Scott 1992), as in SciPy.
    Scott,
    /// h = s·(4/(3n))^(1/5) (Silverman 1986, equation 3.28), a little broader.
    Silverman,
    /// The standard deviation of a kernel, in the units of the data.
    Width(f64),
}

/// A smooth density estimated from a sample: the mean of normal densities around its values.
///
/// **Definition.** A value drawn from the sample, plus normal noise with standard deviation h, the bandwidth.
///
/// **Density.** f(x) = 1/(nh) Σ φ((x − xᵢ)/h).
///
/// **Parameters.** At least one finite value (two different ones for a bandwidth by rule); the bandwidth. **Support.** All real numbers.
///
/// **Example.**
/// ```
/// use ndarray::array;
/// use underhood::distributions::{Bandwidth, Continuous, Distribution, KernelDensity};
///
/// # fn main() -> underhood::Result<()> {
/// let smooth = KernelDensity::new(array![1.0, 2.0, 4.0].view(), Bandwidth::Width(0.5))?;
/// assert!((smooth.mean() - 7.0 / 3.0).abs() < 1e-15);
/// assert!((smooth.cdf(2.0) + smooth.sf(2.0) - 1.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Mean x̄, variance Σ(xᵢ − x̄)²/n + h².
///
/// **Numerical limits.** Sums of what is positive, to 1e-14. A density costs n kernels (those within 38.6 bandwidths). Quantiles by a search on
/// the logarithm of the smaller tail; mode and entropy numerically.
///
/// **Method.** The definition; the kernels of special's normal family, several at a time, on the sorted sample.
#[derive(Debug, Clone, PartialEq)]
pub struct KernelDensity {
    sorted: Vec<f64>,
    bandwidth: f64,
}

impl KernelDensity {
    /// The estimate from these values.
    ///
    /// # Errors
    /// If there is no value, one is not finite, the bandwidth is not positive and finite, or a rule finds no spread to go by.
    pub fn new(data: ArrayView1<'_, f64>, bandwidth: Bandwidth) -> Result<Self> {
        const NAME: &str = "KernelDensity";
        at_least(NAME, "data", "values", data.len(), 1)?;
        finite_vector(NAME, "data", data)?;
        let n = data.len() as f64;
        let spread = || {
            let centre = mean(data);
            let unit = data.iter().fold(0.0_f64, |most, x| most.max((x - centre).abs()));
            unit * (data.iter().map(|x| ((x - centre) / unit).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()
        };
        let bandwidth = match bandwidth {
            Bandwidth::Scott => spread() * n.powf(-0.2),
            Bandwidth::Silverman => spread() * (0.75 * n).powf(-0.2),
            Bandwidth::Width(width) => {
                in_range(NAME, "bandwidth", width, width > 0.0 && width.is_finite(), "positive and finite")?;
                width
            }
        };
        if !(bandwidth > 0.0 && bandwidth.is_finite()) {
            let consequence = "the rule for the bandwidth finds no spread; give a bandwidth";
            return Err(Error::Constant { function: NAME, argument: "data", value: data[0], consequence });
        }
        let mut sorted = data.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        Ok(KernelDensity { sorted, bandwidth })
    }

    /// The standard deviation of a kernel.
    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// The values in rising order.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    fn n(&self) -> f64 {
        self.sorted.len() as f64
    }

    /// The sum over the values within reach of x of a wide function of (x − xᵢ)/h, or of its negative.
    fn sum(&self, x: f64, sign: f64, wide: impl Fn(&mut [f64])) -> f64 {
        let reach = REACH * self.bandwidth;
        let first = self.sorted.partition_point(|&value| value < x - reach);
        let last = self.sorted.partition_point(|&value| value <= x + reach);
        let (mut block, mut sum, scale) = ([0.0; BLOCK], 0.0, sign / self.bandwidth);
        for values in self.sorted[first..last.max(first)].chunks(BLOCK) {
            let block = &mut block[..values.len()];
            block.iter_mut().zip(values).for_each(|(z, value)| *z = (x - value) * scale);
            wide(block);
            sum += block.iter().sum::<f64>();
        }
        sum
    }

    /// P(X ≤ x), or with `upper` P(X > x).
    fn tail(&self, x: f64, upper: bool) -> f64 {
        if x.is_nan() {
            return x;
        }
        // Kernels wholly on one side count as 1; kernels in reach by their part.
        let reach = REACH * self.bandwidth;
        let whole = if upper {
            self.sorted.len() - self.sorted.partition_point(|&value| value <= x + reach)
        } else {
            self.sorted.partition_point(|&value| value < x - reach)
        };
        let p = (whole as f64 + self.sum(x, if upper { -1.0 } else { 1.0 }, ndtr_in_place)) / self.n();
        if p > 1.0 { 1.0 } else { p }
    }

    fn log_tail(&self, x: f64, upper: bool) -> f64 {
        let (p, other) = (self.tail(x, upper), self.tail(x, !upper));
        if other < 0.5 {
            return (-other).ln_1p();
        }
        if p > 1e-290 || p.is_nan() || x.is_infinite() {
            return p.ln();
        }
        let sign = if upper { -1.0 } else { 1.0 };
        let logs: Vec<f64> = self.sorted.iter().map(|value| log_ndtr(sign * (x - value) / self.bandwidth)).collect();
        logsumexp(&logs) - self.n().ln()
    }

    fn search(&self, p: f64, upper: bool) -> f64 {
        match p {
            p if !(0.0..=1.0).contains(&p) => f64::NAN,
            0.0 | 1.0 => {
                if (p == 0.0) == upper {
                    f64::INFINITY
                } else {
                    f64::NEG_INFINITY
                }
            }
            p if p > 0.5 => self.search(1.0 - p, !upper),
            _ => {
                // The quantile of every single kernel is as far from its centre; the mixture's lies between the outermost.
                let away = self.bandwidth * ndtri(p) * if upper { -1.0 } else { 1.0 };
                let (first, last) = (self.sorted[0], self.sorted[self.sorted.len() - 1]);
                quantile(self, p, upper, first + away, last + away)
            }
        }
    }

    /// The larger of the bandwidth and the largest distance from the mean: a unit in which powers neither over- nor underflow.
    fn unit(&self) -> f64 {
        let mean = self.mean();
        (mean - self.sorted[0]).max(self.sorted[self.sorted.len() - 1] - mean).max(self.bandwidth)
    }

    /// A central moment of the sample in that unit.
    fn central(&self, power: i32) -> f64 {
        let (centre, unit) = (self.mean(), self.unit());
        self.sorted.iter().map(|x| ((x - centre) / unit).powi(power)).sum::<f64>() / self.n()
    }

    /// The variance in that unit.
    fn second(&self) -> f64 {
        self.central(2) + (self.bandwidth / self.unit()).powi(2)
    }
}

impl KernelDensity {
    /// −∫ f ln f by the trapezoid rule with eight points a bandwidth (for a sum of normal densities its error falls as exp(−2(π·8)²), below any
    /// double), over stretches between gaps in which the density is nothing.
    fn entropy_over_values(&self) -> f64 {
        let (step, reach) = (0.125 * self.bandwidth, 12.0 * self.bandwidth);
        let (mut sum, mut next) = (0.0, f64::NEG_INFINITY);
        for &value in &self.sorted {
            let mut x = if next > value - reach { next } else { value - reach };
            while x <= value + reach && x + step > x {
                let log = self.logpdf(x);
                sum -= log.exp() * log;
                x += step;
            }
            next = x;
        }
        sum * step
    }
}

impl Distribution for KernelDensity {
    fn cdf(&self, x: f64) -> f64 {
        self.tail(x, false)
    }

    fn sf(&self, x: f64) -> f64 {
        self.tail(x, true)
    }

    fn logcdf(&self, x: f64) -> f64 {
        self.log_tail(x, false)
    }

    fn logsf(&self, x: f64) -> f64 {
        self.log_tail(x, true)
    }

    fn ppf(&self, p: f64) -> f64 {
        self.search(p, false)
    }

    fn isf(&self, q: f64) -> f64 {
        self.search(q, true)
    }

    fn mean(&self) -> f64 {
        mean(ArrayView1::from(&self.sorted))
    }

    fn variance(&self) -> f64 {
        let std = self.std();
        std * std
    }

    fn std(&self) -> f64 {
        self.unit() * self.second().sqrt()
    }

    fn skewness(&self) -> f64 {
        self.central(3) / self.second().powf(1.5)
    }

    fn kurtosis(&self) -> f64 {
        // E(d + hZ)⁴ = E d⁴ + 6h²E d² + 3h⁴.
        let h = (self.bandwidth / self.unit()).powi(2);
        (self.central(4) + 6.0 * h * self.central(2) + 3.0 * h * h) / self.second().powi(2) - 3.0
    }

    fn entropy(&self) -> f64 {
        self.entropy_over_values()
    }

    fn mode(&self) -> f64 {
        let step = (self.sorted.len() / 256).max(1);
        let mut points: Vec<f64> = self.sorted.iter().copied().step_by(step).collect();
        points.push(self.sorted[self.sorted.len() - 1]);
        peak(&mut points, |x| self.logpdf(x))
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let mut noise = vec![0.0; out.len()];
        stream.fill_below(self.sorted.len() as u64, out);
        stream.fill_normal(&mut noise);
        out.iter_mut().zip(noise).for_each(|(x, z)| *x = self.sorted[*x as usize] + self.bandwidth * z);
    }
}

impl Continuous for KernelDensity {
    fn pdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        self.sum(x, 1.0, |z| Normal::standard().pdf_in_place(z)) / self.n() / self.bandwidth
    }

    fn logpdf(&self, x: f64) -> f64 {
        let density = self.pdf(x);
        if density > 1e-290 || density.is_nan() || x.is_infinite() {
            return density.ln();
        }
        let kernel = Normal::standard();
        let logs: Vec<f64> = self.sorted.iter().map(|value| kernel.logpdf((x - value) / self.bandwidth)).collect();
        logsumexp(&logs) - self.n().ln() - self.bandwidth.ln()
    }
}

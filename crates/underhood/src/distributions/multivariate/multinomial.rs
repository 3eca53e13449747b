//! The multinomial distribution (N. L. Johnson, S. Kotz and N. Balakrishnan 1997, Discrete Multivariate Distributions, chapter 35).

use ndarray::{Array1, Array2, ArrayD, ArrayView, ArrayView2, Dimension};

use super::product::{Product, poisson, sums_of_others};
use super::{Multivariate, category, points};
use crate::check;
use crate::distributions::Binomial;
use crate::double_double::Dd;
use crate::error::{Error, Result};
use crate::random::Stream;

/// The probabilities may add up to this much more or less than 1, as rounding upstream leaves them.
const ROUNDING: f64 = 1e-8;
/// The probabilities of counts up to this one are kept in a table when many points are asked for.
const TABLE: u64 = 4096;

/// The multinomial distribution: how often each of k outcomes with probabilities p₁, …, p_k occurs in n independent trials.
///
/// **Definition.** The counts (X₁, …, X_k) of n draws from k categories; X₁ + … + X_k = n.
///
/// **Probability.** P(x) = n!/(x₁!⋯x_k!)·p₁^x₁⋯p_k^x_k.
///
/// **Parameters.** `n` ≥ 0; `p` not negative, with the sum 1 (within 1e-8; beyond rounding they are divided by it). **Support.** Whole xᵢ ≥ 0 with the sum n.
///
/// **Example.**
/// ```
/// use ndarray::array;
/// use underhood::distributions::Multinomial;
///
/// # fn main() -> underhood::Result<()> {
/// // Three dice: one six, one five, one of the rest, in any order.
/// let dice = Multinomial::new(3, &[4.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0])?;
/// let probability = dice.pmf(array![1.0, 1.0, 1.0].view())?.sum();
/// assert!((probability - 1.0 / 9.0).abs() < 1e-16);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** Means npᵢ, variances npᵢ(1 − pᵢ), covariances −npᵢpⱼ.
///
/// **Numerical limits.** Relative error of the logarithm below 1e-14 for n up to 2⁵³; of the probability too while it is above 1e-300.
///
/// **Method.** A product of Poisson probabilities, given their sum, each by its deviance (C. Loader 2000), so that no factorials cancel. Draws: a
/// binomial for each category, of what the earlier ones left. Entropy: the mean of −ln of those Poisson probabilities, each over its own binomial
/// distribution, of which far-apart values are enough where it is smooth.
#[derive(Debug, Clone, PartialEq)]
pub struct Multinomial {
    n: u64,
    p: Vec<f64>,
    /// n·(Σp − 1), which rounding left.
    excess: f64,
}

impl Multinomial {
    /// The distribution of the counts of n trials whose outcomes have these probabilities.
    ///
    /// # Errors
    /// If n is above 2⁵³, there is no probability, or they are negative or do not add up to 1.
    pub fn new(n: u64, p: &[f64]) -> Result<Self> {
        const FUNCTION: &str = "Multinomial";
        check::in_range(FUNCTION, "n", n as f64, n <= 1 << 53, "at most 2^53 = 9007199254740992")?;
        check::at_least(FUNCTION, "p", "probabilities", p.len(), 1)?;
        for &p in p {
            check::in_range(FUNCTION, "p", p, (0.0..=1.0 + ROUNDING).contains(&p), "between 0 and 1")?;
        }
        let less_one = |p: &[f64]| p.iter().fold(Dd::from(-1.0), |sum, p| sum + *p).value();
        let beyond = less_one(p);
        if beyond.abs() > ROUNDING {
            let problem = format!("adds up to {}, but probabilities must add up to 1", 1.0 + beyond);
            return Err(Error::Invalid { function: FUNCTION, argument: "p", problem });
        }
        let by_rounding = beyond.abs() <= f64::EPSILON * p.len() as f64;
        let p: Vec<f64> = p.iter().map(|p| if by_rounding { *p } else { p / (1.0 + beyond) }).collect();
        let excess = n as f64 * less_one(&p);
        Ok(Multinomial { n, p, excess })
    }

    /// The number of trials.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The probabilities of the outcomes.
    pub fn p(&self) -> &[f64] {
        &self.p
    }

    /// The probability of counts (…, k); 0 if they are not whole, negative, or do not add up to n.
    ///
    /// # Errors
    /// If the last axis of `x` is not k.
    pub fn pmf<D: Dimension>(&self, x: ArrayView<'_, f64, D>) -> Result<ArrayD<f64>> {
        self.mass("Multinomial.pmf", x, Product::value, Dd::exp)
    }

    /// The logarithm of the probability of counts (…, k), also where the probability underflows; −∞ where it is 0.
    ///
    /// # Errors
    /// If the last axis of `x` is not k.
    pub fn logpmf<D: Dimension>(&self, x: ArrayView<'_, f64, D>) -> Result<ArrayD<f64>> {
        let zero = |value: Dd| value.value();
        Ok(self.mass("Multinomial.logpmf", x, |product| product.ln().value(), zero)?.mapv_into(|v| v.min(0.0)))
    }

    fn mass<D: Dimension>(
        &self,
        function: &'static str,
        x: ArrayView<'_, f64, D>,
        of_product: impl Fn(Product) -> f64,
        of_log: impl Fn(Dd) -> f64,
    ) -> Result<ArrayD<f64>> {
        let impossible = of_log(Dd::from(f64::NEG_INFINITY));
        points::map(function, "x", x, self.p.len(), |counts, out| {
            let table = (self.n <= TABLE && out.len() as u64 > 2 * (self.n + 1)).then(|| self.table());
            for (out, counts) in out.iter_mut().zip(counts.chunks_exact(self.p.len())) {
                *out = if counts.iter().any(|x| x.is_nan()) {
                    f64::NAN
                } else if !self.is_possible(counts) {
                    impossible
                } else if let Some(table) = &table {
                    let rows = table.chunks_exact(self.n as usize + 1);
                    let sum = counts.iter().zip(rows).fold(self.start(), |sum, (x, row)| sum + row[*x as usize]);
                    of_log(sum)
                } else {
                    of_product(self.product(counts))
                };
            }
        })
    }

    /// Whether the counts are whole, not negative, add up to n, and those of categories without probability are 0.
    fn is_possible(&self, counts: &[f64]) -> bool {
        let mut left = self.n as f64;
        for (x, p) in counts.iter().zip(&self.p) {
            if !(0.0..=left).contains(x) || x.trunc() != *x || (*p == 0.0 && *x > 0.0) {
                return false;
            }
            left -= x;
        }
        left == 0.0
    }

    /// Poisson probabilities of the counts, over that of their sum.
    fn product(&self, counts: &[f64]) -> Product {
        let n = self.n as f64;
        let product = counts
            .iter()
            .zip(&self.p)
            .filter(|(_, p)| **p > 0.0)
            .fold(Product::one(), |product, (x, p)| product.times(poisson(*x, n, *p)));
        product.times(poisson(n, n, 1.0).inverse()).times_exp(Dd::from(self.excess))
    }

    /// What the logarithms of the table are added to.
    fn start(&self) -> Dd {
        let n = self.n as f64;
        Product::one().times(poisson(n, n, 1.0).inverse()).ln() + self.excess
    }

    /// The logarithm of each category's Poisson probability of each count from 0 to n.
    fn table(&self) -> Vec<Dd> {
        let n = self.n as f64;
        let entry = |p: f64, x: u64| match p > 0.0 {
            true => Product::one().times(poisson(x as f64, n, p)).ln(),
            false => Dd::ZERO,
        };
        self.p.iter().flat_map(|p| (0..=self.n).map(|x| entry(*p, x))).collect()
    }

    /// The distribution of one category's count.
    ///
    /// # Errors
    /// If there is no such category.
    pub fn marginal(&self, index: usize) -> Result<Binomial> {
        category("Multinomial.marginal", index, self.p.len())?;
        Binomial::new(self.n as f64, self.p[index].min(1.0))
    }

    /// The probabilities under which the counts in the rows of `data` are most likely: each category's share of all trials.
    ///
    /// # Errors
    /// If a value is not a whole number from 0 on, there is no row, the rows' sums differ, or they are 0.
    pub fn fit(data: ArrayView2<'_, f64>) -> Result<MultinomialFit> {
        const FUNCTION: &str = "Multinomial.fit";
        check::at_least(FUNCTION, "data", "rows", data.nrows(), 1)?;
        check::at_least(FUNCTION, "data", "columns", data.ncols(), 1)?;
        check::finite_matrix(FUNCTION, "data", data)?;
        for &x in data {
            let whole = x >= 0.0 && x == x.trunc() && x <= 9_007_199_254_740_992.0;
            check::in_range(FUNCTION, "data", x, whole, "counts: whole numbers from 0 to 2^53")?;
        }
        let n = data.row(0).sum();
        check::in_range(FUNCTION, "data", n, n <= 9_007_199_254_740_992.0, "counts with sums up to 2^53")?;
        if let Some((i, row)) = data.rows().into_iter().enumerate().find(|(_, row)| row.sum() != n) {
            let problem = format!("has rows of different sums: row 0 adds up to {n}, row {i} to {}", row.sum());
            return Err(Error::Invalid { function: FUNCTION, argument: "data", problem });
        }
        check::in_range(FUNCTION, "data", n, n > 0.0, "counts of one trial at least")?;
        let trials = n * data.nrows() as f64;
        let p: Vec<f64> = data.columns().into_iter().map(|column| column.sum() / trials).collect();
        let distribution = Multinomial::new(n as u64, &p)?;
        let covariance = distribution.covariance() / (n * trials);
        let log_likelihood = distribution.logpmf(data)?.sum();
        Ok(MultinomialFit { distribution, covariance, log_likelihood, observations: data.nrows() })
    }
}

/// A multinomial distribution fitted to counts.
#[derive(Debug, Clone, PartialEq)]
pub struct MultinomialFit {
    /// The distribution under which the counts are most likely.
    pub distribution: Multinomial,
    /// The covariance of the estimated probabilities: (diag(p) − ppᵀ)/trials; 0 for a category that never occurred.
    pub covariance: Array2<f64>,
    /// ln L at the maximum.
    pub log_likelihood: f64,
    /// How many rows there are.
    pub observations: usize,
}

impl Multivariate for Multinomial {
    fn dimension(&self) -> usize {
        self.p.len()
    }

    fn mean(&self) -> Array1<f64> {
        self.p.iter().map(|p| self.n as f64 * p).collect()
    }

    fn covariance(&self) -> Array2<f64> {
        let (n, others) = (self.n as f64, sums_of_others(&self.p));
        Array2::from_shape_fn((self.p.len(), self.p.len()), |(i, j)| {
            if i == j { n * self.p[i] * others[i] } else { -n * self.p[i] * self.p[j] }
        })
    }

    fn variance(&self) -> Array1<f64> {
        let others = sums_of_others(&self.p);
        self.p.iter().zip(others).map(|(p, q)| self.n as f64 * p * q).collect()
    }

    fn entropy(&self) -> f64 {
        let n = self.n as f64;
        let others = sums_of_others(&self.p);
        let of_sum = (-Product::one().times(poisson(n, n, 1.0)).ln()).value();
        let of_categories: f64 = self
            .p
            .iter()
            .zip(others)
            .filter(|(p, _)| **p > 0.0)
            .map(|(&p, q)| mean_over_binomial(n, p, q, |x| -Product::one().times(poisson(x, n, p)).ln().value()))
            .sum();
        (of_categories - of_sum - self.excess).max(0.0)
    }

    fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
        let k = self.p.len();
        let count = out.len() / k;
        // What probability is left from each category on; that of the last one that has any is itself.
        let mut rest = self.p.clone();
        for i in (1..k).rev() {
            rest[i - 1] += rest[i];
        }
        let mut left = vec![self.n; count];
        let mut order: Vec<usize> = (0..count).collect();
        let mut drawn = vec![0.0; count];
        for i in 0..k {
            if i + 1 == k {
                left.iter().zip(out.chunks_exact_mut(k)).for_each(|(left, point)| point[i] = *left as f64);
                break;
            }
            let p = if rest[i] > 0.0 { (self.p[i] / rest[i]).min(1.0) } else { 0.0 };
            // Points that have the same number of trials left are drawn together.
            order.sort_unstable_by_key(|&point| (left[point], point));
            let mut start = 0;
            while start < count {
                let trials = left[order[start]];
                let length = order[start..].iter().take_while(|point| left[**point] == trials).count();
                stream.fill_binomial(trials, p, &mut drawn[..length]);
                for (&point, &x) in order[start..start + length].iter().zip(&drawn) {
                    out[point * k + i] = x;
                    left[point] -= (x as u64).min(trials);
                }
                start += length;
            }
        }
    }
}

/// E f(X) for a binomial X, where f is smooth away from 0: of a wide distribution every h-th value is taken, h a sixth of its standard
/// deviation, which for a bell-shaped sum is exact to the last digit.
fn mean_over_binomial(n: f64, p: f64, q: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mean, std) = (n * p, (n * p * q).sqrt());
    let step = (std / 6.0).floor().max(1.0);
    let middle = mean.round();
    let reach = ((12.0 * std + 40.0) / step).ceil() as i64;
    let top = poisson(n, n, 1.0).inverse();
    (-reach..=reach)
        .map(|i| middle + i as f64 * step)
        .filter(|x| (0.0..=n).contains(x))
        .map(|x| {
            let others = if q > 0.0 { poisson(n - x, n, q) } else { poisson(0.0, n, 0.0) };
            let possible = q > 0.0 || x == n;
            let weight = Product::one().times(poisson(x, n, p)).times(others).times(top).value();
            if weight > 0.0 && possible { step * weight * f(x) } else { 0.0 }
        })
        .sum()
}

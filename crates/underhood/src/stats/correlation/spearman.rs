//! C. Spearman's (1904, doi:10.2307/1412159) ρ: Pearson's r of the ranks.
//!
//! The ranks are whole numbers, and so are the sums of which ρ consists; 1 − ρ² is formed from them with 32 digits, so that nothing
//! cancels next to ±1. Interval: D. G. Bonett and T. A. Wright (2000, doi:10.1007/BF02294183).

use ndarray::ArrayView1;

use super::pair::{Correlation, check_pair, fisher_interval};
use crate::distributions::StudentT;
use crate::double_double::Dd;
use crate::error::Result;
use crate::simd::dot;
use crate::stats::contiguous;
use crate::stats::ranks::{Counts, NullMethod, Ranks, Tails, matchings};
use crate::stats::test::Alternative;

/// Spearman's ρ of one pair: Pearson's r of the ranks, tied values sharing the mean of their places.
///
/// The p-value is exact, ties or not, up to about ten pairs; else that of Student's t = ρ√((n − 2)/(1 − ρ²)) with n − 2 degrees of
/// freedom. The interval is tanh(artanh ρ ± z·√((1 + ρ²/2)/(n − 3))), and [−1, 1] for three pairs or fewer.
///
/// # Errors
/// As [`pearsonr`](super::pearsonr), and [`Error::Invalid`](crate::Error::Invalid) if an exact p-value is asked for and there are too many pairs.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, NullMethod, spearmanr};
///
/// let (x, y) = (array![1.0, 2.0, 3.0, 4.0], array![1.0, 8.0, 27.0, 64.0]);
/// let found = spearmanr(x.view(), y.view(), Alternative::TwoSided, 0.95, NullMethod::Auto)?;
/// assert_eq!((found.statistic, found.p_value), (1.0, 2.0 / 24.0));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn spearmanr(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    alternative: Alternative,
    level: f64,
    method: NullMethod,
) -> Result<Correlation> {
    const NAME: &str = "spearmanr";
    check_pair(NAME, x, y, level)?;
    let n = x.len();
    let (x_ranks, y_ranks) = (contiguous(x, Ranks::of), contiguous(y, Ranks::of));
    let tied = (x_ranks.tied, y_ranks.tied);
    let exact = method.counts(NAME, arrangements(&x_ranks, &y_ranks), 5e5, 2e7)?;
    let tails = exact.then(|| exact_tails(&x_ranks, &y_ranks));

    // Σ(r − r̄)² of doubled ranks is (n³ − n − Σ(t³ − t))/3.
    let whole = n as f64;
    let squares = |ranks: &Ranks| (Dd::product(whole * whole - 1.0, whole) - ranks.tie_cubes) / 3.0;
    let product = squares(&x_ranks) * squares(&y_ranks);
    let sum = products(&x_ranks.centred(), &y_ranks.centred());
    let left = (product - sum * sum).value();
    let rho = (sum / product.sqrt()).value().clamp(-1.0, 1.0);
    let df = n - 2;
    let p_value = match tails {
        Some(tails) => tails.p_value(alternative),
        None if df == 0 => 1.0,
        None => {
            let t = sum.value() * (df as f64 / left.max(0.0)).sqrt();
            alternative.p_value(&StudentT::standard(df as f64)?, t)
        }
    };
    // (1 + ρ)/(1 − ρ) = (√AB + S)²/(AB − S²)
    let root = product.sqrt().value();
    let z = rho.signum() * 0.5 * ((root + sum.value().abs()).powi(2) / left.max(0.0)).ln();
    let error = if n > 3 { ((1.0 + rho * rho / 2.0) / (n - 3) as f64).sqrt() } else { f64::INFINITY };
    Ok(Correlation {
        statistic: rho,
        p_value,
        df: (!exact).then_some(df),
        n,
        confidence_interval: fisher_interval(z, error, alternative, level),
        tied,
        skewness: (f64::NAN, f64::NAN),
        exact,
    })
}

/// Σ uᵢvᵢ of two columns of whole numbers below their length, exactly.
fn products(u: &[f64], v: &[f64]) -> Dd {
    /// Up to this length no partial sum exceeds 2⁵³.
    const SMALL: usize = 1 << 17;
    if u.len() <= SMALL {
        return Dd::from(dot(u, v));
    }
    let sum: i128 = u.iter().zip(v).map(|(u, v)| i128::from(*u as i64 * *v as i64)).sum();
    let high = sum as f64;
    Dd::sum(high, (sum - high as i128) as f64)
}

/// How many sums the exact distribution consists of.
fn arrangements(x: &Ranks, y: &Ranks) -> f64 {
    let n = x.len() as f64;
    let scale = if x.tied > 0 { 2.0 } else { 1.0 } * if y.tied > 0 { 2.0 } else { 1.0 };
    n.exp2() * scale * n * n * n / 3.0
}

fn exact_tails(x: &Ranks, y: &Ranks) -> Tails {
    let n = x.len();
    let whole = |ranks: &Ranks| -> Vec<usize> {
        // From 0 on; without ties all doubled ranks are even.
        let step = if ranks.tied > 0 { 1 } else { 2 };
        ranks.doubled.iter().map(|rank| (*rank as usize - 2) / step).collect()
    };
    let (mut a, mut b) = (whole(x), whole(y));
    let observed: usize = a.iter().zip(&b).map(|(a, b)| a * b).sum();
    if x.tied == 0 && y.tied == 0 {
        // Kept by half the sum of squared differences, which falls as Σab rises.
        let most: usize = (0..n).map(|i| i * i).sum();
        let falling = Counts::rank_products(n).tails(most - observed);
        return Tails { at_most: falling.at_least, at_least: falling.at_most };
    }
    a.sort_unstable();
    b.sort_unstable();
    Tails::of_counts(&matchings(&a, &b), observed)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::Stream;
    use crate::stats::pearsonr;

    #[test]
    fn it_is_pearsons_of_the_ranks() {
        let mut stream = Stream::seeded(9);
        for (n, step) in [(20, 1e-9), (20, 0.5), (3000, 0.5), (140_000, 1e-9)] {
            let x: Array1<f64> = (0..n).map(|_| (stream.normal() / step).round()).collect();
            let y: Array1<f64> = x.iter().map(|x| x * step + stream.normal()).collect();
            let found = spearmanr(x.view(), y.view(), Alternative::TwoSided, 0.95, NullMethod::Asymptotic).unwrap();
            let ranks = |x: &Array1<f64>| Array1::from(Ranks::of(x.as_slice().unwrap()).doubled);
            let r = pearsonr(ranks(&x).view(), ranks(&y).view(), Alternative::TwoSided, 0.95).unwrap();
            assert_relative_eq!(found.statistic, r.statistic, max_relative = 1e-13);
            assert_relative_eq!(found.p_value, r.p_value, max_relative = 1e-9);
            assert_eq!(found.df, r.df);
        }
    }

    #[test]
    fn small_samples_have_the_published_probabilities() {
        // M. G. Kendall, Rank Correlation Methods: for n = 5, P(Σd² ≤ 2) = 5/120; for n = 10, P(Σd² ≤ 58) = 0.0217 (one-sided).
        let x: Array1<f64> = (0..5).map(f64::from).collect();
        let y = array![1.0, 0.0, 2.0, 3.0, 4.0];
        let found = spearmanr(x.view(), y.view(), Alternative::Greater, 0.95, NullMethod::Auto).unwrap();
        assert_relative_eq!(found.statistic, 0.9, max_relative = 1e-15);
        assert_relative_eq!(found.p_value, 5.0 / 120.0, max_relative = 1e-14);
        assert!(found.exact);
        assert_eq!(found.df, None);
        let less = spearmanr(x.view(), y.view(), Alternative::Less, 0.95, NullMethod::Auto).unwrap();
        assert_relative_eq!(less.p_value, 119.0 / 120.0, max_relative = 1e-14);
        // With ties: all 120 orders of y, counted one by one.
        let (x, y) = (array![1.0, 1.0, 2.0, 5.0, 5.0], array![3.0, 1.0, 3.0, 4.0, 9.0]);
        let found = spearmanr(x.view(), y.view(), Alternative::Greater, 0.95, NullMethod::Auto).unwrap();
        let (a, b) = ([3.0, 3.0, 6.0, 9.0, 9.0], [5.0, 2.0, 5.0, 8.0, 10.0]);
        let own: f64 = (0..5).map(|i| a[i] * b[i]).sum();
        let (mut all, mut far) = (0, 0);
        for code in 0..5_usize.pow(5) {
            let order: Vec<usize> = (0..5).map(|i| code / 5_usize.pow(i) % 5).collect();
            if (0..5).all(|i| order.contains(&i)) {
                all += 1;
                far += i32::from((0..5).map(|i| a[i] * b[order[i]]).sum::<f64>() >= own);
            }
        }
        assert_eq!(all, 120);
        assert_relative_eq!(found.p_value, f64::from(far) / 120.0, max_relative = 1e-14);
    }

    #[test]
    fn next_to_one_nothing_cancels() {
        // One exchange of neighbours among n: Σd² = 2, so 1 − ρ = 12/(n³ − n).
        let n = 20_000;
        let x: Array1<f64> = (0..n).map(f64::from).collect();
        let mut y = x.clone();
        y.swap(17, 18);
        let found = spearmanr(x.view(), y.view(), Alternative::TwoSided, 0.95, NullMethod::Auto).unwrap();
        let cube = f64::from(n).powi(3) - f64::from(n);
        let expected = 0.5 * ((2.0 - 12.0 / cube) / (12.0 / cube)).ln();
        let reach = 1.959963984540054 * (1.5 / f64::from(n - 3)).sqrt();
        assert_relative_eq!(found.confidence_interval.0, (expected - reach).tanh(), max_relative = 1e-15);
        let line = spearmanr(x.view(), x.view(), Alternative::TwoSided, 0.95, NullMethod::Auto).unwrap();
        assert_eq!((line.statistic, line.p_value, line.confidence_interval), (1.0, 0.0, (1.0, 1.0)));
    }
}

//! Kolmogorov's and Smirnov's test of one sample.
//!
//! Nothing is sorted: of the values whose probabilities F(x) fall into one of n equal cells, only the largest can be farthest below the sample's
//! distribution function and only the smallest farthest above it (T. Gonzalez, S. Sahni and W. R. Franta 1977, doi:10.1145/355719.355724).

use ndarray::ArrayView1;

use super::kolmogorov::{limit, one_sided, two_sided};
use super::sorted::sorted_values;
use super::{KolmogorovMethod, KolmogorovSmirnov};
use crate::check;
use crate::distributions::Distribution;
use crate::error::{Error, Result};
use crate::stats::test::{Alternative, check_sample};

/// Tests whether a sample was drawn from a distribution that was known before; `Greater` asks whether its distribution function lies above.
///
/// # Errors
/// If the sample is empty, a value is missing or infinite, or `Exact` is asked of too many values.
///
/// ```
/// use ndarray::array;
/// use underhood::distributions::Uniform;
/// use underhood::stats::{Alternative, KolmogorovMethod, ks_1samp};
///
/// let x = array![0.1, 0.4, 0.7];
/// let found = ks_1samp(x.view(), &Uniform::new(0.0, 1.0)?, Alternative::TwoSided, KolmogorovMethod::Auto)?;
/// assert!((found.statistic - 0.3).abs() < 1e-15 && found.exact);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn ks_1samp(
    x: ArrayView1<'_, f64>,
    distribution: &dyn Distribution,
    alternative: Alternative,
    method: KolmogorovMethod,
) -> Result<KolmogorovSmirnov> {
    check_sample("ks_1samp", "x", x, 1)?;
    let mut probabilities = x.to_vec();
    distribution.cdf_in_place(&mut probabilities);
    ks_uniform("ks_1samp", x, ArrayView1::from(&probabilities), alternative, method)
}

/// The same of the probabilities F(x), which are uniform if the sample was drawn from F.
///
/// # Errors
/// If there are none, there are not as many as values, one is not between 0 and 1, or `Exact` is asked of too many; the message names `function`.
pub fn ks_uniform(
    function: &'static str,
    x: ArrayView1<'_, f64>,
    probabilities: ArrayView1<'_, f64>,
    alternative: Alternative,
    method: KolmogorovMethod,
) -> Result<KolmogorovSmirnov> {
    check::at_least(function, "x", "values", probabilities.len(), 1)?;
    check::same_length(function, ("cdf", probabilities.len()), ("x", x.shape()))?;
    let inside = |p: &f64| (0.0..=1.0).contains(p);
    if let Some(i) = probabilities.iter().position(|p| !inside(p)) {
        let problem =
            format!("is {} at value {i} of x, but a distribution function lies between 0 and 1", probabilities[i]);
        return Err(Error::Invalid { function, argument: "cdf", problem });
    }
    let n = probabilities.len();
    let (above, below, tied) = distances(x, probabilities);
    let (distance, is_above) = match alternative {
        Alternative::Greater => (above, true),
        Alternative::Less => (below, false),
        Alternative::TwoSided if above.0 > below.0 => (above, true),
        Alternative::TwoSided => (below, false),
    };
    let statistic = distance.0;
    let (p_value, exact) = match (alternative, method) {
        (Alternative::TwoSided, KolmogorovMethod::Limit) => (limit((n as f64).sqrt() * statistic), false),
        (Alternative::TwoSided, _) => two_sided(function, n, statistic, method == KolmogorovMethod::Exact)?,
        (_, KolmogorovMethod::Limit) => ((-2.0 * n as f64 * statistic * statistic).exp(), false),
        _ => (one_sided(n, statistic), true),
    };
    Ok(KolmogorovSmirnov { statistic, p_value, location: x[distance.1], above: is_above, exact, tied })
}

/// The largest distance of the sample's distribution function above F, and that below it, each with the place of its value; and whether values of
/// x are tied.
fn distances(x: ArrayView1<'_, f64>, probabilities: ArrayView1<'_, f64>) -> ((f64, usize), (f64, usize), bool) {
    #[derive(Clone, Copy)]
    struct Cell {
        count: u32,
        smallest: (f64, u32),
        largest: (f64, u32),
    }
    let n = probabilities.len();
    let size = n as f64;
    let empty = Cell { count: 0, smallest: (2.0, 0), largest: (-1.0, 0) };
    let mut cells = vec![empty; n];
    // Equal values are in one cell: one of them is met while the other is its smallest or largest, or both are forgotten.
    let (mut tied, mut forgotten) = (false, Vec::new());
    for (i, &p) in probabilities.iter().enumerate() {
        let cell = &mut cells[((p * size) as usize).min(n - 1)];
        let i = i as u32;
        cell.count += 1;
        if !tied && cell.count > 1 {
            let (value, smallest, largest) = (x[i as usize], x[cell.smallest.1 as usize], x[cell.largest.1 as usize]);
            tied = value == smallest || value == largest;
            let one_is_both = cell.smallest.1 == cell.largest.1;
            if p < cell.smallest.0 || p > cell.largest.0 {
                if !one_is_both {
                    forgotten.push(if p < cell.smallest.0 { smallest } else { largest });
                }
            } else {
                forgotten.push(value);
            }
        }
        if p < cell.smallest.0 {
            cell.smallest = (p, i);
        }
        if p > cell.largest.0 {
            cell.largest = (p, i);
        }
    }
    if !tied {
        tied = sorted_values(forgotten.into_iter()).windows(2).any(|two| two[0] == two[1]);
    }
    let (mut above, mut below) = ((f64::NEG_INFINITY, 0), (f64::NEG_INFINITY, 0));
    let mut before = 0.0;
    for cell in cells.iter().filter(|cell| cell.count > 0) {
        let under = cell.smallest.0 - before / size;
        if under > below.0 {
            below = (under, cell.smallest.1 as usize);
        }
        before += f64::from(cell.count);
        let over = before / size - cell.largest.0;
        if over > above.0 {
            above = (over, cell.largest.1 as usize);
        }
    }
    (above, below, tied)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::Stream;

    #[test]
    fn cells_find_what_sorting_finds() {
        let mut stream = Stream::seeded(3);
        for (n, unit) in [1, 2, 7, 20, 30, 50, 100, 1000].into_iter().flat_map(|n| [(n, 300.0), (n, 1e4), (n, 1e15)]) {
            // Some pressed into few cells.
            let power = if n % 20 == 0 { 4 } else { 1 };
            let p: Array1<f64> = (0..n).map(|_| (stream.uniform().powi(power) * unit).round() / unit).collect();
            let mut sorted = p.to_vec();
            sorted.sort_by(f64::total_cmp);
            let size = n as f64;
            let over = sorted.iter().enumerate().map(|(i, p)| (i + 1) as f64 / size - p).fold(f64::MIN, f64::max);
            let under = sorted.iter().enumerate().map(|(i, p)| p - i as f64 / size).fold(f64::MIN, f64::max);
            let (above, below, tied) = distances(p.view(), p.view());
            assert_eq!(tied, sorted.windows(2).any(|two| two[0] == two[1]));
            assert_eq!((above.0, below.0), (over, under));
            assert!(n < 2 || above.1 < n && below.1 < n);
        }
    }

    #[test]
    fn what_is_no_probability_is_named() {
        let test =
            |p: Array1<f64>| ks_uniform("kstest", p.view(), p.view(), Alternative::TwoSided, KolmogorovMethod::Auto);
        assert!(test(array![0.5, 1.5]).unwrap_err().to_string().contains("kstest: cdf is 1.5 at value 1"));
        assert!(test(array![f64::NAN]).is_err());
        assert!(test(array![]).is_err());
    }
}

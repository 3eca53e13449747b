//! How often values fall into bins, and how to choose the bins.
//!
//! The rules: H. A. Sturges (1926, doi:10.1080/01621459.1926.10502161); D. P. Doane (1976, doi:10.1080/00031305.1976.10479172);
//! D. W. Scott (1979, doi:10.1093/biomet/66.3.605); D. Freedman and P. Diaconis (1981, doi:10.1007/BF01025868). The names are
//! NumPy's, and so is the bound that "auto" puts on the number of bins.

use ndarray::ArrayView1;

use super::moments::Moments;
use super::quantile::{QuantileMethod, quantiles_without_missing};
use super::weights::Compensated;
use crate::check;
use crate::error::{Error, Result};

const FUNCTION: &str = "histogram";
/// More bins than this are a mistake, or a rule that an extreme value has led astray.
const MOST_BINS: f64 = 1e7;

/// How a histogram's number of bins follows from the n values. For a range r, standard deviation s and interquartile range q
/// the bins are at most so wide:
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinRule {
    /// The narrower of Sturges' and Freedman and Diaconis' bins, but never more than 2√n of them by the latter.
    Auto,
    /// r/(log₂n + 1): right for a normal distribution, too few bins for many values or skewed ones.
    Sturges,
    /// 2q/n^(1/3): heeds no outliers.
    FreedmanDiaconis,
    /// s·(24√π/n)^(1/3): the best for a normal distribution and many values.
    Scott,
    /// r/(1 + log₂n + log₂(1 + |g₁|/σ)), Sturges' rule with a term for the skewness g₁ and its standard error σ.
    Doane,
    /// r/(2n^(1/3)).
    Rice,
    /// r/√n.
    SquareRoot,
}

impl BinRule {
    /// NumPy's names.
    pub const NAMES: [&str; 7] = ["auto", "sturges", "fd", "scott", "doane", "rice", "sqrt"];

    /// The rule of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`BinRule::NAMES`].
    pub fn named(name: &str) -> Result<BinRule> {
        let rules = [
            BinRule::Auto,
            BinRule::Sturges,
            BinRule::FreedmanDiaconis,
            BinRule::Scott,
            BinRule::Doane,
            BinRule::Rice,
            BinRule::SquareRoot,
        ];
        let place = BinRule::NAMES.iter().position(|known| *known == name);
        place.map(|i| rules[i]).ok_or_else(|| Error::UnknownName {
            function: FUNCTION,
            argument: "bins",
            value: name.into(),
            allowed: &BinRule::NAMES,
        })
    }

    /// The widest bin that the rule allows; 0 where it cannot tell.
    fn width(self, x: &[f64]) -> f64 {
        self.width_of(x, &Moments::of_slice(x))
    }

    fn width_of(self, x: &[f64], moments: &Moments) -> f64 {
        let n = x.len() as f64;
        let range = moments.max() - moments.min();
        match self {
            BinRule::Sturges => range / (n.log2() + 1.0),
            BinRule::Rice => range / (2.0 * n.cbrt()),
            BinRule::SquareRoot => range / n.sqrt(),
            BinRule::Scott => (24.0 * std::f64::consts::PI.sqrt() / n).cbrt() * moments.std(0),
            BinRule::FreedmanDiaconis => {
                let quarters = quantiles_without_missing(x, &[0.25, 0.75], QuantileMethod::Linear, &mut Vec::new());
                2.0 * (quarters[1] - quarters[0]) / n.cbrt()
            }
            BinRule::Doane => {
                let skewness = moments.skewness(true);
                if n < 3.0 || skewness.is_nan() {
                    return 0.0;
                }
                let error = (6.0 * (n - 2.0) / ((n + 1.0) * (n + 3.0))).sqrt();
                range / (1.0 + n.log2() + (1.0 + skewness.abs() / error).log2())
            }
            BinRule::Auto => {
                let narrow = BinRule::FreedmanDiaconis.width_of(x, moments).max(range / (2.0 * n.sqrt()));
                narrow.min(BinRule::Sturges.width_of(x, moments))
            }
        }
    }
}

/// How the bins are given.
#[derive(Debug, Clone, Copy)]
pub enum Bins<'a> {
    /// By a rule.
    Rule(BinRule),
    /// So many, all of one width.
    Count(usize),
    /// By their edges, ascending.
    Edges(&'a [f64]),
}

/// What [`histogram`] counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// How many values each bin holds, or the sum of their weights.
    pub counts: Vec<f64>,
    /// Where bins begin and end, one more than there are bins. A bin holds its left edge, and only the last one its right edge too.
    pub edges: Vec<f64>,
    /// How many values lie in no bin.
    pub outside: usize,
    /// How many are missing (NaN).
    pub missing: usize,
}

/// Counts the values in bins. Missing values are left out, and counted.
///
/// With a `range` only the values in it count, and bins that are not given by their edges divide it; else they divide the range of the
/// values (of a single value, the unit interval about it). `whole` asks a rule for bins of width 1 or more, as fits whole numbers.
///
/// # Errors
/// [`Error::TooFew`] without values and range; [`Error::NotFinite`] for an infinite value without a range, and for weights;
/// [`Error::Shape`] for weights of another length; [`Error::Invalid`] for a range or edges that do not ascend, for a rule beside weights
/// and for a rule that asks for too many bins.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Bins, histogram};
///
/// let h = histogram(array![1.0, 2.0, 2.5, 5.0].view(), Bins::Count(2), None, None, false)?;
/// assert_eq!((h.counts, h.edges), (vec![3.0, 1.0], vec![1.0, 3.0, 5.0]));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn histogram(
    x: ArrayView1<'_, f64>,
    bins: Bins<'_>,
    range: Option<(f64, f64)>,
    weights: Option<ArrayView1<'_, f64>>,
    whole: bool,
) -> Result<Histogram> {
    if let Some(weights) = &weights {
        check::same_length(FUNCTION, ("weights", weights.len()), ("a", x.shape()))?;
        check::finite_vector(FUNCTION, "weights", weights.view())?;
        if let Bins::Rule(_) = bins {
            let problem = "chooses by a rule, which knows nothing of weights; give a number of bins or their edges";
            return Err(Error::Invalid { function: FUNCTION, argument: "bins", problem: problem.into() });
        }
    }
    let edges = match bins {
        Bins::Edges(edges) => checked(edges)?,
        Bins::Count(0) => {
            let expected = "at least 1".into();
            return Err(Error::OutOfRange { function: FUNCTION, argument: "bins", value: 0.0, expected });
        }
        Bins::Count(count) => even(limits(x, range)?, count as f64)?,
        Bins::Rule(rule) => {
            let (low, high) = limits(x, range)?;
            let inside: Vec<f64> = x.iter().copied().filter(|v| (low..=high).contains(v)).collect();
            let mut width = if inside.is_empty() { 0.0 } else { rule.width(&inside) };
            if whole && width > 0.0 {
                width = width.max(1.0);
            }
            let count = if width > 0.0 { ((high - low) / width).ceil().max(1.0) } else { 1.0 };
            even((low, high), count)?
        }
    };
    // Edges that were given may differ in width; all others do not.
    let equal = !matches!(bins, Bins::Edges(_));
    let place = |v: f64| if equal { place_of_equal(&edges, v) } else { place_of(&edges, v) };
    let counts = match &weights {
        // One place more than there are bins, for what lies in none.
        None => {
            let mut counts = vec![0_usize; edges.len()];
            let nowhere = edges.len() - 1;
            if equal {
                x.iter().for_each(|&v| counts[place_of_equal(&edges, v).unwrap_or(nowhere)] += 1);
            } else {
                x.iter().for_each(|&v| counts[place_of(&edges, v).unwrap_or(nowhere)] += 1);
            }
            counts[..nowhere].iter().map(|&count| count as f64).collect()
        }
        Some(weights) => {
            let mut sums = vec![Compensated::default(); edges.len() - 1];
            x.iter().zip(weights).filter_map(|(&v, &w)| Some((place(v)?, w))).for_each(|(bin, w)| sums[bin].add(w));
            sums.into_iter().map(Compensated::value).collect()
        }
    };
    let missing = x.iter().filter(|v| v.is_nan()).count();
    let (low, high) = (edges[0], edges[edges.len() - 1]);
    let inside = x.iter().filter(|v| (low..=high).contains(*v)).count();
    Ok(Histogram { counts, edges, outside: x.len() - missing - inside, missing })
}

/// Where the first bin begins and the last one ends.
fn limits(x: ArrayView1<'_, f64>, range: Option<(f64, f64)>) -> Result<(f64, f64)> {
    let invalid = |problem: String| Error::Invalid { function: FUNCTION, argument: "range", problem };
    let (low, high) = match range {
        Some((low, high)) => {
            if !(low.is_finite() && high.is_finite() && low <= high) {
                return Err(invalid(format!("is ({low}, {high}), but must be two finite numbers, the smaller first")));
            }
            (low, high)
        }
        None => {
            let present = x.iter().filter(|v| !v.is_nan());
            check::at_least(FUNCTION, "a", "values", present.clone().count(), 1)?;
            if let Some(i) = x.iter().position(|v| v.is_infinite()) {
                return Err(Error::Invalid {
                    function: FUNCTION,
                    argument: "a",
                    problem: format!("holds an infinity at index {i}; say with range which values shall count"),
                });
            }
            present.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)))
        }
    };
    // The spacing of doubles beyond 2⁵³ is more than the half that is wanted here.
    let (low, high) = if low == high {
        (low - 0.5f64.max(low.abs() * 1e-15), high + 0.5f64.max(high.abs() * 1e-15))
    } else {
        (low, high)
    };
    if !(high - low).is_finite() {
        return Err(invalid(format!("would reach from {low:e} to {high:e}, a width beyond the largest double")));
    }
    Ok((low, high))
}

/// The edges of so many bins of one width.
fn even((low, high): (f64, f64), count: f64) -> Result<Vec<f64>> {
    let invalid = |problem: String| Error::Invalid { function: FUNCTION, argument: "bins", problem };
    if !(count <= MOST_BINS) {
        return Err(invalid(format!("would be {count:e}, where 1e7 are the most; fewer bins or a range will do")));
    }
    let step = (high - low) / count;
    let mut edges: Vec<f64> = (0..count as usize).map(|i| i as f64 * step + low).collect();
    edges.push(high);
    if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(invalid(format!("are {count}, more than there are doubles between {low} and {high}")));
    }
    Ok(edges)
}

fn checked(edges: &[f64]) -> Result<Vec<f64>> {
    check::at_least(FUNCTION, "bins", "edges", edges.len(), 2)?;
    check::finite_vector(FUNCTION, "bins", ArrayView1::from(edges))?;
    if let Some(i) = edges.windows(2).position(|pair| pair[0] > pair[1]) {
        let problem = format!("are edges that do not ascend: {} stands before {}", edges[i], edges[i + 1]);
        return Err(Error::Invalid { function: FUNCTION, argument: "bins", problem });
    }
    Ok(edges.to_vec())
}

/// The bin of a value; none for one outside and for NaN.
fn place_of(edges: &[f64], value: f64) -> Option<usize> {
    let bins = edges.len() - 1;
    let inside = value >= edges[0] && value <= edges[bins];
    inside.then(|| edges.partition_point(|edge| *edge <= value).clamp(1, bins) - 1)
}

/// The same for bins of one width: found by a division, whose rounding the edges mend.
#[inline]
fn place_of_equal(edges: &[f64], value: f64) -> Option<usize> {
    let bins = edges.len() - 1;
    let (low, high) = (edges[0], edges[bins]);
    if !(value >= low && value <= high) {
        return None;
    }
    let place = (((value - low) / (high - low) * bins as f64) as usize).min(bins - 1);
    let (before, after) = (value < edges[place], value >= edges[place + 1] && place + 1 < bins);
    Some(place + usize::from(after) - usize::from(before))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::Stream;

    #[test]
    fn every_value_is_in_the_bin_between_whose_edges_it_lies() {
        let mut stream = Stream::seeded(8);
        let mut x: Array1<f64> = (0..2000).map(|_| stream.normal()).collect();
        for count in [1, 7, 10, 333] {
            let edges = histogram(x.view(), Bins::Count(count), None, None, false).unwrap().edges;
            // Edges themselves are the hard ones.
            x = x.iter().copied().chain(edges.iter().copied()).collect();
            let found = histogram(x.view(), Bins::Count(count), None, None, false).unwrap();
            let again = histogram(x.view(), Bins::Edges(&found.edges), None, None, false).unwrap();
            assert_eq!(found, again);
            assert_eq!(found.counts.iter().sum::<f64>(), x.len() as f64);
        }
    }

    #[test]
    fn rules_by_hand() {
        // 1, …, 8: range 7, log₂n = 3, quartiles 2.75 and 6.25.
        let x: Vec<f64> = (1..=8).map(f64::from).collect();
        let widths = [
            (BinRule::Sturges, 1.75),
            (BinRule::Rice, 1.75),
            (BinRule::FreedmanDiaconis, 3.5),
            (BinRule::SquareRoot, 7.0 / 8f64.sqrt()),
        ];
        for (rule, width) in widths {
            assert!((rule.width(&x) - width).abs() < 1e-14, "{rule:?}");
        }
        assert_eq!(BinRule::Doane.width(&x), 1.75); // not skewed at all
        let bins =
            |whole| histogram(ArrayView1::from(&x), Bins::Rule(BinRule::Rice), None, None, whole).unwrap().counts.len();
        assert_eq!((bins(false), bins(true)), (4, 4));
    }

    #[test]
    fn what_lies_in_no_bin_is_counted() {
        let x = array![1.0, f64::NAN, 5.0, f64::INFINITY, 2.0];
        let weights = array![0.5, 9.0, 9.0, 9.0, 0.25];
        let found = histogram(x.view(), Bins::Count(1), Some((0.0, 4.0)), Some(weights.view()), false).unwrap();
        assert_eq!((found.counts, found.outside, found.missing), (vec![0.75], 2, 1));
        assert!(histogram(x.view(), Bins::Count(1), None, None, false).is_err());
        assert!(histogram(x.view(), Bins::Rule(BinRule::Auto), Some((0.0, 4.0)), Some(weights.view()), false).is_err());
        assert!(histogram(x.view(), Bins::Edges(&[1.0, 0.0]), None, None, false).is_err());
        assert!(histogram(array![1e16, 1e16 + 2.0].view(), Bins::Count(100), None, None, false).is_err());
        assert!(histogram(array![-1.7e308, 1.7e308].view(), Bins::Count(100), None, None, false).is_err());
        let one = histogram(array![3.0, 3.0].view(), Bins::Rule(BinRule::Auto), None, None, false).unwrap();
        assert_eq!((one.counts, one.edges), (vec![2.0], vec![2.5, 3.5]));
    }
}

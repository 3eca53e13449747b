//! M. G. Kendall's (1938, doi:10.1093/biomet/30.1-2.81) τ: of all pairs of points, how many more rise together than fall.
//!
//! Pairs are counted in n·log n steps (W. R. Knight, 1966, doi:10.1080/01621459.1966.10480879): with the points in the order of x, the
//! discordant pairs are the inversions of y. The variance with ties: Kendall, Rank Correlation Methods (1970), chapter 4; the
//! interval: E. C. Fieller, H. O. Hartley and E. S. Pearson (1957, doi:10.1093/biomet/44.3-4.470).

use ndarray::ArrayView1;

use super::pair::{Correlation, check_pair, fisher_interval};
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::contiguous;
use crate::stats::ranks::{Counts, NullMethod, in_order, ties};
use crate::stats::test::Alternative;

/// What the difference of concordant and discordant pairs is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KendallVariant {
    /// The geometric mean of the pairs without ties in x and of those in y: ±1 only if the ties coincide.
    #[default]
    B,
    /// n²(m − 1)/(2m), m the smaller number of distinct values: for tables of ordered categories that are not square.
    C,
}

impl KendallVariant {
    /// SciPy's names.
    pub const NAMES: [&str; 2] = ["b", "c"];

    /// The variant of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`KendallVariant::NAMES`].
    pub fn named(name: &str) -> Result<KendallVariant> {
        match name {
            "b" => Ok(KendallVariant::B),
            "c" => Ok(KendallVariant::C),
            _ => Err(Error::UnknownName {
                function: NAME,
                argument: "variant",
                value: name.into(),
                allowed: &KendallVariant::NAMES,
            }),
        }
    }
}

const NAME: &str = "kendalltau";

/// Kendall's τ of one pair.
///
/// Exact without ties up to 50 pairs (or where almost all pairs agree); else the difference of concordant and discordant pairs is taken
/// for normal. The interval is tanh(artanh τ ± z·√(0.437/(n − 4))), and [−1, 1] for four pairs or fewer.
///
/// # Errors
/// As [`pearsonr`](super::pearsonr), and [`Error::Invalid`] if an exact p-value is asked for and there are ties or more than 500 pairs.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, KendallVariant, NullMethod, kendalltau};
///
/// let (x, y) = (array![1.0, 2.0, 3.0, 4.0], array![1.0, 3.0, 2.0, 4.0]);
/// let found = kendalltau(x.view(), y.view(), KendallVariant::B, Alternative::TwoSided, 0.95, NullMethod::Auto)?;
/// assert_eq!(found.statistic, 4.0 / 6.0);
/// assert!((found.p_value - 8.0 / 24.0).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn kendalltau(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    variant: KendallVariant,
    alternative: Alternative,
    level: f64,
    method: NullMethod,
) -> Result<Correlation> {
    check_pair(NAME, x, y, level)?;
    let n = x.len();
    let found = contiguous(x, |x| contiguous(y, |y| concordance(x, y)));
    let tied = found.x.tied + found.y.tied > 0;
    if tied && method == NullMethod::Exact {
        let problem = "is \"exact\", but the values have ties, for which only \"asymptotic\" is known".into();
        return Err(Error::Invalid { function: NAME, argument: "method", problem });
    }
    let nearly_in_order = found.discordant.min(found.pairs - found.discordant) <= 1;
    let work = if nearly_in_order { n.min(50) } else { n } as f64;
    let exact = !tied && method.counts(NAME, work, 50.0, 500.0)?;
    let p_value = if exact { found.exact_p_value(n, alternative) } else { found.normal_p_value(n, alternative) };
    let statistic = match variant {
        KendallVariant::B => found.tau_b(),
        KendallVariant::C => {
            let (whole, fewer) = (n as f64, found.x.distinct.min(found.y.distinct) as f64);
            (2.0 * found.score() * fewer / (whole * whole * (fewer - 1.0))).clamp(-1.0, 1.0)
        }
    };
    let error = if n > 4 { (0.437 / (n - 4) as f64).sqrt() } else { f64::INFINITY };
    Ok(Correlation {
        statistic,
        p_value,
        df: None,
        n,
        confidence_interval: fisher_interval(statistic.atanh(), error, alternative, level),
        tied: (found.x.tied, found.y.tied),
        skewness: (f64::NAN, f64::NAN),
        exact,
    })
}

/// How the pairs of points lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Concordance {
    /// All n(n − 1)/2 of them.
    pairs: u64,
    /// Those of which one rises and the other falls.
    discordant: u64,
    /// Those that are tied in both.
    tied_in_both: u64,
    x: Tied,
    y: Tied,
}

/// The ties of one column, of t values each.
#[derive(Debug, Clone, Copy, Default)]
struct Tied {
    /// Values that equal another one.
    tied: usize,
    distinct: usize,
    /// Σ t(t − 1)/2
    pairs: u64,
    /// Σ t(t − 1)(t − 2)
    triples: f64,
    /// Σ t(t − 1)(2t + 5)
    variance: f64,
}

impl Tied {
    fn of(runs: impl Iterator<Item = (usize, usize)>) -> Tied {
        let mut found = Tied::default();
        for (start, end) in runs {
            let t = end - start;
            found.distinct += 1;
            if t > 1 {
                let (ordered, t_float) = ((t * (t - 1)) as u64, t as f64);
                found.tied += t;
                found.pairs += ordered / 2;
                found.triples += ordered as f64 * (t_float - 2.0);
                found.variance += ordered as f64 * (2.0 * t_float + 5.0);
            }
        }
        found
    }
}

/// Counts the pairs of two columns of one length.
pub(super) fn concordance(x: &[f64], y: &[f64]) -> Concordance {
    let by_x = in_order(x);
    let tied_x = Tied::of(ties(x, &by_x));
    let y_by_x: Vec<f64> = by_x.iter().map(|i| y[*i as usize]).collect();
    // Equal values of y stay in the order of x, and are no inversions.
    let by_y = in_order(&y_by_x);
    let tied_y = Tied::of(ties(&y_by_x, &by_y));
    let mut tied_in_both = 0;
    let mut places = if tied_x.tied == 0 {
        by_y
    } else {
        // The points in the order of y, and then of x where that differs: within ties of x they are in the order of y, and are
        // no inversions either. What comes out are places in the order of y.
        let x_by_y: Vec<f64> = by_y.iter().map(|k| x[by_x[*k as usize] as usize]).collect();
        let places = in_order(&x_by_y);
        if tied_y.tied > 0 {
            let y_by_y: Vec<f64> = by_y.iter().map(|k| y_by_x[*k as usize]).collect();
            for (start, end) in ties(&x_by_y, &places) {
                let run = &places[start..end];
                tied_in_both += ties(&y_by_y, run).map(|(start, end)| pairs_among(end - start)).sum::<u64>();
            }
        }
        places
    };
    Concordance { pairs: pairs_among(x.len()), discordant: inversions(&mut places), tied_in_both, x: tied_x, y: tied_y }
}

/// A column that is compared with several others: it is sorted once.
pub(super) struct Ordered {
    order: Vec<u32>,
    /// For each value, how many distinct ones are smaller.
    place: Vec<u32>,
    tied: Tied,
}

impl Ordered {
    pub(super) fn of(x: &[f64]) -> Ordered {
        let order = in_order(x);
        let mut place = vec![0; x.len()];
        for (number, (start, end)) in ties(x, &order).enumerate() {
            order[start..end].iter().for_each(|i| place[*i as usize] = number as u32);
        }
        let tied = Tied::of(ties(x, &order));
        Ordered { order, place, tied }
    }

    /// As [`concordance`] of both columns, by counting instead of sorting.
    pub(super) fn concordance(&self, other: &Ordered) -> Concordance {
        let at = |from: &[u32], k: &u32| from[*k as usize];
        let y_by_x: Vec<u32> = self.order.iter().map(|i| at(&other.place, i)).collect();
        let by_y = in_order_of_places(&y_by_x, other.tied.distinct);
        let mut tied_in_both = 0;
        let mut places = if self.tied.tied == 0 {
            by_y
        } else {
            let x_by_y: Vec<u32> = by_y.iter().map(|k| at(&self.place, &at(&self.order, k))).collect();
            let places = in_order_of_places(&x_by_y, self.tied.distinct);
            if other.tied.tied > 0 {
                let y_by_y: Vec<u32> = by_y.iter().map(|k| at(&y_by_x, k)).collect();
                for run in places.chunk_by(|a, b| at(&x_by_y, a) == at(&x_by_y, b)) {
                    let both = run.chunk_by(|a, b| at(&y_by_y, a) == at(&y_by_y, b));
                    tied_in_both += both.map(|both| pairs_among(both.len())).sum::<u64>();
                }
            }
            places
        };
        let discordant = inversions(&mut places);
        Concordance { pairs: pairs_among(self.order.len()), discordant, tied_in_both, x: self.tied, y: other.tied }
    }
}

/// The order of numbers below `count`, equal ones as they come.
fn in_order_of_places(places: &[u32], count: usize) -> Vec<u32> {
    let mut starts = vec![0_u32; count + 1];
    places.iter().for_each(|place| starts[*place as usize + 1] += 1);
    for i in 0..count {
        starts[i + 1] += starts[i];
    }
    let mut order = vec![0; places.len()];
    for (i, place) in places.iter().enumerate() {
        let start = &mut starts[*place as usize];
        order[*start as usize] = i as u32;
        *start += 1;
    }
    order
}

/// n(n − 1)/2
fn pairs_among(n: usize) -> u64 {
    (n * n.saturating_sub(1) / 2) as u64
}

impl Concordance {
    /// Concordant less discordant pairs.
    fn score(&self) -> f64 {
        let ordered = self.pairs + self.tied_in_both - self.x.pairs - self.y.pairs;
        ordered as f64 - 2.0 * self.discordant as f64
    }

    /// Of two columns that are not constant.
    pub(super) fn tau_b(&self) -> f64 {
        let (x, y) = ((self.pairs - self.x.pairs) as f64, (self.pairs - self.y.pairs) as f64);
        // One root if it is the same, so that columns that agree have exactly 1.
        let size = if x == y { x } else { x.sqrt() * y.sqrt() };
        (self.score() / size).clamp(-1.0, 1.0)
    }

    fn exact_p_value(&self, n: usize, alternative: Alternative) -> f64 {
        // Few inversions are a high τ.
        let few = self.discordant.min(self.pairs - self.discordant);
        let tails = if few <= 1 {
            let sooner = at_most_one(n, few);
            let one: f64 = if few == 0 { sooner } else { at_most_one(n, 1) - at_most_one(n, 0) };
            let (low, high) = (sooner, 1.0 - sooner + one);
            if self.discordant == few { (low, high) } else { (high, low) }
        } else {
            let tails = Counts::inversions(n).tails(self.discordant as usize);
            (tails.at_most, tails.at_least)
        };
        match alternative {
            Alternative::TwoSided => (2.0 * tails.0.min(tails.1)).min(1.0),
            Alternative::Less => tails.1,
            Alternative::Greater => tails.0,
        }
    }

    fn normal_p_value(&self, n: usize, alternative: Alternative) -> f64 {
        let n = n as f64;
        let ordered = n * (n - 1.0);
        let triples = if n > 2.0 { self.x.triples * self.y.triples / (9.0 * ordered * (n - 2.0)) } else { 0.0 };
        let variance = (ordered * (2.0 * n + 5.0) - self.x.variance - self.y.variance) / 18.0
            + 2.0 * self.x.pairs as f64 * self.y.pairs as f64 / ordered
            + triples;
        let z = self.score() / variance.sqrt();
        let normal = Normal::standard();
        match alternative {
            Alternative::TwoSided => (2.0 * normal.sf(z.abs())).min(1.0),
            Alternative::Less => normal.cdf(z),
            Alternative::Greater => normal.sf(z),
        }
    }
}

/// P(inversions ≤ 0 or 1) = 1/n! or n/n!.
fn at_most_one(n: usize, few: u64) -> f64 {
    let from = if few == 0 { 2 } else { 1 };
    // n!/n = (n − 1)!
    let upto = if few == 0 { n } else { n - 1 };
    (from..=upto).fold(1.0, |chance, i| chance / i as f64)
}

/// How many pairs of a permutation of 0, …, n − 1 stand in falling order; the permutation is lost.
///
/// The numbers are parted into the lower and the upper half, which keep their order: each lower one adds the upper ones before it.
/// So on with each half, whose places are known since every number occurs once; short pieces are compared pair by pair.
fn inversions(permutation: &mut Vec<u32>) -> u64 {
    const SHORT_BITS: u32 = 5;
    let n = permutation.len();
    let mut count = 0;
    let mut other = vec![0; n];
    let mut bits = usize::BITS - n.saturating_sub(1).leading_zeros();
    while bits > SHORT_BITS {
        bits -= 1;
        let half = 1_usize << bits;
        for (piece, parted) in permutation.chunks(2 * half).zip(other.chunks_mut(2 * half)) {
            if piece.len() <= half {
                parted.copy_from_slice(piece);
                continue;
            }
            let (mut lower, mut upper) = (0, half);
            for &number in piece {
                let is_upper = number as usize >> bits & 1;
                parted[if is_upper == 1 { upper } else { lower }] = number;
                count += ((1 - is_upper) * (upper - half)) as u64;
                upper += is_upper;
                lower += 1 - is_upper;
            }
        }
        std::mem::swap(permutation, &mut other);
    }
    for piece in permutation.chunks(1 << SHORT_BITS) {
        let mut here = 0_u32;
        for (i, first) in piece.iter().enumerate() {
            for second in &piece[i + 1..] {
                here += u32::from(second < first);
            }
        }
        count += u64::from(here);
    }
    count
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::Stream;

    #[test]
    fn pairs_are_counted_as_one_by_one() {
        let mut stream = Stream::seeded(11);
        for n in [2, 3, 10, 31, 32, 33, 64, 65, 100, 500, 1025] {
            for step in [1e-9, 0.3, 2.0] {
                let mut draw = || -> Vec<f64> { (0..n).map(|_| (stream.normal() / step).round() * 0.1).collect() };
                let (x, y) = (draw(), draw());
                let found = concordance(&x, &y);
                let (mut score, mut discordant, mut both) = (0.0, 0, 0);
                for i in 0..n {
                    for j in 0..i {
                        let product = (x[i] - x[j]) * (y[i] - y[j]);
                        score += if product == 0.0 { 0.0 } else { product.signum() };
                        discordant += u64::from(product < 0.0);
                        both += u64::from(x[i] == x[j] && y[i] == y[j]);
                    }
                }
                assert_eq!((found.score(), found.discordant, found.tied_in_both), (score, discordant, both));
            }
        }
    }

    #[test]
    fn exact_tails_are_those_of_all_orders() {
        let of = |y: &Array1<f64>, side| {
            let x: Array1<f64> = (0..y.len()).map(|i| i as f64).collect();
            kendalltau(x.view(), y.view(), KendallVariant::B, side, 0.95, NullMethod::Auto).unwrap()
        };
        // Six places: 1, 5, 14, 29, 49, … orders have 0, 1, 2, 3, 4, … inversions.
        let y = array![1.0, 0.0, 3.0, 2.0, 4.0, 5.0];
        assert_relative_eq!(of(&y, Alternative::Greater).p_value, 20.0 / 720.0, max_relative = 1e-14);
        assert_relative_eq!(of(&y, Alternative::TwoSided).p_value, 40.0 / 720.0, max_relative = 1e-14);
        assert_relative_eq!(of(&y, Alternative::Less).p_value, 714.0 / 720.0, max_relative = 1e-14);
        let one = array![1.0, 0.0, 2.0, 3.0, 4.0, 5.0];
        assert_relative_eq!(of(&one, Alternative::Greater).p_value, 6.0 / 720.0, max_relative = 1e-14);
        assert_relative_eq!(of(&one, Alternative::Less).p_value, 719.0 / 720.0, max_relative = 1e-14);
        let falling: Array1<f64> = (0..100).map(|i| -f64::from(i)).collect();
        // 100! = 9.332621544394415e157
        assert_relative_eq!(of(&falling, Alternative::Less).p_value, 1.0 / 9.332621544394415e157, max_relative = 1e-13);
        assert_eq!(of(&falling, Alternative::Greater).p_value, 1.0);
        assert_eq!(of(&falling, Alternative::TwoSided).statistic, -1.0);
    }

    #[test]
    fn exact_and_normal_meet_where_samples_are_large() {
        let mut stream = Stream::seeded(12);
        let x: Array1<f64> = (0..300).map(|_| stream.normal()).collect();
        let y: Array1<f64> = x.iter().map(|x| 0.15 * x + stream.normal()).collect();
        for side in [Alternative::TwoSided, Alternative::Less, Alternative::Greater] {
            let of = |method| kendalltau(x.view(), y.view(), KendallVariant::B, side, 0.95, method).unwrap();
            assert_relative_eq!(of(NullMethod::Exact).p_value, of(NullMethod::Auto).p_value, max_relative = 0.05);
        }
        let (x, y) = (array![1.0, 1.0, 2.0], array![1.0, 2.0, 3.0]);
        let tied = kendalltau(x.view(), y.view(), KendallVariant::B, Alternative::Less, 0.95, NullMethod::Exact);
        assert!(tied.unwrap_err().to_string().contains("have ties"));
    }
}

//! Permutation tests: how often rearranged data give a statistic as far out as the data do.
//!
//! R. A. Fisher (1935, *The Design of Experiments*); E. J. G. Pitman (1937, doi:10.2307/2984124). With random rearrangements the data count as one of them:
//! p = (b + 1)/(m + 1) (B. Phipson and G. K. Smyth, 2010, doi:10.2202/1544-6115.1585).

use std::result::Result;

use ndarray::ArrayView1;

use super::arrangements::{Arranger, PermutationType};
use super::jackknife::estimate;
use super::shuffles::{Signs, Subsets, Words};
use super::statistic::{Prepared, Statistic, read};
use crate::check;
use crate::error::Error;
use crate::random::Stream;
use crate::random::source::LANES;
use crate::simd::dot;
use crate::stats::quantile::{QuantileMethod, between};
use crate::stats::test::Alternative;

const NAME: &str = "permutation_test";
/// About so many values are rearranged between two calls of a checkpoint.
const BETWEEN_CHECKPOINTS: usize = 1 << 22;

/// What a permutation test finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Permutation {
    /// The statistic of the data.
    pub statistic: f64,
    /// Probability of a statistic at least as far out in the direction of the alternative, if every rearrangement is as likely as the data.
    pub p_value: f64,
    /// The statistic of every rearrangement.
    pub null_distribution: Vec<f64>,
    /// Whether these are all of them, so that the probability is exact.
    pub exact: bool,
}

impl Permutation {
    /// Judges a distribution that somebody else computed. What differs from the statistic by rounding counts as equal to it: by 100ε of the larger of both,
    /// or of the usual size of the distribution's values, as zeros are seldom met exactly. A two-sided probability is twice the smaller of the one-sided ones.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the statistic of the data or of a rearrangement has no value.
    pub fn of(statistic: f64, null: Vec<f64>, exact: bool, alternative: Alternative) -> Result<Permutation, Error> {
        let invalid = |problem: String| Error::Invalid { function: NAME, argument: "statistic", problem };
        if !statistic.is_finite() {
            return Err(invalid(format!("is {statistic} for the data as they are, but must be a finite number")));
        }
        let undefined = null.iter().filter(|v| v.is_nan()).count();
        if undefined > 0 {
            return Err(invalid(format!("has no value for {undefined} of {} rearrangements", null.len())));
        }
        let common = statistic.abs().max(about_the_middle_of_sizes(&null));
        let rounding = |v: f64| if v.is_finite() { 100.0 * f64::EPSILON * common.max(v.abs()) } else { 0.0 };
        let extra = if exact { 0.0 } else { 1.0 };
        let share = |count: usize| (count as f64 + extra) / (null.len() as f64 + extra);
        let less = share(null.iter().filter(|&&v| v <= statistic + rounding(v)).count());
        let greater = share(null.iter().filter(|&&v| v >= statistic - rounding(v)).count());
        let p_value = match alternative {
            Alternative::Less => less,
            Alternative::Greater => greater,
            Alternative::TwoSided => (2.0 * less.min(greater)).min(1.0),
        };
        Ok(Permutation { statistic, p_value, null_distribution: null, exact })
    }
}

/// The median size of the values, or of some two hundred of many.
fn about_the_middle_of_sizes(values: &[f64]) -> f64 {
    let every = values.len().div_ceil(256).max(1);
    let mut sizes: Vec<f64> = values.iter().step_by(every).map(|v| v.abs()).filter(|v| v.is_finite()).collect();
    if sizes.is_empty() {
        return 0.0;
    }
    let middle = sizes.len() / 2;
    *sizes.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Tests whether a statistic of the data is larger or smaller than rearrangements of them would make it.
///
/// If there are no more than `n_resamples` rearrangements all of them are tried and the p-value is exact; else so many random ones. `checkpoint` is called
/// now and then; an error from it ends the test.
///
/// # Errors
/// If a sample is empty, a value is not finite, the statistic has no value or cannot change under this type of permutation; and what `checkpoint` returns.
///
/// ```
/// use ndarray::array;
/// use underhood::random::Stream;
/// use underhood::stats::{Alternative, PermutationType, Statistic, permutation_test};
///
/// let (x, y) = (array![5.1, 4.9, 6.2, 5.8], array![4.1, 4.8, 3.9]);
/// let (kind, alternative) = (PermutationType::Independent, Alternative::Greater);
/// let go_on = || Ok::<(), underhood::Error>(());
/// let test = permutation_test(&[x.view(), y.view()], Statistic::MeanDifference, kind, 9999, alternative, &mut Stream::seeded(1), go_on)?;
/// // Of the 35 ways to share out seven values, none puts larger ones into the first sample.
/// assert!(test.exact && (test.p_value - 1.0 / 35.0).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn permutation_test<E: From<Error>>(
    samples: &[ArrayView1<'_, f64>],
    statistic: Statistic,
    kind: PermutationType,
    n_resamples: usize,
    alternative: Alternative,
    stream: &mut Stream,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<Permutation, E> {
    check::in_range(NAME, "n_resamples", n_resamples as f64, n_resamples >= 1, "at least 1")?;
    let (statistic, samples) = read(NAME, statistic, samples, kind != PermutationType::Independent)?;
    sensible(statistic, kind, samples.len())?;
    let observed = estimate(NAME, statistic, &samples)?;
    let lengths: Vec<usize> = samples.iter().map(Vec::len).collect();
    let arranger = Arranger::new(kind, &lengths, n_resamples, stream)?;
    check::room(NAME, "null distribution", &[arranger.left()])?;
    let exact = arranger.exact();
    // Signs are those of the values themselves: nothing may be taken away from them.
    let prepare = if kind == PermutationType::Samples { Prepared::in_place } else { Prepared::new };
    let prepared = prepare(statistic, samples);
    let mut null = vec![0.0; arranger.left()];
    let fast = if exact { None } else { sampler(statistic, kind, &prepared.samples, stream) };
    let mut draw = fast.unwrap_or_else(|| one_by_one(statistic, &prepared.samples, arranger));
    let together = (BETWEEN_CHECKPOINTS / lengths.iter().sum::<usize>()).max(1).next_multiple_of(LANES);
    for out in null.chunks_mut(together) {
        draw(out);
        checkpoint()?;
    }
    drop(draw);
    prepared.restore(statistic, &mut null);
    Ok(Permutation::of(observed, null, exact, alternative)?)
}

/// Refuses what a rearrangement cannot change.
fn sensible(statistic: Statistic, kind: PermutationType, samples: usize) -> Result<(), Error> {
    let advice = match (kind, statistic) {
        (PermutationType::Pairings, Statistic::Correlation) => return Ok(()),
        (PermutationType::Pairings, _) => {
            "does not depend on which values are paired, which is all that \"pairings\" change"
        }
        (_, Statistic::Correlation) => "is of pairs; pass permutation_type=\"pairings\"",
        (PermutationType::Samples, Statistic::Var(_) | Statistic::Std(_) | Statistic::Kurtosis) if samples == 1 => {
            "is not a measure of location, which is what changes of sign are a test of"
        }
        _ => return Ok(()),
    };
    Err(Error::Invalid {
        function: NAME,
        argument: "statistic",
        problem: format!("is {:?}, which {advice}", statistic.name()),
    })
}

/// What writes the statistic of the next rearrangements.
type Sampler<'a> = Box<dyn FnMut(&mut [f64]) + Send + 'a>;

/// Any statistic, one rearrangement after the other.
fn one_by_one(statistic: Statistic, samples: &[Vec<f64>], mut arranger: Arranger) -> Sampler<'_> {
    let mut pooled = samples.concat();
    if let [x] = samples {
        pooled.extend(x.iter().map(|v| -v));
    }
    let mut arranged = vec![0.0; samples.iter().map(Vec::len).sum()];
    Box::new(move |out| {
        for out in out {
            let Some(places) = arranger.next() else { return };
            arranged.iter_mut().zip(places).for_each(|(to, &place)| *to = pooled[place]);
            let (first, second) = arranged.split_at(samples[0].len());
            *out = statistic.of(&[first, second][..samples.len()]);
        }
    })
}

/// Those that are computed for many random rearrangements at once.
fn sampler<'a>(
    statistic: Statistic,
    kind: PermutationType,
    samples: &'a [Vec<f64>],
    stream: &mut Stream,
) -> Option<Sampler<'a>> {
    match (kind, statistic, samples) {
        (PermutationType::Independent, Statistic::MeanDifference, [x, y]) => {
            let (n, m) = (x.len() as f64, y.len() as f64);
            let pooled = [x.as_slice(), y.as_slice()].concat();
            let total: f64 = pooled.iter().sum();
            let mut subsets = Subsets::new(stream);
            Some(eight_by_eight(move || subsets.sums(&pooled, n as usize).map(|sum| sum / n - (total - sum) / m)))
        }
        (PermutationType::Independent, Statistic::MedianDifference, [x, y]) => {
            let mut pooled = [x.as_slice(), y.as_slice()].concat();
            pooled.sort_unstable_by(f64::total_cmp);
            let size = x.len();
            let places = [x, y].map(|x| QuantileMethod::Linear.place(x.len(), 0.5));
            let ranks = places.map(|place| [place.below, place.above]);
            let mut subsets = Subsets::new(stream);
            Some(eight_by_eight(move || {
                let [a, b, c, d] = subsets.ranks(&pooled, size, ranks[0], ranks[1]);
                std::array::from_fn(|lane| {
                    let median = |low, high, i: usize| between(low, high, places[i].weight);
                    median(a[lane], b[lane], 0) - median(c[lane], d[lane], 1)
                })
            }))
        }
        (PermutationType::Samples, Statistic::Mean, [x]) => {
            let mut signs = Signs::new(stream);
            Some(eight_by_eight(move || signs.sums(x).map(|sum| sum / x.len() as f64)))
        }
        (PermutationType::Pairings, Statistic::Correlation, [u, v]) => {
            let (mut words, mut v) = (Words::new(stream), v.clone());
            Some(Box::new(move |out| {
                for out in out {
                    words.shuffle(&mut v);
                    *out = dot(u, &v).clamp(-1.0, 1.0);
                }
            }))
        }
        _ => None,
    }
}

fn eight_by_eight<'a>(mut of: impl FnMut() -> [f64; LANES] + Send + 'a) -> Sampler<'a> {
    Box::new(move |out| {
        for out in out.chunks_mut(LANES) {
            let found = of();
            out.copy_from_slice(&found[..out.len()]);
        }
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::stats::moments::Moments;

    fn run(
        x: &[ArrayView1<'_, f64>],
        statistic: Statistic,
        kind: PermutationType,
        n: usize,
    ) -> Result<Permutation, Error> {
        permutation_test(x, statistic, kind, n, Alternative::TwoSided, &mut Stream::seeded(3), || Ok(()))
    }

    #[test]
    fn random_rearrangements_tend_to_the_exact_test() {
        let (x, y) = (array![5.1, 4.9, 6.2, 5.8, 6.0, 5.0], array![4.1, 5.8, 5.0, 4.4, 5.6, 4.2]);
        for (statistic, kind) in [
            (Statistic::MeanDifference, PermutationType::Independent),
            (Statistic::MedianDifference, PermutationType::Independent),
            (Statistic::MeanDifference, PermutationType::Samples),
            (Statistic::MedianDifference, PermutationType::Samples),
            (Statistic::Correlation, PermutationType::Pairings),
        ] {
            let exact = run(&[x.view(), y.view()], statistic, kind, 1000).unwrap();
            // Fewer than there are, so that they are drawn; all together often enough.
            let mut drawn = Vec::new();
            let (mut stream, fewer) = (Stream::seeded(8), exact.null_distribution.len() - 1);
            for _ in 0..20_000 / fewer {
                let test = permutation_test(
                    &[x.view(), y.view()],
                    statistic,
                    kind,
                    fewer,
                    Alternative::TwoSided,
                    &mut stream,
                    || Ok::<(), Error>(()),
                )
                .unwrap();
                assert!(!test.exact);
                drawn.extend(test.null_distribution);
            }
            let (all, some) = (Moments::of_slice(&exact.null_distribution), Moments::of_slice(&drawn));
            let error = all.std(0) / (drawn.len() as f64).sqrt();
            assert!((all.mean() - some.mean()).abs() < 5.0 * error, "{statistic:?} {kind:?}");
            assert!((all.std(0) - some.std(0)).abs() < 8.0 * error, "{statistic:?} {kind:?}");
            assert_eq!((all.min(), all.max()), (all.min().min(some.min() + 1e-12), all.max().max(some.max() - 1e-12)));
        }
    }

    #[test]
    fn many_samples_of_equal_means_give_equally_many_small_p_values() {
        let mut stream = Stream::seeded(12);
        let mut small = 0;
        for _ in 0..400 {
            let x: Array1<f64> = (0..12).map(|_| stream.normal()).collect();
            let y: Array1<f64> = (0..15).map(|_| stream.normal()).collect();
            let test = permutation_test(
                &[x.view(), y.view()],
                Statistic::MeanDifference,
                PermutationType::Independent,
                199,
                Alternative::TwoSided,
                &mut stream,
                || Ok::<(), Error>(()),
            );
            small += usize::from(test.unwrap().p_value <= 0.1);
        }
        // 40 of 400, with four standard deviations of 6.
        assert!((16..=64).contains(&small), "{small}");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let (x, y) = (array![1.0, 2.0, 4.0], array![2.0, 1.0, 7.0]);
        let both = [x.view(), y.view()];
        let says = |found: Result<Permutation, Error>, text: &str| {
            let message = found.unwrap_err().to_string();
            assert!(message.contains(text), "{message}");
        };
        says(run(&both, Statistic::Correlation, PermutationType::Independent, 9), "pairings");
        says(run(&both, Statistic::MeanDifference, PermutationType::Pairings, 9), "which values are paired");
        says(run(&both[..1], Statistic::Std(1), PermutationType::Samples, 9), "location");
        says(run(&both[..1], Statistic::Mean, PermutationType::Independent, 9), "at least two");
        says(run(&both, Statistic::Mean, PermutationType::Independent, 9), "statistic of one");
        says(run(&both, Statistic::MeanDifference, PermutationType::Independent, 0), "n_resamples");
        let empty = array![1.0];
        let unequal = [x.view(), empty.view()];
        says(run(&unequal, Statistic::MeanDifference, PermutationType::Samples, 9), "vector of 1");
        let signs = run(&both[..1], Statistic::Mean, PermutationType::Samples, 9).unwrap();
        assert_eq!((signs.exact, signs.p_value), (true, 0.25));
        // Rounding is that of the values compared, not that of the largest of all; and a zero that rounding missed is a tie.
        let far =
            Permutation::of(2.0, vec![1.0, 2.0 + 1e-15, 3.0, 1e18, f64::INFINITY], true, Alternative::Less).unwrap();
        assert_eq!(far.p_value, 0.4);
        let zero = Permutation::of(0.0, vec![-3.0, 1e-16, 2.0, 4.0], true, Alternative::Less).unwrap();
        assert_eq!(zero.p_value, 0.5);
        assert!(Permutation::of(f64::NAN, vec![1.0], true, Alternative::Less).is_err());
        assert!(Permutation::of(1.0, vec![f64::NAN], true, Alternative::Less).is_err());
    }
}

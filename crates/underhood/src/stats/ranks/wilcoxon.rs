//! The signed-rank test: are differences as often and as far above zero as below?
//!
//! F. Wilcoxon (1945, doi:10.2307/3001968); zeros ranked and then dropped: J. W. Pratt (1959, doi:10.1080/01621459.1959.10501526), with the
//! variance of E. E. Cureton (1967, doi:10.1080/01621459.1967.10500917).

use ndarray::ArrayView1;

use super::Ranks;
use super::exact::{Counts, NullMethod, Tails, subset_sums};
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::test::{Alternative, check_sample};

const NAME: &str = "wilcoxon";

/// What is done with differences of zero, which have no sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroMethod {
    /// They are left out before ranking.
    #[default]
    Wilcox,
    /// They are ranked, and their ranks left out.
    Pratt,
    /// They are ranked, and half of their ranks goes to either side.
    Zsplit,
}

impl ZeroMethod {
    /// SciPy's names.
    pub const NAMES: [&str; 3] = ["wilcox", "pratt", "zsplit"];

    /// The method of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`ZeroMethod::NAMES`].
    pub fn named(name: &str) -> Result<ZeroMethod> {
        match name {
            "wilcox" => Ok(ZeroMethod::Wilcox),
            "pratt" => Ok(ZeroMethod::Pratt),
            "zsplit" => Ok(ZeroMethod::Zsplit),
            _ => Err(Error::UnknownName {
                function: NAME,
                argument: "zero_method",
                value: name.into(),
                allowed: &ZeroMethod::NAMES,
            }),
        }
    }
}

/// What the signed-rank test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wilcoxon {
    /// The smaller rank sum if both directions count, else that of the positive differences.
    pub statistic: f64,
    /// Probability of a rank sum at least as far out, if differences are symmetric about zero.
    pub p_value: f64,
    /// Rank sums of the positive and of the negative differences.
    pub rank_sums: (f64, f64),
    /// The matched-pairs rank-biserial correlation (R⁺ − R⁻)/(R⁺ + R⁻), from −1 to 1.
    pub effect_size: f64,
    /// How many differences there are, and how many of them are zero.
    pub n: usize,
    /// See `n`.
    pub zeros: usize,
    /// How many sizes of differences equal another one; zeros do not count.
    pub tied: usize,
    /// Whether the p-value is from all assignments of signs to the ranks.
    pub exact: bool,
}

/// Tests whether differences are symmetric about zero.
///
/// Exact, ties and zeros or not, up to 50 differences; the signs of zeros are not assigned. Else the rank sum is taken for normal,
/// with `correction` half a step nearer to its mean; as in SciPy, `Zsplit` then counts the zeros as if they had a sign.
///
/// # Errors
/// [`Error::TooFew`] without differences, [`Error::NotFinite`] for NaN or infinities, [`Error::Constant`] if all differences are zero,
/// [`Error::Invalid`] if an exact p-value is asked for where there are too many arrangements.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, NullMethod, ZeroMethod, wilcoxon};
///
/// let d = array![6.0, 8.0, 14.0, 16.0, 23.0, 24.0, 28.0, 29.0, 41.0, -48.0, 49.0, 56.0, 60.0, -67.0, 75.0];
/// let found = wilcoxon(d.view(), ZeroMethod::Wilcox, false, Alternative::TwoSided, NullMethod::Auto)?;
/// assert_eq!(found.statistic, 24.0);
/// assert!((found.p_value - 0.041259765625).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn wilcoxon(
    differences: ArrayView1<'_, f64>,
    zero_method: ZeroMethod,
    correction: bool,
    alternative: Alternative,
    method: NullMethod,
) -> Result<Wilcoxon> {
    check_sample(NAME, "x", differences, 1)?;
    let zeros = differences.iter().filter(|d| **d == 0.0).count();
    let n = differences.len();
    if zeros == n {
        let consequence = "no difference has a sign";
        return Err(Error::Constant { function: NAME, argument: "x", value: 0.0, consequence });
    }
    let kept: Vec<f64> = match zero_method {
        ZeroMethod::Wilcox => differences.iter().copied().filter(|d| *d != 0.0).collect(),
        _ => differences.to_vec(),
    };
    let sizes: Vec<f64> = kept.iter().map(|d| d.abs()).collect();
    let ranks = Ranks::of(&sizes);
    let (mut above, mut below, mut split) = (0.0, 0.0, 0.0);
    for (d, rank) in kept.iter().zip(&ranks.doubled) {
        above += if *d > 0.0 { *rank } else { 0.0 };
        below += if *d < 0.0 { *rank } else { 0.0 };
        split += if *d == 0.0 { *rank } else { 0.0 };
    }
    // Zeros are one group of ties among the ranks, if they are there.
    let zeros_ranked = kept.len() - (n - zeros);
    let of_zeros = (zeros_ranked as f64) * ((zeros_ranked * zeros_ranked) as f64 - 1.0);
    let tie_cubes = ranks.tie_cubes - of_zeros;
    let tied = ranks.tied - if zeros_ranked > 1 { zeros_ranked } else { 0 };

    let signed = (n - zeros) as f64;
    let tails = if method.counts(NAME, signed, 50.0, 1000.0)? {
        Some(if tied == 0 && zeros_ranked == 0 {
            Counts::signed_ranks(n - zeros).tails((above / 2.0) as usize)
        } else {
            signed_tails(&kept, &ranks, above as usize)
        })
    } else {
        None
    };
    if zero_method == ZeroMethod::Zsplit {
        above += split / 2.0;
        below += split / 2.0;
    }
    let (above, below) = (above / 2.0, below / 2.0);
    let p_value = match tails {
        Some(tails) => tails.p_value(alternative),
        None => {
            let (ranked, dropped) = (kept.len() as f64, zeros_ranked as f64);
            let mut mean = ranked * (ranked + 1.0) / 4.0;
            let mut variance = ranked * (ranked + 1.0) * (2.0 * ranked + 1.0);
            match zero_method {
                ZeroMethod::Wilcox => variance -= tie_cubes / 2.0,
                ZeroMethod::Zsplit => variance -= ranks.tie_cubes / 2.0,
                ZeroMethod::Pratt => {
                    mean -= dropped * (dropped + 1.0) / 4.0;
                    variance -= dropped * (dropped + 1.0) * (2.0 * dropped + 1.0) + tie_cubes / 2.0;
                }
            }
            normal_p_value(above - mean, (variance / 24.0).sqrt(), correction, alternative)
        }
    };
    Ok(Wilcoxon {
        statistic: if alternative == Alternative::TwoSided { above.min(below) } else { above },
        p_value,
        rank_sums: (above, below),
        effect_size: (above - below) / (above + below),
        n,
        zeros,
        tied,
        exact: tails.is_some(),
    })
}

/// The sum of the doubled ranks with a positive sign over all assignments of signs to those that have one.
fn signed_tails(differences: &[f64], ranks: &Ranks, observed: usize) -> Tails {
    let signed = differences.iter().zip(&ranks.doubled).filter(|(d, _)| **d != 0.0);
    let mut values: Vec<usize> = signed.map(|(_, rank)| *rank as usize).collect();
    values.sort_unstable();
    Tails::of_counts(&subset_sums(&values, None, values.iter().sum()), observed)
}

fn normal_p_value(from_mean: f64, deviation: f64, correction: bool, alternative: Alternative) -> f64 {
    let step = if correction { 0.5 } else { 0.0 };
    let normal = Normal::standard();
    match alternative {
        // Never beyond the mean: half a step from the mean itself would leave it on the other side.
        Alternative::TwoSided => {
            let z = (from_mean.abs() - if from_mean == 0.0 { 0.0 } else { step }) / deviation;
            (2.0 * normal.sf(z)).min(1.0)
        }
        Alternative::Less => normal.cdf((from_mean + step) / deviation),
        Alternative::Greater => normal.sf((from_mean - step) / deviation),
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::Stream;

    const SIDES: [Alternative; 3] = [Alternative::TwoSided, Alternative::Less, Alternative::Greater];
    const ZEROS: [ZeroMethod; 3] = [ZeroMethod::Wilcox, ZeroMethod::Pratt, ZeroMethod::Zsplit];

    #[test]
    fn exact_tails_are_those_of_all_signs() {
        for d in [array![1.0, -2.0, 3.0, 4.5, -0.5], array![1.0, -1.0, 2.0, 2.0, -3.0, 0.0, 3.0, 0.0, 7.0]] {
            for zero_method in ZEROS {
                let of =
                    |d: &Array1<f64>, side| wilcoxon(d.view(), zero_method, false, side, NullMethod::Auto).unwrap();
                let n = d.len();
                let sums: Vec<f64> = (0..1_usize << n)
                    .map(|set| (0..n).map(|i| if set >> i & 1 == 1 { d[i] } else { -d[i] }).collect::<Array1<f64>>())
                    .map(|d| of(&d, Alternative::Less).rank_sums.0)
                    .collect();
                let own = of(&d, Alternative::Less).rank_sums.0;
                let at_most = sums.iter().filter(|s| **s <= own).count() as f64 / sums.len() as f64;
                let at_least = sums.iter().filter(|s| **s >= own).count() as f64 / sums.len() as f64;
                let expected = [(2.0 * at_most.min(at_least)).min(1.0), at_most, at_least];
                for (side, expected) in SIDES.into_iter().zip(expected) {
                    let found = of(&d, side);
                    assert!(found.exact);
                    assert_relative_eq!(found.p_value, expected, max_relative = 1e-14);
                }
            }
        }
    }

    #[test]
    fn exact_and_normal_meet_where_samples_are_large() {
        let mut stream = Stream::seeded(6);
        for step in [1e-9, 0.25] {
            let d: Array1<f64> = (0..200).map(|_| ((stream.normal() + 0.1) / step).round() * step).collect();
            for side in SIDES {
                for zeros in [ZeroMethod::Wilcox, ZeroMethod::Pratt] {
                    let exact = wilcoxon(d.view(), zeros, true, side, NullMethod::Exact).unwrap();
                    let normal = wilcoxon(d.view(), zeros, true, side, NullMethod::Asymptotic).unwrap();
                    assert_relative_eq!(exact.p_value, normal.p_value, max_relative = 0.02);
                    assert_eq!(exact.statistic, normal.statistic);
                }
            }
        }
    }

    #[test]
    fn zeros_alone_have_no_sign() {
        let of = |d: Array1<f64>| wilcoxon(d.view(), ZeroMethod::Pratt, false, Alternative::TwoSided, NullMethod::Auto);
        let error = of(array![0.0, -0.0]).unwrap_err().to_string();
        assert_eq!(error, "wilcoxon: x is constant (every value is 0), so no difference has a sign");
        assert!(of(array![]).is_err());
        assert_eq!(of(array![0.0, 0.0, 5.0]).unwrap().p_value, 1.0);
    }
}

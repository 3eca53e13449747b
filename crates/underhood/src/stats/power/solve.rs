//! Of effect, size, level and power, three give the fourth.

use super::attained::{Attained, PowerDesign, PowerTest};
use super::root::{MOST_STEPS, rising_root};
use crate::check;
use crate::error::{Error, Result};
use crate::special::{ndtr, ndtri};
use crate::stats::test::Alternative;

/// Three of the four numbers that belong together; the one that is missing is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PowerQuestion {
    /// Cohen's d, h, f or w: the size of the true effect.
    pub effect_size: Option<f64>,
    /// How many values: of the first sample, of each group, or in all if there is one sample.
    pub n: Option<f64>,
    /// The level of the test.
    pub alpha: Option<f64>,
    /// The probability of finding the effect.
    pub power: Option<f64>,
}

/// The four numbers, and what lies between them.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerAnalysis {
    /// The name of the number that was asked for.
    pub solved_for: &'static str,
    /// The size of the true effect.
    pub effect_size: f64,
    /// How many values, in the first sample or each group.
    pub n: f64,
    /// How many values in each sample or group.
    pub sizes: Vec<f64>,
    /// The level of the test.
    pub alpha: f64,
    /// Power, β, and the distribution that they come from.
    pub attained: Attained,
    /// The smallest n that the test can be made with.
    pub least: f64,
    /// Whether that n is the answer, so that the power is larger than it was asked to be.
    pub smallest: bool,
}

/// Samples above this are no answer.
const MOST: f64 = 1e15;

/// The one of effect, size, level and power that is not given.
///
/// A size comes out as a fraction; [`sample_size`] rounds it up. Where the smallest samples that the test can be made with have more power
/// than was asked for, they are the answer, with the power that they have.
///
/// # Errors
/// [`Error::Invalid`] if other than three of the four are given, or nothing fits: a power that no sample reaches.
/// [`Error::OutOfRange`] for a level or power that is not between 0 and 1, samples too small, a ratio that is not positive.
///
/// ```
/// use underhood::stats::{Alternative, PowerDesign, PowerQuestion, PowerTest, power};
///
/// let design = PowerDesign::new("power", PowerTest::TwoSampleT, Alternative::TwoSided, 1.0, None)?;
/// let question = PowerQuestion { effect_size: Some(0.5), alpha: Some(0.05), power: Some(0.8), n: None };
/// // Cohen's (1988) table 2.4.1 has 64.
/// assert!((power("power", &design, &question)?.n - 63.76561).abs() < 1e-5);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn power(function: &'static str, design: &PowerDesign, question: &PowerQuestion) -> Result<PowerAnalysis> {
    let asker = Asker { function, design };
    let solved_for = asker.check_question(question)?;
    let (effect_size, n, alpha, target) = match *question {
        PowerQuestion { effect_size: Some(effect), n: Some(n), alpha: Some(alpha), power: None } => {
            return asker.analysis(solved_for, effect, n, alpha);
        }
        PowerQuestion { effect_size: Some(effect), n: None, alpha: Some(alpha), power: Some(power) } => {
            (effect, asker.size(effect, alpha, power)?, alpha, power)
        }
        PowerQuestion { effect_size: None, n: Some(n), alpha: Some(alpha), power: Some(power) } => {
            (asker.effect(n, alpha, power)?, n, alpha, power)
        }
        PowerQuestion { effect_size: Some(effect), n: Some(n), power: Some(power), .. } => {
            (effect, n, asker.level(effect, n, power)?, power)
        }
        _ => return Err(asker.not_three(question)),
    };
    let mut found = asker.analysis(solved_for, effect_size, n, alpha)?;
    found.smallest = solved_for == "n" && n == asker.least() && found.attained.power > target;
    if !found.smallest {
        // The search ends at the wanted power to some ulps, or something is wrong.
        let attained = found.attained.power;
        if !((attained - target).abs() <= 1e-6 * target) {
            let detail = format!("the power {target} was asked for, {attained} was found at {solved_for}");
            return Err(Error::NotConverged { function, iterations: MOST_STEPS, detail });
        }
        found.attained.power = target;
        found.attained.beta = 1.0 - target;
    }
    Ok(found)
}

/// The smallest whole samples with at least that power; `question.n` is not read. The power is that of the whole samples.
///
/// # Errors
/// As [`power`].
///
/// ```
/// use underhood::stats::{Alternative, PowerDesign, PowerQuestion, PowerTest, sample_size};
///
/// let design = PowerDesign::new("power", PowerTest::TwoSampleT, Alternative::TwoSided, 1.0, None)?;
/// let question = PowerQuestion { effect_size: Some(0.5), alpha: Some(0.05), power: Some(0.8), n: None };
/// let found = sample_size("sample_size", &design, &question)?;
/// assert_eq!(found.sizes, [64.0, 64.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn sample_size(function: &'static str, design: &PowerDesign, question: &PowerQuestion) -> Result<PowerAnalysis> {
    let question = PowerQuestion { n: None, ..*question };
    let found = power(function, design, &question)?;
    let asker = Asker { function, design };
    let (least, wanted) = (design.test.least(), question.power.unwrap_or(0.0));
    let whole = |n: f64| (n, (n * design.ratio * (1.0 - 1e-12)).ceil().max(least));
    let power_of = |n: f64| {
        let (first, second) = whole(n);
        asker.attained(found.effect_size, first, second, found.alpha)
    };
    // Rounding the second sample up may already give what is missing (all of it, where that sample has least), and the fraction is right to
    // some ulps only. The power rises with n; mostly, one less is too few.
    let (mut few, mut n, mut step) = (least - 1.0, found.n.ceil().max(least), 1.0);
    while n - few > 1.0 {
        let tried = (n - step).max(((few + n) * 0.5).floor());
        if power_of(tried)?.power >= wanted {
            (n, step) = (tried, 2.0 * step);
        } else {
            (few, step) = (tried, f64::INFINITY);
        }
    }
    let (first, second) = whole(n);
    let attained = power_of(n)?;
    let smallest = n == least && attained.power > wanted;
    Ok(PowerAnalysis { n: first, sizes: asker.sizes(first, second), attained, smallest, ..found })
}

/// The power for each of several sizes: a power curve.
///
/// # Errors
/// As [`power`].
pub fn power_curve(
    function: &'static str,
    design: &PowerDesign,
    effect_size: f64,
    n: &[f64],
    alpha: f64,
) -> Result<Vec<f64>> {
    let asker = Asker { function, design };
    n.iter()
        .map(|&n| {
            let question =
                PowerQuestion { effect_size: Some(effect_size), n: Some(n), alpha: Some(alpha), power: None };
            asker.check_question(&question)?;
            Ok(asker.attained(effect_size, n, n * design.ratio, alpha)?.power)
        })
        .collect()
}

/// Who asks, about what.
struct Asker<'a> {
    function: &'static str,
    design: &'a PowerDesign,
}

impl Asker<'_> {
    fn invalid(&self, argument: &'static str, problem: String) -> Error {
        Error::Invalid { function: self.function, argument, problem }
    }

    /// Checks what is given, and names what is not.
    fn check_question(&self, question: &PowerQuestion) -> Result<&'static str> {
        let PowerQuestion { effect_size, n, alpha, power } = *question;
        let given = [("effect_size", effect_size), ("n", n), ("alpha", alpha), ("power", power)];
        let mut missing = given.iter().filter(|(_, value)| value.is_none());
        let (Some(&(solved_for, _)), None) = (missing.next(), missing.next()) else {
            return Err(self.not_three(question));
        };
        if let Some(effect) = effect_size {
            check::in_range(self.function, "effect_size", effect, effect.is_finite(), "finite")?;
            if !self.design.test.has_sides() {
                check::in_range(self.function, "effect_size", effect, effect >= 0.0, "at least 0 (it has no sign)")?;
            }
        }
        for (argument, value) in [("alpha", alpha), ("power", power)] {
            if let Some(p) = value {
                check::in_range(self.function, argument, p, p > 0.0 && p < 1.0, "between 0 and 1")?;
            }
        }
        if let Some(n) = n {
            check::in_range(self.function, "n", n, n <= MOST, "at most 1e15")?;
            let least = self.design.test.least();
            if !(n >= least) || (self.design.test.has_two_samples() && n * self.design.ratio < least) {
                let second = if self.design.ratio == 1.0 { "" } else { " in both samples (the second has n·ratio)" };
                let expected = format!("at least {least}{second}");
                return Err(Error::OutOfRange { function: self.function, argument: "n", value: n, expected });
            }
        }
        Ok(solved_for)
    }

    fn not_three(&self, question: &PowerQuestion) -> Error {
        let PowerQuestion { effect_size, n, alpha, power } = *question;
        let names = [("effect_size", effect_size), ("n", n), ("alpha", alpha), ("power", power)];
        let missing: Vec<_> = names.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        match missing.as_slice() {
            [first, rest @ ..] if !rest.is_empty() => {
                let problem = format!(
                    "and {} are not given, but three of effect_size, n, alpha and power are needed to find the fourth",
                    rest.join(" and ")
                );
                self.invalid(first, problem)
            }
            _ => {
                let problem = "is given, and n, alpha and power are too; leave out (None) the one that is asked for";
                self.invalid("effect_size", problem.into())
            }
        }
    }

    /// The smallest n with which both samples can be tested.
    fn least(&self) -> f64 {
        let least = self.design.test.least();
        if self.design.test.has_two_samples() { least.max(least / self.design.ratio) } else { least }
    }

    fn sizes(&self, n: f64, second: f64) -> Vec<f64> {
        match self.design.test {
            PowerTest::TwoSampleT | PowerTest::TwoProportions => vec![n, second],
            PowerTest::Anova => vec![n; self.design.groups],
            _ => vec![n],
        }
    }

    fn attained(&self, effect: f64, n: f64, second: f64, alpha: f64) -> Result<Attained> {
        let found = self.design.attained(effect, n, second, alpha)?;
        if found.power.is_nan() || found.beta.is_nan() {
            let problem = format!("is {effect}, too large an effect to compute a power for with n = {n}");
            return Err(self.invalid("effect_size", problem));
        }
        Ok(Attained { power: found.power.min(1.0), beta: found.beta.max(0.0), ..found })
    }

    fn analysis(&self, solved_for: &'static str, effect: f64, n: f64, alpha: f64) -> Result<PowerAnalysis> {
        let second = n * self.design.ratio;
        let attained = self.attained(effect, n, second, alpha)?;
        let sizes = self.sizes(n, second);
        Ok(PowerAnalysis {
            solved_for,
            effect_size: effect,
            n,
            sizes,
            alpha,
            attained,
            least: self.least(),
            smallest: false,
        })
    }

    /// How far the power is from the wanted one, in standard deviations of a normal distribution: nearly straight in √n and in the effect.
    fn excess(&self, effect: f64, n: f64, alpha: f64, wanted: f64) -> f64 {
        match self.design.attained(effect, n, n * self.design.ratio, alpha) {
            Ok(found) => probit(found.power, found.beta) - probit(wanted, 1.0 - wanted),
            Err(_) => f64::NAN,
        }
    }

    /// Power above α needs an effect, on the side that is looked at.
    fn check_reachable(&self, alpha: f64, wanted: f64) -> Result<()> {
        if wanted > alpha {
            return Ok(());
        }
        let expected = format!("above alpha = {alpha}: so often the test rejects even where there is no effect");
        Err(Error::OutOfRange { function: self.function, argument: "power", value: wanted, expected })
    }

    fn size(&self, effect: f64, alpha: f64, wanted: f64) -> Result<f64> {
        self.check_reachable(alpha, wanted)?;
        if effect == 0.0 {
            let problem = format!("is 0, so that no sample is large enough: the power is alpha = {alpha} with any n");
            return Err(self.invalid("effect_size", problem));
        }
        let wrong = match self.design.alternative {
            Alternative::TwoSided => false,
            Alternative::Less => effect > 0.0,
            Alternative::Greater => effect < 0.0,
        };
        if wrong {
            let (sign, side) = if effect > 0.0 { ("positive", "less") } else { ("negative", "greater") };
            let problem = format!(
                "is {effect}, but a {sign} effect is not what alternative={side:?} looks for: the power stays below alpha with any n"
            );
            return Err(self.invalid("effect_size", problem));
        }
        let least = self.least();
        let excess = |root: f64| self.excess(effect, root * root, alpha, wanted);
        let mut low = least.sqrt();
        if excess(low) >= 0.0 {
            return Ok(least);
        }
        let mut high = 2.0 * low;
        while !(excess(high) >= 0.0) {
            (low, high) = (high, 2.0 * high);
            if high * high > MOST {
                let problem = format!("is {effect}, so small that even 1e15 values would not give the power {wanted}");
                return Err(self.invalid("effect_size", problem));
            }
        }
        let root = rising_root(low, high, excess);
        Ok(root * root)
    }

    fn effect(&self, n: f64, alpha: f64, wanted: f64) -> Result<f64> {
        self.check_reachable(alpha, wanted)?;
        let sign = if self.design.alternative == Alternative::Less { -1.0 } else { 1.0 };
        let excess = |effect: f64| self.excess(sign * effect, n, alpha, wanted);
        let (mut low, mut high) = (0.0, 2.0 / n.sqrt());
        loop {
            let found = excess(high);
            if found >= 0.0 {
                break;
            }
            (low, high) = (high, 2.0 * high);
            if found.is_nan() || high > 1e100 {
                return Err(self.invalid("power", format!("is {wanted}, which no effect gives with n = {n}")));
            }
        }
        Ok(sign * rising_root(low, high, excess))
    }

    fn level(&self, effect: f64, n: f64, wanted: f64) -> Result<f64> {
        // α as the probability below a normal deviate, which rises with the power.
        let excess = |deviate: f64| self.excess(effect, n, ndtr(deviate), wanted);
        let (low, high) = (-37.0, 8.0);
        if !(excess(low) < 0.0 && excess(high) >= 0.0) {
            let problem = format!("is {wanted}, which no alpha between 1e-299 and 1 gives for this effect and n = {n}");
            return Err(self.invalid("power", problem));
        }
        Ok(ndtr(rising_root(low, high, excess)))
    }
}

/// Φ⁻¹(p), from the smaller of p and q = 1 − p.
fn probit(p: f64, q: f64) -> f64 {
    if p < 0.5 { ndtri(p.max(f64::MIN_POSITIVE)) } else { -ndtri(q.max(f64::MIN_POSITIVE)) }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn design(test: PowerTest, ratio: f64, groups: Option<usize>) -> PowerDesign {
        PowerDesign::new("power", test, Alternative::TwoSided, ratio, groups).unwrap()
    }

    #[test]
    fn tables_of_cohens_book() {
        // Cohen (1988): table 2.3.5 (d = 0.5, n = 40, two-sided 0.05) has 60 %, table 8.3.13 (u = 2, f = 0.25, n = 52) has 80 %.
        let asked = PowerQuestion { effect_size: Some(0.5), n: Some(40.0), alpha: Some(0.05), power: None };
        let found = power("power", &design(PowerTest::TwoSampleT, 1.0, None), &asked).unwrap();
        assert!((found.attained.power - 0.60).abs() < 5e-3);
        let asked = PowerQuestion { effect_size: Some(0.25), n: Some(52.0), alpha: Some(0.05), power: None };
        let found = power("power", &design(PowerTest::Anova, 1.0, Some(3)), &asked).unwrap();
        assert!((found.attained.power - 0.80).abs() < 5e-3);
        assert_eq!((found.sizes.len(), found.attained.df_within), (3, Some(153.0)));
    }

    #[test]
    fn a_curve_is_the_power_at_each_size() {
        let design = design(PowerTest::TwoProportions, 2.0, None);
        let curve = power_curve("power_curve", &design, 0.3, &[5.0, 50.0, 500.0], 0.05).unwrap();
        for (n, expected) in [5.0, 50.0, 500.0].into_iter().zip(curve) {
            let asked = PowerQuestion { effect_size: Some(0.3), n: Some(n), alpha: Some(0.05), power: None };
            assert_eq!(power("power", &design, &asked).unwrap().attained.power, expected);
        }
    }

    #[test]
    fn a_tiny_second_sample_needs_no_long_search() {
        // With 10⁹ values in one sample for each of the other, its smallest size, two, is reached long before the first is rounded.
        for (ratio, alternative) in
            [(1e-9, Alternative::TwoSided), (1e-7, Alternative::Greater), (1e9, Alternative::TwoSided)]
        {
            let design = PowerDesign::new("power", PowerTest::TwoSampleT, alternative, ratio, None).unwrap();
            for (effect, wanted) in [(0.5, 0.8), (3.0, 0.8), (0.5, 0.1)] {
                let asked =
                    PowerQuestion { effect_size: Some(effect), n: None, alpha: Some(0.05), power: Some(wanted) };
                let found = sample_size("sample_size", &design, &asked).unwrap();
                assert!(found.attained.power >= wanted, "{ratio}, {effect}, {wanted}");
                if !found.smallest {
                    let second = ((found.n - 1.0) * ratio * (1.0 - 1e-12)).ceil().max(2.0);
                    let fewer = design.attained(effect, found.n - 1.0, second, 0.05).unwrap().power;
                    // One of some 10⁹ values changes less than is computed.
                    assert!(fewer < wanted * (1.0 + 1e-9), "{ratio}, {effect}, {wanted}: {fewer}");
                }
            }
        }
    }

    #[test]
    fn both_samples_are_rounded_up() {
        let asked = PowerQuestion { effect_size: Some(0.5), n: None, alpha: Some(0.05), power: Some(0.8) };
        let found = sample_size("sample_size", &design(PowerTest::TwoSampleT, 1.5, None), &asked).unwrap();
        assert_eq!(found.sizes[1], (1.5 * found.n).ceil());
        assert!(found.attained.power >= 0.8 && found.attained.power < 0.81);
        assert_relative_eq!(found.attained.power + found.attained.beta, 1.0, max_relative = 1e-15);
    }
}

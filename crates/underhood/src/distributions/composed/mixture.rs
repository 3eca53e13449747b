//! Mixtures: first a component is drawn, then a value from it (G. McLachlan and D. Peel, 2000, Finite Mixture Models, §1).

use std::sync::Arc;

use super::expectation::{expectation, summation};
use super::root::{peak, quantile, smallest};
use crate::check::{in_range, same_length};
use crate::distributions::discrete::whole;
use crate::distributions::{Continuous, Discrete, Distribution};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::special::logsumexp_weighted;

/// A mixture of distributions, all continuous or all of whole numbers.
///
/// **Definition.** With probability wᵢ a value of the i-th component.
///
/// **Density.** f(x) = Σ wᵢ fᵢ(x); of whole numbers, the same with probabilities.
///
/// **Parameters.** At least one component; weights not negative, divided by their sum. **Support.** From the smallest to the largest end of
/// a component's.
///
/// **Example.**
/// ```
/// use std::sync::Arc;
/// use underhood::distributions::{Continuous, Distribution, Mixture, Normal};
///
/// # fn main() -> underhood::Result<()> {
/// let (short, tall): (Arc<dyn Continuous>, Arc<dyn Continuous>) =
///     (Arc::new(Normal::new(165.0, 6.0)?), Arc::new(Normal::new(178.0, 7.0)?));
/// let people = Mixture::continuous(vec![short, tall], &[1.0, 1.0])?;
/// assert_eq!(people.mean(), 171.5);
/// // Σ wᵢ(σᵢ² + (μᵢ − μ)²)
/// assert!((people.variance() - 84.75).abs() < 1e-12);
/// # Ok(())
/// # }
/// ```
///
/// **Moments.** From those of the components: μ = Σ wᵢμᵢ, σ² = Σ wᵢ(σᵢ² + (μᵢ − μ)²), and so on.
///
/// **Numerical limits.** Sums of what is positive: as accurate as the components. Quantiles by a search on the logarithm of the smaller tail. The
/// entropy is integrated numerically, to about 1e-10 (1e-7 where a density has a pole at another place than 0); the mode is searched among the components' modes and 256 quantiles.
///
/// **Method.** The definition; logarithms by logsumexp.
#[derive(Debug, Clone)]
pub struct Mixture<D: ?Sized> {
    components: Vec<Arc<D>>,
    weights: Vec<f64>,
}

impl<D: Distribution + ?Sized> Mixture<D> {
    /// Checks the weights and divides them by their sum.
    fn of(components: Vec<Arc<D>>, weights: &[f64]) -> Result<Self> {
        const NAME: &str = "Mixture";
        in_range(NAME, "components", components.len() as f64, !components.is_empty(), "at least one distribution")?;
        same_length(NAME, ("weights", weights.len()), ("components", &[components.len()]))?;
        for &weight in weights {
            in_range(NAME, "weights", weight, (0.0..f64::INFINITY).contains(&weight), "finite and not negative")?;
        }
        let largest = weights.iter().fold(0.0_f64, |most, &weight| most.max(weight));
        if largest == 0.0 {
            let problem = "are all 0, but at least one must be positive".into();
            return Err(Error::Invalid { function: NAME, argument: "weights", problem });
        }
        let total: f64 = weights.iter().map(|weight| weight / largest).sum();
        // What has no weight has no part in anything.
        let parts = components.into_iter().zip(weights.iter().map(|weight| weight / largest / total));
        let (components, weights) = parts.filter(|(_, weight)| *weight > 0.0).unzip();
        Ok(Mixture { components, weights })
    }

    /// The components.
    pub fn components(&self) -> &[Arc<D>] {
        &self.components
    }

    /// The weights, which sum to 1.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    fn mix(&self, of: impl Fn(&D) -> f64) -> f64 {
        self.components.iter().zip(&self.weights).map(|(component, weight)| weight * of(component)).sum()
    }

    /// A probability: what rounding carried beyond 1 is taken back.
    fn probability(&self, of: impl Fn(&D) -> f64) -> f64 {
        let p = self.mix(of);
        if p > 1.0 { 1.0 } else { p }
    }

    fn mix_logs(&self, of: impl Fn(&D) -> f64) -> f64 {
        let logs: Vec<f64> = self.components.iter().map(|component| of(component)).collect();
        logsumexp_weighted(&logs, &self.weights).0
    }

    /// The logarithm of a probability: of the other one, where it is the smaller.
    fn log_probability(&self, log: impl Fn(&D) -> f64, other: impl Fn(&D) -> f64) -> f64 {
        let other = self.mix(other);
        if other < 0.5 { (-other).ln_1p() } else { self.mix_logs(log).min(0.0) }
    }

    /// Central moments from those of the components, the second, third and fourth, in units in which nothing over- or underflows; and the unit.
    fn central(&self) -> ([f64; 3], f64) {
        let mean = self.mix(|component| component.mean());
        let (_, unit) = self.span(|component| (component.mean() - mean).abs().max(component.std()));
        let mut sums = [0.0; 3];
        for (component, weight) in self.components.iter().zip(&self.weights) {
            let (d, spread) = ((component.mean() - mean) / unit, component.std() / unit);
            let second = spread * spread;
            // A component without spread has no third and fourth moment either.
            let third = if second > 0.0 { component.skewness() * second * spread } else { 0.0 };
            let fourth = if second > 0.0 { (component.kurtosis() + 3.0) * second * second } else { 0.0 };
            sums[0] += weight * (second + d * d);
            sums[1] += weight * (third + 3.0 * d * second + d * d * d);
            sums[2] += weight * (fourth + 4.0 * d * third + 6.0 * d * d * second + d.powi(4));
        }
        (sums, unit)
    }

    /// The smallest and the largest of something of the components.
    fn span(&self, of: impl Fn(&D) -> f64) -> (f64, f64) {
        let values = self.components.iter().map(|component| of(component));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    }

    /// Draws: how many fall to each component is known from uniform numbers, then each fills its places.
    fn draw(&self, stream: &mut Stream, out: &mut [f64]) {
        let mut choices = vec![0.0; out.len()];
        stream.fill_categorical(&self.weights, &mut choices);
        for (number, component) in self.components.iter().enumerate() {
            let places =
                || choices.iter().enumerate().filter(|(_, choice)| **choice as usize == number).map(|(i, _)| i);
            let mut values = vec![0.0; places().count()];
            component.fill(stream, &mut values);
            places().zip(values).for_each(|(place, value)| out[place] = value);
        }
    }
}

/// What both kinds of mixtures compute in the same way.
macro_rules! shared {
    () => {
        fn cdf(&self, x: f64) -> f64 {
            self.probability(|component| component.cdf(x))
        }

        fn sf(&self, x: f64) -> f64 {
            self.probability(|component| component.sf(x))
        }

        fn logcdf(&self, x: f64) -> f64 {
            self.log_probability(|component| component.logcdf(x), |component| component.sf(x))
        }

        fn logsf(&self, x: f64) -> f64 {
            self.log_probability(|component| component.logsf(x), |component| component.cdf(x))
        }

        fn mean(&self) -> f64 {
            self.mix(|component| component.mean())
        }

        fn variance(&self) -> f64 {
            let std = self.std();
            std * std
        }

        fn std(&self) -> f64 {
            let ([second, ..], unit) = self.central();
            if unit == 0.0 { 0.0 } else { unit * second.sqrt() }
        }

        fn skewness(&self) -> f64 {
            let ([second, third, _], _) = self.central();
            third / second.powf(1.5)
        }

        fn kurtosis(&self) -> f64 {
            let ([second, _, fourth], _) = self.central();
            fourth / (second * second) - 3.0
        }

        fn support(&self) -> (f64, f64) {
            (self.span(|component| component.support().0).0, self.span(|component| component.support().1).1)
        }

        fn fill(&self, stream: &mut Stream, out: &mut [f64]) {
            self.draw(stream, out);
        }
    };
}

impl Mixture<dyn Continuous> {
    /// A mixture of continuous components with these weights, which are divided by their sum.
    ///
    /// # Errors
    /// If there is no component, not a weight for each, or a weight is negative or not finite, or all are 0.
    pub fn continuous(components: Vec<Arc<dyn Continuous>>, weights: &[f64]) -> Result<Self> {
        Self::of(components, weights)
    }
}

impl Mixture<dyn Discrete> {
    /// A mixture of distributions of whole numbers with these weights, which are divided by their sum.
    ///
    /// # Errors
    /// As [`Mixture::continuous`]; or if the values of a component are not whole ([`Empirical`](crate::distributions::Empirical)).
    pub fn discrete(components: Vec<Arc<dyn Discrete>>, weights: &[f64]) -> Result<Self> {
        for component in &components {
            whole("Mixture", "components", &**component, "make one Empirical of all the values")?;
        }
        Self::of(components, weights)
    }
}

impl Distribution for Mixture<dyn Continuous> {
    shared! {}

    fn ppf(&self, p: f64) -> f64 {
        let (low, high) = self.span(|component| component.ppf(p));
        match p {
            p if !(0.0..=1.0).contains(&p) => f64::NAN,
            0.0 => low,
            1.0 => high,
            p if p > 0.5 => quantile(self, 1.0 - p, true, low, high),
            _ => quantile(self, p, false, low, high),
        }
    }

    fn isf(&self, q: f64) -> f64 {
        let (low, high) = self.span(|component| component.isf(q));
        match q {
            q if !(0.0..=1.0).contains(&q) => f64::NAN,
            0.0 => high,
            1.0 => low,
            q if q > 0.5 => quantile(self, 1.0 - q, false, low, high),
            _ => quantile(self, q, true, low, high),
        }
    }

    fn entropy(&self) -> f64 {
        let breaks = self.breaks();
        self.mix(|component| expectation(component, &breaks, |x| -self.logpdf(x)))
    }

    fn mode(&self) -> f64 {
        let mut points: Vec<f64> = (1..256).map(|k| self.ppf(f64::from(k) / 256.0)).collect();
        points.extend(self.components.iter().map(|component| component.mode()));
        peak(&mut points, |x| self.logpdf(x))
    }
}

impl Continuous for Mixture<dyn Continuous> {
    fn breaks(&self) -> Vec<f64> {
        self.components.iter().flat_map(|component| component.breaks()).collect()
    }

    fn pdf(&self, x: f64) -> f64 {
        self.mix(|component| component.pdf(x))
    }

    fn logpdf(&self, x: f64) -> f64 {
        self.mix_logs(|component| component.logpdf(x))
    }

    fn prob(&self, a: f64, b: f64) -> f64 {
        self.probability(|component| component.prob(a, b))
    }
}

impl Distribution for Mixture<dyn Discrete> {
    shared! {}

    fn ppf(&self, p: f64) -> f64 {
        let (low, high) = self.span(|component| component.ppf(p));
        match p {
            p if !(0.0..=1.0).contains(&p) => f64::NAN,
            0.0 => low,
            1.0 => high,
            _ => smallest(low - 1.0, high, |k| self.cdf(k) >= p),
        }
    }

    fn isf(&self, q: f64) -> f64 {
        let (low, high) = self.span(|component| component.isf(q));
        match q {
            q if !(0.0..=1.0).contains(&q) => f64::NAN,
            0.0 => high,
            1.0 => low,
            _ => smallest(low - 1.0, high, |k| self.sf(k) <= q),
        }
    }

    fn entropy(&self) -> f64 {
        self.mix(|component| summation(component, |k| -self.logpmf(k)))
    }

    fn mode(&self) -> f64 {
        let mut points: Vec<f64> =
            (0..=256).map(|k| self.ppf(f64::from(k) / 256.0)).filter(|k| k.is_finite()).collect();
        points.extend(self.components.iter().map(|component| component.mode()));
        points.sort_unstable_by(f64::total_cmp);
        let better = |best: f64, k: f64| if self.logpmf(k) > self.logpmf(best) { k } else { best };
        points.into_iter().reduce(better).unwrap_or(f64::NAN)
    }
}

impl Discrete for Mixture<dyn Discrete> {
    fn pmf(&self, k: f64) -> f64 {
        self.mix(|component| component.pmf(k))
    }

    fn logpmf(&self, k: f64) -> f64 {
        self.mix_logs(|component| component.logpmf(k))
    }

    fn prob(&self, a: f64, b: f64) -> f64 {
        self.probability(|component| component.prob(a, b))
    }
}

//! Steps of a gradient: with momentum, or by Adam.
//!
//! - Momentum: v ← μv − ηg, and the step is v, or with Nesterov's look ahead μv − ηg (Y. Nesterov, "A method of solving a convex programming problem with
//!   convergence rate O(1/k²)", 1983; in the form of I. Sutskever et al., ICML 2013).
//! - Adam: m ← β₁m + (1 − β₁)g, s ← β₂s + (1 − β₂)g², and the step is −ηₜ·m/(√s + ε) with ηₜ = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) (D. Kingma and J. Ba, "Adam: a method
//!   for stochastic optimization", 2015, arXiv:1412.6980, in the form of the end of its section 2, where ε is not scaled).

use crate::check;
use crate::error::Result;
use crate::simd::{mul_add, wide_kernel};

/// How the rate changes while it descends with momentum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Schedule {
    /// It does not.
    Constant,
    /// η/(t + 1)^power after t rows.
    InverseScaling(f64),
    /// A fifth of it whenever the loss (or the score) has not improved for so many epochs, down to 10⁻⁶.
    Adaptive,
}

/// Which steps are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Descent {
    /// Stochastic gradient descent.
    Sgd {
        /// μ, from 0 on and below 1... or 1.
        momentum: f64,
        /// Whether the step looks ahead.
        nesterov: bool,
        /// How the rate changes.
        schedule: Schedule,
    },
    /// Adam.
    Adam {
        /// β₁, how long gradients are remembered.
        beta_1: f64,
        /// β₂, how long their squares are.
        beta_2: f64,
        /// ε, which keeps small squares from making long steps.
        epsilon: f64,
    },
}

impl Descent {
    pub(super) fn check(self, function: &'static str) -> Result<()> {
        match self {
            Descent::Sgd { momentum, schedule, .. } => {
                check::in_range(function, "momentum", momentum, (0.0..=1.0).contains(&momentum), "between 0 and 1")?;
                if let Schedule::InverseScaling(power) = schedule {
                    check::in_range(function, "power_t", power, power >= 0.0 && power.is_finite(), "zero or positive")?;
                }
                Ok(())
            }
            Descent::Adam { beta_1, beta_2, epsilon } => {
                let below_one = "at least 0 and below 1";
                check::in_range(function, "beta_1", beta_1, (0.0..1.0).contains(&beta_1), below_one)?;
                check::in_range(function, "beta_2", beta_2, (0.0..1.0).contains(&beta_2), below_one)?;
                check::in_range(
                    function,
                    "epsilon",
                    epsilon,
                    epsilon > 0.0 && epsilon.is_finite(),
                    "positive and finite",
                )
            }
        }
    }
}

/// What descent remembers from one step to the next.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DescentState {
    /// v of momentum, m of Adam.
    pub first: Vec<f64>,
    /// s of Adam; empty with momentum.
    pub second: Vec<f64>,
    /// Steps made.
    pub steps: usize,
    /// Rows seen.
    pub seen: usize,
    /// Epochs made.
    pub epochs: usize,
    /// η as it is now; 0 before the first step.
    pub rate: f64,
}

/// Σg² and ΣΔ² of a layer's step Δ.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Lengths {
    pub(super) gradient: f64,
    pub(super) step: f64,
}

impl DescentState {
    /// A state that fits so many parameters: this one if it does, a new one if not.
    pub(super) fn fit(mut self, descent: Descent, parameters: usize, rate: f64) -> Self {
        let second = if matches!(descent, Descent::Adam { .. }) { parameters } else { 0 };
        if self.first.len() != parameters || self.second.len() != second {
            let (first, second) = (vec![0.0; parameters], vec![0.0; second]);
            self = DescentState { first, second, steps: 0, rate, ..self };
        }
        self
    }

    /// The rate of the next step, which is counted.
    pub(super) fn next(&mut self, descent: Descent) -> f64 {
        self.steps += 1;
        match descent {
            Descent::Sgd { .. } => self.rate,
            Descent::Adam { beta_1, beta_2, .. } => {
                let t = self.steps as f64;
                self.rate * (1.0 - libm::pow(beta_2, t)).sqrt() / (1.0 - libm::pow(beta_1, t))
            }
        }
    }

    /// A step of the parameters from `start` on, with the gradient there.
    pub(super) fn step(
        &mut self,
        descent: Descent,
        rate: f64,
        start: usize,
        theta: &mut [f64],
        gradient: &[f64],
    ) -> Lengths {
        let end = start + theta.len();
        match descent {
            Descent::Sgd { momentum, nesterov, .. } => {
                with_momentum(theta, gradient, &mut self.first[start..end], momentum, rate, nesterov)
            }
            Descent::Adam { beta_1, beta_2, epsilon } => {
                let (first, second) = (&mut self.first[start..end], &mut self.second[start..end]);
                adam(theta, gradient, first, second, (beta_1, beta_2), epsilon, rate)
            }
        }
    }
}

wide_kernel! {
    fn with_momentum(theta: &mut [f64], gradient: &[f64], v: &mut [f64], momentum: f64, rate: f64, nesterov: bool) -> Lengths = momentum_body
}

const LANES: usize = 8;

#[inline(always)]
fn momentum_body<const FMA: bool>(
    theta: &mut [f64],
    gradient: &[f64],
    v: &mut [f64],
    momentum: f64,
    rate: f64,
    nesterov: bool,
) -> Lengths {
    // v and μv − ηg are ahead·v′ + behind·g of the new v′.
    let (ahead, behind) = if nesterov { (momentum, rate) } else { (1.0, 0.0) };
    let mut sums = [[0.0; LANES]; 2];
    let n = theta.len();
    let (gradient, v) = (&gradient[..n], &mut v[..n]);
    let mut one = |i: usize, lane: usize| {
        let g = gradient[i];
        v[i] = momentum * v[i] - rate * g;
        let step = ahead * v[i] - behind * g;
        theta[i] += step;
        sums[0][lane] = mul_add::<FMA>(g, g, sums[0][lane]);
        sums[1][lane] = mul_add::<FMA>(step, step, sums[1][lane]);
    };
    for block in 0..n / LANES {
        for lane in 0..LANES {
            one(block * LANES + lane, lane);
        }
    }
    for i in n / LANES * LANES..n {
        one(i, i % LANES);
    }
    Lengths { gradient: sums[0].iter().sum(), step: sums[1].iter().sum() }
}

wide_kernel! {
    fn adam(theta: &mut [f64], gradient: &[f64], m: &mut [f64], s: &mut [f64], betas: (f64, f64), epsilon: f64, rate: f64) -> Lengths = adam_body
}

#[inline(always)]
fn adam_body<const FMA: bool>(
    theta: &mut [f64],
    gradient: &[f64],
    m: &mut [f64],
    s: &mut [f64],
    (beta_1, beta_2): (f64, f64),
    epsilon: f64,
    rate: f64,
) -> Lengths {
    let mut sums = [[0.0; LANES]; 2];
    let n = theta.len();
    let (gradient, m, s) = (&gradient[..n], &mut m[..n], &mut s[..n]);
    let mut one = |i: usize, lane: usize| {
        let g = gradient[i];
        m[i] = beta_1 * m[i] + (1.0 - beta_1) * g;
        s[i] = beta_2 * s[i] + (1.0 - beta_2) * (g * g);
        let step = -rate * m[i] / (s[i].sqrt() + epsilon);
        theta[i] += step;
        sums[0][lane] = mul_add::<FMA>(g, g, sums[0][lane]);
        sums[1][lane] = mul_add::<FMA>(step, step, sums[1][lane]);
    };
    for block in 0..n / LANES {
        for lane in 0..LANES {
            one(block * LANES + lane, lane);
        }
    }
    for i in n / LANES * LANES..n {
        one(i, i % LANES);
    }
    Lengths { gradient: sums[0].iter().sum(), step: sums[1].iter().sum() }
}

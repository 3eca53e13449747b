//! How a gradient becomes a step: the rules, and what each of them remembers.
//!
//! | rule | source |
//! |---|---|
//! | plain | A. Cauchy (1847), "Méthode générale pour la résolution des systèmes d'équations simultanées" |
//! | momentum | B. T. Polyak (1964), <https://doi.org/10.1016/0041-5553(64)90137-5> |
//! | Nesterov | Y. Nesterov (1983), "A method of solving a convex programming problem with convergence rate O(1/k²)" |
//! | AdaGrad | J. Duchi, E. Hazan, Y. Singer (2011), JMLR 12:2121 |
//! | RMSProp | T. Tieleman, G. Hinton (2012), Coursera lecture 6.5 |
//! | Adam | D. P. Kingma, J. Ba (2015), <https://arxiv.org/abs/1412.6980> |

use crate::check;
use crate::error::{Error, Result};

/// How a gradient becomes a step. g is the gradient, η the rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// x ← x − η g.
    Plain,
    /// The heavy ball: v ← β v − η g, x ← x + v.
    Momentum {
        /// β, the part of the last step that is repeated: at least 0, below 1.
        momentum: f64,
    },
    /// Momentum that looks ahead: y = x + β v, v ← β v − η g(y), x ← x + v. The points of the descent are the y, where the
    /// gradient is taken; both run to the same place.
    Nesterov {
        /// β: at least 0, below 1.
        momentum: f64,
    },
    /// Each coordinate by its own scale: s ← s + g², x ← x − η g / (√s + ε).
    AdaGrad {
        /// ε, positive: keeps a coordinate without slope from being divided by nothing.
        epsilon: f64,
    },
    /// The same with a scale that forgets: s ← β₂ s + (1 − β₂) g², x ← x − η g / (√s + ε).
    RmsProp {
        /// β₂: at least 0, below 1.
        beta2: f64,
        /// ε, positive.
        epsilon: f64,
    },
    /// Momentum over a scale that forgets, both freed of their start at nothing: m ← β₁ m + (1 − β₁) g,
    /// s ← β₂ s + (1 − β₂) g², x ← x − η m/(1 − β₁ᵏ) / (√(s/(1 − β₂ᵏ)) + ε).
    Adam {
        /// β₁: at least 0, below 1.
        beta1: f64,
        /// β₂: at least 0, below 1.
        beta2: f64,
        /// ε, positive.
        epsilon: f64,
    },
}

/// Parameters of a rule as a caller gives them, or not.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parameters {
    /// β of momentum.
    pub momentum: Option<f64>,
    /// β₁ of Adam.
    pub beta1: Option<f64>,
    /// β₂ of RMSProp and Adam.
    pub beta2: Option<f64>,
    /// ε of the rules that divide by a scale.
    pub epsilon: Option<f64>,
}

impl Rule {
    /// Its name: `plain`, `momentum`, `nesterov`, `adagrad`, `rmsprop` or `adam`.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Plain => "plain",
            Rule::Momentum { .. } => "momentum",
            Rule::Nesterov { .. } => "nesterov",
            Rule::AdaGrad { .. } => "adagrad",
            Rule::RmsProp { .. } => "rmsprop",
            Rule::Adam { .. } => "adam",
        }
    }

    /// The rule of this name. Parameters that are not given have their usual values: momentum 0.9, β₁ 0.9, β₂ 0.999 (0.9 for RMSProp), ε 1e-8.
    /// A plain rule with a momentum is the rule with momentum.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for the name, [`Error::Invalid`] for a parameter that the rule does not have.
    pub fn named(function: &'static str, name: &str, given: Parameters) -> Result<Self> {
        let Parameters { momentum, beta1, beta2, epsilon } = given;
        let inertia = momentum.unwrap_or(0.9);
        let small = epsilon.unwrap_or(1e-8);
        let rule = match name {
            "plain" => {
                momentum.filter(|&momentum| momentum != 0.0).map_or(Rule::Plain, |momentum| Rule::Momentum { momentum })
            }
            "momentum" => Rule::Momentum { momentum: inertia },
            "nesterov" => Rule::Nesterov { momentum: inertia },
            "adagrad" => Rule::AdaGrad { epsilon: small },
            "rmsprop" => Rule::RmsProp { beta2: beta2.unwrap_or(0.9), epsilon: small },
            "adam" => Rule::Adam { beta1: beta1.unwrap_or(0.9), beta2: beta2.unwrap_or(0.999), epsilon: small },
            _ => {
                const ALLOWED: &[&str] = &["plain", "momentum", "nesterov", "adagrad", "rmsprop", "adam"];
                return Err(Error::UnknownName { function, argument: "method", value: name.into(), allowed: ALLOWED });
            }
        };
        let known = rule.parameters();
        let named = [("momentum", momentum), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)];
        for (argument, value) in named {
            // No momentum is what the rules without momentum have.
            let said = value.filter(|&value| argument != "momentum" || value != 0.0);
            if said.is_some() && !known.iter().any(|(name, _)| *name == argument) {
                let problem = format!("is given, but method {name:?} has no such parameter");
                return Err(Error::Invalid { function, argument, problem });
            }
        }
        Ok(rule)
    }

    /// Its parameters by name.
    pub fn parameters(self) -> Vec<(&'static str, f64)> {
        match self {
            Rule::Plain => vec![],
            Rule::Momentum { momentum } | Rule::Nesterov { momentum } => vec![("momentum", momentum)],
            Rule::AdaGrad { epsilon } => vec![("epsilon", epsilon)],
            Rule::RmsProp { beta2, epsilon } => vec![("beta2", beta2), ("epsilon", epsilon)],
            Rule::Adam { beta1, beta2, epsilon } => vec![("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)],
        }
    }

    /// The critical rate on a quadratic whose largest curvature is L: steps at larger rates overshoot further each time.
    ///
    /// 2/L for the plain rule, 2 (1 + β)/L with momentum (Polyak, 1964), 2 (1 + β)/((1 + 2β) L) with Nesterov's, where the roots
    /// of z² − (1 + β) q z + β q, q = 1 − ηL, leave the unit circle. The other rules have no such rate: they divide by the
    /// slopes that they meet.
    pub fn critical_rate(self, curvature: f64) -> Option<f64> {
        let at_one = match self {
            Rule::Plain => 2.0,
            Rule::Momentum { momentum } => 2.0 * (1.0 + momentum),
            Rule::Nesterov { momentum } => 2.0 * (1.0 + momentum) / (1.0 + 2.0 * momentum),
            Rule::AdaGrad { .. } | Rule::RmsProp { .. } | Rule::Adam { .. } => return None,
        };
        (curvature > 0.0).then_some(at_one / curvature)
    }

    /// The critical rate as a formula.
    pub fn critical_formula(self) -> &'static str {
        match self {
            Rule::Momentum { momentum } if momentum > 0.0 => "2 (1 + momentum)/L",
            Rule::Nesterov { momentum } if momentum > 0.0 => "2 (1 + momentum)/((1 + 2 momentum) L)",
            _ => "2/L",
        }
    }

    pub(super) fn checked(self, function: &'static str) -> Result<()> {
        let share = |name, value: f64| {
            check::in_range(function, name, value, (0.0..1.0).contains(&value), "at least 0 and below 1")
        };
        let positive = |value: f64| {
            check::in_range(function, "epsilon", value, value > 0.0 && value.is_finite(), "positive and finite")
        };
        match self {
            Rule::Plain => Ok(()),
            Rule::Momentum { momentum } | Rule::Nesterov { momentum } => share("momentum", momentum),
            Rule::AdaGrad { epsilon } => positive(epsilon),
            Rule::RmsProp { beta2, epsilon } => share("beta2", beta2).and_then(|()| positive(epsilon)),
            Rule::Adam { beta1, beta2, epsilon } => {
                share("beta1", beta1)?;
                share("beta2", beta2)?;
                positive(epsilon)
            }
        }
    }
}

/// A rule at work: what it remembers of the steps before.
#[derive(Debug)]
pub(super) struct Stepper {
    rule: Rule,
    /// The velocity, or the mean of the gradients.
    first: Vec<f64>,
    /// The sum or mean of the squared gradients.
    second: Vec<f64>,
    /// β₁ᵏ and β₂ᵏ.
    powers: (f64, f64),
}

impl Stepper {
    pub(super) fn new(rule: Rule, n: usize) -> Self {
        let kept = |needed: bool| vec![0.0; if needed { n } else { 0 }];
        let second = matches!(rule, Rule::AdaGrad { .. } | Rule::RmsProp { .. } | Rule::Adam { .. });
        let first = matches!(rule, Rule::Momentum { .. } | Rule::Nesterov { .. } | Rule::Adam { .. });
        Stepper { rule, first: kept(first), second: kept(second), powers: (1.0, 1.0) }
    }

    /// Writes the next point.
    #[inline(always)]
    pub(super) fn step(&mut self, x: &[f64], gradient: &[f64], rate: f64, next: &mut [f64]) {
        if self.rule == Rule::Plain {
            next.iter_mut().zip(x.iter().zip(gradient)).for_each(|(next, (x, slope))| *next = x - rate * slope);
        } else {
            self.remembering(x, gradient, rate, next);
        }
    }

    fn remembering(&mut self, x: &[f64], gradient: &[f64], rate: f64, next: &mut [f64]) {
        let Stepper { rule, first, second, powers } = self;
        let places = next.iter_mut().zip(x.iter().zip(gradient));
        match *rule {
            Rule::Plain => places.for_each(|(next, (x, slope))| *next = x - rate * slope),
            Rule::Momentum { momentum } => {
                for ((next, (x, slope)), velocity) in places.zip(first) {
                    *velocity = momentum * *velocity - rate * slope;
                    *next = x + *velocity;
                }
            }
            Rule::Nesterov { momentum } => {
                for ((next, (x, slope)), velocity) in places.zip(first) {
                    // In terms of the points ahead, y + β v′ − η g is the next of them.
                    *velocity = momentum * *velocity - rate * slope;
                    *next = x + (momentum * *velocity - rate * slope);
                }
            }
            Rule::AdaGrad { epsilon } => {
                for ((next, (x, slope)), scale) in places.zip(second) {
                    *scale += slope * slope;
                    *next = x - rate * slope / (scale.sqrt() + epsilon);
                }
            }
            Rule::RmsProp { beta2, epsilon } => {
                for ((next, (x, slope)), scale) in places.zip(second) {
                    *scale = beta2 * *scale + (1.0 - beta2) * slope * slope;
                    *next = x - rate * slope / (scale.sqrt() + epsilon);
                }
            }
            Rule::Adam { beta1, beta2, epsilon } => {
                *powers = (powers.0 * beta1, powers.1 * beta2);
                let (full1, full2) = (1.0 - powers.0, 1.0 - powers.1);
                for ((next, (x, slope)), (mean, scale)) in places.zip(first.iter_mut().zip(second)) {
                    *mean = beta1 * *mean + (1.0 - beta1) * slope;
                    *scale = beta2 * *scale + (1.0 - beta2) * slope * slope;
                    *next = x - rate * (*mean / full1) / ((*scale / full2).sqrt() + epsilon);
                }
            }
        }
    }
}

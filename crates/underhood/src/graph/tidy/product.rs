//! Products of powers, with a number that is kept as a quotient.

use super::super::build::NodeId;

/// A number times powers of factors. The number is a quotient, so that x/3 stays one.
#[derive(Debug, Clone)]
pub(super) struct Product {
    pub(super) number: Quotient,
    pub(super) factors: Vec<(NodeId, f64)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quotient {
    pub(super) above: f64,
    pub(super) below: f64,
}

impl Product {
    pub(super) fn negated(mut self) -> Product {
        self.number.above = -self.number.above;
        self
    }

    /// Whether a power of this stands below.
    pub(super) fn divides_by(&self, node: NodeId) -> bool {
        self.factors.iter().any(|(known, exponent)| *known == node && *exponent < 0.0)
    }

    /// Whether anything stands below.
    pub(super) fn is_divided(&self) -> bool {
        self.factors.iter().any(|(_, exponent)| *exponent < 0.0)
    }

    /// Whether it differs by its number only.
    pub(super) fn is_like(&self, other: &Product) -> bool {
        self.factors.len() == other.factors.len() && self.factors.iter().all(|factor| other.factors.contains(factor))
    }
}

impl Quotient {
    pub(super) const ONE: Quotient = Quotient { above: 1.0, below: 1.0 };

    /// The quotient times a number or divided by it, unless that leaves the range of doubles.
    pub(super) fn times(self, value: f64, above: bool) -> Option<Quotient> {
        if let Some((over, under)) = fraction(value) {
            return self.times(over, above)?.times(under, !above);
        }
        let changed = if above {
            Quotient { above: self.above * value, ..self }
        } else {
            // The sign of a denominator goes above.
            Quotient { above: self.above * value.signum(), below: self.below * value.abs() }
        };
        let fine = |number: f64| (1e-150..1e150).contains(&number.abs());
        ((fine(changed.above) || (above && value == 0.0)) && fine(changed.below)).then(|| changed.reduced())
    }

    pub(super) fn plus(self, other: Quotient) -> Option<Quotient> {
        let sum = if self.below == other.below {
            Quotient { above: self.above + other.above, below: self.below }
        } else if [self, other].iter().all(|quotient| small_whole(quotient.above) && small_whole(quotient.below)) {
            let above = self.above * other.below + other.above * self.below;
            Quotient { above, below: self.below * other.below }
        } else {
            Quotient { above: self.above / self.below + other.above / other.below, below: 1.0 }
        };
        sum.above.is_finite().then(|| sum.reduced())
    }

    /// In lowest terms, if both are whole; one number, if the quotient is exact.
    pub(super) fn reduced(self) -> Quotient {
        let Quotient { mut above, mut below } = self;
        if whole(above) && whole(below) && above.abs() < 9e15 && below < 9e15 && above != 0.0 {
            let divisor = common_divisor(above.abs() as u64, below as u64) as f64;
            (above, below) = (above / divisor, below / divisor);
        } else if below != 1.0
            && (above * 1024.0).fract() == 0.0
            && below.log2().fract() == 0.0
            && above.abs() < 1e6
            && below < 1e6
        {
            (above, below) = (above / below, 1.0);
        }
        Quotient { above, below }
    }

    /// 0.5/√x is written 1/(2√x).
    pub(super) fn settled(&mut self, fraction: bool) {
        let inverse = 1.0 / self.above.abs();
        if fraction && [2.0, 4.0, 8.0].contains(&inverse) {
            *self = Quotient { above: self.above.signum(), below: self.below * inverse };
        }
    }
}

/// An exponent such as 1/3 − 1 is meant to be −2/3, from which it differs by its last bit.
pub(super) fn settled(exponent: f64) -> f64 {
    let meant = [3.0, 7.0, 9.0, 11.0].into_iter().map(|below| (exponent * below).round() / below);
    let near = |meant: &f64| (meant - exponent).abs() <= 4.0 * f64::EPSILON * exponent.abs();
    if whole(exponent) { exponent } else { meant.into_iter().find(near).unwrap_or(exponent) }
}

/// Numbers such as 1/3 that are meant to be fractions.
pub(super) fn fraction(value: f64) -> Option<(f64, f64)> {
    let exact = |below: &f64| (value * below).round() / below == value && (value * below).abs() < 1000.0;
    if (value * 1024.0).fract() == 0.0 {
        None
    } else {
        [3.0, 6.0, 7.0, 9.0, 11.0, 12.0].into_iter().find(exact).map(|below| ((value * below).round(), below))
    }
}

pub(super) fn whole(number: f64) -> bool {
    number.fract() == 0.0
}

pub(super) fn small_whole(number: f64) -> bool {
    whole(number) && number.abs() < 1e5
}

/// A power of a number that is exact, such as 2³.
pub(super) fn folded(value: f64, exponent: f64) -> Option<f64> {
    let power = libm::pow(value, exponent);
    (small_whole(value) && whole(exponent) && power.abs() < 9e15).then_some(power)
}

pub(super) fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a.max(1) } else { common_divisor(b, a % b) }
}

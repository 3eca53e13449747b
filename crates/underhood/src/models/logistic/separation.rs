//! Whether the log loss without a penalty has a minimum at all: the classes overlap, or planes separate them (Albert and Anderson 1984,
//! doi:10.1093/biomet/71.1.1), completely or but for rows that lie on the planes.
//!
//! With a_ik·θ for how far row i's own class is ahead of class k, d is a *direction of recession* if all a_ik·d ≥ 0 and some > 0: along it the loss falls
//! for ever. Either there is one, or there are positive λ_ik with Σ λ_ik·a_ik = 0 (Stiemke 1915). At a minimum λ_ik = sᵢ·P(k | xᵢ)/Σs are such numbers, their sum being
//! −∇J; near one they still tell. Let d be a direction of recession whose largest a_ik·d is 1. The Hessian is the mean of variances of
//! numbers between 0 and 1, so d·Hd ≤ Σ λ_ik·a_ik·d = −∇J·d, and with δ² = ∇J·H⁻¹∇J (Newton's decrement)
//!
//! > (∇J·d)² ≤ δ²·(d·Hd) ≤ δ²·|∇J·d|, so that min λ ≤ |∇J·d| ≤ δ².
//!
//! Where δ² is below the least λ, there is no such d: the classes overlap, whatever the units of the columns. Where it is not, a linear program decides.

use ndarray::{Array1, Array2};

use super::cholesky::Cholesky;
use super::objective::Objective;
use crate::optimize::{Program, linear_program};
use crate::simd::dot;

/// What this share of the farthest moves is rounding.
const ROUNDING: f64 = 1e-9;

/// Rows times rivals times unknowns up to which the linear program is asked.
const SMALL: usize = 200_000;

impl Objective<'_> {
    /// Whether the planes at the end of a search, and its last step, lead on for ever.
    pub(super) fn separated(&mut self, theta: &[f64], last: &[f64], hessian: bool) -> bool {
        if hessian {
            let newton = match self.overlap(theta) {
                Overlap::Certain => return false,
                Overlap::Open(newton) => newton,
            };
            if self.recedes(&newton) {
                return true;
            }
        }
        self.recedes(theta) || !last.is_empty() && self.recedes(last) || self.program_recedes()
    }

    /// The certificate at `theta`.
    fn overlap(&mut self, theta: &[f64]) -> Overlap {
        /// How long a direction of recession may be, when the row that moves farthest moves by one: as of columns that are alike in three digits.
        const LONGEST: f64 = 1e3;
        let m = theta.len();
        let mut gradient = vec![0.0; m];
        let mut hessian = Array2::zeros((m, m));
        self.evaluate(theta, &mut gradient, Some(&mut hessian));
        let mut newton: Vec<f64> = gradient.iter().map(|g| -g).collect();
        Cholesky::of(&hessian).solve(&mut newton);
        let squared = -dot(&gradient, &newton);
        // H and ∇J are what they are but for rounding, which d may meet at its full length.
        let blur = f64::EPSILON * m as f64;
        let most = hessian.diag().iter().fold(0.0_f64, |most, &h| most.max(h));
        let bound = 2.0 * squared + LONGEST * ((squared * blur * most).max(0.0).sqrt() + blur);
        if bound < self.least_share(theta) { Overlap::Certain } else { Overlap::Open(newton) }
    }

    /// The least λ.
    fn least_share(&mut self, theta: &[f64]) -> f64 {
        let mut least = f64::INFINITY;
        self.scores(theta, |weight, code, scores| {
            let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scores.iter().map(|z| (z - top).exp()).sum();
            let rivals = scores.iter().enumerate().filter(|&(k, _)| k != code);
            let rival = rivals.map(|(_, &z)| z).fold(f64::INFINITY, f64::min);
            least = least.min(weight * (rival - top).exp() / sum);
        });
        least / self.total()
    }

    /// Whether going along `direction` moves no row towards a wrong class and some row away.
    fn recedes(&mut self, direction: &[f64]) -> bool {
        let (mut least, mut farthest) = (f64::INFINITY, 0.0_f64);
        self.scores(direction, |_, code, scores| {
            for (_, rival) in scores.iter().enumerate().filter(|&(k, _)| k != code) {
                let ahead = scores[code] - rival;
                least = least.min(ahead);
                farthest = farthest.max(ahead.abs());
            }
        });
        farthest > 0.0 && least >= -ROUNDING * farthest
    }

    /// Whether the linear program max Σ a_ik·d with a_ik·d ≥ 0 and |d| bounded finds a direction of recession; not asked of large data.
    fn program_recedes(&mut self) -> bool {
        let (m, planes) = (self.unknowns(), self.planes);
        let unknowns = m * planes;
        if self.count() * planes * unknowns > SMALL {
            return false;
        }
        let mut behind = Vec::new();
        self.each_row(|_, code, x| {
            // −a_ik, for two classes ∓x.
            for k in (0..planes).filter(|&k| planes == 1 || k != code) {
                let start = behind.len();
                behind.resize(start + unknowns, 0.0);
                let mut add = |plane: usize, sign: f64| {
                    let own = &mut behind[start + plane * m..start + (plane + 1) * m];
                    own.iter_mut().zip(x).for_each(|(b, x)| *b += sign * x);
                };
                match planes {
                    1 => add(0, if code == 1 { -1.0 } else { 1.0 }),
                    _ => {
                        add(k, 1.0);
                        add(code, -1.0);
                    }
                }
            }
        });
        let count = behind.len() / unknowns;
        let Ok(behind) = Array2::from_shape_vec((count, unknowns), behind) else { return false };
        let price = behind.sum_axis(ndarray::Axis(0));
        // A little room, so that ties which rounding has broken are still met; for a program that is too degenerate nevertheless, less of it.
        for reach in [1.0, 30.0, 1000.0] {
            let room = Array1::from_elem(count, ROUNDING);
            let (lower, upper) = (Array1::from_elem(unknowns, -reach), Array1::from_elem(unknowns, reach));
            let inequalities = Some((behind.view(), room.view()));
            let program =
                Program { inequalities, lower: Some(lower.view()), upper: Some(upper.view()), ..Program::default() };
            // A direction of recession is its own proof, however it was found.
            let Ok(found) = linear_program(price.view(), &program) else { continue };
            let recedes = self.recedes(&found.x.to_vec());
            if recedes || found.converged {
                return recedes;
            }
        }
        false
    }
}

/// What the certificate says.
enum Overlap {
    Certain,
    /// Nothing; Newton's step, which leads along a direction of recession if there is one.
    Open(Vec<f64>),
}

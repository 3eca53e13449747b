//! Radau IIA of order 5, for stiff equations: three stages that each depend on all, found by Newton's iteration with one real and one
//! complex matrix of the size of the system.
//!
//! E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II" (1996), section IV.8, from where the transformation, the
//! error estimate, the stopping rule of the iteration and the predictive controller come; the steps of the differences for the
//! Jacobian matrix are those of P. N. Brown, A. C. Hindmarsh and G. D. Byrne's CVODE.

use num_complex::Complex;

use super::lu::Lu;
use super::scheme::{Equation, Now, Scheme, Tolerance, Verdict};
use crate::error::Result;

const SQRT6: f64 = 2.449_489_742_783_178;
/// Where the stages lie in the step.
const C: [f64; 3] = [(4.0 - SQRT6) / 10.0, (4.0 + SQRT6) / 10.0, 1.0];
/// Eigenvalues of the inverse of the method's matrix: one real, two complex.
const REAL: f64 = 3.637_834_252_744_495_7;
const COMPLEX: Complex<f64> = Complex { re: 2.681_082_873_627_752_3, im: -3.050_430_199_247_410_8 };
/// Z = T W: the columns are eigenvectors (the second and third a pair's real and imaginary part).
const T: [[f64; 3]; 3] = [
    [0.094_438_762_488_975_24, -0.141_255_295_020_953_63, 0.030_029_194_105_147_42],
    [0.250_213_122_965_334_14, 0.204_129_352_293_799_9, -0.382_942_112_757_261_7],
    [1.0, 1.0, 0.0],
];
/// W = T⁻¹ Z.
const INVERSE: [[f64; 3]; 3] = [
    [4.178_718_591_551_904, 0.327_682_820_761_062_37, 0.523_376_445_499_449_5],
    [-4.178_718_591_551_904, -0.327_682_820_761_062_37, 0.476_623_554_500_550_44],
    [0.502_872_634_945_786_8, -2.571_926_949_855_605, 0.596_039_204_828_224_9],
];
/// The error of the step beside an embedded one of order 3.
const ERROR: [f64; 3] = [(-13.0 - 7.0 * SQRT6) / 3.0, (-13.0 + 7.0 * SQRT6) / 3.0, -1.0 / 3.0];
const MOST_ITERATIONS: usize = 7;

/// Order 5, for stiff equations.
#[derive(Debug)]
pub(super) struct Radau {
    jacobian: Vec<f64>,
    /// An upper bound of the absolute values of its eigenvalues.
    steepness: f64,
    real: Lu<f64>,
    complex: Lu<Complex<f64>>,
    /// Whether the matrix is that of the present point; of any point.
    fresh: bool,
    known: bool,
    /// The step that the factors were made for.
    factored: Option<f64>,
    /// The stages' distances from y, and the same transformed.
    z: [Vec<f64>; 3],
    w: [Vec<f64>; 3],
    slopes: [Vec<f64>; 3],
    point: Vec<f64>,
    right: Vec<f64>,
    right_complex: Vec<Complex<f64>>,
    /// The last accepted step, its length and error, and the rate at which Newton's iteration came in.
    before: Option<(f64, f64)>,
    last: Vec<f64>,
    last_change: Vec<f64>,
    rate: f64,
    rejected: bool,
    easy: usize,
}

enum Newton {
    Found(usize),
    Diverged,
    NotFinite,
}

impl Radau {
    pub(super) fn new(n: usize) -> Self {
        let empty = || vec![0.0; n];
        let three = || [empty(), empty(), empty()];
        Radau {
            jacobian: vec![0.0; n * n],
            steepness: f64::INFINITY,
            real: Lu::new(n),
            complex: Lu::new(n),
            fresh: false,
            known: false,
            factored: None,
            z: three(),
            w: three(),
            slopes: three(),
            point: empty(),
            right: empty(),
            right_complex: vec![Complex::default(); n],
            before: None,
            last: Vec::with_capacity(3 * n),
            last_change: empty(),
            rate: 1.0,
            rejected: false,
            easy: 0,
        }
    }

    /// The Jacobian matrix at the present point; false where it is not finite.
    fn differentiate(&mut self, equation: &mut Equation<'_>, now: &Now, tolerance: &Tolerance) -> Result<bool> {
        let n = now.y.len();
        if !equation.given_jacobian(now.t, &now.y, &mut self.jacobian)? {
            // A step is large enough when rounding in f, seen through it, stays far below the tolerance.
            let noise = 1000.0 * now.h.abs() * f64::EPSILON * n as f64 * tolerance.norm(&now.slope, &now.y);
            let noise = if noise > 0.0 { noise } else { 1.0 };
            self.point.copy_from_slice(&now.y);
            for j in 0..n {
                let y = now.y[j];
                let allowed = tolerance.allowed(j, y.abs());
                let step = (f64::EPSILON.sqrt() * y.abs()).max(noise * allowed);
                let step = if step > 0.0 { step } else { f64::EPSILON.sqrt() }.copysign(now.slope[j] * now.h);
                let mut taken = step;
                for side in [step, -step] {
                    self.point[j] = y + side;
                    taken = self.point[j] - y;
                    equation.slope(now.t, &self.point, &mut self.right)?;
                    if self.right.iter().all(|slope| slope.is_finite()) {
                        break;
                    }
                }
                self.point[j] = y;
                for i in 0..n {
                    self.jacobian[i * n + j] = (self.right[i] - now.slope[i]) / taken;
                }
            }
        }
        let rows = self.jacobian.chunks_exact(n).map(|row| row.iter().map(|a| a.abs()).sum::<f64>());
        let columns = (0..n).map(|j| self.jacobian[j..].iter().step_by(n).map(|a| a.abs()).sum::<f64>());
        self.steepness = rows.fold(0.0, f64::max).min(columns.fold(0.0, f64::max));
        self.factored = None;
        self.fresh = true;
        self.known = self.jacobian.iter().all(|a| a.is_finite());
        Ok(self.known)
    }

    /// Factors both matrices for a step; false if one is singular.
    fn factor(&mut self, equation: &mut Equation<'_>, h: f64) -> bool {
        if self.factored == Some(h) {
            return true;
        }
        equation.factorizations += 2;
        let n = self.point.len();
        let jacobian = &self.jacobian;
        let (real, complex) = (REAL / h, COMPLEX / h);
        let regular = self.real.factor(|i, j| if i == j { real } else { 0.0 } - jacobian[i * n + j])
            && self.complex.factor(|i, j| if i == j { complex } else { Complex::default() } - jacobian[i * n + j]);
        self.factored = regular.then_some(h);
        regular
    }

    /// Where the stages may lie: on the last step's polynomial, continued.
    fn predict(&mut self, now: &Now) {
        let n = now.y.len();
        let Some((h_before, _)) = self.before else {
            self.z.iter_mut().chain(&mut self.w).for_each(|z| z.fill(0.0));
            return;
        };
        for (z, c) in self.z.iter_mut().zip(C) {
            let theta = 1.0 + c * now.h / h_before;
            for i in 0..n {
                let [a, b, c] = [0, 1, 2].map(|k| self.last[k * n + i]);
                z[i] = theta * (a + (1.0 - theta) * (b + theta * c)) - self.last_change[i];
            }
        }
        for i in 0..n {
            for (w, row) in self.w.iter_mut().zip(INVERSE) {
                w[i] = row[0] * self.z[0][i] + row[1] * self.z[1][i] + row[2] * self.z[2][i];
            }
        }
    }

    /// Newton's iteration with the matrix that is at hand.
    fn iterate(&mut self, equation: &mut Equation<'_>, now: &Now, tolerance: &Tolerance) -> Result<Newton> {
        let n = now.y.len();
        let relative = if tolerance.relative > 0.0 { tolerance.relative } else { 1e-3 };
        let goal = (10.0 * f64::EPSILON / relative).max(relative.sqrt().min(0.03));
        let mut size_before: Option<f64> = None;
        for iteration in 1..=MOST_ITERATIONS {
            for stage in 0..3 {
                for i in 0..n {
                    self.point[i] = now.y[i] + self.z[stage][i];
                }
                equation.slope(now.t + C[stage] * now.h, &self.point, &mut self.slopes[stage])?;
            }
            for i in 0..n {
                let f = [0, 1, 2].map(|stage| self.slopes[stage][i]);
                let [a, b, c] = INVERSE.map(|row| row[0] * f[0] + row[1] * f[1] + row[2] * f[2]);
                self.right[i] = a - REAL / now.h * self.w[0][i];
                self.right_complex[i] = Complex::new(b, c) - COMPLEX / now.h * Complex::new(self.w[1][i], self.w[2][i]);
            }
            self.real.solve(&mut self.right);
            self.complex.solve(&mut self.right_complex);
            let mut total = 0.0;
            for i in 0..n {
                let allowed = tolerance.allowed(i, now.y[i].abs());
                let (a, b) = (self.right[i] / allowed, self.right_complex[i] / allowed);
                total += a * a + b.norm_sqr();
            }
            let size = (total / (3 * n) as f64).sqrt();
            if !size.is_finite() {
                return Ok(Newton::NotFinite);
            }
            let rate = size_before.map(|before| size / before);
            if let Some(rate) = rate {
                let left = (MOST_ITERATIONS - iteration) as i32;
                if rate >= 0.99 || rate.powi(left) / (1.0 - rate) * size > goal {
                    return Ok(Newton::Diverged);
                }
                self.rate = rate;
            }
            for i in 0..n {
                self.w[0][i] += self.right[i];
                self.w[1][i] += self.right_complex[i].re;
                self.w[2][i] += self.right_complex[i].im;
                for (z, row) in self.z.iter_mut().zip(T) {
                    z[i] = row[0] * self.w[0][i] + row[1] * self.w[1][i] + row[2] * self.w[2][i];
                }
            }
            if size == 0.0 || rate.is_some_and(|rate| rate / (1.0 - rate) * size < goal) {
                return Ok(Newton::Found(iteration));
            }
            size_before = Some(size);
        }
        Ok(Newton::Diverged)
    }

    /// The error of the step, by the real matrix once more; a second time where the first says that it is too large.
    fn error(&mut self, equation: &mut Equation<'_>, now: &Now, tolerance: &Tolerance) -> Result<f64> {
        let n = now.y.len();
        for i in 0..n {
            let z = [0, 1, 2].map(|k| self.z[k][i]);
            self.slopes[0][i] = (ERROR[0] * z[0] + ERROR[1] * z[1] + ERROR[2] * z[2]) / now.h;
            self.right[i] = now.slope[i] + self.slopes[0][i];
        }
        self.real.solve(&mut self.right);
        let mut error = self.weigh(now, tolerance);
        if error >= 1.0 && (self.rejected || self.before.is_none()) {
            for i in 0..n {
                self.point[i] = now.y[i] + self.right[i];
            }
            equation.slope(now.t, &self.point, &mut self.right)?;
            for i in 0..n {
                self.right[i] += self.slopes[0][i];
            }
            self.real.solve(&mut self.right);
            error = self.weigh(now, tolerance);
        }
        Ok(error)
    }

    fn weigh(&self, now: &Now, tolerance: &Tolerance) -> f64 {
        let mut total = 0.0;
        for i in 0..now.y.len() {
            let scaled = self.right[i] / tolerance.allowed(i, now.y[i].abs().max(now.y_next[i].abs()));
            total += scaled * scaled;
        }
        (total / now.y.len() as f64).sqrt()
    }
}

impl Scheme for Radau {
    fn attempt(&mut self, equation: &mut Equation<'_>, now: &mut Now, tolerance: &Tolerance) -> Result<Verdict> {
        let n = now.y.len();
        if !self.known && !self.differentiate(equation, now, tolerance)? {
            return Ok(Verdict::NotFinite(now.h / 4.0));
        }
        let iterations = loop {
            if !self.factor(equation, now.h) {
                self.rejected = true;
                return Ok(Verdict::Rejected(now.h / 2.0));
            }
            self.predict(now);
            match self.iterate(equation, now, tolerance)? {
                Newton::Found(iterations) => break iterations,
                _ if !self.fresh => {
                    if !self.differentiate(equation, now, tolerance)? {
                        return Ok(Verdict::NotFinite(now.h / 4.0));
                    }
                }
                Newton::Diverged => {
                    self.rejected = true;
                    return Ok(Verdict::Rejected(now.h / 2.0));
                }
                Newton::NotFinite => {
                    self.rejected = true;
                    return Ok(Verdict::NotFinite(now.h / 4.0));
                }
            }
        };
        for i in 0..n {
            now.y_next[i] = now.y[i] + self.z[2][i];
        }
        let error = self.error(equation, now, tolerance)?;
        if !error.is_finite() {
            self.rejected = true;
            return Ok(Verdict::NotFinite(now.h / 4.0));
        }
        let most = 2.0 * MOST_ITERATIONS as f64 + 1.0;
        let safety = 0.9 * most / (most - 1.0 + iterations as f64);
        let error = error.max(1e-8);
        if error > 1.0 {
            self.rejected = true;
            return Ok(Verdict::Rejected(now.h * (safety * error.powf(-0.25)).clamp(0.2, 0.9)));
        }
        equation.slope(now.t + now.h, &now.y_next, &mut now.slope_next)?;
        if !now.slope_next.iter().all(|slope| slope.is_finite()) {
            self.rejected = true;
            return Ok(Verdict::NotFinite(now.h / 4.0));
        }
        let trend = match self.before {
            Some((h, before)) => (now.h / h * (before / error).powf(0.25)).min(1.0),
            None => 1.0,
        };
        let mut factor = (safety * trend * error.powf(-0.25)).clamp(0.2, if self.rejected { 1.0 } else { 10.0 });
        let renew = iterations > 2 && self.rate > 1e-3;
        if !renew && (1.0..1.2).contains(&factor) {
            factor = 1.0; // the factors can be used again
        }
        let mut last = std::mem::take(&mut self.last);
        self.interpolate(equation, now, &mut last)?;
        self.last = last;
        self.last_change.copy_from_slice(&self.z[2]);
        self.before = Some((now.h, error.max(1e-2)));
        self.rejected = false;
        self.fresh = false;
        self.known = !renew;
        self.easy = if now.h.abs() * self.steepness < 1.0 { self.easy + 1 } else { 0 };
        Ok(Verdict::Accepted(now.h * factor))
    }

    /// The cubic through y and the three stages.
    fn interpolate(&mut self, _: &mut Equation<'_>, now: &Now, into: &mut Vec<f64>) -> Result<()> {
        let n = now.y.len();
        into.clear();
        into.resize(3 * n, 0.0);
        for i in 0..n {
            let whole = self.z[2][i];
            let [first, second] = [0, 1].map(|k| (self.z[k][i] / C[k] - whole) / (1.0 - C[k]));
            let slant = (first - second) / (C[0] - C[1]);
            into[i] = whole;
            into[n + i] = first - C[0] * slant;
            into[2 * n + i] = slant;
        }
        Ok(())
    }

    fn wants_other(&self) -> bool {
        self.easy >= 15
    }

    fn order(&self) -> f64 {
        4.0
    }
}

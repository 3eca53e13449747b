//! What the methods share: the equation as they see it, the step under way, and what came of an attempt.

use crate::error::Result;

/// A caller's f(t, y), written into the last argument.
pub(super) type Slope<'a> = dyn FnMut(f64, &[f64], &mut [f64]) -> Result<()> + 'a;

/// The equation y' = f(t, y) with its Jacobian matrix where the caller knows it, and a count of what was asked.
pub(super) struct Equation<'a> {
    slope: &'a mut Slope<'a>,
    jacobian: Option<&'a mut Slope<'a>>,
    pub(super) evaluations: usize,
    pub(super) jacobians: usize,
    pub(super) factorizations: usize,
}

impl<'a> Equation<'a> {
    pub(super) fn new(slope: &'a mut Slope<'a>, jacobian: Option<&'a mut Slope<'a>>) -> Self {
        Equation { slope, jacobian, evaluations: 0, jacobians: 0, factorizations: 0 }
    }

    /// f(t, y).
    #[inline]
    pub(super) fn slope(&mut self, t: f64, y: &[f64], into: &mut [f64]) -> Result<()> {
        self.evaluations += 1;
        (self.slope)(t, y, into)
    }

    /// The caller's Jacobian matrix by rows; false if there is none.
    pub(super) fn given_jacobian(&mut self, t: f64, y: &[f64], into: &mut [f64]) -> Result<bool> {
        self.jacobians += 1;
        match &mut self.jacobian {
            Some(jacobian) => jacobian(t, y, into).map(|()| true),
            None => Ok(false),
        }
    }
}

/// A point of the solution, and the step that leads on from it.
#[derive(Debug, Clone)]
pub(super) struct Now {
    pub(super) t: f64,
    pub(super) y: Vec<f64>,
    /// f(t, y).
    pub(super) slope: Vec<f64>,
    /// The step to try; negative when integrating backward.
    pub(super) h: f64,
    /// What an accepted step led to.
    pub(super) y_next: Vec<f64>,
    pub(super) slope_next: Vec<f64>,
}

impl Now {
    pub(super) fn new(t: f64, y: &[f64]) -> Self {
        let empty = vec![0.0; y.len()];
        Now { t, y: y.to_vec(), slope: empty.clone(), h: 0.0, y_next: empty.clone(), slope_next: empty }
    }

    /// Goes to where the accepted step led.
    pub(super) fn advance(&mut self, t: f64) {
        self.t = t;
        std::mem::swap(&mut self.y, &mut self.y_next);
        std::mem::swap(&mut self.slope, &mut self.slope_next);
    }
}

/// What came of an attempt to make a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    /// The step is good; the next may be this long.
    Accepted(f64),
    /// Its error is too large; try this one.
    Rejected(f64),
    /// f or its Jacobian had no finite value; try this one.
    NotFinite(f64),
}

/// A method: it tries steps, interpolates in the last accepted one, and knows whether the equation is stiff for it.
pub(super) trait Scheme {
    /// Tries the step from `now`; where it is accepted, `y_next` and `slope_next` are filled.
    fn attempt(&mut self, equation: &mut Equation<'_>, now: &mut Now, tolerance: &Tolerance) -> Result<Verdict>;

    /// Lays the coefficients of the accepted step's interpolant (see `dense`) into `into`; may evaluate f. `now` has not advanced yet.
    fn interpolate(&mut self, equation: &mut Equation<'_>, now: &Now, into: &mut Vec<f64>) -> Result<()>;

    /// Whether the last steps say that another kind of method would do better: an implicit one for this explicit one, or the
    /// reverse.
    fn wants_other(&self) -> bool;

    /// Order of the solution that is carried on.
    fn order(&self) -> f64;
}

/// How large an error may be: ‖e‖ is the root of the mean of (eᵢ / (atolᵢ + rtol |yᵢ|))², and 1 is just allowed.
#[derive(Debug, Clone)]
pub(super) struct Tolerance {
    pub(super) relative: f64,
    /// One for all components, or one for each.
    pub(super) absolute: Vec<f64>,
}

impl Tolerance {
    #[inline]
    pub(super) fn absolute(&self, i: usize) -> f64 {
        *self.absolute.get(i).unwrap_or(&self.absolute[0])
    }

    /// What is allowed to component i, at a value of this size.
    #[inline]
    pub(super) fn allowed(&self, i: usize, size: f64) -> f64 {
        self.absolute(i) + self.relative * size
    }

    /// The norm of a vector beside the solution y.
    pub(super) fn norm(&self, x: &[f64], y: &[f64]) -> f64 {
        let mut total = 0.0;
        for (i, (x, y)) in x.iter().zip(y).enumerate() {
            let scaled = x / self.allowed(i, y.abs());
            total += scaled * scaled;
        }
        (total / x.len() as f64).sqrt()
    }
}

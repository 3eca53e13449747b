//! What a minimiser is told, and what it tells.

use ndarray::{Array1, Array2};

use super::NAME;
use super::place::Place;
use super::run::Run;
use crate::check;
use crate::error::{Error, Result};
use crate::optimize::numbers::brief;

/// A caller's function that writes an array.
type Fill<'a, E> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> std::result::Result<(), E>;
/// A caller's function of a point and a vector that writes an array.
type Product<'a, E> = &'a mut dyn FnMut(&[f64], &[f64], &mut [f64]) -> std::result::Result<(), E>;

/// The derivatives that a caller of [`minimize`](super::minimize()) knows. What is missing comes from differences.
pub struct Derivatives<'a, E> {
    /// Writes the gradient at a point.
    pub gradient: Option<Fill<'a, E>>,
    /// Writes the Hessian at a point, row by row.
    pub hessian: Option<Fill<'a, E>>,
    /// Writes the Hessian at a point times a vector.
    pub product: Option<Product<'a, E>>,
}

impl<E> Derivatives<'_, E> {
    /// None is known.
    pub fn none() -> Self {
        Derivatives { gradient: None, hessian: None, product: None }
    }
}

impl<'a, E> Derivatives<'a, E> {
    /// The gradient is known.
    pub fn gradient(gradient: Fill<'a, E>) -> Self {
        Derivatives { gradient: Some(gradient), ..Derivatives::none() }
    }
}

impl<E> std::fmt::Debug for Derivatives<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = [self.gradient.is_some(), self.hessian.is_some(), self.product.is_some()];
        f.debug_tuple("Derivatives").field(&known).finish()
    }
}

/// The methods of [`minimize`](super::minimize()).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Minimizer {
    /// The simplex of Nelder and Mead: values only.
    NelderMead,
    /// Conjugate gradients, after Hager and Zhang: little memory.
    Cg,
    /// BFGS: a matrix learnt from gradients; the default without bounds.
    Bfgs,
    /// The same from the last few gradients only; the default with bounds.
    LBfgsB,
    /// Newton's method, its equations solved by conjugate gradients: products of the Hessian with vectors.
    NewtonCg,
    /// Newton's method in a region of trust.
    TrustExact,
}

impl Minimizer {
    /// Every method, by SciPy's names.
    pub const NAMES: [(&'static str, Minimizer); 6] = [
        ("Nelder-Mead", Minimizer::NelderMead),
        ("CG", Minimizer::Cg),
        ("BFGS", Minimizer::Bfgs),
        ("L-BFGS-B", Minimizer::LBfgsB),
        ("Newton-CG", Minimizer::NewtonCg),
        ("trust-exact", Minimizer::TrustExact),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Minimizer::NAMES.into_iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }

    /// The method of this name, upper or lower case.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for any other.
    pub fn named(name: &str) -> Result<Self> {
        let found = Minimizer::NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, method)| method).ok_or_else(|| Error::UnknownName {
            function: NAME,
            argument: "method",
            value: name.into(),
            allowed: &["Nelder-Mead", "CG", "BFGS", "L-BFGS-B", "Newton-CG", "trust-exact"],
        })
    }
}

/// How [`minimize`](super::minimize()) is to be run.
#[derive(Debug, Clone, PartialEq)]
pub struct MinimizeOptions {
    /// The method; by default BFGS, or L-BFGS-B if there are bounds.
    pub method: Option<Minimizer>,
    /// Tolerance of the verdict, from 0 to below 1; 0 asks for all that rounding allows.
    pub gtol: f64,
    /// Most iterations; by default 1000 + 200 n.
    pub max_iter: Option<usize>,
    /// Most values of f; the run ends with the iteration in which they are used up.
    pub max_evaluations: Option<usize>,
    /// Lower and upper bounds of each variable; infinite where there is none.
    pub bounds: Option<(Vec<f64>, Vec<f64>)>,
    /// How many steps L-BFGS-B remembers: 1 to 64.
    pub memory: usize,
    /// How far apart, in x and in f, the corners of a simplex at rest may be.
    pub xatol: f64,
    /// See `xatol`.
    pub fatol: f64,
    /// Whether the moves of the simplex depend on the number of variables.
    pub adaptive: bool,
    /// The corners of the first simplex, n + 1 rows.
    pub initial_simplex: Option<Array2<f64>>,
}

impl Default for MinimizeOptions {
    fn default() -> Self {
        MinimizeOptions {
            method: None,
            gtol: 1e-5,
            max_iter: None,
            max_evaluations: None,
            bounds: None,
            memory: 10,
            xatol: 1e-4,
            fatol: 1e-4,
            adaptive: false,
            initial_simplex: None,
        }
    }
}

impl MinimizeOptions {
    pub(super) fn check(&self, x0: &[f64]) -> Result<()> {
        check::at_least(NAME, "x0", "values", x0.len(), 1)?;
        check::finite_vector(NAME, "x0", x0.into())?;
        check::in_range(NAME, "gtol", self.gtol, (0.0..1.0).contains(&self.gtol), "at least 0 and below 1")?;
        for (name, tolerance) in [("xatol", self.xatol), ("fatol", self.fatol)] {
            check::in_range(NAME, name, tolerance, tolerance >= 0.0 && tolerance.is_finite(), "at least 0 and finite")?;
        }
        check::in_range(NAME, "maxcor", self.memory as f64, (1..=64).contains(&self.memory), "from 1 to 64")?;
        if let Some(simplex) = &self.initial_simplex {
            let n = x0.len();
            if simplex.dim() != (n + 1, n) {
                let (shape, expected) = (simplex.shape().to_vec(), format!("needs {} corners of {n} numbers", n + 1));
                return Err(Error::Shape { function: NAME, argument: "initial_simplex", shape, expected });
            }
            check::finite_matrix(NAME, "initial_simplex", simplex.view())?;
        }
        Ok(())
    }

    /// The first simplex.
    pub(super) fn corners(&self) -> Option<Vec<Vec<f64>>> {
        self.initial_simplex.as_ref().map(|simplex| simplex.outer_iter().map(|corner| corner.to_vec()).collect())
    }
}

/// Why a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MinimizeStop {
    /// The point meets the conditions of a minimum.
    Converged,
    /// The iterations are used up.
    MaxIter,
    /// The evaluations are used up.
    MaxEvaluations,
    /// Nothing lower was found, though the slope does not vanish: a corner, noise, or rounding.
    Stalled,
    /// The slope vanishes, but on a plateau: f is flat here and rises farther off.
    Plateau,
    /// f sinks without end.
    Unbounded,
    /// The watcher asked to stop.
    Asked,
}

impl MinimizeStop {
    /// Its name: `converged`, `max_iter`, `max_evaluations`, `stalled`, `plateau`, `unbounded` or `callback`.
    pub fn name(self) -> &'static str {
        match self {
            MinimizeStop::Converged => "converged",
            MinimizeStop::MaxIter => "max_iter",
            MinimizeStop::MaxEvaluations => "max_evaluations",
            MinimizeStop::Stalled => "stalled",
            MinimizeStop::Plateau => "plateau",
            MinimizeStop::Unbounded => "unbounded",
            MinimizeStop::Asked => "callback",
        }
    }
}

/// What a watcher is shown after each iteration.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct View<'a> {
    /// Iterations made so far.
    pub iteration: usize,
    /// The point.
    pub x: &'a [f64],
    /// The value there.
    pub value: f64,
    /// The gradient there; zeros if the method needs none.
    pub gradient: &'a [f64],
}

impl<'a> View<'a> {
    pub(super) fn new(iteration: usize, here: &'a Place) -> Self {
        View { iteration, x: &here.x, value: here.value, gradient: &here.slope }
    }
}

/// What [`minimize`](super::minimize()) found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Minimum {
    /// The lowest point.
    pub x: Array1<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there; none for a simplex.
    pub gradient: Option<Array1<f64>>,
    /// For BFGS, the inverse of the Hessian there: of the true one if it was looked at, else as it was learnt.
    pub hessian_inverse: Option<Array2<f64>>,
    /// Iterations made.
    pub iterations: usize,
    /// How often f was called, for differences too.
    pub function_evaluations: usize,
    /// How often a given gradient was called.
    pub gradient_evaluations: usize,
    /// How often a given Hessian, or its product, was called.
    pub hessian_evaluations: usize,
    /// The method.
    pub method: Minimizer,
    /// Why the search ended.
    pub stop: MinimizeStop,
    /// Whether Newton steps had to go on where the method itself was stuck or mistaken.
    pub polished: bool,
    /// The same in a sentence.
    pub message: String,
    /// The corners of the last simplex with their values, the lowest first.
    pub simplex: Vec<(Vec<f64>, f64)>,
}

impl Minimum {
    /// Whether the point meets the conditions.
    pub fn converged(&self) -> bool {
        self.stop == MinimizeStop::Converged
    }
}

/// The bounds of each variable.
pub(super) fn bounds(given: Option<&(Vec<f64>, Vec<f64>)>, n: usize) -> Result<(Vec<f64>, Vec<f64>)> {
    let Some((lower, upper)) = given else {
        return Ok((vec![f64::NEG_INFINITY; n], vec![f64::INFINITY; n]));
    };
    let refuse = |problem| Err(Error::Invalid { function: NAME, argument: "bounds", problem });
    if lower.len() != n || upper.len() != n {
        return refuse(format!("are for {} variables, but x0 has {n}", lower.len().min(upper.len())));
    }
    for (i, (low, high)) in lower.iter().zip(upper).enumerate() {
        if !(low <= high) || *low == f64::INFINITY || *high == f64::NEG_INFINITY {
            return refuse(format!("of variable {i} are {low:?} and {high:?}, between which there is no number"));
        }
    }
    Ok((lower.clone(), upper.clone()))
}

/// The first place: x0, brought into the bounds.
pub(super) fn start(run: &mut Run<'_>, x0: &[f64], descends: bool) -> Result<Place> {
    let refuse = |problem| Err(Error::Invalid { function: NAME, argument: "x0", problem });
    let mut here = Place::at(x0);
    run.land.project(&mut here.x);
    here.value = run.land.value(&here.x)?;
    if !here.value.is_finite() {
        return refuse("is a point where f is not finite; start where it is".into());
    }
    run.verdict.meet(here.value);
    if descends && !run.land.slope(&here.x, here.value, &mut here.slope)? {
        let i = here.slope.iter().position(|slope| !slope.is_finite()).unwrap_or(0);
        return refuse(format!(
            "is a point where the gradient is {} (entry {i}); start where f has a derivative",
            here.slope[i]
        ));
    }
    Ok(here)
}

fn variables(count: usize) -> String {
    if count == 1 { "1 variable".into() } else { format!("{count} variables") }
}

/// Why the search ended, in a sentence.
pub(super) fn message(
    (method, stop): (Minimizer, MinimizeStop),
    run: &Run<'_>,
    here: &Place,
    (polished, corner): (bool, bool),
) -> String {
    // What presses against a bound does not count.
    let held = |i: usize| run.land.held(i, here.x[i], here.slope[i]);
    let kept = (0..here.x.len()).filter(|&i| held(i)).count();
    let steepest = (0..here.x.len()).filter(|&i| !held(i)).fold(0.0_f64, |most, i| most.max(here.slope[i].abs()));
    let steepest = brief(steepest, 3);
    let bounds = if kept > 0 { format!(" within the bounds, which hold {}", variables(kept)) } else { String::new() };
    let finish = if polished { "; Newton steps in a region of trust finished it" } else { "" };
    match stop {
        MinimizeStop::Converged if method == Minimizer::NelderMead => {
            "two simplices in a row came to rest here, and slopes by differences lead no lower; on a ridge, where f has a corner, a lower place may be missed".into()
        }
        MinimizeStop::Converged if corner => format!("nothing lower around x, where f has a corner or a cusp{finish}"),
        MinimizeStop::Converged if kept == here.x.len() => {
            format!(
                "f rises from the bounds into the box: they hold {}{finish}",
                if kept == 1 { "x" } else { "every variable" }
            )
        }
        MinimizeStop::Converged if here.slope.iter().all(|slope| *slope == 0.0) => {
            format!("nothing lower around x{finish}")
        }
        MinimizeStop::Converged => format!("the gradient vanishes{bounds} (largest entry {steepest}){finish}"),
        MinimizeStop::MaxIter => {
            format!("the {} iterations are used up; start from here again, or allow more (maxiter)", run.iterations)
        }
        MinimizeStop::MaxEvaluations => {
            format!("the evaluations are used up after {} of them; allow more (maxfev)", run.land.values)
        }
        MinimizeStop::Stalled => format!(
            "nothing lower was found, though the gradient does not vanish (largest entry {steepest}): a corner, noise, or all that rounding allows"
        ),
        MinimizeStop::Plateau => {
            "f is flat around x, but not farther off: a plateau, from which no way leads on; start elsewhere".into()
        }
        MinimizeStop::Unbounded => "f sinks without end: it has no minimum that way".into(),
        MinimizeStop::Asked => "the callback asked to stop".into(),
    }
}

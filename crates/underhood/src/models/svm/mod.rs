//! Support vector classification (Cortes and Vapnik 1995, doi:10.1007/BF00994018).
//!
//! With y = ±1 and f(x) = w·φ(x) + b the margin's half width is 1/‖w‖. Training minimises
//!
//! > ½‖w‖² + Σ Cᵢ·max(0, 1 − yᵢ·f(xᵢ))
//!
//! through its dual, minimise ½αᵀQα − Σα with Qᵢₖ = yᵢyₖK(xᵢ, xₖ), 0 ≤ αᵢ ≤ Cᵢ and Σyᵢαᵢ = 0, whose solution gives
//! f(x) = Σ αᵢyᵢK(xᵢ, x) + b. Rows with α > 0 are the *support vectors*; those with α = C are inside the margin or wrong. Of more
//! than two classes every pair gets its own f, and the class that wins most pairs is predicted.
//!
//! `smo.rs` solves one pair, `free.rs` speeds up its end, `kernel.rs` and `cache.rs` give it the kernel's columns.

mod cache;
mod free;
mod kernel;
mod smo;

use ndarray::{Array2, ArrayView1, ArrayView2};

use self::kernel::Gram;
pub use self::kernel::SvmKernel;
use self::smo::{Problem, solve};
pub use self::smo::{SvmHistory, SvmStop};
use super::rows::{CHECK_EVERY, Rows, same_features};
use super::store::{PANEL, Store};
use super::targets::check_codes;
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};
use crate::simd::dot;

const FIT: &str = "SVC.fit";

/// How many queries are answered at a time.
const QUERIES: usize = 64;

/// How a support vector classifier is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Svc {
    /// The price C of a row that is inside the margin.
    pub c: f64,
    /// How alike two rows are.
    pub kernel: SvmKernel,
    /// Stop when no pair of rows violates the conditions of optimality by more.
    pub tol: f64,
    /// The largest number of steps for each pair of classes; None sets no limit.
    pub max_iter: Option<usize>,
    /// How many megabytes of kernel columns are kept.
    pub cache_size: f64,
    /// Keep objective and violation of the run.
    pub keep_history: bool,
}

impl Default for Svc {
    fn default() -> Self {
        Svc {
            c: 1.0,
            kernel: SvmKernel::Rbf { gamma: 1.0 },
            tol: 1e-6,
            max_iter: None,
            cache_size: 200.0,
            keep_history: true,
        }
    }
}

/// What was found for one pair of classes; f > 0 is the first of the two.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SvcPair {
    /// The two class numbers.
    pub classes: (usize, usize),
    /// b.
    pub bias: f64,
    /// ½αᵀQα − Σα.
    pub objective: f64,
    /// ‖w‖ in the kernel's space; the margin is 2/‖w‖ wide.
    pub norm: f64,
    /// By how much the worst pair of rows violates the conditions of optimality.
    pub violation: f64,
    /// How many rows have α > 0.
    pub support: usize,
    /// How many have α = C.
    pub at_bound: usize,
    /// How many rows there were.
    pub rows: usize,
    /// Steps that were made.
    pub steps: usize,
    /// Why they ended.
    pub stop: SvmStop,
    /// The numbers of the run, if they were kept.
    pub history: Option<SvmHistory>,
}

/// A trained support vector classifier.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SvcFit {
    /// Numbers of the support vectors' rows, class by class, ascending within each.
    pub support: Vec<usize>,
    /// How many support vectors each class has.
    pub counts: Vec<usize>,
    /// y·α, (classes − 1) × support vectors: for one of class k, line l is about the pair with class l if l < k, else with class l + 1.
    pub dual: Array2<f64>,
    /// One entry a pair of classes: (0, 1), (0, 2), …, (1, 2), …
    pub pairs: Vec<SvcPair>,
}

impl Svc {
    /// Trains one function f for each pair of classes.
    ///
    /// `codes` are class numbers below `classes`; `weights` multiply C row by row, and a row of weight zero counts as absent.
    /// `checkpoint` is called every few milliseconds; what it returns ends the training.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::{Svc, SvmKernel};
    ///
    /// let x = array![[-2.0], [-1.0], [1.0], [3.0]];
    /// let model = Svc { kernel: SvmKernel::Linear, ..Svc::default() };
    /// let fit = model.fit(x.view(), &[0, 0, 1, 1], 2, None, || Ok::<(), Error>(()))?;
    /// // The plane is held by the two rows nearest to it, at −1 and 1.
    /// assert_eq!(fit.support, [1, 2]);
    /// assert!((2.0 / fit.pairs[0].norm - 2.0).abs() < 1e-9);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A parameter is out of range; `x` holds a NaN or an infinity, or values so large that the kernel overflows; `codes` or
    /// `weights` do not fit; a class is absent; what `checkpoint` returns.
    pub fn fit<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<SvcFit, E> {
        let mut caught = Caught::new(FIT);
        let found = self.train(x, codes, classes, weights, &mut || caught.catch(checkpoint()));
        caught.release(found)
    }

    fn train(
        &self,
        x: ArrayView2<'_, f64>,
        codes: &[usize],
        classes: usize,
        weights: Option<&[f64]>,
        checkpoint: &mut dyn FnMut() -> Result<()>,
    ) -> Result<SvcFit> {
        self.check()?;
        let rows = Rows::new(FIT, x)?;
        check_codes(FIT, codes, classes, &rows)?;
        if self.kernel == SvmKernel::Precomputed && rows.columns != rows.count {
            let problem = format!("is {}×{}, but a kernel matrix is square", rows.count, rows.columns);
            return Err(Error::Invalid { function: FIT, argument: "X", problem });
        }
        self.kernel.check(FIT, &rows)?;
        let members = members(codes, classes, weights)?;
        check::room(FIT, "table of α", &[rows.count, classes - 1])?;
        let mut alphas = vec![vec![0.0; classes - 1]; rows.count];
        let mut pairs = Vec::with_capacity(classes * (classes - 1) / 2);
        for a in 0..classes {
            for b in a + 1..classes {
                checkpoint()?;
                let numbers: Vec<usize> = members[a].iter().chain(&members[b]).copied().collect();
                let y: Vec<f64> = numbers.iter().map(|&i| if codes[i] == a { 1.0 } else { -1.0 }).collect();
                let bounds: Vec<f64> = numbers.iter().map(|&i| self.c * weights.map_or(1.0, |w| w[i])).collect();
                let problem = Problem {
                    y,
                    bounds: bounds.clone(),
                    tol: self.tol,
                    max_iter: self.max_iter.unwrap_or(usize::MAX),
                    megabytes: self.cache_size,
                    keep_history: self.keep_history,
                };
                let mut gram = Gram::new(self.kernel, &rows, numbers.clone());
                let centre = gram.centre();
                let mut found = solve(FIT, problem, gram, checkpoint)?;
                if let Some(centre) = centre {
                    found.bias -= dot(&plane(&rows, &numbers, &found.beta, &centre), &centre);
                }
                for (&i, &beta) in numbers.iter().zip(&found.beta) {
                    alphas[i][if codes[i] == a { b - 1 } else { a }] = beta;
                }
                pairs.push(SvcPair {
                    classes: (a, b),
                    bias: found.bias,
                    objective: found.objective,
                    norm: found.square.sqrt(),
                    violation: found.violation,
                    support: found.beta.iter().filter(|&&beta| beta != 0.0).count(),
                    at_bound: found.beta.iter().zip(&bounds).filter(|(beta, bound)| beta.abs() == **bound).count(),
                    rows: numbers.len(),
                    steps: found.steps,
                    stop: found.stop,
                    history: found.history,
                });
            }
        }
        let of_class = |k: usize| members[k].iter().copied().filter(|&i| alphas[i].iter().any(|&beta| beta != 0.0));
        let counts: Vec<usize> = (0..classes).map(|k| of_class(k).count()).collect();
        let support: Vec<usize> = (0..classes).flat_map(of_class).collect();
        let dual = Array2::from_shape_fn((classes - 1, support.len()), |(line, k)| alphas[support[k]][line]);
        Ok(SvcFit { support, counts, dual, pairs })
    }

    fn check(&self) -> Result<()> {
        check::in_range(FIT, "C", self.c, self.c > 0.0 && self.c.is_finite(), "positive and finite")?;
        check::in_range(FIT, "tol", self.tol, self.tol > 0.0, "positive")?;
        let fits = self.cache_size > 0.0 && self.cache_size.is_finite();
        check::in_range(FIT, "cache_size", self.cache_size, fits, "positive and finite")?;
        let limit = self.max_iter.unwrap_or(1);
        check::in_range(FIT, "max_iter", limit as f64, limit > 0, "at least 1, or -1 for no limit")?;
        if let SvmKernel::Polynomial { gamma, .. } | SvmKernel::Rbf { gamma } | SvmKernel::Sigmoid { gamma, .. } =
            self.kernel
        {
            let fits = gamma >= 0.0 && gamma.is_finite();
            check::in_range(FIT, "gamma", gamma, fits, "\"scale\", \"auto\", or zero or positive and finite")?;
        }
        match self.kernel {
            SvmKernel::Polynomial { coef0, .. } | SvmKernel::Sigmoid { coef0, .. } => {
                check::in_range(FIT, "coef0", coef0, coef0.is_finite(), "finite")
            }
            _ => Ok(()),
        }
    }
}

/// w = Σβ(x − c), which is Σβx since Σβ = 0, and loses no digits to offsets when c lies among the rows.
fn plane(rows: &Rows<'_>, numbers: &[usize], beta: &[f64], centre: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; rows.columns];
    for (&i, &beta) in numbers.iter().zip(beta).filter(|(_, beta)| **beta != 0.0) {
        weights.iter_mut().zip(rows.row(i)).zip(centre).for_each(|((w, x), c)| *w += beta * (x - c));
    }
    weights
}

/// The rows of each class that count.
fn members(codes: &[usize], classes: usize, weights: Option<&[f64]>) -> Result<Vec<Vec<usize>>> {
    if let Some(weights) = weights {
        check::same_length(FIT, ("sample_weight", weights.len()), ("y", &[codes.len()]))?;
        check::finite_vector(FIT, "sample_weight", ArrayView1::from(weights))?;
    }
    let mut members = vec![Vec::new(); classes];
    for (i, &code) in codes.iter().enumerate() {
        let weight = weights.map_or(1.0, |weights| weights[i]);
        check::in_range(FIT, "sample_weight", weight, weight >= 0.0, "zero or positive")?;
        if weight > 0.0 {
            members[code].push(i);
        }
    }
    match members.iter().position(Vec::is_empty) {
        None => Ok(members),
        Some(empty) => {
            let problem =
                format!("is zero for every row of class number {empty}: a classifier needs rows of each class");
            Err(Error::Invalid { function: FIT, argument: "sample_weight", problem })
        }
    }
}

/// 1/(features · variance of all numbers), which "scale" takes for γ; 1 if all are the same.
///
/// ```
/// use ndarray::array;
/// use underhood::models::gamma_scale;
///
/// assert_eq!(gamma_scale(array![[0.0, 2.0], [2.0, 0.0]].view())?, 0.5);
/// # Ok::<(), underhood::Error>(())
/// ```
///
/// # Errors
/// `x` is empty, holds a NaN or an infinity, or numbers whose variance leaves the range of doubles.
pub fn gamma_scale(x: ArrayView2<'_, f64>) -> Result<f64> {
    let rows = Rows::new(FIT, x)?;
    let values = rows.values();
    let n = values.len() as f64;
    let mean = values.iter().map(|x| x / n).sum::<f64>();
    let (mut sum, mut squares) = (0.0, 0.0);
    for x in values {
        let d = x - mean;
        sum += d;
        squares += d * d;
    }
    let variance = squares / n - (sum / n) * (sum / n);
    let gamma = 1.0 / (rows.columns as f64 * variance);
    if values.iter().all(|x| *x == values[0]) {
        return Ok(1.0);
    }
    if variance > 0.0 && gamma > 0.0 && gamma.is_finite() {
        return Ok(gamma);
    }
    let size = if sum.is_finite() && squares < 1.0 { "small" } else { "large" };
    let problem =
        format!("holds values so {size} that their variance cannot be computed; bring it to a scale near 1 first");
    Err(Error::Invalid { function: FIT, argument: "X", problem })
}

/// What a trained support vector classifier needs to decide.
#[derive(Debug, Clone, Copy)]
pub struct SvcDecision<'a> {
    /// The kernel.
    pub kernel: SvmKernel,
    /// The support vectors, class by class; for a precomputed kernel their row numbers as a column.
    pub vectors: ArrayView2<'a, f64>,
    /// How many of them each class has.
    pub counts: &'a [usize],
    /// As in [`SvcFit`].
    pub dual: ArrayView2<'a, f64>,
    /// One number a pair.
    pub bias: &'a [f64],
}

impl SvcDecision<'_> {
    /// f for each row and each pair of classes, positive on the side of the pair's first class: rows × pairs.
    /// `checkpoint` is called every few milliseconds; what it returns ends the work.
    ///
    /// # Errors
    /// Shapes do not fit; `x` is empty, holds a NaN or an infinity, or numbers so large that the kernel overflows; what `checkpoint` returns.
    pub fn values<E: From<Error>>(
        &self,
        x: ArrayView2<'_, f64>,
        mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Array2<f64>, E> {
        const FUNCTION: &str = "decision_function";
        let rows = Rows::new(FUNCTION, x)?;
        let (total, classes) = (self.counts.iter().sum::<usize>(), self.counts.len());
        let pairs = classes * classes.saturating_sub(1) / 2;
        check::same_length(FUNCTION, ("support vectors", total), ("vectors", self.vectors.shape()))?;
        check::same_length(FUNCTION, ("intercept", self.bias.len()), ("pairs of classes", &[pairs]))?;
        if self.dual.dim() != (classes.saturating_sub(1), total) {
            let (shape, expected) =
                (self.dual.shape().to_vec(), format!("{total} support vectors of {classes} classes"));
            return Err(Error::Shape { function: FUNCTION, argument: "dual_coef", shape, expected }.into());
        }
        check::room(FUNCTION, "values of all pairs of classes", &[rows.count, pairs])?;
        let mut out = Array2::zeros((rows.count, pairs));
        if total == 0 {
            out.outer_iter_mut().for_each(|mut line| line.assign(&ArrayView1::from(self.bias)));
            return Ok(out);
        }
        let dual: Vec<Vec<f64>> = self.dual.outer_iter().map(|line| line.to_vec()).collect();
        let ends: Vec<usize> =
            self.counts.iter().scan(0, |end, &count| Some(std::mem::replace(end, *end + count))).collect();
        let mut decide = |first: usize, line: usize, values: &[f64]| {
            for (k, values) in values.chunks_exact(line).enumerate() {
                let part = |class: usize, other: usize| {
                    let own = ends[class]..ends[class] + self.counts[class];
                    dot(&dual[other][own.clone()], &values[own])
                };
                let mut pair = 0;
                for a in 0..classes {
                    for b in a + 1..classes {
                        out[(first + k, pair)] = part(a, b - 1) + part(b, a) + self.bias[pair];
                        pair += 1;
                    }
                }
            }
        };
        if self.kernel == SvmKernel::Linear {
            same_features(FUNCTION, rows.columns, self.vectors.ncols())?;
            let vectors = Rows::new(FUNCTION, self.vectors)?;
            let mut pair = 0;
            for a in 0..classes {
                for b in a + 1..classes {
                    checkpoint()?;
                    let numbers: Vec<usize> = [a, b].iter().flat_map(|&k| ends[k]..ends[k] + self.counts[k]).collect();
                    let beta: Vec<f64> = numbers
                        .iter()
                        .map(|&i| dual[if i < ends[a] + self.counts[a] { b - 1 } else { a }][i])
                        .collect();
                    let weights = plane(&vectors, &numbers, &beta, vectors.row(0));
                    for (i, mut values) in out.outer_iter_mut().enumerate() {
                        values[pair] = dot(rows.row(i), &weights) + self.bias[pair];
                    }
                    pair += 1;
                }
            }
        } else if self.kernel == SvmKernel::Precomputed {
            let numbers: Vec<usize> = self.vectors.column(0).iter().map(|&i| i as usize).collect();
            if let Some(far) = numbers.iter().find(|&&i| i >= rows.columns) {
                same_features(FUNCTION, rows.columns, far + 1)?;
            }
            for i in 0..rows.count {
                let values: Vec<f64> = numbers.iter().map(|&k| rows.row(i)[k]).collect();
                decide(i, total, &values);
            }
        } else {
            same_features(FUNCTION, rows.columns, self.vectors.ncols())?;
            let vectors = Rows::new(FUNCTION, self.vectors)?;
            let store = Store::all(&vectors);
            let mut values = vec![0.0; QUERIES.min(rows.count) * store.padded()];
            let mut effort = 0;
            for (block, queries) in rows.values().chunks(QUERIES * rows.columns).enumerate() {
                let values = &mut values[..queries.len() / rows.columns * store.padded()];
                self.kernel.values(&store, 0..store.padded() / PANEL, queries, values);
                decide(block * QUERIES, store.padded(), values);
                effort += queries.len() * store.padded();
                if effort > CHECK_EVERY {
                    effort = 0;
                    checkpoint()?;
                }
            }
        }
        if out.iter().any(|value| !value.is_finite()) {
            let problem = "holds values so large that the kernel overflows".into();
            return Err(Error::Invalid { function: FUNCTION, argument: "X", problem }.into());
        }
        Ok(out)
    }
}

/// The class that wins most of its pairs; of several, the first. A pair whose f is zero goes to its first class.
///
/// # Errors
/// `values` has no column for each pair.
pub fn one_vs_one_winners(values: ArrayView2<'_, f64>, classes: usize) -> Result<Vec<usize>> {
    let votes = one_vs_rest_values(values, classes, false)?;
    Ok(votes
        .outer_iter()
        .map(|line| {
            line.iter()
                .enumerate()
                .fold((0, f64::NEG_INFINITY), |best, (k, &v)| if v > best.1 { (k, v) } else { best })
                .0
        })
        .collect())
}

/// Votes of each class, rows × classes; with `graded`, a share below ⅓ is added that grows with the sum of its f, s/(3(|s| + 1)), so
/// that the largest is the class with most votes, and among those the one with the clearest wins.
///
/// # Errors
/// `values` has no column for each pair.
pub fn one_vs_rest_values(values: ArrayView2<'_, f64>, classes: usize, graded: bool) -> Result<Array2<f64>> {
    let pairs = classes * classes.saturating_sub(1) / 2;
    check::same_length("decision_function", ("pairs of classes", pairs), ("values", &[values.ncols()]))?;
    check::room("decision_function", "votes", &[values.nrows(), classes])?;
    let mut out = Array2::zeros((values.nrows(), classes));
    let mut sums = vec![0.0; classes];
    for (line, mut votes) in values.outer_iter().zip(out.outer_iter_mut()) {
        sums.fill(0.0);
        let mut pair = 0;
        for a in 0..classes {
            for b in a + 1..classes {
                let value = line[pair];
                votes[if value >= 0.0 { a } else { b }] += 1.0;
                sums[a] += value;
                sums[b] -= value;
                pair += 1;
            }
        }
        if graded {
            votes.iter_mut().zip(&sums).for_each(|(vote, sum)| *vote += sum / (3.0 * (sum.abs() + 1.0)));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests;

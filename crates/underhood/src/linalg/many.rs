//! What elimination answers, for stacks of matrices: systems, inverses, determinants, roots.
//!
//! Small matrices (8×8 at most, for roots 32×32) are treated eight at a time (`lanes`), and their results written where they belong; whatever a sign there
//! distrusts, and everything larger, goes through the function for one matrix. Axes in front of the matrices' are broadcast as NumPy does.

use std::fmt;
use std::ops::RangeInclusive;

use ndarray::{Array2, ArrayD, ArrayView2, ArrayViewD, Axis, Ix2, IxDyn};

use super::condition::IllConditioned;
use super::lanes::{self, Lane, Trusted};
use super::product::broadcast;
use super::stack::place;
use super::tile::LANES;
use super::triangle::Triangle;
use super::{determinant, inverse, solve as one};
use crate::check;
use crate::error::{Error, Result, Shape};

/// So many multiplications pass, about ten milliseconds, before the caller is asked again whether to go on.
const PATIENCE: usize = 20_000_000;

/// The warning of a stack: its worst matrix.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WorstConditioned {
    /// What there is to say of that matrix.
    pub warning: IllConditioned,
    /// Where it stands; empty for a single matrix.
    pub index: Vec<usize>,
    /// How many matrices are worth a warning.
    pub count: usize,
}

impl WorstConditioned {
    fn note(worst: &mut Option<Self>, warning: Option<IllConditioned>, index: impl Fn() -> Vec<usize>) {
        let Some(warning) = warning else { return };
        match worst {
            None => *worst = Some(WorstConditioned { warning, index: index(), count: 1 }),
            Some(worst) => {
                worst.count += 1;
                if !(warning.condition <= worst.warning.condition) {
                    (worst.warning, worst.index) = (warning, index());
                }
            }
        }
    }
}

impl fmt::Display for WorstConditioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.warning.fmt(f)?;
        match (self.index.as_slice(), self.count) {
            ([], _) => Ok(()),
            ([k], 1) => write!(f, " (the matrix at index {k} of the stack)"),
            (index, 1) => write!(f, " (the matrix at index {index:?} of the stack)"),
            ([k], count) => write!(f, " (the matrix at index {k} of the stack, the worst of {count} such)"),
            (index, count) => write!(f, " (the matrix at index {index:?} of the stack, the worst of {count} such)"),
        }
    }
}

/// Arrays of results, and how far to trust the worst.
#[derive(Debug, Clone, PartialEq)]
pub struct Stacked {
    /// One result for each matrix.
    pub values: ArrayD<f64>,
    /// Present when a matrix is nearly singular.
    pub warning: Option<WorstConditioned>,
}

/// The last two axes as one of many equal matrices: any number of axes in front.
fn matrices<'a>(a: &ArrayViewD<'a, f64>, leading: &[usize]) -> Matrices<'a> {
    let own = a.ndim() - 2;
    let (m, n) = (a.shape()[own], a.shape()[own + 1]);
    let steps = (0..leading.len())
        .map(|axis| match (axis + own).checked_sub(leading.len()) {
            Some(axis) if a.shape()[axis] != 1 => a.strides()[axis],
            _ => 0,
        })
        .collect();
    let strides = (a.strides()[own], a.strides()[own + 1]);
    Matrices { at: a.as_ptr(), lengths: leading.to_vec(), steps, shape: (m, n), strides, view: a.clone() }
}

struct Matrices<'a> {
    at: *const f64,
    lengths: Vec<usize>,
    steps: Vec<isize>,
    shape: (usize, usize),
    strides: (isize, isize),
    view: ArrayViewD<'a, f64>,
}

impl Matrices<'_> {
    /// The first element of the k-th matrix.
    #[inline]
    fn start(&self, mut k: usize) -> *const f64 {
        if let [step] = self.steps[..] {
            return self.at.wrapping_offset(k as isize * step);
        }
        let mut offset = 0;
        for (&length, &step) in self.lengths.iter().zip(&self.steps).rev() {
            offset += (k % length) as isize * step;
            k /= length;
        }
        self.at.wrapping_offset(offset)
    }

    /// The k-th matrix.
    fn matrix(&self, k: usize) -> ArrayView2<'_, f64> {
        let index = place(&self.lengths, k);
        let mut view = self.view.view();
        while view.ndim() > 2 {
            let axis = self.lengths.len() + 2 - view.ndim();
            let i = if view.shape()[0] == 1 { 0 } else { index[axis] };
            view = view.index_axis_move(Axis(0), i);
        }
        view.into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("two axes are left"))
    }

    /// Lays the matrices from the k-th on, eight of them or as many as there are, into lanes.
    #[inline]
    fn lay(&self, k: usize, count: usize, into: &mut [Lane]) {
        // A lane without a matrix repeats the last.
        let mut starts = [self.at; LANES];
        for (lane, start) in starts.iter_mut().enumerate() {
            *start = self.start(k + lane.min(count - 1));
        }
        lanes::lay(&starts, self.shape, self.strides, into);
    }
}

/// Calls `work(k, count)` for eight matrices after the other, or for one after the other, and the checkpoint now and then.
fn walk<E: From<Error>>(
    count: usize,
    step: usize,
    work_each: usize,
    mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
    mut work: impl FnMut(usize, usize) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let patience = (PATIENCE / work_each.clamp(100, PATIENCE)).max(1);
    let mut since = 0;
    for k in (0..count).step_by(step) {
        let here = step.min(count - k);
        work(k, here)?;
        since += here;
        if since >= patience {
            since = 0;
            checkpoint()?;
        }
    }
    Ok(())
}

/// Does those of so many matrices again that are not to be trusted.
#[inline]
fn doubtful<E: From<Error>>(
    trusted: Trusted,
    count: usize,
    mut again: impl FnMut(usize) -> Result<()>,
) -> std::result::Result<(), E> {
    for lane in (0..count).filter(|&lane| !trusted[lane]) {
        again(lane)?;
    }
    Ok(())
}

/// The leading axes and the side of square matrices.
fn squares<'s>(function: &'static str, shape: &'s [usize]) -> Result<(&'s [usize], usize)> {
    match shape {
        [leading @ .., m, n] if m == n => Ok((leading, *n)),
        _ => {
            let expected = if shape.len() > 2 { "square matrices are needed" } else { "a square matrix is needed" };
            Err(Error::Shape { function, argument: "a", shape: shape.to_vec(), expected: expected.into() })
        }
    }
}

/// Room for results.
fn room(function: &'static str, what: &str, leading: &[usize], shape: &[usize]) -> Result<ArrayD<f64>> {
    let shape = [leading, shape].concat();
    check::room(function, what, &shape)?;
    Ok(ArrayD::zeros(IxDyn(&shape)))
}

/// [`solve`](super::solve()) for stacks, by NumPy's rules: b is one vector only when it has one axis; else its last two axes are
/// matrices, and the axes in front of them are broadcast against a's.
///
/// # Errors
/// As for [`solve`](super::solve()), with the matrix's place in the stack; [`Error::Shape`] when the axes in front do not fit each other;
/// what `checkpoint`, which is called every few milliseconds, returns.
///
/// ```
/// use ndarray::{Array3, array};
/// use underhood::linalg::stack;
///
/// let a = Array3::from_shape_fn((2, 2, 2), |(k, i, j)| if i == j { (k + 1) as f64 } else { 0.0 });
/// let b = array![6.0, 8.0];
/// let x = stack::solve(a.view().into_dyn(), b.view().into_dyn(), || Ok::<(), underhood::Error>(()))?;
/// assert_eq!(x.values, array![[6.0, 8.0], [3.0, 4.0]].into_dyn());
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn solve<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    b: ArrayViewD<'_, f64>,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Stacked, E> {
    if a.ndim() == 2 && matches!(b.ndim(), 1 | 2) {
        let solution = one::solve(fixed(&a), b)?;
        return Ok(Stacked { values: solution.x, warning: alone(solution.warning) });
    }
    let single = |a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>| one::solve(a, b).map(|s| (s.x, s.warning));
    paired("solve", a, b, Some(lanes::solve), single, checkpoint)
}

/// [`solve_triangular`](super::solve_triangular) for stacks, as [`solve`] takes them.
///
/// # Errors
/// As for [`solve_triangular`](super::solve_triangular), with the matrix's place in the stack; what `checkpoint` returns.
pub fn solve_triangular<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    b: ArrayViewD<'_, f64>,
    (transposed, lower, unit_diagonal): (bool, bool, bool),
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Stacked, E> {
    use super::triangular::solve_triangular as one;
    if a.ndim() == 2 && matches!(b.ndim(), 1 | 2) {
        let solution = one(fixed(&a), b, transposed, lower, unit_diagonal)?;
        return Ok(Stacked { values: solution.x, warning: alone(solution.warning) });
    }
    let single = |a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>| {
        one(a, b, transposed, lower, unit_diagonal).map(|s| (s.x, s.warning))
    };
    paired("solve_triangular", a, b, None, single, checkpoint)
}

type LaneSolver = fn(&[Lane], &mut [Lane], usize, usize) -> Trusted;

/// Systems of a stack: by lanes where they are small, else one by one.
fn paired<E: From<Error>>(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    b: ArrayViewD<'_, f64>,
    by_lanes: Option<LaneSolver>,
    single: impl Fn(ArrayView2<'_, f64>, ArrayView2<'_, f64>) -> Result<(Array2<f64>, Option<IllConditioned>)>,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Stacked, E> {
    let (leading_a, n) = squares(function, a.shape())?;
    let vector = b.ndim() == 1;
    let full = b.shape().to_vec();
    let b = if vector { b.insert_axis(Axis(1)) } else { b };
    if b.ndim() < 2 || b.shape()[b.ndim() - 2] != n {
        let hint = if b.ndim() == a.ndim() - 1 && b.ndim() > 1 && b.shape()[b.ndim() - 1] == n {
            "; a stack of vectors needs another axis, b[..., None]"
        } else {
            ""
        };
        let expected = format!("a is {}{hint}", Shape(a.shape()));
        return Err(Error::Shape { function, argument: "b", shape: full, expected }.into());
    }
    let leading_b = &b.shape()[..b.ndim() - 2];
    let leading = broadcast(function, "b", (a.shape(), leading_a.len()), (b.shape(), leading_b.len()))?;
    let r = b.shape()[b.ndim() - 1];
    let count: usize = leading.iter().product();
    let mut values = room(function, "solution", &leading, &[n, r])?;
    let mut worst = None;
    let (left, right) = (matrices(&a, &leading), matrices(&b, &leading));
    let out = values.as_slice_mut().unwrap_or(&mut []);
    let mut careful = |k: usize, out: &mut [f64]| -> Result<()> {
        let (x, warning) =
            single(left.matrix(k), right.matrix(k)).map_err(|error| located(error, &leading, k, vector))?;
        out.iter_mut().zip(&x).for_each(|(to, &v)| *to = v);
        WorstConditioned::note(&mut worst, warning, || place(&leading, k));
        Ok(())
    };
    let size = n * r;
    match by_lanes {
        Some(kernel) if n <= lanes::LIMIT && (1..=lanes::LIMIT).contains(&r) && n > 0 => {
            let mut u = [[0.0; LANES]; lanes::LIMIT * lanes::LIMIT];
            let mut x = u;
            let (u, x) = (&mut u[..n * n], &mut x[..size]);
            walk(count, LANES, n * n * (n + r), checkpoint, |k, here| {
                left.lay(k, here, u);
                right.lay(k, here, x);
                let trusted = kernel(u, x, n, r);
                let out = &mut out[k * size..(k + here) * size];
                lanes::unlay(x, out);
                doubtful(trusted, here, |lane| careful(k + lane, &mut out[lane * size..(lane + 1) * size]))
            })?;
        }
        _ => walk(count, 1, n * n * (n + r), checkpoint, |k, _| Ok(careful(k, &mut out[k * size..(k + 1) * size])?))?,
    }
    if vector {
        let last = values.ndim() - 1;
        values = values.index_axis_move(Axis(last), 0);
    }
    Ok(Stacked { values, warning: worst })
}

/// An error with the matrix's place; the place of a number in a b of one axis is that number's own.
fn located(error: Error, leading: &[usize], k: usize, vector: bool) -> Error {
    match error {
        Error::NotFinite { function, argument: "b", value, mut index } if vector => {
            index.truncate(1);
            Error::NotFinite { function, argument: "b", value, index }
        }
        error => error.in_stack(place(leading, k)),
    }
}

fn alone(warning: Option<IllConditioned>) -> Option<WorstConditioned> {
    warning.map(|warning| WorstConditioned { warning, index: Vec::new(), count: 1 })
}

fn fixed<'a>(a: &ArrayViewD<'a, f64>) -> ArrayView2<'a, f64> {
    a.clone().into_dimensionality::<Ix2>().unwrap_or_else(|_| unreachable!("the number of axes was looked at"))
}

/// [`inv`](super::inv) for stacks of shape (…, n, n).
///
/// # Errors
/// As for [`inv`](super::inv), with the matrix's place in the stack; what `checkpoint` returns.
pub fn inv<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Stacked, E> {
    if a.ndim() == 2 {
        let result = inverse::inv(fixed(&a))?;
        return Ok(Stacked { values: result.inverse.into_dyn(), warning: alone(result.warning) });
    }
    let single = |a: ArrayView2<'_, f64>| inverse::inv(a).map(|i| (i.inverse, i.warning));
    mapped("inv", "inverse", a, Some((&lanes::invert, 1..=lanes::LIMIT)), single, checkpoint)
}

/// [`cholesky`](super::cholesky()) for stacks of shape (…, n, n), read as `triangle` says; `upper` gives Lᵀ instead of L.
///
/// # Errors
/// As for [`cholesky`](super::cholesky()), with the matrix's place in the stack; what `checkpoint` returns.
pub fn cholesky<E: From<Error>>(
    a: ArrayViewD<'_, f64>,
    triangle: Triangle,
    upper: bool,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<ArrayD<f64>, E> {
    let mut roots = if a.ndim() == 2 {
        super::cholesky::cholesky_of(fixed(&a), triangle)?.into_dyn()
    } else {
        let single = |a: ArrayView2<'_, f64>| super::cholesky::cholesky_of(a, triangle).map(|l| (l, None));
        let by_lanes: Option<LaneMap<'_>> =
            if triangle == Triangle::Both { Some((&lanes::roots, 1..=lanes::ROOT_LIMIT)) } else { None };
        mapped("cholesky", "factor", a, by_lanes, single, checkpoint)?.values
    };
    if upper {
        let last = roots.ndim() - 1;
        roots.swap_axes(last - 1, last);
        roots = roots.as_standard_layout().into_owned();
    }
    Ok(roots)
}

/// A kernel that works in place, and the sides that it takes.
pub(super) type LaneMap<'a> = (&'a dyn Fn(&mut [Lane], usize) -> Trusted, RangeInclusive<usize>);

/// Matrices from matrices of their own size.
pub(super) fn mapped<E: From<Error>>(
    function: &'static str,
    what: &str,
    a: ArrayViewD<'_, f64>,
    by_lanes: Option<LaneMap<'_>>,
    single: impl Fn(ArrayView2<'_, f64>) -> Result<(Array2<f64>, Option<IllConditioned>)>,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Stacked, E> {
    let (leading, n) = squares(function, a.shape())?;
    let count: usize = leading.iter().product();
    let shape = [leading, &[n, n]].concat();
    check::room(function, what, &shape)?;
    let size = n * n;
    let mut values = Vec::with_capacity(count * size);
    let mut worst = None;
    let source = matrices(&a, leading);
    let mut careful = |k: usize| -> Result<Array2<f64>> {
        let (x, warning) = single(source.matrix(k)).map_err(|error| error.in_stack(place(leading, k)))?;
        WorstConditioned::note(&mut worst, warning, || place(leading, k));
        Ok(x)
    };
    match by_lanes {
        Some((kernel, sides)) if sides.contains(&n) && count > 1 => {
            let mut x = vec![[0.0; LANES]; size];
            let mut eight = vec![0.0; LANES * size];
            walk(count, LANES, n * size, checkpoint, |k, here| {
                source.lay(k, here, &mut x);
                let trusted = kernel(&mut x, n);
                let out = &mut eight[..here * size];
                lanes::unlay(&x, out);
                doubtful(trusted, here, |lane| {
                    out[lane * size..].iter_mut().zip(&careful(k + lane)?).for_each(|(to, &v)| *to = v);
                    Ok(())
                })?;
                values.extend_from_slice(out);
                Ok(())
            })?;
        }
        _ => walk(count, 1, n * size, checkpoint, |k, _| {
            let x = careful(k)?;
            match x.as_slice() {
                Some(x) => values.extend_from_slice(x),
                None => values.extend(&x),
            }
            Ok(())
        })?,
    }
    let values = ArrayD::from_shape_vec(IxDyn(&shape), values).unwrap_or_else(|_| unreachable!("n² numbers a matrix"));
    Ok(Stacked { values, warning: worst })
}

/// Determinants of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Determinants {
    /// The determinants; infinite or zero where they leave the range of doubles.
    pub values: ArrayD<f64>,
    /// −1, 0 or 1 for each.
    pub signs: ArrayD<f64>,
    /// ln |det| for each.
    pub logarithms: ArrayD<f64>,
    /// What to tell a reader of `values` when one of them left the range.
    pub warning: Option<String>,
}

/// [`det`](super::det) and [`slogdet`](super::slogdet) for stacks of shape (…, n, n).
///
/// # Errors
/// As for [`det`](super::det), with the matrix's place in the stack; what `checkpoint` returns.
pub fn determinants<E: From<Error>>(
    function: &'static str,
    a: ArrayViewD<'_, f64>,
    checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Determinants, E> {
    let (leading, n) = squares(function, a.shape())?;
    let count: usize = leading.iter().product();
    let (mut values, mut signs, mut logarithms) =
        (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
    let source = matrices(&a, leading);
    let mut warning: Option<String> = None;
    let mut note = |k: usize, d: determinant::Determinant| {
        if warning.is_none() {
            warning = d.warning().map(|text| match place(leading, k).as_slice() {
                [] => text,
                [k] => format!("{text} (the matrix at index {k} of the stack)"),
                index => format!("{text} (the matrix at index {index:?} of the stack)"),
            });
        }
        (d.value, d.sign, d.logabsdet)
    };
    let careful = |k: usize| -> Result<determinant::Determinant> {
        determinant(function, source.matrix(k)).map_err(|error| error.in_stack(place(leading, k)))
    };
    let logs = function == "slogdet";
    let mut push = |(value, sign, logarithm): (f64, f64, f64)| {
        values.push(value);
        if logs {
            signs.push(sign);
            logarithms.push(logarithm);
        }
    };
    if (1..=lanes::LIMIT).contains(&n) && count > 1 {
        let mut u = [[0.0; LANES]; lanes::LIMIT * lanes::LIMIT];
        let u = &mut u[..n * n];
        let mut found = [0.0; LANES];
        walk(count, LANES, n * n * n, checkpoint, |k, here| {
            source.lay(k, here, u);
            let trusted = lanes::determinants(u, &mut found, n);
            for lane in 0..here {
                let value = found[lane];
                push(match trusted[lane] {
                    true if logs => (value, value.signum(), value.abs().ln()),
                    true => (value, 0.0, 0.0),
                    false => note(k + lane, careful(k + lane)?),
                });
            }
            Ok(())
        })?;
    } else {
        walk(count, 1, n * n * n, checkpoint, |k, _| {
            push(note(k, careful(k)?));
            Ok(())
        })?;
    }
    let array = |values: Vec<f64>| {
        let shape = if values.is_empty() && count > 0 { IxDyn(&[0]) } else { IxDyn(leading) };
        ArrayD::from_shape_vec(shape, values).unwrap_or_else(|_| unreachable!("one number a matrix"))
    };
    Ok(Determinants { values: array(values), signs: array(signs), logarithms: array(logarithms), warning })
}

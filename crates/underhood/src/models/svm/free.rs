//! All rows between their bounds at once: Newton's step of the dual within the face that the bounds leave.
//!
//! For the rows F with βᵢ strictly between its bounds the best change δ solves K_FF·δ + b·1 = s_F with Σδ = 0. It is taken whole
//! if no bound is in the way, else as far as the first one, which takes a row out of F. Either way the objective
//! falls, and once F is the right set a single step ends the search. Pairs of rows alone need thousands of steps for that where K is
//! nearly singular (Scheinberg 2006, JMLR 7, 2237, builds a whole method on it).

use ndarray::{Array2, aview1};

use super::cache::Cache;
use super::smo::State;
use crate::error::Result;
use crate::linalg::{Triangle, cholesky_of};
use crate::simd::{dot, mul_add, wide_kernel};

/// So many rows at most: their matrix takes 32 megabytes, and its root a tenth of a second.
const MOST: usize = 2000;

/// Steps that bounds cut short are repeated at once while all of them together cost less than so many steps of pairs.
const REPEATED: usize = 200;

/// What is added to the diagonal, relative to its mean, where rows depend on each other.
const RIDGES: [f64; 3] = [1e-13, 1e-10, 1e-7];

/// Decides when a step of this kind pays, and makes it.
pub(super) struct FreeStep {
    n: usize,
    next: usize,
    /// By how much the pause grows while bounds cut the steps short.
    patience: usize,
}

impl FreeStep {
    pub(super) fn new(n: usize) -> Self {
        FreeStep { n, next: n / 2 + 16, patience: 1 }
    }

    /// Whether steps of pairs have had as much time since the last one as this one would take.
    pub(super) fn due(&self, steps: usize) -> bool {
        steps >= self.next
    }

    /// Makes the step, again and again while bounds cut it short and it is cheap, and says whether anything has moved.
    pub(super) fn step(
        &mut self,
        function: &'static str,
        steps: usize,
        state: &mut State,
        cache: &mut Cache<'_>,
        check: &mut dyn FnMut() -> Result<()>,
    ) -> Result<bool> {
        let mut free: Vec<usize> = (0..self.n).filter(|&i| state.is_free(i)).collect();
        // In units of a step of pairs, which passes over some four vectors of n.
        let cost = |f: usize| (f * f / 12 * f + 2 * f * self.n) / (4 * self.n);
        let f = free.len();
        self.next = steps + self.patience * cost(f).max(16);
        if !(2..=MOST.min(cache.most())).contains(&f) {
            return Ok(false);
        }
        check()?;
        let mut places = Vec::with_capacity(f);
        for &i in &free {
            places.push(cache.fetch(function, i, None)?);
        }
        let (mut spent, mut moved) = (0, false);
        while free.len() > 1 {
            let Some(stopped_by) = along_face(&free, &places, state, cache) else { break };
            moved = true;
            spent += cost(free.len());
            let Some(k) = stopped_by else {
                self.patience = 1;
                return Ok(true);
            };
            if spent > REPEATED {
                break;
            }
            free.swap_remove(k);
            places.swap_remove(k);
        }
        self.patience = (2 * self.patience).min(8);
        self.next = self.next.max(steps + self.patience * spent);
        Ok(moved)
    }
}

/// One step of the rows that are free, and which of them met its bound and cut it short; None if there is no step to make.
fn along_face(free: &[usize], places: &[usize], state: &mut State, cache: &Cache<'_>) -> Option<Option<usize>> {
    let f = free.len();
    let s: Vec<f64> = free.iter().map(|&i| state.s[i]).collect();
    let kernel = Array2::from_shape_fn((f, f), |(a, b)| cache.at(places[a])[free[b]]);
    let direction = newton(&kernel, &s)?;
    let slope = dot(&s, &direction);
    if !(slope > 0.0 && slope.is_finite()) {
        return None;
    }
    // The whole step is the share 1, but for what the ridge and rounding do.
    let curvature = kernel.dot(&aview1(&direction)).dot(&aview1(&direction));
    let whole = if curvature > 0.0 { slope / curvature } else { f64::INFINITY };
    let (mut share, mut stopped_by) = (whole, None);
    for (k, (&i, &d)) in free.iter().zip(&direction).enumerate() {
        let (up, down) = state.room(i);
        let room = if d > 0.0 { up / d } else { down / d.abs() };
        if room < share {
            (share, stopped_by) = (room, Some(k));
        }
    }
    if !share.is_finite() {
        return None;
    }
    let mut changes = Vec::with_capacity(f);
    for (k, (&i, &d)) in free.iter().zip(&direction).enumerate() {
        let before = state.beta[i];
        // The row that meets its bound is put onto it exactly.
        state.shift(i, if stopped_by == Some(k) { f64::INFINITY.copysign(d) } else { share * d });
        changes.push(state.beta[i] - before);
    }
    // What rounding has made of Σδ = 0 goes to the row that is farthest from its bounds.
    let drift: f64 = changes.iter().sum();
    let distance = |k: usize| {
        let (up, down) = state.room(free[k]);
        up.min(down)
    };
    if let Some(k) = (0..f).max_by(|&a, &b| distance(a).total_cmp(&distance(b))) {
        let before = state.beta[free[k]];
        state.shift(free[k], -drift);
        changes[k] += state.beta[free[k]] - before;
    }
    for (&place, &change) in places.iter().zip(&changes) {
        subtract(&mut state.s, cache.at(place), change);
    }
    Some(stopped_by)
}

/// δ with (K + εI)·δ + b·1 = s and Σδ = 0, for a ridge ε as small as will do; None where K is no inner product.
fn newton(kernel: &Array2<f64>, s: &[f64]) -> Option<Vec<f64>> {
    let f = s.len();
    let mean = kernel.diag().sum() / f as f64;
    RIDGES.iter().find_map(|ridge| {
        let ridge = ridge * mean;
        let mut matrix = kernel.clone();
        matrix.diag_mut().iter_mut().for_each(|d| *d += ridge);
        let root = cholesky_of(matrix.view(), Triangle::Lower).ok()?;
        let (mut direction, mut ones) = (s.to_vec(), vec![1.0; f]);
        solve(&root, &mut direction);
        solve(&root, &mut ones);
        let bias = direction.iter().sum::<f64>() / ones.iter().sum::<f64>();
        direction.iter_mut().zip(&ones).for_each(|(d, one)| *d -= bias * one);
        // Both are large where K is nearly singular, and what their difference sums to is rounding.
        let mean = direction.iter().sum::<f64>() / f as f64;
        direction.iter_mut().for_each(|d| *d -= mean);
        direction.iter().all(|d| d.is_finite()).then_some(direction)
    })
}

/// b ← (L·Lᵀ)⁻¹·b.
fn solve(lower: &Array2<f64>, b: &mut [f64]) {
    for i in 0..b.len() {
        let row = lower.row(i);
        b[i] = (b[i] - row.slice(ndarray::s![..i]).dot(&aview1(&b[..i]))) / row[i];
    }
    for i in (0..b.len()).rev() {
        let row = lower.row(i);
        b[i] /= row[i];
        let known = b[i];
        b[..i].iter_mut().zip(&row).for_each(|(b, l)| *b -= l * known);
    }
}

wide_kernel! {
    /// s −= change·column.
    pub(super) fn subtract(s: &mut [f64], column: &[f64], change: f64) = subtract_body
}

#[inline(always)]
fn subtract_body<const FMA: bool>(s: &mut [f64], column: &[f64], change: f64) {
    for (s, k) in s.iter_mut().zip(column) {
        *s = mul_add::<FMA>(-change, *k, *s);
    }
}

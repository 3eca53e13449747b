//! The simplex method: from corner to corner, each no worse than the last, until no edge leads down. G. B. Dantzig (1947), here with
//! bounds on the variables, the steepest edge (D. Goldfarb and J. K. Reid, Mathematical Programming 12 (1977), doi:10.1007/BF01593804) and
//! P. M. J. Harris' choice among ties (Mathematical Programming 5 (1973), doi:10.1007/BF01580108), on a full tableau, which suits the
//! dense programs of this library. A corner that violates bounds is first mended by making the sum of the violations least, and it is by
//! that sum that a program without a feasible point is told.
//!
//! Whether a number is zero is judged beside the terms it is the sum of, so that units of rows and variables do not matter. What is
//! claimed at the end is claimed of a tableau made anew.

use ndarray::{Array1, ArrayView1, ArrayView2};

use super::interrupt::Going;
use crate::random::Stream;

/// A number this small beside its terms is zero.
const ZERO: f64 = 1e-9;
/// Pivots are at least this part of their column's largest number.
const PIVOT: f64 = 1e-8;
/// Steps between two tableaux made anew.
const RENEWED: usize = 100;
/// After so many steps that lead nowhere, edges are chosen at random: no cycle lasts.
const PATIENCE: usize = 30;

/// A program in the simplex method's form: least cᵀx with A·x + s = b and lower ≤ x ≤ upper, where s = 0 in the first rows and s ≥ 0 in
/// the others.
pub(super) struct Corners<'a> {
    pub(super) c: ArrayView1<'a, f64>,
    pub(super) a: ArrayView2<'a, f64>,
    pub(super) b: ArrayView1<'a, f64>,
    pub(super) equalities: usize,
    pub(super) lower: &'a Array1<f64>,
    pub(super) upper: &'a Array1<f64>,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    Best,
    Infeasible,
    Unbounded,
    /// The steps are used up.
    Spent,
    /// The sum of violations seems to fall without end, which rounding alone can do.
    Lost,
    /// The caller asked to stop.
    Stopped,
}

/// The corner it ended at.
pub(super) struct Corner {
    pub(super) end: End,
    pub(super) x: Array1<f64>,
    /// How much the least value changes for one more in b.
    pub(super) prices: Array1<f64>,
    pub(super) steps: usize,
    /// How many constraints and bounds hold with equality.
    pub(super) held: usize,
}

/// The least power of two that is not below a positive number, of which scales are made so that scaling rounds nothing.
fn power_of_two(v: f64) -> f64 {
    v.log2().ceil().clamp(-500.0, 500.0).exp2()
}

/// Factors for rows and columns that bring the entries near one (geometric means).
fn scales(a: ArrayView2<'_, f64>) -> (Vec<f64>, Vec<f64>) {
    let (m, n) = a.dim();
    let (mut rows, mut columns) = (vec![1.0; m], vec![1.0; n]);
    let mean = |entries: &mut dyn Iterator<Item = f64>| {
        let (least, most) =
            entries.filter(|v| *v > 0.0).fold((f64::INFINITY, 0.0_f64), |(l, m), v| (l.min(v), m.max(v)));
        if most > 0.0 { 1.0 / power_of_two(least.sqrt() * most.sqrt()) } else { 1.0 }
    };
    for _ in 0..4 {
        for (i, row) in a.rows().into_iter().enumerate() {
            rows[i] = mean(&mut row.iter().zip(&columns).map(|(v, column)| (v * column).abs()));
        }
        for (j, column) in a.columns().into_iter().enumerate() {
            columns[j] = mean(&mut column.iter().zip(&rows).map(|(v, row)| (v * row).abs()));
        }
    }
    (rows, columns)
}

/// The tableau: B⁻¹·[A I] and what stands where.
struct Tableau {
    m: usize,
    /// Structural variables; a slack for each row follows them.
    n: usize,
    a: Vec<f64>,
    b: Vec<f64>,
    c: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// Row by row.
    entries: Vec<f64>,
    basis: Vec<usize>,
    is_basic: Vec<bool>,
    /// Values of all variables.
    x: Vec<f64>,
    /// Pivots since the tableau was made anew.
    age: usize,
}

/// Finds the best corner.
pub(super) fn simplex(program: &Corners<'_>, going: &Going) -> Corner {
    let (m, n) = program.a.dim();
    let (rows, columns) = scales(program.a);
    let all = n + m;
    let costs = program.c.iter().zip(&columns).map(|(c, d)| c * d);
    let dearest = costs.clone().fold(0.0_f64, |m, c| m.max(c.abs()));
    let unit = if dearest > 0.0 { power_of_two(dearest) } else { 1.0 };
    let slack = |i: usize| if i < program.equalities { 0.0 } else { f64::INFINITY };
    let mut tableau = Tableau {
        m,
        n,
        a: program.a.indexed_iter().map(|((i, j), v)| v * rows[i] * columns[j]).collect(),
        b: program.b.iter().zip(&rows).map(|(b, e)| b * e).collect(),
        c: costs.map(|c| c / unit).chain(std::iter::repeat_n(0.0, m)).collect(),
        lower: program.lower.iter().zip(&columns).map(|(l, d)| l / d).chain(std::iter::repeat_n(0.0, m)).collect(),
        upper: program.upper.iter().zip(&columns).map(|(u, d)| u / d).chain((0..m).map(slack)).collect(),
        entries: vec![0.0; m * all],
        basis: (n..all).collect(),
        is_basic: (0..all).map(|j| j >= n).collect(),
        x: vec![0.0; all],
        age: 0,
    };
    for j in 0..n {
        tableau.x[j] = 0.0_f64.max(tableau.lower[j]).min(tableau.upper[j]);
        // Nothing between its bounds is a corner.
        if tableau.lower[j] < 0.0 && tableau.upper[j] > 0.0 {
            let (low, high) = (tableau.lower[j], tableau.upper[j]);
            tableau.x[j] = if low.is_finite() && -low <= high {
                low
            } else if high.is_finite() {
                high
            } else {
                0.0
            };
        }
    }
    tableau.renew();
    let (end, steps) = tableau.walk(going);
    let prices = tableau.prices();
    let held = (0..all).filter(|&j| !tableau.is_basic[j] && tableau.is_bound(j)).count();
    let own = |j: usize| {
        let at = tableau.x[j];
        if !tableau.is_basic[j] && at == tableau.lower[j] {
            program.lower[j]
        } else if !tableau.is_basic[j] && at == tableau.upper[j] {
            program.upper[j]
        } else {
            at * columns[j]
        }
    };
    Corner {
        end,
        x: (0..n).map(|j| own(j) + 0.0).collect(),
        prices: (0..m).map(|i| prices[i] * unit * rows[i] + 0.0).collect(),
        steps,
        held,
    }
}

/// An edge: the variable that moves, and which way.
type Edge = (usize, f64);

impl Tableau {
    fn all(&self) -> usize {
        self.n + self.m
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.all()..(i + 1) * self.all()]
    }

    fn is_bound(&self, j: usize) -> bool {
        self.x[j] == self.lower[j] || self.x[j] == self.upper[j]
    }

    /// Makes the tableau anew from the basis, by elimination, and the values of the basic variables.
    fn renew(&mut self) {
        let (m, n, all) = (self.m, self.n, self.all());
        self.entries.fill(0.0);
        for i in 0..m {
            self.entries[i * all..i * all + n].copy_from_slice(&self.a[i * n..(i + 1) * n]);
            self.entries[i * all + n + i] = 1.0;
        }
        let structural: Vec<usize> = (0..n).filter(|&j| self.is_basic[j]).collect();
        let mut open: Vec<usize> = (0..m).filter(|&i| !self.is_basic[n + i]).collect();
        self.basis = (n..all).collect();
        for j in structural {
            let size = |i: usize| self.entries[i * all + j].abs();
            let best = (0..open.len()).max_by(|&p, &q| size(open[p]).total_cmp(&size(open[q])));
            match best {
                Some(place) if size(open[place]) > 1e-11 => {
                    let row = open.swap_remove(place);
                    self.eliminate(row, j);
                    self.basis[row] = j;
                }
                // It depends on the others: it stays where it is.
                _ => {
                    self.is_basic[j] = false;
                    self.x[j] = self.nearest(j);
                }
            }
        }
        for row in open {
            self.is_basic[n + row] = true;
        }
        self.age = 0;
        self.balance();
    }

    fn nearest(&self, j: usize) -> f64 {
        let (low, high, at) = (self.lower[j], self.upper[j], self.x[j]);
        match (low.is_finite(), high.is_finite()) {
            (true, true) if (at - low).abs() > (high - at).abs() => high,
            (true, _) => low,
            (false, true) => high,
            (false, false) => 0.0,
        }
    }

    /// The values of the basic variables from those of the others: what the first time leaves is taken away, twice.
    fn balance(&mut self) {
        let (m, n) = (self.m, self.n);
        for i in 0..m {
            self.x[self.basis[i]] = 0.0;
        }
        for _ in 0..3 {
            let rest: Vec<f64> = (0..m)
                .map(|i| {
                    let taken: f64 = self.a[i * n..(i + 1) * n].iter().zip(&self.x).map(|(a, x)| a * x).sum();
                    self.b[i] - taken - self.x[n + i]
                })
                .collect();
            for i in 0..m {
                let part: f64 = self.row(i)[n..].iter().zip(&rest).map(|(t, r)| t * r).sum();
                self.x[self.basis[i]] += part;
            }
        }
    }

    /// Brings column j to the unit vector of a row.
    fn eliminate(&mut self, row: usize, j: usize) {
        let all = self.all();
        let pivot = self.entries[row * all + j];
        let own: Vec<f64> = self.row(row).iter().map(|v| v / pivot).collect();
        for i in 0..self.m {
            let line = &mut self.entries[i * all..(i + 1) * all];
            let factor = line[j];
            if i == row {
                line.copy_from_slice(&own);
            } else if factor != 0.0 {
                line.iter_mut().zip(&own).for_each(|(v, own)| *v -= factor * own);
                line[j] = 0.0;
            }
        }
        self.entries[row * all + j] = 1.0;
    }

    /// By how much each basic variable violates its bounds: negative below, positive above, 0 within what rounding leaves.
    fn violations(&self) -> Vec<f64> {
        (0..self.m)
            .map(|i| {
                let j = self.basis[i];
                let over = (self.x[j] - self.upper[j]).max(0.0) - (self.lower[j] - self.x[j]).max(0.0);
                if over == 0.0 {
                    return 0.0;
                }
                let bound = if over > 0.0 { self.upper[j] } else { self.lower[j] };
                let from_b: f64 = self.row(i)[self.n..].iter().zip(&self.b).map(|(t, b)| (t * b).abs()).sum();
                let others = self.row(i).iter().zip(&self.x).zip(&self.is_basic);
                let from_x: f64 = others.map(|((t, x), basic)| if *basic { 0.0 } else { (t * x).abs() }).sum();
                if over.abs() <= ZERO * (bound.abs() + from_b + from_x) { 0.0 } else { over }
            })
            .collect()
    }

    /// The edge on which the objective falls most steeply: the costs of the variables, or the violations if there are some.
    fn edge(&self, violations: &[f64], stream: Option<&mut Stream>) -> Option<Edge> {
        let all = self.all();
        let mending = violations.iter().any(|v| *v != 0.0);
        let (mut slope, mut terms, mut length) = (vec![0.0; all], vec![0.0; all], vec![1.0; all]);
        if !mending {
            slope.copy_from_slice(&self.c);
            terms.iter_mut().zip(&self.c).for_each(|(t, c)| *t = c.abs());
        }
        let mut least = vec![0.0_f64; all];
        for i in 0..self.m {
            least.iter_mut().zip(self.row(i)).for_each(|(m, t)| *m = m.max(t.abs()));
        }
        least.iter_mut().for_each(|m| *m = PIVOT * m.min(1.0));
        for i in 0..self.m {
            let over = violations[i];
            let cost = if !mending {
                self.c[self.basis[i]]
            } else if over == 0.0 {
                0.0
            } else {
                over.signum()
            };
            for (j, t) in self.row(i).iter().enumerate() {
                length[j] += t * t;
                // What is no pivot is no slope: rounding, most likely.
                if !mending || t.abs() > least[j] {
                    slope[j] -= cost * t;
                }
                terms[j] += (cost * t).abs();
            }
        }
        let leads = |j: usize| {
            if self.is_basic[j] || self.lower[j] == self.upper[j] || slope[j].abs() <= ZERO * terms[j] {
                return None;
            }
            let (up, down) = (self.x[j] < self.upper[j], self.x[j] > self.lower[j]);
            if slope[j] < 0.0 && up {
                Some((j, 1.0))
            } else if slope[j] > 0.0 && down {
                Some((j, -1.0))
            } else {
                None
            }
        };
        let edges = (0..all).filter_map(leads);
        match stream {
            None => edges
                .max_by(|(p, _), (q, _)| (slope[*p].powi(2) / length[*p]).total_cmp(&(slope[*q].powi(2) / length[*q]))),
            Some(stream) => {
                let edges: Vec<Edge> = edges.collect();
                let which = (stream.uniform() * edges.len() as f64) as usize;
                edges.get(which.min(edges.len().saturating_sub(1))).copied()
            }
        }
    }

    /// How far an edge leads: the row whose variable meets a bound first, which bound, and the way there. None if it has no end.
    fn reach(&self, (j, way): Edge, violations: &[f64]) -> Option<(usize, f64, f64)> {
        let column: Vec<f64> = (0..self.m).map(|i| self.row(i)[j]).collect();
        let least = PIVOT * column.iter().fold(0.0_f64, |m, v| m.max(v.abs())).min(1.0);
        // (row, bound, way, slack of the way, pivot)
        let mut ends = Vec::new();
        for (i, &t) in column.iter().enumerate() {
            if t.abs() <= least {
                continue;
            }
            let (rate, basic) = (-way * t, self.basis[i]);
            let (at, low, high) = (self.x[basic], self.lower[basic], self.upper[basic]);
            let bound = match (violations[i], rate > 0.0) {
                (over, true) if over < 0.0 => low,
                (over, false) if over > 0.0 => high,
                (over, _) if over != 0.0 => continue,
                (_, true) => high,
                (_, false) => low,
            };
            if bound.is_finite() {
                let slack = 0.1 * ZERO * (bound.abs() + at.abs());
                ends.push((i, bound, ((bound - at) / rate).max(0.0), slack / rate.abs(), t.abs()));
            }
        }
        let first = ends.iter().fold(f64::INFINITY, |m, (_, _, length, slack, _)| m.min(length + slack));
        let near = ends.iter().filter(|(_, _, length, ..)| *length <= first);
        near.max_by(|p, q| p.4.total_cmp(&q.4)).map(|&(row, bound, length, ..)| (row, bound, length))
    }

    /// Whether the rows contradict the bounds: the sum of the violated rows, each with its sign, is an equation r·x = β that no x within the
    /// bounds fulfils (Farkas 1902), by more than rounding makes of it. Rows that depend on each other may look violated by rounding alone.
    fn contradicts(&self, violations: &[f64]) -> bool {
        let all = self.all();
        let (mut sum, mut terms) = (vec![0.0; all], vec![0.0; all]);
        let (mut right, mut size) = (0.0, 0.0);
        for (i, over) in violations.iter().enumerate().filter(|(_, over)| **over != 0.0) {
            for (j, t) in self.row(i).iter().enumerate() {
                sum[j] += over.signum() * t;
                terms[j] += t.abs();
            }
            for (t, b) in self.row(i)[self.n..].iter().zip(&self.b) {
                right += over.signum() * t * b;
                size += (t * b).abs();
            }
        }
        // Violations above are positive: the most that the sum can be must lie below β.
        let mut most = 0.0;
        for j in (0..all).filter(|&j| sum[j].abs() > ZERO * terms[j]) {
            let end = if sum[j] > 0.0 { self.upper[j] } else { self.lower[j] };
            most += sum[j] * end;
            size += (sum[j] * end).abs();
        }
        // What was left out as rounding may move as far as its bounds are apart.
        let loose: f64 = (0..all)
            .filter(|&j| sum[j].abs() <= ZERO * terms[j] && (self.upper[j] - self.lower[j]).is_finite())
            .map(|j| sum[j].abs() * (self.upper[j] - self.lower[j]))
            .sum();
        most.is_finite() && right - most > loose + ZERO * size
    }

    /// Goes from corner to corner.
    fn walk(&mut self, going: &Going) -> (End, usize) {
        let most = 100 * (self.all() + 10);
        let (mut steps, mut idle) = (0, 0);
        let mut stream = Stream::seeded(0);
        loop {
            if !going() {
                return (End::Stopped, steps);
            }
            let violations = self.violations();
            let mending = violations.iter().any(|v| *v != 0.0);
            let found = self.edge(&violations, (idle > PATIENCE).then_some(&mut stream));
            let reach = found.map(|edge| (edge, self.reach(edge, &violations)));
            let claim = match reach {
                None => Some(if mending { End::Infeasible } else { End::Best }),
                Some(((j, way), None)) => {
                    let far = if way > 0.0 { self.upper[j] } else { self.lower[j] };
                    (!far.is_finite()).then_some(if mending { End::Lost } else { End::Unbounded })
                }
                _ => None,
            };
            if let Some(end) = claim {
                if self.age == 0 {
                    let proven = end != End::Infeasible || self.contradicts(&violations);
                    return (if proven { end } else { End::Lost }, steps);
                }
                self.renew();
                continue;
            }
            let Some(((j, way), reach)) = reach else { return (End::Lost, steps) };
            if steps >= most {
                return (End::Spent, steps);
            }
            steps += 1;
            let far = if way > 0.0 { self.upper[j] } else { self.lower[j] };
            let across = (far - self.x[j]).abs();
            let length = reach.map_or(f64::INFINITY, |(_, _, length)| length);
            idle = if length.min(across) > 0.0 { 0 } else { idle + 1 };
            let by = way * length.min(across);
            for i in 0..self.m {
                let t = self.row(i)[j];
                self.x[self.basis[i]] -= by * t;
            }
            match reach {
                Some((row, bound, length)) if length < across || !across.is_finite() => {
                    self.x[j] += by;
                    let leaves = self.basis[row];
                    self.x[leaves] = bound;
                    (self.is_basic[leaves], self.is_basic[j], self.basis[row]) = (false, true, j);
                    self.eliminate(row, j);
                    self.age += 1;
                    if self.age >= RENEWED {
                        self.renew();
                    }
                }
                _ => self.x[j] = far,
            }
        }
    }

    /// c_Bᵀ·B⁻¹, with what the first time leaves taken away.
    fn prices(&self) -> Vec<f64> {
        let (m, n) = (self.m, self.n);
        let mut prices = vec![0.0; m];
        for _ in 0..3 {
            let rest: Vec<f64> = (0..m)
                .map(|i| {
                    let j = self.basis[i];
                    let taken = if j < n { (0..m).map(|k| self.a[k * n + j] * prices[k]).sum() } else { prices[j - n] };
                    self.c[j] - taken
                })
                .collect();
            for (i, rest) in rest.iter().enumerate() {
                prices.iter_mut().zip(&self.row(i)[n..]).for_each(|(price, t)| *price += rest * t);
            }
        }
        prices
    }
}

//! The penalised log loss J, its gradient and its Hessian.
//!
//! The unknowns of a plane are v_j = s_j·w_j and u = b + w·c for columns with centre c and spread s: then z = Σ v_j·(x_j − c_j)/s_j + u,
//! the quadratic penalty is Σ λ_j·v_j²/2 with λ_j = (1 − ρ)/(C·n·s_j²), and the absolute one Σ κ_j·|v_j| with κ_j = ρ/(C·n·s_j).

use ndarray::{Array2, s};

use super::super::plane::weighted_signs;
use super::super::rows::Rows;
use super::scaling::{Panels, ROWS, Scaling, add_weighted_squares};
use super::sigmoid::{exp_below, log_loss, weighted_log_loss};
use crate::panel::{add_weighted, products};

/// Beside penalties as large as this the curvature of the log loss is nothing, to every digit of the weights; they count as no larger.
const LARGEST_PENALTY: f64 = 1e30;

/// No price of an absolute value is larger.
const LARGEST_PRICE: f64 = 1e300;

/// What is learned from.
#[derive(Clone, Copy)]
pub(super) struct Examples<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) codes: &'a [usize],
    pub(super) classes: usize,
    /// How much each row counts, if not all alike.
    pub(super) weights: Option<&'a [f64]>,
}

impl Examples<'_> {
    /// The sum of the weights.
    pub(super) fn total(&self) -> f64 {
        super::super::sample_weights::total(self.weights, self.rows)
    }

    /// How many planes there are: one for two classes.
    pub(super) fn planes(&self) -> usize {
        if self.classes == 2 { 1 } else { self.classes }
    }
}

/// The price of weights: ρ/(C·n) for each |w|, (1 − ρ)/(C·n) for each w²/2, where n is the sum of the rows' weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Penalty {
    pub(super) absolute: f64,
    pub(super) quadratic: f64,
}

/// What an evaluation finds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    /// J.
    pub(super) loss: f64,
    /// How many rows that count are classified wrongly.
    pub(super) errors: usize,
}

/// J for given rows and classes.
pub(super) struct Objective<'a> {
    examples: Examples<'a>,
    scaling: &'a Scaling,
    panels: Panels<'a>,
    /// λ_j, and 0 for the bias.
    quadratic: Vec<f64>,
    /// κ_j, and 0 for the bias.
    absolute: Vec<f64>,
    /// w_j/v_j: 1/s_j, or less where λ_j is larger than what counts as v_j's.
    unit: Vec<f64>,
    pub(super) planes: usize,
    /// The weights' sum.
    total: f64,
    /// ±1 (times the row's weight) for two classes, empty for more.
    signs: Vec<f64>,
    /// Room for a block's net inputs and curvatures, one line a plane.
    z: Vec<f64>,
    curvatures: Vec<f64>,
    /// Room for the unknowns and the gradient with the padding of the panels.
    padded: Vec<f64>,
    sums: Vec<f64>,
    /// Room for Σ cᵢ·x̂ᵢx̂ᵢᵀ of each pair of planes, or of each plane with itself, or for none.
    squares: Vec<f64>,
    /// Whether `squares` is for pairs of different planes too.
    across: bool,
}

impl<'a> Objective<'a> {
    pub(super) fn new(examples: Examples<'a>, scaling: &'a Scaling, penalty: Penalty) -> Self {
        let planes = examples.planes();
        let panels = Panels::new(examples.rows, scaling);
        let of_columns =
            |of: &dyn Fn(f64) -> f64| scaling.inverse.iter().map(|&inverse| of(inverse)).collect::<Vec<_>>();
        let with_bias = |mut prices: Vec<f64>| {
            prices.push(0.0);
            prices
        };
        let true_penalty = |inverse: f64| penalty.quadratic * inverse * inverse;
        let unit = |inverse: f64| match true_penalty(inverse) {
            price if price > LARGEST_PENALTY => LARGEST_PENALTY / penalty.quadratic / inverse,
            _ => inverse,
        };
        Objective {
            examples,
            scaling,
            quadratic: with_bias(of_columns(&|inverse| true_penalty(inverse).min(LARGEST_PENALTY))),
            absolute: with_bias(of_columns(&|inverse| (penalty.absolute * inverse).min(LARGEST_PRICE))),
            unit: of_columns(&unit),
            planes,
            total: examples.total(),
            signs: if planes == 1 { weighted_signs(examples.codes, 1, examples.weights) } else { Vec::new() },
            z: vec![0.0; planes * ROWS],
            curvatures: vec![0.0; ROWS],
            padded: vec![0.0; planes * panels.width],
            sums: vec![0.0; planes * panels.width],
            squares: Vec::new(),
            across: true,
            panels,
        }
    }

    /// How many unknowns a plane has.
    pub(super) fn unknowns(&self) -> usize {
        self.examples.rows.columns + 1
    }

    /// κ of each unknown.
    pub(super) fn absolute_prices(&self) -> impl Iterator<Item = f64> {
        self.absolute.iter().copied().cycle().take(self.planes * self.absolute.len())
    }

    /// The planes in the caller's units: w (planes × features) and b.
    pub(super) fn planes(&self, theta: &[f64]) -> (Array2<f64>, Vec<f64>) {
        let p = self.examples.rows.columns;
        let mut weights = Array2::zeros((self.planes, p));
        let mut bias = Vec::with_capacity(self.planes);
        for (mut row, own) in weights.outer_iter_mut().zip(theta.chunks_exact(p + 1)) {
            row.iter_mut().zip(own).zip(&self.unit).for_each(|((w, v), unit)| *w = v * unit);
            bias.push(own[p] - row.iter().zip(&self.scaling.centre).map(|(w, c)| w * c).sum::<f64>());
        }
        if self.planes > 1 {
            // Probabilities and penalties do not feel a number that is added to all biases.
            let mean = bias.iter().sum::<f64>() / self.planes as f64;
            bias.iter_mut().for_each(|b| *b -= mean);
        }
        (weights, bias)
    }

    /// J and the number of wrongly classified rows. The gradient of J without its absolute penalties goes to `gradient`, and the Hessian to
    /// `hessian` if it is wanted.
    ///
    /// With several planes, adding one number to the same unknown of all of them changes no probability. A term that only such a
    /// shift feels makes the Hessian invertible where no penalty does, and keeps the sum of these unknowns where it is.
    pub(super) fn evaluate(&mut self, theta: &[f64], gradient: &mut [f64], hessian: Option<&mut Array2<f64>>) -> Value {
        let (m, width, planes) = (self.unknowns(), self.panels.width, self.planes);
        self.pad(theta);
        self.sums.fill(0.0);
        self.squares.clear();
        self.across = true;
        if hessian.is_some() {
            self.squares.resize(planes * (planes + 1) / 2 * width * width, 0.0);
        }
        let mut value = self.pass();
        value.loss /= self.total;
        for ((own, sums), v) in
            gradient.chunks_exact_mut(m).zip(self.sums.chunks_exact(width)).zip(theta.chunks_exact(m))
        {
            for j in 0..m {
                own[j] = sums[j] / self.total + self.quadratic[j] * v[j];
                value.loss += 0.5 * self.quadratic[j] * v[j] * v[j] + self.absolute[j] * v[j].abs();
            }
        }
        if let Some(hessian) = hessian {
            self.assemble(hessian);
        }
        value
    }

    /// The Hessian's blocks on its diagonal, one for each plane: the curvature as long as the other planes stay where they are.
    pub(super) fn own_curvatures(&mut self, theta: &[f64]) -> Vec<Array2<f64>> {
        let (m, width) = (self.unknowns(), self.panels.width);
        self.pad(theta);
        self.squares.clear();
        self.squares.resize(self.planes * width * width, 0.0);
        self.across = false;
        self.pass();
        let block = |squares: &[f64]| {
            let mut block = Array2::from_shape_fn((m, m), |(i, j)| squares[i.min(j) * width + i.max(j)] / self.total);
            block.diag_mut().iter_mut().zip(&self.quadratic).for_each(|(entry, price)| held(entry, *price));
            block
        };
        self.squares.chunks_exact(width * width).map(block).collect()
    }

    /// The Hessian's diagonal.
    pub(super) fn diagonal(&mut self, theta: &[f64]) -> Vec<f64> {
        let (m, width, planes) = (self.unknowns(), self.panels.width, self.planes);
        self.pad(theta);
        self.squares.clear();
        let Objective { examples, panels, signs, z, curvatures, padded, .. } = self;
        let mut sums = vec![0.0; planes * width];
        panels.each(|first, panel| {
            let count = panel.len() / width;
            for (z, plane) in z.chunks_exact_mut(ROWS).zip(padded.chunks_exact(width)) {
                products(panel, plane, &mut z[..count]);
            }
            if planes > 1 {
                softmax(z, count);
            }
            for (z, sums) in z.chunks_exact_mut(ROWS).zip(sums.chunks_exact_mut(width)) {
                let (z, curvatures) = (&mut z[..count], &mut curvatures[..count]);
                match examples.weights {
                    None if planes == 1 => drop(log_loss(z, &signs[first..first + count], curvatures)),
                    Some(_) if planes == 1 => drop(weighted_log_loss(z, &signs[first..first + count], curvatures)),
                    None => curvatures.iter_mut().zip(z).for_each(|(c, p)| *c = *p * (1.0 - *p)),
                    Some(weights) => {
                        let own = curvatures.iter_mut().zip(z).zip(&weights[first..]);
                        own.for_each(|((c, p), s)| *c = s * *p * (1.0 - *p));
                    }
                }
                for (row, &c) in panel.chunks_exact(width).zip(&*curvatures) {
                    sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += c * x * x);
                }
            }
        });
        let mut diagonal = Vec::with_capacity(planes * m);
        for sums in sums.chunks_exact(width) {
            for (sum, &price) in sums.iter().zip(&self.quadratic) {
                let mut entry = sum / self.total;
                held(&mut entry, price);
                diagonal.push(entry);
            }
        }
        diagonal
    }

    /// Puts the planes where the panels need them.
    fn pad(&mut self, theta: &[f64]) {
        let (m, width) = (self.unknowns(), self.panels.width);
        for (padded, own) in self.padded.chunks_exact_mut(width).zip(theta.chunks_exact(m)) {
            padded[..m].copy_from_slice(own);
        }
    }

    /// The pass over the rows.
    fn pass(&mut self) -> Value {
        if self.planes == 1 { self.pass_of_one() } else { self.pass_of_several() }
    }

    /// The pass over the rows for two classes.
    fn pass_of_one(&mut self) -> Value {
        let Objective { examples, panels, signs, z, curvatures, padded, sums, squares, .. } = self;
        let width = panels.width;
        let mut value = Value { loss: 0.0, errors: 0 };
        panels.each(|first, panel| {
            let count = panel.len() / width;
            let (z, curvatures) = (&mut z[..count], &mut curvatures[..count]);
            let signs = &signs[first..first + count];
            products(panel, padded, z);
            let (loss, errors) = match examples.weights {
                None => log_loss(z, signs, curvatures),
                Some(_) => weighted_log_loss(z, signs, curvatures),
            };
            value.loss += loss;
            value.errors += errors as usize;
            add_weighted(panel, z, sums);
            if !squares.is_empty() {
                add_weighted_squares(panel, curvatures, width, squares);
            }
        });
        value
    }

    /// The pass over the rows for more classes.
    fn pass_of_several(&mut self) -> Value {
        let Objective { examples, panels, z, curvatures, padded, sums, squares, planes, across, .. } = self;
        let (width, planes) = (panels.width, *planes);
        let mut value = Value { loss: 0.0, errors: 0 };
        panels.each(|first, panel| {
            let count = panel.len() / width;
            let codes = &examples.codes[first..first + count];
            let weights = examples.weights.map(|weights| &weights[first..first + count]);
            for (z, plane) in z.chunks_exact_mut(ROWS).zip(padded.chunks_exact(width)) {
                products(panel, plane, &mut z[..count]);
            }
            let more = softmax_loss(z, codes, weights);
            value.loss += more.loss;
            value.errors += more.errors;
            let weight = |r: usize| weights.map_or(1.0, |weights| weights[r]);
            let mut pairs = squares.chunks_exact_mut(width * width);
            for k in 0..planes {
                for l in k..if *across { planes } else { k + 1 } {
                    let Some(pair) = pairs.next() else { break };
                    for r in 0..count {
                        let (p, q) = (z[k * ROWS + r], z[l * ROWS + r]);
                        curvatures[r] = weight(r) * if k == l { p * (1.0 - p) } else { -p * q };
                    }
                    add_weighted_squares(panel, &curvatures[..count], width, pair);
                }
            }
            codes.iter().enumerate().for_each(|(r, &code)| z[code * ROWS + r] -= 1.0);
            for (z, sums) in z.chunks_exact_mut(ROWS).zip(sums.chunks_exact_mut(width)) {
                if let Some(weights) = weights {
                    z.iter_mut().zip(weights).for_each(|(z, s)| *z *= s);
                }
                add_weighted(panel, &z[..count], sums);
            }
        });
        value
    }

    /// Makes the Hessian of the gathered squares.
    fn assemble(&self, hessian: &mut Array2<f64>) {
        let (m, width, planes) = (self.unknowns(), self.panels.width, self.planes);
        let mut pairs = self.squares.chunks_exact(width * width);
        for k in 0..planes {
            for l in k..planes {
                let Some(pair) = pairs.next() else { return };
                for i in 0..m {
                    for j in 0..m {
                        let entry = pair[i.min(j) * width + i.max(j)] / self.total;
                        hessian[(k * m + i, l * m + j)] = entry;
                        hessian[(l * m + j, k * m + i)] = entry;
                    }
                }
            }
        }
        if planes > 1 {
            for j in (0..m).filter(|&j| self.quadratic[j] == 0.0 && self.absolute[j] == 0.0) {
                let own: f64 = (0..planes).map(|k| hessian[(k * m + j, k * m + j)]).sum();
                let shift = own / (planes * planes) as f64;
                hessian.slice_mut(s![j..;m, j..;m]).mapv_inplace(|v| v + shift);
            }
        }
        for (at, quadratic) in self.quadratic.iter().cycle().take(planes * m).enumerate() {
            held(&mut hessian[(at, at)], *quadratic);
        }
    }

    /// What `tol` is compared with: the largest component of J's gradient; at a kink, how far zero is from the slopes that meet there.
    pub(super) fn violation(&self, theta: &[f64], gradient: &[f64]) -> f64 {
        let mut most = 0.0_f64;
        for ((&v, &g), &price) in theta.iter().zip(gradient).zip(self.absolute.iter().cycle()) {
            let own = if v == 0.0 { excess(g, price) } else { (g + price.copysign(v)).abs() };
            // A NaN must not hide behind a maximum, nor a number behind a NaN.
            most = if most.is_nan() || own <= most { most } else { own };
        }
        most
    }

    /// Gives `visit` the weight, the class and the scores z_k of each row that counts; for two classes these are 0 and z.
    pub(super) fn scores(&mut self, theta: &[f64], mut visit: impl FnMut(f64, usize, &[f64])) {
        self.pad(theta);
        let Objective { examples, panels, z, padded, planes, .. } = self;
        let width = panels.width;
        let first_plane = examples.classes - *planes;
        let mut scores = vec![0.0; examples.classes];
        panels.each(|first, panel| {
            let count = panel.len() / width;
            for (z, plane) in z.chunks_exact_mut(ROWS).zip(padded.chunks_exact(width)) {
                products(panel, plane, &mut z[..count]);
            }
            for r in 0..count {
                let weight = examples.weights.map_or(1.0, |weights| weights[first + r]);
                if weight > 0.0 {
                    scores[first_plane..].iter_mut().zip(z.chunks_exact(ROWS)).for_each(|(s, line)| *s = line[r]);
                    visit(weight, examples.codes[first + r], &scores);
                }
            }
        });
    }

    /// Gives `visit` the weight, the class and the standardised numbers (the bias's 1 behind them) of each row that counts.
    pub(super) fn each_row(&mut self, mut visit: impl FnMut(f64, usize, &[f64])) {
        let m = self.unknowns();
        let Objective { examples, panels, .. } = self;
        let width = panels.width;
        panels.each(|first, panel| {
            for (i, row) in panel.chunks_exact(width).enumerate() {
                let weight = examples.weights.map_or(1.0, |weights| weights[first + i]);
                if weight > 0.0 {
                    visit(weight, examples.codes[first + i], &row[..m]);
                }
            }
        });
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.examples.rows.count
    }

    /// The weights' sum.
    pub(super) fn total(&self) -> f64 {
        self.total
    }
}

/// Adds the curvature of a penalty to an entry on the diagonal. An unknown that nothing depends on stays where it is.
fn held(entry: &mut f64, price: f64) {
    *entry += price;
    if *entry == 0.0 {
        *entry = 1.0;
    }
}

/// How far a slope is beyond ±price.
pub(super) fn excess(slope: f64, price: f64) -> f64 {
    let over = slope.abs() - price;
    if over < 0.0 { 0.0 } else { over }
}

/// Σ −ln P(own class) over a block, and how many rows have a larger probability elsewhere; the lines become probabilities.
fn softmax_loss(z: &mut [f64], codes: &[usize], weights: Option<&[f64]>) -> Value {
    let mut own = [0.0; ROWS];
    own.iter_mut().zip(codes).enumerate().for_each(|(r, (own, &code))| *own = z[code * ROWS + r]);
    let weight = |r: usize| weights.map_or(1.0, |weights| weights[r]);
    let wrong = |(r, &code): (usize, &usize)| {
        weight(r) > 0.0
            && z.chunks_exact(ROWS).enumerate().any(|(k, line)| line[r] > own[r] || (k < code && line[r] == own[r]))
    };
    let errors = codes.iter().enumerate().filter(|&row| wrong(row)).count();
    let log_sums = softmax(z, codes.len());
    let loss = (0..codes.len()).map(|r| weight(r) * (log_sums[r] - own[r])).sum();
    Value { loss, errors }
}

/// Lines of net inputs become lines of probabilities; gives ln Σe^z of each row.
fn softmax(z: &mut [f64], count: usize) -> [f64; ROWS] {
    let mut top = [f64::NEG_INFINITY; ROWS];
    for line in z.chunks_exact(ROWS) {
        top.iter_mut().zip(&line[..count]).for_each(|(top, z)| *top = top.max(*z));
    }
    let mut sums = [0.0; ROWS];
    for line in z.chunks_exact_mut(ROWS) {
        exp_below(&mut line[..count], &top);
        sums.iter_mut().zip(&line[..count]).for_each(|(sum, e)| *sum += e);
    }
    for line in z.chunks_exact_mut(ROWS) {
        line[..count].iter_mut().zip(&sums).for_each(|(e, sum)| *e /= sum);
    }
    for (top, sum) in top.iter_mut().zip(&sums).take(count) {
        *top += sum.ln();
    }
    top
}

//! Stored rows, and what a query has to do with all of them: distances or products, sixteen stored rows at a time.
//!
//! The rows lie in panels of [`PANEL`], feature by feature, so that one vector holds one feature of several rows. A tile of
//! queries × rows stays in registers while it runs down the features (Goto and van de Geijn 2008, doi:10.1145/1356052.1356053).
//! Distances are sums of differences, feature after feature: rows far from zero lose no digits, as they would by
//! ‖x‖² − 2x·q + ‖q‖², and equal rows are equally far, to the last bit, wherever they are stored.

use super::rows::Rows;
use crate::simd::{mul_add, wide_kernel};

/// How many stored rows stand side by side.
pub(super) const PANEL: usize = 16;

/// Rows in panels; what the last panel has too much is zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Store {
    panels: Vec<f64>,
    pub(super) count: usize,
    pub(super) columns: usize,
}

/// What is summed over the features of a stored row x and a query q.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// Σ x·q
    Products,
    /// Σ (x − q)²
    Squares,
    /// Σ |x − q|
    Absolutes,
    /// max |x − q|
    Largest,
    /// (Σ |x − q|ᵖ)^(1/p), relative to the largest difference, so that no power overflows or vanishes
    Powers(f64),
}

impl Store {
    /// Packs the rows with these numbers, in this order.
    pub(super) fn gather(rows: &Rows<'_>, order: &[usize]) -> Self {
        let columns = rows.columns;
        let mut panels = vec![0.0; order.len().div_ceil(PANEL) * PANEL * columns];
        for (panel, numbers) in panels.chunks_exact_mut(PANEL * columns).zip(order.chunks(PANEL)) {
            for (lane, &i) in numbers.iter().enumerate() {
                for (feature, &x) in panel.chunks_exact_mut(PANEL).zip(rows.row(i)) {
                    feature[lane] = x;
                }
            }
        }
        Store { panels, count: order.len(), columns }
    }

    /// Takes the columns' means away from the rows, and gives them.
    pub(super) fn centre(&mut self) -> Vec<f64> {
        let (columns, share) = (self.columns, 1.0 / self.count.max(1) as f64);
        let mut means = vec![0.0; columns];
        for panel in self.panels.chunks_exact(PANEL * columns) {
            for (mean, feature) in means.iter_mut().zip(panel.chunks_exact(PANEL)) {
                *mean += feature.iter().map(|x| x * share).sum::<f64>();
            }
        }
        for (p, panel) in self.panels.chunks_exact_mut(PANEL * columns).enumerate() {
            let filled = PANEL.min(self.count - p * PANEL);
            for (mean, feature) in means.iter().zip(panel.chunks_exact_mut(PANEL)) {
                feature[..filled].iter_mut().for_each(|x| *x -= mean);
            }
        }
        means
    }

    /// Packs all rows.
    pub(super) fn all(rows: &Rows<'_>) -> Self {
        Store::gather(rows, &(0..rows.count).collect::<Vec<_>>())
    }

    /// The number of rows, rounded up to whole panels: so long is what [`measure`](Self::measure) writes for a query.
    pub(super) fn padded(&self) -> usize {
        self.count.next_multiple_of(PANEL)
    }

    /// Copies one row out.
    pub(super) fn copy_row(&self, i: usize, to: &mut [f64]) {
        let panel = &self.panels[i / PANEL * self.columns * PANEL..];
        for (to, feature) in to.iter_mut().zip(panel.chunks_exact(PANEL)).take(self.columns) {
            *to = feature[i % PANEL];
        }
    }

    /// The largest magnitude of all numbers.
    pub(super) fn largest(&self) -> f64 {
        self.panels.iter().fold(0.0, |most, x| most.max(x.abs()))
    }

    /// The same rows times a number.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        Store { panels: self.panels.iter().map(|x| x * factor).collect(), ..*self }
    }

    /// Measures each query against the stored rows of some panels; `out` has a line of that many panels for each query.
    pub(super) fn measure(&self, what: Measure, panels: std::ops::Range<usize>, queries: &[f64], out: &mut [f64]) {
        let size = PANEL * self.columns;
        let panels = &self.panels[panels.start * size..panels.end * size];
        match what {
            Measure::Products => products(panels, self.columns, queries, out),
            Measure::Squares => squares(panels, self.columns, queries, out),
            Measure::Absolutes => absolutes(panels, self.columns, queries, out),
            Measure::Largest => largest(panels, self.columns, queries, out),
            Measure::Powers(p) => powers(panels, self.columns, p, queries, out),
        }
    }
}

/// How a feature of a stored row and of a query adds to the sum.
trait Term {
    fn add<const FMA: bool>(sum: f64, stored: f64, asked: f64) -> f64;
}

struct Product;
struct Square;
struct Absolute;
struct Most;

impl Term for Product {
    #[inline(always)]
    fn add<const FMA: bool>(sum: f64, stored: f64, asked: f64) -> f64 {
        mul_add::<FMA>(stored, asked, sum)
    }
}

impl Term for Square {
    #[inline(always)]
    fn add<const FMA: bool>(sum: f64, stored: f64, asked: f64) -> f64 {
        let difference = stored - asked;
        mul_add::<FMA>(difference, difference, sum)
    }
}

impl Term for Absolute {
    #[inline(always)]
    fn add<const FMA: bool>(sum: f64, stored: f64, asked: f64) -> f64 {
        sum + (stored - asked).abs()
    }
}

impl Term for Most {
    #[inline(always)]
    fn add<const FMA: bool>(sum: f64, stored: f64, asked: f64) -> f64 {
        let difference = (stored - asked).abs();
        if difference > sum { difference } else { sum }
    }
}

wide_kernel! {
    fn products(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) = products_body
}
wide_kernel! {
    fn squares(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) = squares_body
}
wide_kernel! {
    fn absolutes(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) = absolutes_body
}
wide_kernel! {
    fn largest(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) = largest_body
}

#[inline(always)]
fn products_body<const FMA: bool>(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) {
    sweep::<FMA, Product>(panels, columns, queries, out);
}

#[inline(always)]
fn squares_body<const FMA: bool>(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) {
    sweep::<FMA, Square>(panels, columns, queries, out);
}

#[inline(always)]
fn absolutes_body<const FMA: bool>(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) {
    sweep::<FMA, Absolute>(panels, columns, queries, out);
}

#[inline(always)]
fn largest_body<const FMA: bool>(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) {
    sweep::<FMA, Most>(panels, columns, queries, out);
}

/// Powers that no vector instruction takes.
fn powers(panels: &[f64], columns: usize, p: f64, queries: &[f64], out: &mut [f64]) {
    let line = panels.len() / columns;
    for (query, out) in queries.chunks_exact(columns).zip(out.chunks_exact_mut(line)) {
        for (panel, out) in panels.chunks_exact(PANEL * columns).zip(out.chunks_exact_mut(PANEL)) {
            let (mut most, mut sums) = ([0.0_f64; PANEL], [0.0; PANEL]);
            for (feature, asked) in panel.chunks_exact(PANEL).zip(query) {
                for (most, stored) in most.iter_mut().zip(feature) {
                    *most = most.max((stored - asked).abs());
                }
            }
            for (feature, asked) in panel.chunks_exact(PANEL).zip(query) {
                for ((sum, most), stored) in sums.iter_mut().zip(&most).zip(feature) {
                    *sum += if *most > 0.0 { ((stored - asked).abs() / most).powf(p) } else { 0.0 };
                }
            }
            for ((out, most), sum) in out.iter_mut().zip(&most).zip(&sums) {
                *out = most * sum.powf(1.0 / p);
            }
        }
    }
}

/// Four queries at a time beside a panel, or a single one beside four panels: sixteen sums of eight are in flight either way.
#[inline(always)]
fn sweep<const FMA: bool, T: Term>(panels: &[f64], columns: usize, queries: &[f64], out: &mut [f64]) {
    let size = PANEL * columns;
    let line = panels.len() / columns;
    let fours = queries.chunks_exact(4 * columns);
    let rest = fours.remainder();
    let (out_fours, out_rest) = out.split_at_mut(queries.len() / (4 * columns) * 4 * line);
    for (four, out) in fours.zip(out_fours.chunks_exact_mut(4 * line)) {
        for (at, panel) in panels.chunks_exact(size).enumerate() {
            four_queries::<FMA, T>(panel, four, line, at * PANEL, out);
        }
    }
    for (query, out) in rest.chunks_exact(columns).zip(out_rest.chunks_exact_mut(line)) {
        let wide = panels.chunks_exact(4 * size);
        let last = wide.remainder();
        let (out_wide, out_last) = out.split_at_mut(panels.len() / (4 * size) * 4 * PANEL);
        for (four, out) in wide.zip(out_wide.chunks_exact_mut(4 * PANEL)) {
            four_panels::<FMA, T>(four, query, out);
        }
        for (panel, out) in last.chunks_exact(size).zip(out_last.chunks_exact_mut(PANEL)) {
            let mut sums = [0.0; PANEL];
            for (feature, &asked) in panel.chunks_exact(PANEL).zip(query) {
                for lane in 0..PANEL {
                    sums[lane] = T::add::<FMA>(sums[lane], feature[lane], asked);
                }
            }
            out.copy_from_slice(&sums);
        }
    }
}

#[inline(always)]
fn four_queries<const FMA: bool, T: Term>(panel: &[f64], queries: &[f64], line: usize, at: usize, out: &mut [f64]) {
    let columns = panel.len() / PANEL;
    let (first, second) = queries.split_at(2 * columns);
    let ((a, b), (c, d)) = (first.split_at(columns), second.split_at(columns));
    let mut sums = [[0.0; PANEL]; 4];
    for ((((feature, &a), &b), &c), &d) in panel.chunks_exact(PANEL).zip(a).zip(b).zip(c).zip(d) {
        let asked = [a, b, c, d];
        for q in 0..4 {
            for lane in 0..PANEL {
                sums[q][lane] = T::add::<FMA>(sums[q][lane], feature[lane], asked[q]);
            }
        }
    }
    for (q, sums) in sums.iter().enumerate() {
        out[q * line + at..][..PANEL].copy_from_slice(sums);
    }
}

#[inline(always)]
fn four_panels<const FMA: bool, T: Term>(panels: &[f64], query: &[f64], out: &mut [f64]) {
    let size = panels.len() / 4;
    let (first, second) = panels.split_at(2 * size);
    let ((a, b), (c, d)) = (first.split_at(size), second.split_at(size));
    let mut sums = [[0.0; PANEL]; 4];
    let features =
        a.chunks_exact(PANEL).zip(b.chunks_exact(PANEL)).zip(c.chunks_exact(PANEL)).zip(d.chunks_exact(PANEL));
    for ((((a, b), c), d), &asked) in features.zip(query) {
        let stored = [a, b, c, d];
        for p in 0..4 {
            for lane in 0..PANEL {
                sums[p][lane] = T::add::<FMA>(sums[p][lane], stored[p][lane], asked);
            }
        }
    }
    for (sums, out) in sums.iter().zip(out.chunks_exact_mut(PANEL)) {
        out.copy_from_slice(sums);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn every_measure_agrees_with_the_plain_sum() {
        for (n, columns, asked) in [(1, 1, 1), (15, 3, 4), (16, 2, 5), (100, 7, 9), (70, 20, 3)] {
            let x = Array2::from_shape_fn((n, columns), |(i, j)| f64::from(((i * 7 + j * 3) % 11) as u32) - 4.0);
            let q: Vec<f64> = (0..asked * columns).map(|k| f64::from((k % 5) as u32)).collect();
            let rows = Rows::new("test", x.view()).unwrap();
            let store = Store::all(&rows);
            let mut copy = vec![0.0; columns];
            store.copy_row(n - 1, &mut copy);
            assert_eq!(copy, rows.row(n - 1));
            let mut out = vec![f64::NAN; asked * store.padded()];
            for what in
                [Measure::Products, Measure::Squares, Measure::Absolutes, Measure::Largest, Measure::Powers(3.0)]
            {
                store.measure(what, 0..store.padded() / PANEL, &q, &mut out);
                for a in 0..asked {
                    for i in 0..n {
                        let pairs = (0..columns).map(|j| (x[(i, j)], q[a * columns + j]));
                        // Sums of small whole numbers are exact.
                        let expected: f64 = match what {
                            Measure::Products => pairs.map(|(x, q)| x * q).sum(),
                            Measure::Squares => pairs.map(|(x, q)| (x - q) * (x - q)).sum(),
                            Measure::Absolutes => pairs.map(|(x, q)| (x - q).abs()).sum(),
                            Measure::Largest => pairs.map(|(x, q)| (x - q).abs()).fold(0.0, f64::max),
                            Measure::Powers(p) => pairs.map(|(x, q)| (x - q).abs().powf(p)).sum::<f64>().powf(1.0 / p),
                        };
                        assert!((out[a * store.padded() + i] - expected).abs() <= 1e-12 * expected.abs(), "{what:?}");
                    }
                }
            }
        }
    }
}

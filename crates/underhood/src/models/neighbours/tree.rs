//! A k-d tree (Bentley 1975, doi:10.1145/361002.361007; Friedman, Bentley and Finkel 1977, doi:10.1145/355744.355745): the rows are
//! halved along the feature in which they spread most, again and again, until a box holds few; a box that lies farther away than
//! the nearest so far is not opened.
//!
//! Every cut lies between two panels, so that a leaf is a run of whole panels. A box's distance is summed from rounded numbers, so it
//! may come out a few units in the last place too far: it counts as a little nearer, and no neighbour is lost.

use super::super::rows::{CHECK_EVERY, Rows};
use super::super::store::{Measure, PANEL, Store};
use super::{Asked, Nearest};
use crate::error::Result;

/// How many panels a leaf has at most.
const LEAF: usize = 2;

/// What a box's distance is multiplied by.
const SLACK: f64 = 1.0 - 1e-11;

/// Boxes in the order of their making; a box's second half is named by the first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// The smallest and the largest number of each feature, box by box.
    low: Vec<f64>,
    high: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
struct Node {
    /// The run of panels.
    start: u32,
    end: u32,
    /// Where the halves are; zero in a leaf, since no box holds the first one.
    halves: (u32, u32),
}

impl Tree {
    /// The tree, and the order in which it wants the rows stored.
    pub(super) fn grow(rows: &Rows<'_>) -> (Self, Vec<usize>) {
        let mut order: Vec<usize> = (0..rows.count).collect();
        let mut tree = Tree { nodes: Vec::new(), low: Vec::new(), high: Vec::new() };
        tree.split(rows, &mut order, 0);
        (tree, order)
    }

    /// Makes the box of these rows, the first of which starts a panel, and what is in it.
    fn split(&mut self, rows: &Rows<'_>, order: &mut [usize], start: usize) -> u32 {
        let columns = rows.columns;
        let own = self.nodes.len();
        let panels = order.len().div_ceil(PANEL);
        self.nodes.push(Node { start: start as u32, end: (start + panels) as u32, halves: (0, 0) });
        let at = self.low.len();
        self.low.resize(at + columns, f64::INFINITY);
        self.high.resize(at + columns, f64::NEG_INFINITY);
        for &i in &*order {
            let ends = self.low[at..].iter_mut().zip(&mut self.high[at..]);
            for ((low, high), &x) in ends.zip(rows.row(i)) {
                *low = if x < *low { x } else { *low };
                *high = if x > *high { x } else { *high };
            }
        }
        if panels > LEAF {
            let spread = |j: usize| self.high[at + j] - self.low[at + j];
            let widest = (0..columns).fold(0, |best, j| if spread(j) > spread(best) { j } else { best });
            let middle = panels / 2 * PANEL;
            let key = |i: &usize| rows.row(*i)[widest];
            order.select_nth_unstable_by(middle, |a, b| key(a).total_cmp(&key(b)).then(a.cmp(b)));
            let (left, right) = order.split_at_mut(middle);
            let first = self.split(rows, left, start);
            let second = self.split(rows, right, start + panels / 2);
            self.nodes[own].halves = (first, second);
        }
        own as u32
    }

    /// The distance of a query from a box, as a sum and a little less than that.
    fn distance(&self, node: u32, query: &[f64], factor: f64, measure: Measure) -> f64 {
        let at = node as usize * query.len();
        let (low, high) = (&self.low[at..at + query.len()], &self.high[at..at + query.len()]);
        let outside = || {
            query.iter().zip(low).zip(high).map(|((&q, &low), &high)| {
                let (below, above) = (low * factor - q, q - high * factor);
                let far = if below > above { below } else { above };
                if far > 0.0 { far } else { 0.0 }
            })
        };
        let most = || outside().fold(0.0, |most, d| if d > most { d } else { most });
        let sum: f64 = match measure {
            Measure::Products | Measure::Squares => outside().fold(0.0, |sum, d| sum + d * d),
            Measure::Absolutes => outside().sum(),
            Measure::Largest => most(),
            Measure::Powers(p) => match most() {
                0.0 => 0.0,
                most => most * outside().map(|d| (d / most).powf(p)).sum::<f64>().powf(1.0 / p),
            },
        };
        sum * SLACK
    }

    pub(super) fn search(
        &self,
        store: &Store,
        numbers: &[u32],
        factor: f64,
        asked: &Asked<'_>,
        take: &mut impl FnMut(usize, &mut Nearest),
        check: &mut dyn FnMut() -> Result<()>,
    ) -> Result<()> {
        let mut nearest = Nearest::new(asked.k);
        let mut open: Vec<(f64, u32)> = Vec::new();
        let mut sums = [0.0; LEAF * PANEL];
        let mut effort = 0;
        for (number, query) in asked.queries.chunks_exact(asked.columns).enumerate() {
            nearest.restart(asked.barred(number));
            open.clear();
            open.push((0.0, 0));
            while let Some((distance, at)) = open.pop() {
                if distance > nearest.worst {
                    continue;
                }
                let node = &self.nodes[at as usize];
                effort += 3 * asked.columns * PANEL;
                if node.halves == (0, 0) {
                    let (start, end) = (node.start as usize, node.end as usize);
                    let numbers = &numbers[start * PANEL..(end * PANEL).min(store.count)];
                    let sums = &mut sums[..(end - start) * PANEL];
                    store.measure(asked.measure, start..end, query, sums);
                    nearest.offer(&sums[..numbers.len()], numbers);
                    nearest.settle();
                    continue;
                }
                let (first, second) = node.halves;
                let far = |half| (self.distance(half, query, factor, asked.measure), half);
                let (first, second) = (far(first), far(second));
                // The nearer half is opened first: it comes last.
                let (near, far) = if first.0 <= second.0 { (first, second) } else { (second, first) };
                open.extend([far, near].into_iter().filter(|half| half.0 <= nearest.worst));
            }
            take(number, &mut nearest);
            if effort > CHECK_EVERY {
                check()?;
                effort = 0;
            }
        }
        Ok(())
    }
}

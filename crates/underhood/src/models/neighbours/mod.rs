//! Nearest neighbours (Fix and Hodges 1951; Cover and Hart 1967, doi:10.1109/TIT.1967.1053964): a row is judged by the training
//! rows that lie nearest to it.
//!
//! [`Neighbours`] finds them, by measuring every distance (`brute.rs`) or through a k-d tree (`tree.rs`); both give the
//! same bits. Of rows that are equally far the one with the lowest number comes first. [`class_shares`] and
//! [`neighbour_means`] make predictions of what was found.

mod brute;
mod nearest;
mod tree;
mod verdict;

use std::borrow::Cow;

use ndarray::{Array2, ArrayView2};

use self::nearest::Nearest;
use self::tree::Tree;
pub use self::verdict::{class_shares, neighbour_means, reciprocal_weights};
use super::rows::{Rows, same_features};
use super::store::{Measure, Store};
use crate::callback::Caught;
use crate::check;
use crate::error::{Error, Result};

/// How far apart two rows are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric {
    /// √Σ(x − z)²
    Euclidean,
    /// Σ|x − z|
    Manhattan,
    /// max|x − z|
    Chebyshev,
    /// (Σ|x − z|ᵖ)^(1/p); for p < 1 no metric, but a measure all the same.
    Minkowski(f64),
}

impl Metric {
    /// The metric of this name; p counts for "minkowski" only, where 1, 2 and infinity are the first three.
    ///
    /// # Errors
    /// The name is unknown, or p is less than 0.1.
    pub fn new(function: &'static str, name: &str, p: f64) -> Result<Self> {
        match name {
            "euclidean" | "l2" => Ok(Metric::Euclidean),
            "manhattan" | "l1" | "cityblock" => Ok(Metric::Manhattan),
            "chebyshev" | "infinity" => Ok(Metric::Chebyshev),
            "minkowski" => {
                // Below, the root of a sum overflows.
                check::in_range(function, "p", p, p >= 0.1, "at least 0.1")?;
                Ok(match p {
                    1.0 => Metric::Manhattan,
                    2.0 => Metric::Euclidean,
                    f64::INFINITY => Metric::Chebyshev,
                    _ => Metric::Minkowski(p),
                })
            }
            _ => Err(Error::UnknownName {
                function,
                argument: "metric",
                value: name.into(),
                allowed: &["minkowski", "euclidean", "manhattan", "chebyshev"],
            }),
        }
    }

    fn measure(self) -> Measure {
        match self {
            Metric::Euclidean => Measure::Squares,
            Metric::Manhattan => Measure::Absolutes,
            Metric::Chebyshev => Measure::Largest,
            Metric::Minkowski(p) => Measure::Powers(p),
        }
    }

    /// The distance, from what is measured.
    fn root(self, measured: f64) -> f64 {
        if self == Metric::Euclidean { measured.sqrt() } else { measured }
    }
}

/// How neighbours are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeighbourSearch {
    /// A tree for many rows of few features, else every distance.
    Auto,
    /// Every distance.
    Brute,
    /// A k-d tree.
    Tree,
}

/// Up to so many features a tree leaves out most rows.
const FEW_FEATURES: usize = 12;

/// From so many rows on a tree is worth its making.
const MANY_ROWS: usize = 1000;

/// Rows whose neighbours can be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    store: Store,
    /// Which row is stored in each place.
    order: Vec<u32>,
    tree: Option<Tree>,
    metric: Metric,
    largest: f64,
}

/// Distances and row numbers of the nearest, nearest first: queries × k.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// The distances.
    pub distances: Array2<f64>,
    /// The row numbers.
    pub rows: Array2<usize>,
}

impl Neighbours {
    /// Stores rows. They are copied once, sixteen side by side.
    ///
    /// ```
    /// use ndarray::array;
    /// use underhood::Error;
    /// use underhood::models::{Metric, NeighbourSearch, Neighbours};
    ///
    /// let rows = Neighbours::new("fit", array![[0.0], [3.0], [5.0]].view(), Metric::Euclidean, NeighbourSearch::Auto)?;
    /// let found = rows.nearest("kneighbors", array![[4.0]].view(), 2, || Ok::<(), Error>(()))?;
    /// assert_eq!(found.rows, array![[1, 2]]); // equally far: the first comes first
    /// assert_eq!(found.distances, array![[1.0, 1.0]]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// `x` is empty, or holds a NaN or an infinity.
    pub fn new(
        function: &'static str,
        x: ArrayView2<'_, f64>,
        metric: Metric,
        search: NeighbourSearch,
    ) -> Result<Self> {
        let rows = Rows::new(function, x)?;
        if u32::try_from(rows.count).is_err() {
            let problem = format!("has {} rows, more than can be numbered", rows.count);
            return Err(Error::Invalid { function, argument: "X", problem });
        }
        let planted = match search {
            NeighbourSearch::Brute => false,
            NeighbourSearch::Tree => true,
            NeighbourSearch::Auto => rows.count >= MANY_ROWS && rows.columns <= FEW_FEATURES,
        };
        let (tree, order) = if planted {
            let (tree, order) = Tree::grow(&rows);
            (Some(tree), order)
        } else {
            (None, (0..rows.count).collect())
        };
        let store = Store::gather(&rows, &order);
        let largest = store.largest();
        Ok(Neighbours { store, order: order.into_iter().map(|i| i as u32).collect(), tree, metric, largest })
    }

    /// The number of rows.
    pub fn count(&self) -> usize {
        self.store.count
    }

    /// The number of features.
    pub fn features(&self) -> usize {
        self.store.columns
    }

    /// The metric.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// Whether there is a tree.
    pub fn has_tree(&self) -> bool {
        self.tree.is_some()
    }

    /// The rows as they came in.
    pub fn rows(&self) -> Array2<f64> {
        let mut out = Array2::zeros((self.count(), self.features()));
        let mut row = vec![0.0; self.features()];
        for (place, &i) in self.order.iter().enumerate() {
            self.store.copy_row(place, &mut row);
            out.row_mut(i as usize).iter_mut().zip(&row).for_each(|(to, x)| *to = *x);
        }
        out
    }

    /// The `k` nearest rows of each query. `checkpoint` is called every few milliseconds; what it returns ends the search.
    ///
    /// # Errors
    /// `k` is zero or larger than the number of rows; `x` has other features, is empty, or holds a NaN or an infinity.
    pub fn nearest<E: From<Error>>(
        &self,
        function: &'static str,
        x: ArrayView2<'_, f64>,
        k: usize,
        mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Found, E> {
        let mut caught = Caught::new(function);
        let found = self.search(function, x, k, false, &mut || caught.catch(checkpoint()));
        caught.release(found)
    }

    /// The `k` nearest other rows of each row.
    ///
    /// # Errors
    /// As [`nearest`](Self::nearest), where a row has one row fewer to choose from.
    pub fn nearest_others<E: From<Error>>(
        &self,
        function: &'static str,
        k: usize,
        mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
    ) -> std::result::Result<Found, E> {
        let mut caught = Caught::new(function);
        let found = self.search(function, self.rows().view(), k, true, &mut || caught.catch(checkpoint()));
        caught.release(found)
    }

    fn search(
        &self,
        function: &'static str,
        x: ArrayView2<'_, f64>,
        k: usize,
        others: bool,
        checkpoint: &mut dyn FnMut() -> Result<()>,
    ) -> Result<Found> {
        let rows = Rows::new(function, x)?;
        same_features(function, rows.columns, self.features())?;
        let available = self.count() - usize::from(others);
        check::in_range(function, "n_neighbors", k as f64, k > 0, "at least 1")?;
        if k > available {
            let other = if others { "other " } else { "" };
            let problem = format!("is {k}, but there are {available} {other}training rows");
            return Err(Error::Invalid { function, argument: "n_neighbors", problem });
        }
        check::room(function, "distances", &[rows.count, k])?;
        let factor = self.factor(rows.values().iter().fold(self.largest, |most, x| most.max(x.abs())));
        let (store, queries) = if factor == 1.0 {
            (Cow::Borrowed(&self.store), Cow::Borrowed(rows.values()))
        } else {
            (Cow::Owned(self.store.scaled(factor)), rows.values().iter().map(|x| x * factor).collect())
        };
        let mut found = Found { distances: Array2::zeros((rows.count, k)), rows: Array2::zeros((rows.count, k)) };
        let mut take = |query: usize, nearest: &mut Nearest| {
            for (rank, &(sum, i)) in nearest.sorted().iter().enumerate() {
                found.distances[(query, rank)] = self.metric.root(sum) / factor;
                found.rows[(query, rank)] = i as usize;
            }
        };
        let asked = Asked { queries: &queries, columns: rows.columns, k, others, measure: self.metric.measure() };
        match &self.tree {
            Some(tree) if 2 * k < self.count() => {
                tree.search(&store, &self.order, factor, &asked, &mut take, checkpoint)?;
            }
            _ => brute::search(&store, &self.order, &asked, &mut take, checkpoint)?,
        }
        Ok(found)
    }

    /// The power of two that brings numbers as large as this to where powers of them neither overflow nor vanish; 1 if they do neither.
    fn factor(&self, largest: f64) -> f64 {
        let exponent = if self.metric == Metric::Euclidean { 2.0 } else { 1.0 };
        let room = self.features() as f64;
        if largest == 0.0 || (10f64.powf(-250.0 / exponent)..10f64.powf(290.0 / exponent) / room).contains(&largest) {
            return 1.0;
        }
        libm::ldexp(1.0, -(libm::ilogb(largest).clamp(-1000, 1000)))
    }
}

/// What is asked.
struct Asked<'a> {
    queries: &'a [f64],
    columns: usize,
    k: usize,
    /// Query i is training row i, which is not its own neighbour.
    others: bool,
    measure: Measure,
}

impl Asked<'_> {
    /// The row that a query must not find.
    fn barred(&self, query: usize) -> u32 {
        if self.others { query as u32 } else { u32::MAX }
    }
}

#[cfg(test)]
mod tests;

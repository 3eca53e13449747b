//! Columns for all products of columns up to a degree, so that a linear model of them is a polynomial.
//!
//! The products of degree d stand in the order of their factors: x₀², x₀x₁, x₀x₂, x₁², x₁x₂, x₂². Those that begin with xᵢ are then xᵢ times a
//! stretch of the products of degree d − 1, from the first one that begins with xᵢ (or, of different factors only, xᵢ₊₁) to their end: one
//! multiplication a number, side by side.

use ndarray::{ArrayView2, ArrayViewMut2};

use crate::check;
use crate::error::{Error, Result};
use crate::models::rows::{Rows, all_finite, same_features};

const FIT: &str = "PolynomialFeatures.fit";
const TRANSFORM: &str = "PolynomialFeatures.transform";

/// Which products become columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolynomialFeatures {
    /// Columns that go in.
    features: usize,
    /// The smallest and the largest degree.
    degrees: (usize, usize),
    /// Only products of different columns.
    interaction_only: bool,
    /// A column of ones first.
    include_bias: bool,
    /// For each degree from 1 on the place where its products begin, among all of degree 1 and more; and where the last ones end.
    starts: Vec<usize>,
}

impl PolynomialFeatures {
    /// Counts the products of X's columns.
    ///
    /// # Errors
    /// [`Error::NotFinite`] with its place; as [`new`](Self::new).
    pub fn fit(
        x: ArrayView2<'_, f64>,
        degrees: (usize, usize),
        interaction_only: bool,
        include_bias: bool,
    ) -> Result<Self> {
        let rows = Rows::new(FIT, x)?;
        PolynomialFeatures::new(rows.columns, degrees, interaction_only, include_bias)
    }

    /// Counts the products.
    ///
    /// ```
    /// use ndarray::{Array2, array};
    /// use underhood::models::PolynomialFeatures;
    ///
    /// let columns = PolynomialFeatures::new(2, (0, 2), false, true)?;
    /// let mut out = Array2::zeros((1, columns.count()));
    /// columns.transform_into(array![[2.0, 3.0]].view(), out.view_mut())?;
    /// assert_eq!(out, array![[1.0, 2.0, 3.0, 4.0, 6.0, 9.0]]);
    /// # Ok::<(), underhood::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::TooFew`] without a column, [`Error::Invalid`] when the smallest degree is larger than the largest, when there is no product at
    /// all, and when there are more than memory could number.
    pub fn new(features: usize, degrees: (usize, usize), interaction_only: bool, include_bias: bool) -> Result<Self> {
        check::at_least(FIT, "X", "columns", features, 1)?;
        let refuse = |problem: String| Error::Invalid { function: FIT, argument: "degree", problem };
        let (least, most) = degrees;
        if least > most {
            return Err(refuse(format!("goes from {least} to {most}, but must not fall")));
        }
        if most == 0 && !include_bias {
            return Err(refuse("is 0, which leaves no column without include_bias=True".into()));
        }
        // One entry a degree: of one column there is a product for each.
        check::room(FIT, "places of the products", &[most.min(if interaction_only { features } else { most })])?;
        let mut starts = vec![0];
        let (mut count, mut place) = (1_u128, 0_u128);
        for degree in 1..=most {
            // Choices of so many of the columns, with repetition or without.
            let from = if interaction_only { (features + 1).saturating_sub(degree) } else { features + degree - 1 };
            count = count.saturating_mul(from as u128) / degree as u128;
            place += count;
            if place > isize::MAX as u128 / 8 {
                return Err(refuse(format!("is {most}, which makes more columns of {features} than memory can hold")));
            }
            starts.push(place as usize);
            if count == 0 {
                break;
            }
        }
        let columns = PolynomialFeatures { features, degrees, interaction_only, include_bias, starts };
        if columns.count() == 0 {
            return Err(refuse(format!("begins at {least}, but {features} different columns have no such product")));
        }
        Ok(columns)
    }

    /// How many columns come out.
    pub fn count(&self) -> usize {
        usize::from(self.include_bias) + self.end() - self.begin()
    }

    /// Where the products of the smallest degree begin.
    fn begin(&self) -> usize {
        self.starts[self.degrees.0.saturating_sub(1).min(self.starts.len() - 1)]
    }

    fn end(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    /// Writes the products of each row of X.
    ///
    /// # Errors
    /// [`Error::NotFinite`] with its place, [`Error::Invalid`] for other columns than were counted and for products beyond the range of
    /// doubles, [`Error::Shape`] for a result of another shape.
    pub fn transform_into(&self, x: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) -> Result<()> {
        let rows = Rows::new(TRANSFORM, x)?;
        same_features(TRANSFORM, rows.columns, self.features)?;
        if out.dim() != (rows.count, self.count()) {
            let expected = format!("the result is {}×{}", rows.count, self.count());
            return Err(Error::Shape { function: TRANSFORM, argument: "out", shape: out.shape().to_vec(), expected });
        }
        let (begin, end, bias) = (self.begin(), self.end(), usize::from(self.include_bias));
        let steps = self.steps();
        let mut products = vec![0.0; end];
        for (i, mut out) in out.outer_iter_mut().enumerate() {
            let row = rows.row(i);
            self.multiply(row, &steps, &mut products);
            if !all_finite(&products) {
                let problem = format!("holds values so large that their products leave the range of doubles (row {i})");
                return Err(Error::Invalid { function: TRANSFORM, argument: "X", problem });
            }
            match out.as_slice_mut() {
                Some(out) => {
                    out[..bias].fill(1.0);
                    out[bias..].copy_from_slice(&products[begin..end]);
                }
                None => {
                    out.iter_mut().zip([1.0].iter().take(bias).chain(&products[begin..end])).for_each(|(o, v)| *o = *v)
                }
            }
        }
        Ok(())
    }

    /// For each stretch of products: the factor, where what it multiplies begins and ends, and where the products go.
    fn steps(&self) -> Vec<(usize, usize, usize, usize)> {
        let k = self.features;
        // Where in the last degree the products begin that start with column i.
        let mut heads: Vec<usize> = (0..=k).collect();
        let mut steps = Vec::new();
        for window in self.starts.windows(2).skip(1) {
            let (mut place, end) = (window[0], window[0]);
            let mut next = Vec::with_capacity(k + 1);
            for i in 0..k {
                let from = heads[if self.interaction_only { i + 1 } else { i }];
                next.push(place);
                if from < end {
                    steps.push((i, from, end, place));
                    place += end - from;
                }
            }
            next.push(place);
            heads = next;
        }
        steps
    }

    fn multiply(&self, row: &[f64], steps: &[(usize, usize, usize, usize)], products: &mut [f64]) {
        let first = row.len().min(products.len());
        products[..first].copy_from_slice(&row[..first]);
        for &(factor, from, end, place) in steps {
            let (done, to) = products.split_at_mut(place);
            let x = row[factor];
            to.iter_mut().zip(&done[from..end]).for_each(|(to, v)| *to = x * v);
        }
    }
}

//! Joint probability tables of several variables: marginals, conditionals, dependence (T. M. Cover and J. A. Thomas, 2006, Elements of
//! Information Theory, §2).

use ndarray::{ArrayD, ArrayView1, ArrayViewD, Axis, IxDyn};

use super::probabilities;
use crate::check::{in_range, same_length};
use crate::error::{Error, Result};

/// The joint probabilities of several variables with finitely many values, an axis for each.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    p: ArrayD<f64>,
}

impl Joint {
    /// The table of these probabilities; they are divided by their sum, so that a table printed with few digits will do.
    ///
    /// # Errors
    /// If one is negative, not a number, or they do not sum to 1 to within 1e-6.
    pub fn new(p: ArrayViewD<'_, f64>) -> Result<Self> {
        let total = probabilities("JointTable", "table", p.view())?;
        // What sums to 1 but for rounding stays as it is: a table made of a table's numbers is the same table.
        let rounding = f64::EPSILON * p.len() as f64;
        if (total - 1.0).abs() <= rounding {
            Ok(Joint { p: p.to_owned() })
        } else {
            Ok(Joint { p: p.mapv(|p| p / total) })
        }
    }

    /// The table of relative frequencies: how often each combination was seen, divided by how many were.
    ///
    /// # Errors
    /// If a count is negative or not finite, or all are 0. Counts need not be whole: weights will do.
    pub fn from_counts(counts: ArrayViewD<'_, f64>) -> Result<Self> {
        const FUNCTION: &str = "JointTable.from_counts";
        for &count in &counts {
            in_range(FUNCTION, "counts", count, (0.0..f64::INFINITY).contains(&count), "finite and not negative")?;
        }
        // On the scale of the largest, so that the sum cannot overflow.
        let largest = counts.fold(0.0_f64, |most, &count| most.max(count));
        if !(largest > 0.0) {
            let problem = "sum to 0, so there is nothing to divide by".into();
            return Err(Error::Invalid { function: FUNCTION, argument: "counts", problem });
        }
        let scaled = counts.mapv(|count| count / largest);
        let total = scaled.sum();
        Ok(Joint { p: scaled / total })
    }

    /// The probabilities.
    pub fn probabilities(&self) -> ArrayViewD<'_, f64> {
        self.p.view()
    }

    /// The table of the variables on these axes, in their order: the others are summed over.
    ///
    /// # Errors
    /// If there is no such axis, or one is named twice.
    pub fn marginal(&self, axes: &[usize]) -> Result<Joint> {
        self.table_of("marginal", axes)
    }

    fn table_of(&self, function: &'static str, axes: &[usize]) -> Result<Joint> {
        self.known(function, axes)?;
        let mut p = self.p.clone();
        for axis in (0..self.p.ndim()).rev().filter(|axis| !axes.contains(axis)) {
            p = p.sum_axis(Axis(axis));
        }
        // The axes that are left stand in the table's order.
        let mut left = axes.to_vec();
        left.sort_unstable();
        let order: Vec<usize> = axes.iter().filter_map(|axis| left.iter().position(|other| other == axis)).collect();
        Ok(Joint { p: p.permuted_axes(IxDyn(&order)).as_standard_layout().into_owned() })
    }

    /// The table of the other variables, given that the variable on `axis` has its value number `index`: (axis, index) for each
    /// that is known.
    ///
    /// # Errors
    /// If there is no such axis or value, or what is given has probability 0.
    pub fn conditional(&self, given: &[(usize, usize)]) -> Result<Joint> {
        let axes: Vec<usize> = given.iter().map(|(axis, _)| *axis).collect();
        self.known("conditional", &axes)?;
        let mut p = self.p.view();
        let mut given = given.to_vec();
        given.sort_unstable();
        for (axis, index) in given.into_iter().rev() {
            let length = p.len_of(Axis(axis));
            in_range("conditional", "given", index as f64, index < length, "the place of a value of the variable")?;
            p = p.index_axis_move(Axis(axis), index);
        }
        let total = p.sum();
        if !(total > 0.0) {
            let problem = "has probability 0, and nothing follows from it".into();
            return Err(Error::Invalid { function: "conditional", argument: "given", problem });
        }
        Ok(Joint { p: p.mapv(|p| p / total) })
    }

    /// What the table would be if the variables were independent: the product of their marginals.
    pub fn independent(&self) -> ArrayD<f64> {
        let mut product = ArrayD::ones(self.p.raw_dim());
        for axis in 0..self.p.ndim() {
            let others = (0..self.p.ndim()).rev().filter(|other| *other != axis);
            let marginal = others.fold(self.p.clone(), |p, other| p.sum_axis(Axis(other)));
            for (mut part, p) in product.axis_iter_mut(Axis(axis)).zip(&marginal) {
                part.mapv_inplace(|value: f64| value * p);
            }
        }
        product
    }

    /// The information in nats that the variables hold of one another, Σ p ln(p/q) with q as if independent; 0 if and only if they are.
    pub fn mutual_information(&self) -> f64 {
        // Each term as kl_div has it, p ln(p/q) − p + q ≥ 0: nothing cancels near independence.
        let independent = self.independent();
        let terms = self.p.iter().zip(&independent).map(|(&p, &q)| crate::special::kl_div(p, q));
        terms.sum()
    }

    /// E X of the variable on `axis`, if its values are these numbers.
    ///
    /// # Errors
    /// If there is no such axis, or not as many values as it has.
    pub fn mean(&self, axis: usize, values: ArrayView1<'_, f64>) -> Result<f64> {
        self.mean_in("mean", axis, values)
    }

    fn mean_in(&self, function: &'static str, axis: usize, values: ArrayView1<'_, f64>) -> Result<f64> {
        let marginal = self.table_of(function, &[axis])?;
        same_length(function, ("values", values.len()), ("table", marginal.p.shape()))?;
        Ok(marginal.p.iter().zip(values).map(|(p, x)| p * x).sum())
    }

    /// Cov(X, Y) = E(X − E X)(Y − E Y) of two variables with these values; of one with itself, its variance.
    ///
    /// # Errors
    /// As [`Joint::mean`].
    pub fn covariance(&self, x: (usize, ArrayView1<'_, f64>), y: (usize, ArrayView1<'_, f64>)) -> Result<f64> {
        const FUNCTION: &str = "covariance";
        let (mean_x, mean_y) = (self.mean_in(FUNCTION, x.0, x.1)?, self.mean_in(FUNCTION, y.0, y.1)?);
        if x.0 == y.0 {
            let marginal = self.table_of(FUNCTION, &[x.0])?;
            let products = x.1.iter().zip(y.1).map(|(x, y)| (x - mean_x) * (y - mean_y));
            return Ok(marginal.p.iter().zip(products).map(|(p, product)| p * product).sum());
        }
        let pair = self.table_of(FUNCTION, &[x.0, y.0])?;
        let terms = pair.p.indexed_iter().map(|(place, p)| p * (x.1[place[0]] - mean_x) * (y.1[place[1]] - mean_y));
        Ok(terms.sum())
    }

    fn known(&self, function: &'static str, axes: &[usize]) -> Result<()> {
        for (place, &axis) in axes.iter().enumerate() {
            let fine = axis < self.p.ndim() && !axes[..place].contains(&axis);
            in_range(function, "axes", axis as f64, fine, "an axis of the table, each at most once")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, array};

    use super::*;

    fn table() -> Joint {
        Joint::new(array![[0.1, 0.2], [0.3, 0.4]].into_dyn().view()).unwrap()
    }

    fn close(found: ArrayViewD<'_, f64>, expected: &ArrayD<f64>) -> bool {
        found.shape() == expected.shape() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15)
    }

    #[test]
    fn marginals_and_conditionals() {
        let joint = table();
        assert!(close(joint.marginal(&[0]).unwrap().probabilities(), &array![0.3, 0.7].into_dyn()));
        assert!(close(joint.marginal(&[1, 0]).unwrap().probabilities(), &array![[0.1, 0.3], [0.2, 0.4]].into_dyn()));
        assert!(close(joint.conditional(&[(1, 0)]).unwrap().probabilities(), &array![0.25, 0.75].into_dyn()));
        let nothing = Joint::new(array![[0.0, 1.0]].into_dyn().view()).unwrap().conditional(&[(1, 0)]);
        assert!(nothing.unwrap_err().to_string().contains("probability 0"));
        assert!(joint.marginal(&[0, 0]).is_err() && joint.marginal(&[2]).is_err());
    }

    #[test]
    fn moments_and_dependence() {
        let (joint, values) = (table(), array![0.0, 1.0]);
        // E X = 0.7, E Y = 0.6, E XY = 0.4: by hand.
        assert!((joint.mean(0, values.view()).unwrap() - 0.7).abs() < 1e-15);
        assert!((joint.covariance((0, values.view()), (1, values.view())).unwrap() + 0.02).abs() < 1e-15);
        assert!((joint.covariance((0, values.view()), (0, values.view())).unwrap() - 0.21).abs() < 1e-15);
        // Σ p ln(p/q) by mpmath: 0.1 ln(.1/.12) + 0.2 ln(.2/.18) + 0.3 ln(.3/.28) + 0.4 ln(.4/.42).
        assert!((joint.mutual_information() - 0.004_021_743_230_482_432).abs() < 1e-15);
        let independent = Joint::new(joint.independent().view()).unwrap();
        assert!(independent.mutual_information() < 1e-16);
    }

    #[test]
    fn errors_name_the_function_that_was_called() {
        let joint = Joint::new(array![[0.5, 0.0], [0.25, 0.25]].into_dyn().view()).unwrap();
        let values = array![0.0, 1.0];
        let error = joint.mean(2, values.view()).unwrap_err().to_string();
        assert!(error.starts_with("mean: axes"), "{error}");
        let error = joint.covariance((0, values.view()), (2, values.view())).unwrap_err().to_string();
        assert!(error.starts_with("covariance: axes"), "{error}");
    }
}

//! The design: the columns that y is explained by, the constant among them, laid out for the solvers and looked over for what
//! makes a regression impossible.

use ndarray::{ArrayView1, ArrayView2};

use crate::check;
use crate::error::{Error, Result};

/// The columns, scaled by powers of two so that each has its largest entry in [½, 1).
pub(in crate::stats) struct Design {
    /// Who asks, for messages.
    pub(super) function: &'static str,
    /// One column after the other, `rows` entries each; the constant, if any, is the first.
    pub(super) columns: Vec<f64>,
    pub(in crate::stats) rows: usize,
    /// Column j of the regression is column j here times 2^exponents\[j\].
    pub(in crate::stats) exponents: Vec<i32>,
    /// Whether the first column is the constant that was added.
    pub(super) intercept: bool,
    /// The column that is constant: the added one, or one of X's own.
    pub(in crate::stats) constant: Option<usize>,
}

impl Design {
    /// Checks X and lays it out.
    pub(in crate::stats) fn new(
        function: &'static str,
        x: ArrayView2<'_, f64>,
        intercept: bool,
        names: Option<&[String]>,
    ) -> Result<Self> {
        let (rows, given) = x.dim();
        check::at_least(function, "X", "columns", given, 1)?;
        let width = given + usize::from(intercept);
        check::at_least(function, "X", "rows", rows, width + 1)?;
        let mut design = Design {
            function,
            columns: Vec::with_capacity(rows * width),
            rows,
            exponents: Vec::with_capacity(width),
            intercept,
            constant: intercept.then_some(0),
        };
        if intercept {
            design.columns.resize(rows, 1.0);
            design.exponents.push(0);
        }
        for j in 0..given {
            design.push(x.column(j), j, names)?;
        }
        Ok(design)
    }

    /// Appends a column, scaled, if a regression can have it.
    fn push(&mut self, column: ArrayView1<'_, f64>, j: usize, names: Option<&[String]>) -> Result<()> {
        let (function, start) = (self.function, self.columns.len());
        self.columns.extend(column.iter());
        let column = &mut self.columns[start..];
        let largest = column.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if let Some(i) = column.iter().position(|v| !v.is_finite()) {
            return Err(Error::NotFinite { function, argument: "X", value: column[i], index: vec![i, j] });
        }
        let first = column[0];
        if column.iter().all(|&v| v == first) {
            let name = label(j, names);
            if first == 0.0 {
                let problem =
                    format!("has a column that is zero everywhere ({name}), which explains nothing; leave it out");
                return Err(Error::Invalid { function, argument: "X", problem });
            }
            if let Some(other) = self.constant {
                let twin = if self.intercept { "the intercept".into() } else { label(other, names) };
                let problem = format!(
                    "has a constant column ({name} is {first} everywhere), which cannot be told from {twin}; leave it out{}",
                    if self.intercept { ", or pass intercept=False" } else { "" }
                );
                return Err(Error::Invalid { function, argument: "X", problem });
            }
            self.constant = Some(j);
        }
        let exponent = libm::frexp(largest).1;
        if exponent != 0 {
            column.iter_mut().for_each(|v| *v = scaled(*v, -exponent));
        }
        self.exponents.push(exponent);
        Ok(())
    }

    /// Multiplies the rows by the roots of their weights; none leave them as they are.
    pub(super) fn weigh(&mut self, roots: &[f64]) {
        if !roots.is_empty() {
            for column in self.columns.chunks_exact_mut(self.rows) {
                column.iter_mut().zip(roots).for_each(|(v, w)| *v *= w);
            }
        }
    }

    /// The number of columns, the constant included.
    pub(in crate::stats) fn width(&self) -> usize {
        self.exponents.len()
    }

    /// Column j.
    pub(super) fn column(&self, j: usize) -> &[f64] {
        &self.columns[j * self.rows..(j + 1) * self.rows]
    }

    /// What to call column j in a message.
    pub(in crate::stats) fn name(&self, j: usize, names: Option<&[String]>) -> String {
        match (self.intercept, j) {
            (true, 0) => "the intercept".into(),
            (true, j) => label(j - 1, names),
            (false, j) => label(j, names),
        }
    }
}

/// The response y, scaled by a power of two so that its largest entry is in [½, 1).
pub(super) struct Response {
    pub(super) values: Vec<f64>,
    pub(super) exponent: i32,
}

impl Response {
    /// Checks y and scales it; beside a constant, a y that is constant leaves nothing to explain.
    pub(super) fn new(function: &'static str, y: ArrayView1<'_, f64>, constant: bool) -> Result<Self> {
        check::finite_vector(function, "y", y)?;
        let mut values = y.to_vec();
        let first = values[0];
        if values.iter().all(|&v| v == first) && (constant || first == 0.0) {
            let consequence = "there is no variation to explain";
            return Err(Error::Constant { function, argument: "y", value: first, consequence });
        }
        let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let exponent = libm::frexp(largest).1;
        if exponent != 0 {
            values.iter_mut().for_each(|v| *v = scaled(*v, -exponent));
        }
        Ok(Response { values, exponent })
    }
}

/// v·2^e; the common case needs no call.
#[inline]
fn scaled(v: f64, e: i32) -> f64 {
    if (-1000..=1000).contains(&e) { v * f64::from_bits(((1023 + e) as u64) << 52) } else { libm::ldexp(v, e) }
}

/// `column 2`, or `column 2 ("weight")`.
fn label(j: usize, names: Option<&[String]>) -> String {
    match names.and_then(|names| names.get(j)) {
        Some(name) => format!("column {j} ({name:?})"),
        None => format!("column {j}"),
    }
}

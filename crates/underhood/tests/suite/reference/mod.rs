//! Reads tables of reference values and holds functions against them.

use std::collections::BTreeMap;

use underhood::distributions::Continuous;

/// One line of a table: a function's name, its arguments and its value.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) arguments: Vec<f64>,
    pub(crate) value: f64,
}

/// Compares `evaluate` with every row (lines that begin with # are remarks), prints the worst relative error of every function, and fails where one exceeds `tolerance`.
/// Gives the number of functions.
pub(crate) fn compare(table: &str, evaluate: fn(&str, &[f64]) -> f64, tolerance: fn(&Row) -> f64) -> usize {
    let mut worst: BTreeMap<String, (f64, String)> = BTreeMap::new();
    let mut failures = Vec::new();
    for (line, row) in rows(table) {
        let found = evaluate(&row.name, &row.arguments);
        let error = (found / row.value - 1.0).abs();
        if !(error <= tolerance(&row)) {
            failures.push(format!("{line} but found {found:e}: error {error:.1e}, allowed {:.1e}", tolerance(&row)));
        }
        let entry = worst.entry(row.name).or_insert((-1.0, String::new()));
        if !(error <= entry.0) {
            *entry = (error, line.to_owned());
        }
    }
    for (name, (error, line)) in &worst {
        println!("{name:14} worst relative error {error:.1e} at {line}");
    }
    assert!(failures.is_empty(), "{} values are wrong:\n{}", failures.len(), failures.join("\n"));
    worst.len()
}

/// The lines of a table that are not remarks, and what they say.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = (&str, Row)> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| (line, parse(line)))
}

fn parse(line: &str) -> Row {
    let fields: Vec<&str> = line.split(',').collect();
    let number = |text: &&str| text.parse::<f64>().unwrap_or_else(|_| panic!("{text} in {line}"));
    let (value, arguments) = fields[1..].split_last().unwrap_or_else(|| panic!("no value in {line}"));
    Row { name: fields[0].to_owned(), arguments: arguments.iter().map(number).collect(), value: number(value) }
}

/// What a change of a probability p by so many ulps changes its quantile x, relative to x.
pub(crate) fn ulps(count: f64, distribution: &(impl Continuous + ?Sized), x: f64, p: f64) -> f64 {
    let slope = (distribution.logpdf(x) + x.abs().ln()).exp();
    count * f64::EPSILON * p / slope
}

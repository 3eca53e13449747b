//! The 27 nonlinear regressions of NIST's Statistical Reference Datasets (<https://www.itl.nist.gov/div898/strd/>, public domain;
//! the files in `data/nls` are NIST's), each from both of its starts.

use std::f64::consts::PI;
use std::fs;
use std::path::Path;

use underhood::Error;
use underhood::optimize::{Fitted, Fitting, least_squares, parameter_covariance};

/// A data set with its model and what NIST certifies.
struct Regression {
    name: &'static str,
    model: fn(&[f64], &[f64]) -> f64,
    /// The data: y first, then what it is explained by; Nelson's y is a logarithm.
    rows: Vec<Vec<f64>>,
    starts: [Vec<f64>; 2],
    parameters: Vec<f64>,
    deviations: Vec<f64>,
    sum_of_squares: f64,
}

/// A name, and the model of x and the parameters.
type Model = (&'static str, fn(&[f64], &[f64]) -> f64);

const MODELS: [Model; 27] = [
    ("Misra1a", saturation),
    ("Chwirut2", decay),
    ("Chwirut1", decay),
    ("Lanczos3", exponentials),
    ("Gauss1", gauss),
    ("Gauss2", gauss),
    ("DanWood", |b, x| b[0] * x[0].powf(b[1])),
    ("Misra1b", |b, x| b[0] * (1.0 - (1.0 + b[1] * x[0] / 2.0).powi(-2))),
    ("Kirby2", |b, x| {
        let x = x[0];
        (b[0] + x * (b[1] + x * b[2])) / (1.0 + x * (b[3] + x * b[4]))
    }),
    ("Hahn1", cubics),
    ("Nelson", |b, x| b[0] - b[1] * x[0] * (-b[2] * x[1]).exp()),
    ("MGH17", |b, x| b[0] + b[1] * (-x[0] * b[3]).exp() + b[2] * (-x[0] * b[4]).exp()),
    ("Lanczos1", exponentials),
    ("Lanczos2", exponentials),
    ("Gauss3", gauss),
    ("Misra1c", |b, x| b[0] * (1.0 - (1.0 + 2.0 * b[1] * x[0]).powf(-0.5))),
    ("Misra1d", |b, x| b[0] * b[1] * x[0] / (1.0 + b[1] * x[0])),
    ("Roszman1", |b, x| b[0] - b[1] * x[0] - (b[2] / (x[0] - b[3])).atan() / PI),
    ("ENSO", |b, x| {
        let wave = |cosine: f64, sine: f64, period: f64| {
            let angle = 2.0 * PI * x[0] / period;
            cosine * angle.cos() + sine * angle.sin()
        };
        b[0] + wave(b[1], b[2], 12.0) + wave(b[4], b[5], b[3]) + wave(b[7], b[8], b[6])
    }),
    ("MGH09", |b, x| b[0] * (x[0] * x[0] + x[0] * b[1]) / (x[0] * x[0] + x[0] * b[2] + b[3])),
    ("Thurber", cubics),
    ("BoxBOD", saturation),
    ("Rat42", |b, x| b[0] / (1.0 + (b[1] - b[2] * x[0]).exp())),
    ("MGH10", |b, x| b[0] * (b[1] / (x[0] + b[2])).exp()),
    ("Eckerle4", |b, x| b[0] / b[1] * (-0.5 * ((x[0] - b[2]) / b[1]).powi(2)).exp()),
    ("Rat43", |b, x| b[0] / (1.0 + (b[1] - b[2] * x[0]).exp()).powf(1.0 / b[3])),
    ("Bennett5", |b, x| b[0] * (b[1] + x[0]).powf(-1.0 / b[2])),
];

fn saturation(b: &[f64], x: &[f64]) -> f64 {
    b[0] * (1.0 - (-b[1] * x[0]).exp())
}

fn decay(b: &[f64], x: &[f64]) -> f64 {
    (-b[0] * x[0]).exp() / (b[1] + b[2] * x[0])
}

fn exponentials(b: &[f64], x: &[f64]) -> f64 {
    b.chunks_exact(2).map(|b| b[0] * (-b[1] * x[0]).exp()).sum()
}

fn gauss(b: &[f64], x: &[f64]) -> f64 {
    let bell = |b: &[f64]| b[0] * (-((x[0] - b[1]) / b[2]).powi(2)).exp();
    b[0] * (-b[1] * x[0]).exp() + bell(&b[2..5]) + bell(&b[5..8])
}

fn cubics(b: &[f64], x: &[f64]) -> f64 {
    let x = x[0];
    (b[0] + x * (b[1] + x * (b[2] + x * b[3]))) / (1.0 + x * (b[4] + x * (b[5] + x * b[6])))
}

/// Reads all data sets, in NIST's order of difficulty.
fn regressions() -> Vec<Regression> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nls");
    MODELS.iter().map(|&(name, model)| read(name, model, &folder)).collect()
}

fn read(name: &'static str, model: fn(&[f64], &[f64]) -> f64, folder: &Path) -> Regression {
    let text = fs::read_to_string(folder.join(format!("{name}.dat"))).expect("the arguments are good");
    let numbers = |line: &str| line.split_whitespace().filter_map(|word| word.parse().ok()).collect::<Vec<f64>>();
    let mut starts = [vec![], vec![]];
    let (mut parameters, mut deviations, mut rows, mut sum_of_squares) = (vec![], vec![], vec![], f64::NAN);
    let mut in_data = false;
    for line in text.lines() {
        if let Some((label, values)) = line.split_once('=')
            && label.trim().starts_with('b')
            && label.trim().len() == 2
        {
            let values = numbers(values);
            starts[0].push(values[0]);
            starts[1].push(values[1]);
            parameters.push(values[2]);
            deviations.push(values[3]);
        } else if let Some(value) = line.strip_prefix("Residual Sum of Squares:") {
            sum_of_squares = value.trim().parse().expect("the arguments are good");
        } else if in_data && !line.trim().is_empty() {
            rows.push(numbers(line));
        }
        in_data |= line.starts_with("Data:") && line.contains('y') && line.contains('x') && !line.contains('(');
    }
    if name == "Nelson" {
        rows.iter_mut().for_each(|row| row[0] = row[0].ln());
    }
    Regression { name, model, rows, starts, parameters, deviations, sum_of_squares }
}

impl Regression {
    /// The differences between model and data.
    fn residuals(&self, b: &[f64], into: &mut [f64]) -> Result<(), Error> {
        into.iter_mut().zip(&self.rows).for_each(|(r, row)| *r = (self.model)(b, &row[1..]) - row[0]);
        Ok(())
    }
}

/// −log₁₀ of the largest relative error, at most 11: the certified digits.
fn digits(found: &[f64], certified: &[f64]) -> f64 {
    let worst = found.iter().zip(certified).map(|(f, c)| ((f - c) / c).abs()).fold(0.0, f64::max);
    if worst.is_nan() { 0.0 } else { (-worst.log10()).clamp(0.0, 11.0) }
}

fn deviations(fit: &Fitted) -> Vec<f64> {
    let (m, n) = fit.jacobian.dim();
    let variance = 2.0 * fit.cost / (m - n) as f64;
    let covariance = parameter_covariance(fit.jacobian.view()).expect("the arguments are good").matrix;
    (0..n).map(|i| (variance * covariance[[i, i]]).sqrt()).collect()
}

#[test]
fn all_are_solved_from_both_starts_to_nine_digits() {
    let mut least = (f64::INFINITY, f64::INFINITY);
    for problem in regressions() {
        assert_eq!(problem.parameters.len(), problem.starts[0].len());
        for start in &problem.starts {
            let residuals = |b: &[f64], into: &mut [f64]| problem.residuals(b, into);
            let fit = least_squares(residuals, None, start, problem.rows.len(), &Fitting::of(start.len()))
                .expect("the arguments are good");
            assert!(fit.converged, "{}: {}", problem.name, fit.message);
            let parameters = digits(fit.x.as_slice().expect("the arguments are good"), &problem.parameters);
            let spread = digits(&deviations(&fit), &problem.deviations);
            println!("{:10} {parameters:5.1} {spread:5.1}", problem.name);
            assert!(parameters >= 9.0, "{}: {parameters} digits", problem.name);
            // The residuals of Lanczos1 are 1e-13 beside values of order 1: doubles hold three of their digits.
            assert!(spread >= if problem.name == "Lanczos1" { 2.5 } else { 8.5 }, "{}: {spread} digits", problem.name);
            if problem.name != "Lanczos1" {
                assert!((2.0 * fit.cost / problem.sum_of_squares - 1.0).abs() < 1e-8, "{}", problem.name);
                least = (least.0.min(parameters), least.1.min(spread));
            }
        }
    }
    println!("least: {least:.1?}");
}

//! Derivatives of a collection of functions, against mpmath's to 20 digits (data/derivatives.tsv, made by data/derivatives.py).

use underhood::Error;
use underhood::calculus::{Doubt, Estimate, Method, Options, derivative, gradient};

type Function = fn(f64) -> f64;

/// The functions of the table, as one writes them; in the order of the generator.
const FUNCTIONS: &[(&str, Function)] = &[
    ("exp", f64::exp),
    ("sin", f64::sin),
    ("cos", f64::cos),
    ("tan", f64::tan),
    ("log", f64::ln),
    ("sqrt", f64::sqrt),
    ("reciprocal", |x| 1.0 / x),
    ("square", |x| x * x),
    ("cube", |x| x * x * x),
    ("polynomial", |x| x.powi(5) - 4.0 * x.powi(3) + 2.0 * x - 1.0),
    ("runge", |x| 1.0 / (1.0 + 25.0 * x * x)),
    ("near_pole", |x| 1.0 / (1.0 - x)),
    ("log1p", f64::ln_1p),
    ("expm1", f64::exp_m1),
    ("sinh", f64::sinh),
    ("cosh", f64::cosh),
    ("tanh", f64::tanh),
    ("atan", f64::atan),
    ("asin", f64::asin),
    ("acos", f64::acos),
    ("asinh", libm::asinh),
    ("acosh", libm::acosh),
    ("atanh", libm::atanh),
    ("gauss", |x| (-x * x).exp()),
    ("logistic", |x| 1.0 / (1.0 + (-x).exp())),
    ("softplus", |x| (1.0 + x.exp()).ln()),
    ("steep_logistic", |x| 1.0 / (1.0 + (-1000.0 * (x - 0.5)).exp())),
    ("narrow_gauss", |x| (-1e6 * (x - 1.0) * (x - 1.0)).exp()),
    ("fast_sine", |x| (1e3 * x).sin()),
    ("very_fast_sine", |x| (1e6 * x).sin()),
    ("slow_sine", |x| (x / 1024.0).sin()),
    ("slow_exp", |x| (x / 1048576.0).exp()),
    ("sine_product", |x| x * x * x.sin()),
    ("damped", |x| (-x).exp() * (2.0 * x).cos()),
    ("chirp", |x| (x * x).sin()),
    ("essential", |x| (-1.0 / x).exp()),
    ("x_log_x", |x| x * x.ln()),
    ("x_to_x", |x| x.powf(x)),
    ("power", |x| x.powf(2.5)),
    ("three_halves", |x| x * x.sqrt()),
    ("offset", |x| 1e6 + x.sin()),
    ("hypotenuse", |x| (1.0 + x * x).sqrt()),
    ("rounded_corner", |x| (x * x + f64::powi(2.0, -40)).sqrt()),
    ("rational", |x| (x * x * x - 2.0) / (x * x + 1.0)),
    ("sinc", |x| x.sin() / x),
    ("log_sine", |x| (2.0 + x.sin()).ln()),
    ("log_cosh", |x| x.cosh().ln()),
    ("nested", |x| x.exp().sin()),
    ("inverse_square", |x| 1.0 / (x * x)),
    ("cosine_root", |x| x.sqrt().cos()),
];

fn infallible(f: impl Fn(f64) -> f64) -> impl FnMut(f64) -> Result<f64, Error> {
    move |x| Ok(f(x))
}

fn order(order: usize) -> Options {
    let mut options = Options::default();
    options.order = order;
    options
}

fn slope(f: impl Fn(f64) -> f64, x: f64) -> Estimate {
    derivative(infallible(f), x, &Options::default()).unwrap()
}

struct Score {
    mean_digits: f64,
    worst: (f64, String),
    honest: usize,
    falsely_converged: usize,
    not_converged: usize,
    cases: usize,
    evaluations: usize,
}

/// Runs one order over the table. A case's digits are those of the relative error, 16 at most; where the exact value is zero only
/// honesty is scored.
fn collection(p: usize) -> Score {
    let mut score = Score {
        mean_digits: 0.0,
        worst: (17.0, String::new()),
        honest: 0,
        falsely_converged: 0,
        not_converged: 0,
        cases: 0,
        evaluations: 0,
    };
    let mut scored = 0;
    for line in include_str!("data/derivatives.tsv").lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (name, x, exact): (&str, f64, f64) =
            (fields[0], fields[1].parse().unwrap(), fields[1 + p].parse().unwrap());
        if exact.is_nan() {
            continue;
        }
        let f = FUNCTIONS.iter().find(|(known, _)| *known == name).unwrap().1;
        let estimate = derivative(infallible(f), x, &order(p)).unwrap();
        let error = (estimate.value - exact).abs();
        score.cases += 1;
        score.evaluations += estimate.evaluations;
        score.not_converged += usize::from(!estimate.converged);
        let honest = error <= estimate.error + f64::EPSILON * exact.abs();
        score.honest += usize::from(honest);
        // Wrong is: by more than ten times what was admitted, or (if nothing was) by more than a thousandth.
        let wrong = error > 10.0 * estimate.error + 4.0 * f64::EPSILON * exact.abs();
        score.falsely_converged += usize::from(estimate.converged && wrong);
        let digits = if exact == 0.0 { f64::NAN } else { (-(error / exact.abs()).log10()).clamp(0.0, 16.0) };
        if !digits.is_nan() {
            scored += 1;
            score.mean_digits += digits;
            if digits < score.worst.0 {
                score.worst = (digits, format!("{name} at {x}"));
            }
        }
        if std::env::var_os("SHOW").is_some() {
            println!(
                "{p} {name:16} {x:12e} digits {digits:5.1} exact {exact:12e} error {error:8.1e} claimed {:8.1e} calls {:3} {}{}",
                estimate.error,
                estimate.evaluations,
                if honest { "" } else { "UNDERESTIMATED " },
                if estimate.converged { "" } else { "not converged" },
            );
        }
    }
    score.mean_digits /= f64::from(scored);
    println!(
        "order {p}: {:.2} digits on average of {} cases, fewest {:.1} ({}); error estimate held in {}, {} not converged, {} falsely; {:.1} calls on average",
        score.mean_digits,
        score.cases,
        score.worst.0,
        score.worst.1,
        score.honest,
        score.not_converged,
        score.falsely_converged,
        score.evaluations as f64 / score.cases as f64
    );
    score
}

#[test]
fn collection_all() {
    for p in 1..=4 {
        collection(p);
    }
}

#[test]
fn hard_show() {
    let cases: &[(&str, Function, f64)] = &[
        ("abs", f64::abs, 0.0), ("relu", |x| x.max(0.0), 0.0), ("abs shifted", |x| (x - 0.3).abs(), 0.3), ("near corner", |x| (x-1e-9).abs(), 0.0), ("near corner 2", |x| (x-0.3).abs(), 0.3+1e-13),
        ("sign", |x| if x > 0.0 {1.0} else if x < 0.0 {-1.0} else {0.0}, 0.0), ("floor", f64::floor, 1.0), ("floor .5", f64::floor, 0.5), ("step", |x| if x >= 0.0 {1.0} else {0.0}, 0.0),
        ("sqrt 0", f64::sqrt, 0.0), ("cbrt 0", f64::cbrt, 0.0), ("x|x|", |x| x*x.abs(), 0.0), ("hinge2", |x| x.max(0.0).powi(2), 0.0), ("x^1.5", |x| x*x.sqrt(), 0.0), ("|x|^1.5", |x| x.abs().powf(1.5), 0.0),
        ("noisy 1e-8", |x| x.exp() + 1e-8*((x*1e9).sin()*1e5).sin(), 1.0), ("f32", |x| f64::from((x as f32).exp()), 1.0), ("ripple", |x| x + 1e-5*(1e8*x).sin(), 0.3),
        ("x at max", |x| x * 0.5, 1.7e308), ("subnormal", |x| x * 3.0, 5e-324), ("subnormal 2", |x| x * 3.0, 1e-310), ("cos 1e-300", f64::cos, 1e-300), ("const", |_| 5.0, 2.0), ("zero", |_| 0.0, 0.0), ("id", |x| x, 0.0), ("1e6x+2", |x| 1e6*x+2.0, 1e-9),
        ("log(1-x)", |x| (1.0-x).ln(), 1.0-2f64.powi(-53)), ("log(1-x)b", |x| (1.0-x).ln(), 1.0-2f64.powi(-40)), ("sqrt1m", |x| (1.0-x).sqrt(), 1.0), ("x^2 on x>=0", |x| if x<0.0 {f64::NAN} else {x*x}, 0.0),("exp on x>=0", |x| if x<0.0 {f64::NAN} else {x.exp()}, 0.0),
        ("flat tail", |x| (-x*x).exp(), 1e-4), ("sinc 0", |x| x.sin()/x, 0.0), ("period", |x| (2.0*std::f64::consts::PI*64.0*x).sin(), 0.0), ("exp(-1/x2)", |x| if x==0.0 {0.0} else {(-1.0/(x*x)).exp()}, 0.0), ("x2sin1/x", |x| if x==0.0 {0.0} else {x*x*(1.0/x).sin()}, 0.0), ("xsin1/x", |x| if x==0.0 {0.0} else {x*(1.0/x).sin()}, 0.0),
        ("huge f", |x| 1e308*x, 1.0), ("tiny f", |x| 1e-310*x*x, 1.0), ("round", |x| (x*1e6).round()/1e6, 0.3), ("isolated", |x| if x==1.0 {1.0} else {f64::NAN}, 1.0), ("pole cross", |x| 1.0/x, 1e-300), ("1e17+sin", |x| 1e17+x.sin(), 1.0), ("gamma-like", |x| 1e-300*x.exp(), 1.0),
        ("weier", |x| (0..25).map(|k| 0.5f64.powi(k)*(3f64.powi(k)*x).cos()).sum(), 0.3), ("bump", |x| 1.0/(1.0+1e12*(x-0.5)*(x-0.5)), 0.5+1e-7),("dirichletish", |x| x.fract()*7.0, 0.99999),
    ];
    for (name, f, x) in cases {
        let e = slope(*f, *x);
        println!("{name:14} {x:8.1e} {:22e} ± {:8.1e} n {:4} {:?} {:?}", e.value, e.error, e.evaluations, e.method, e.doubt);
    }
}

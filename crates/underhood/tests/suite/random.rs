//! Do the samplers draw from their distributions? Kolmogorov–Smirnov and chi-square tests against the special functions' tails.
//!
//! The ordinary tests make 10,000 draws a case. The long sweep makes 10⁶, and asks the tails besides:
//! `make sweep`, which is `cargo test --release -p underhood --test suite random -- --ignored --nocapture`.
//!
//! Seeds are fixed, so a test that passes passes always. A case fails below a p-value of 1e-5: among two hundred that is met by chance
//! once in five hundred changes of the samplers.

use underhood::random::Stream;
use underhood::special::{
    betainc, betainc_in_place, betaincc, betaincc_in_place, gammainc, gammainc_in_place, gammaincc, gammaincc_in_place,
    gammaln, ndtr_in_place,
};

/// What was tested, and how likely worse is.
struct Outcome {
    name: String,
    p_value: f64,
}

/// The tests of one run.
struct Sweep {
    draws: usize,
    outcomes: Vec<Outcome>,
}

impl Sweep {
    fn note(&mut self, name: String, p_value: f64) {
        self.outcomes.push(Outcome { name, p_value });
    }

    /// Draws of a continuous distribution; `cdf` and `sf` replace draws by probabilities.
    fn continuous(
        &mut self,
        name: String,
        fill: impl FnOnce(&mut Stream, &mut [f64]),
        cdf: impl FnOnce(&mut [f64]),
        sf: impl FnOnce(&mut [f64]),
    ) {
        let mut lower = vec![0.0; self.draws];
        fill(
            &mut Stream::seeded(name.bytes().fold(11, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte))),
            &mut lower,
        );
        assert!(lower.iter().all(|x| !x.is_nan()), "{name}: NaN");
        let mut upper = lower.clone();
        cdf(&mut lower);
        sf(&mut upper);
        self.note(format!("{name}, KS"), kolmogorov_smirnov(&mut lower.clone()));
        // Decades of both tails.
        let (mut edges, mut edge) = (vec![], 0.1);
        while edge * self.draws as f64 >= 10.0 {
            edges.push(edge);
            edge /= 10.0;
        }
        let n = self.draws as f64;
        for (side, values) in [("lower tail", &lower), ("upper tail", &upper)] {
            let counts: Vec<f64> =
                edges.iter().map(|edge| values.iter().filter(|p| *p < edge).count() as f64).collect();
            let mut cells = vec![(n - counts[0], n * (1.0 - edges[0]))];
            for i in 0..edges.len() {
                let (next, beyond) = if i + 1 < edges.len() { (counts[i + 1], edges[i + 1]) } else { (0.0, 0.0) };
                cells.push((counts[i] - next, n * (edges[i] - beyond)));
            }
            self.note(format!("{name}, {side}"), chi_square(&cells));
        }
    }

    /// Draws of a distribution on the whole numbers, from its mean, standard deviation and distribution function.
    fn discrete(
        &mut self,
        name: String,
        fill: impl FnOnce(&mut Stream, &mut [f64]),
        (mean, deviation): (f64, f64),
        cdf: impl Fn(f64) -> f64,
    ) {
        let mut draws = vec![0.0; self.draws];
        fill(
            &mut Stream::seeded(name.bytes().fold(5, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte))),
            &mut draws,
        );
        assert!(draws.iter().all(|x| *x >= 0.0 && *x == x.floor()), "{name}: not a count");
        draws.sort_unstable_by(f64::total_cmp);
        let mut edges: Vec<f64> = (-60..=200).map(|t| (mean + deviation * f64::from(t) * 0.1).floor()).collect();
        edges.extend((0..12).map(f64::from));
        edges.retain(|edge| *edge >= 0.0);
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup();
        let n = self.draws as f64;
        let (mut cells, mut before, mut seen) = (vec![], 0.0, 0.0);
        for edge in edges {
            let (at, count) = (cdf(edge), draws.partition_point(|x| *x <= edge) as f64);
            cells.push((count - seen, n * (at - before)));
            (before, seen) = (at, count);
        }
        cells.push((n - seen, n * (1.0 - before)));
        self.note(name, chi_square(&cells));
    }

    /// Draws of a distribution that is given by the probabilities of bins.
    fn binned(
        &mut self,
        name: String,
        fill: impl FnOnce(&mut Stream, &mut [f64]),
        edges: &[f64],
        probabilities: &[f64],
    ) {
        let mut draws = vec![0.0; self.draws];
        fill(&mut Stream::seeded(name.len() as u64), &mut draws);
        draws.sort_unstable_by(f64::total_cmp);
        let mut cells = vec![];
        for (edges, probability) in edges.windows(2).zip(probabilities) {
            let count = draws.partition_point(|x| *x < edges[1]) - draws.partition_point(|x| *x < edges[0]);
            cells.push((count as f64, self.draws as f64 * probability));
        }
        self.note(name, chi_square(&cells));
    }

    fn finish(mut self) {
        self.outcomes.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
        let count = self.outcomes.len();
        println!("{count} tests of {} draws; the smallest p-values:", self.draws);
        self.outcomes.iter().take(8).for_each(|o| println!("  {:.2e}  {}", o.p_value, o.name));
        let mut all: Vec<f64> = self.outcomes.iter().map(|o| o.p_value).collect();
        println!("  the p-values themselves, KS against uniform: {:.3}", kolmogorov_smirnov(&mut all));
        for outcome in &self.outcomes {
            assert!(outcome.p_value > 1e-5, "{}: p = {:e}", outcome.name, outcome.p_value);
        }
    }
}

/// The p-value of draws that should be uniform on [0, 1] (Stephens 1970's correction of Kolmogorov's limit).
fn kolmogorov_smirnov(p: &mut [f64]) -> f64 {
    p.sort_unstable_by(f64::total_cmp);
    let n = p.len() as f64;
    let distance = p
        .iter()
        .enumerate()
        .fold(0.0, |most: f64, (i, &p)| most.max((p - i as f64 / n).abs()).max(((i + 1) as f64 / n - p).abs()));
    let lambda = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * distance;
    if lambda < 0.3 {
        return 1.0;
    }
    let sum: f64 = (1..60)
        .map(f64::from)
        .map(|k| (if k % 2.0 == 1.0 { 2.0 } else { -2.0 }) * (-2.0 * k * k * lambda * lambda).exp())
        .sum();
    sum.clamp(0.0, 1.0)
}

/// The p-value of counts and what is expected; neighbours are pooled up to an expectation of 10.
fn chi_square(cells: &[(f64, f64)]) -> f64 {
    let (mut pooled, mut open) = (Vec::<(f64, f64)>::new(), (0.0, 0.0));
    for &(count, expected) in cells {
        open = (open.0 + count, open.1 + expected);
        if open.1 >= 10.0 {
            pooled.push(open);
            open = (0.0, 0.0);
        }
    }
    match pooled.last_mut() {
        Some(last) => *last = (last.0 + open.0, last.1 + open.1),
        None => pooled.push(open),
    }
    if pooled.len() < 2 {
        // One cell: it holds every draw.
        let (count, expected) = pooled[0];
        return if (count - expected).abs() <= 1e-6 * expected { 1.0 } else { 0.0 };
    }
    let statistic: f64 = pooled.iter().map(|(count, expected)| (count - expected).powi(2) / expected).sum();
    gammaincc(0.5 * (pooled.len() - 1) as f64, 0.5 * statistic)
}

fn each(formula: impl Fn(f64) -> f64) -> impl FnOnce(&mut [f64]) {
    move |x| x.iter_mut().for_each(|x| *x = formula(*x))
}

fn continuous_cases(sweep: &mut Sweep) {
    sweep.continuous("uniform".into(), |s, out| s.fill_uniform(out), |_| (), each(|x| 1.0 - x));
    sweep.continuous(
        "normal".into(),
        |s, out| s.fill_normal(out),
        ndtr_in_place,
        |x| {
            x.iter_mut().for_each(|x| *x = -*x);
            ndtr_in_place(x);
        },
    );
    sweep.continuous(
        "exponential".into(),
        |s, out| s.fill_exponential(out),
        each(|x| -(-x).exp_m1()),
        each(|x| (-x).exp()),
    );
    for shape in [0.1, 0.3, 0.5, 0.9, 0.999, 1.0, 1.001, 1.5, 2.5, 10.0, 100.0, 1e4, 1e8, 1e12, 1e18] {
        sweep.continuous(
            format!("gamma, {shape}"),
            move |s, out| s.fill_gamma(shape, out),
            move |x| gammainc_in_place(shape, x),
            move |x| gammaincc_in_place(shape, x),
        );
    }
    // Below e⁻³⁰ the incomplete gamma function is its first term.
    let lower = |a: f64, y: f64| if y < -30.0 { (a * y - gammaln(a + 1.0)).exp() } else { gammainc(a, y.exp()) };
    let upper = |a: f64, y: f64| if y < -30.0 { -(a * y - gammaln(a + 1.0)).exp_m1() } else { gammaincc(a, y.exp()) };
    for shape in [1e-300, 1e-10, 1e-3, 0.02, 0.5, 1.0, 3.0, 1e6] {
        sweep.continuous(
            format!("log gamma, {shape}"),
            move |s, out| s.fill_log_gamma(shape, out),
            each(move |y| lower(shape, y)),
            each(move |y| upper(shape, y)),
        );
    }
    for (a, b) in [
        (0.5, 0.5),
        (0.1, 0.7),
        (1.0, 1.0),
        (1.0, 3.0),
        (0.3, 20.0),
        (2.0, 3.0),
        (0.06, 5.0),
        (0.03, 2.0),
        (100.0, 200.0),
        (1e5, 3.0),
        (1e8, 1e8),
        (1e10, 2.0),
    ] {
        sweep.continuous(
            format!("beta, {a}, {b}"),
            move |s, out| s.fill_beta(a, b, out),
            move |x| betainc_in_place(a, b, x),
            move |x| betaincc_in_place(a, b, x),
        );
    }
    // Below 1e-308 and above 1 − 1e-16 draws of tiny shapes are 0 and 1: their numbers beside those between.
    for (a, b) in [(0.1, 0.2), (1e-3, 2e-3), (1e-3, 5.0), (1e-310, 3e-310), (1e-200, 1.0)] {
        let edges = [-1.0, 1e-300, 1e-100, 1e-10, 0.5, 0.999, 2.0];
        let at = |x: f64| if x < 0.0 { 0.0 } else { betainc(a, b, x.min(1.0)) };
        // The incomplete function is not asked below the smallest normal shape: there is nothing between 0 and 1.
        let at = |x: f64| {
            if a > 1e-308 {
                at(x)
            } else if x < 0.0 {
                0.0
            } else if x < 1.0 {
                b / (a + b)
            } else {
                1.0
            }
        };
        let probabilities: Vec<f64> = edges.windows(2).map(|edge| at(edge[1]) - at(edge[0])).collect();
        sweep.binned(format!("beta, {a}, {b}"), |s, out| s.fill_beta(a, b, out), &edges, &probabilities);
    }
    for kappa in [0.0, 1e-9, 0.01, 0.5, 1.0, 4.0, 100.0, 1e4, 1e10, 1e100, 1e305] {
        let reach = std::f64::consts::PI.min(9.0 / f64::sqrt(kappa));
        let density = |x: f64| (-2.0 * kappa * (0.5 * x).sin().powi(2)).exp();
        let edges: Vec<f64> = (0..=200).map(|i| reach * (f64::from(i) / 100.0 - 1.0)).collect();
        // Simpson's rule with ten panels a bin.
        let masses: Vec<f64> = edges
            .windows(2)
            .map(|edge| {
                let step = (edge[1] - edge[0]) / 20.0;
                let weights = (0..=20).map(|i| if i == 0 || i == 20 { 1.0 } else { 2.0 + f64::from(2 * (i % 2)) });
                weights.zip(0..).map(|(w, i)| w * density(edge[0] + step * f64::from(i))).sum::<f64>()
            })
            .collect();
        let total: f64 = masses.iter().sum();
        let probabilities: Vec<f64> = masses.iter().map(|mass| mass / total).collect();
        let mut closed = edges;
        closed[200] = reach * (1.0 + 1e-15);
        sweep.binned(format!("von Mises, {kappa}"), |s, out| s.fill_von_mises(kappa, out), &closed, &probabilities);
    }
}

fn discrete_cases(sweep: &mut Sweep) {
    for rate in [0.0, 1e-300, 1e-3, 0.5, 3.0, 9.99, 10.0, 12.5, 30.0, 300.0, 1e3, 1e5, 1e9, 1e15, 1e17, 1e20] {
        sweep.discrete(
            format!("Poisson, {rate}"),
            |s, out| s.fill_poisson(rate, out),
            (rate, f64::sqrt(rate)),
            |k| {
                if rate == 0.0 { 1.0 } else { gammaincc(k + 1.0, rate) }
            },
        );
    }
    for (n, p) in [
        (0, 0.3),
        (1, 0.5),
        (10, 0.5),
        (20, 1.0 - 1e-16),
        (100, 0.3),
        (25, 0.45),
        (1000, 0.02),
        (1000, 0.97),
        (100_000, 0.5),
        (10_000_000, 0.1),
        (10_000_000, 0.999),
        (1_000_000_000, 1e-8),
        (1_000_000_000_000, 3e-4),
        (1_000_000_000_000_000_000, 1e-18),
        (1_000_000_000_000_000_000, 1e-300),
        (1_000_000_000_000_000_000, 1e-6),
        (1_000_000_000_000_000_000, 0.5),
        (1_000_000_000_000_000_000, 1.0),
    ] {
        let total = n as f64;
        sweep.discrete(
            format!("binomial, {n}, {p}"),
            |s, out| s.fill_binomial(n, p, out),
            (total * p, f64::sqrt(total * p * (1.0 - p))),
            |k| if k >= total { 1.0 } else { betaincc(k + 1.0, total - k, p) },
        );
    }
    for p in [1.0, 0.9, 0.5, 0.1, 1e-3, 1e-10] {
        sweep.discrete(
            format!("geometric, {p}"),
            |s, out| s.fill_geometric(p, out),
            (1.0 / p, 1.0 / p),
            |k| {
                if p == 1.0 { f64::from(u8::from(k >= 1.0)) } else { -(k * (-p).ln_1p()).exp_m1() }
            },
        );
    }
    for (r, p) in [
        (3.5, 0.3),
        (1.0, 0.5),
        (0.1, 0.01),
        (0.01, 1e-5),
        (0.1, 1e-6),
        (200.0, 0.01),
        (1e6, 1e-3),
        (1e6, 0.999),
        (2.0, 1.0),
        (1e10, 1e-4),
    ] {
        let (mean, deviation) = (r * (1.0 - p) / p, f64::sqrt(r * (1.0 - p)) / p);
        sweep.discrete(
            format!("negative binomial, {r}, {p}"),
            |s, out| s.fill_negative_binomial(r, p, out),
            (mean, deviation),
            |k| if p == 1.0 { 1.0 } else { betainc(r, k + 1.0, p) },
        );
    }
    for (population, successes, draws) in [
        (50, 10, 20),
        (50, 40, 20),
        (50, 10, 45),
        (50, 40, 45),
        (7, 7, 3),
        (7, 0, 3),
        (1000, 500, 500),
        (100_000, 30_000, 99_000),
        (20_000_000, 5_000_000, 10_000_000),
        (20_000_000, 15_000_000, 9_000_000),
        (20_000_000, 15_000_000, 12_000_000),
        (20_000_000, 6_000_000, 12_000_000),
    ] {
        let (n, s, d) = (population as f64, successes as f64, draws as f64);
        let (mean, variance) = (d * s / n, d * (s / n) * (1.0 - s / n) * ((n - d) / (n - 1.0)));
        let choose = |n: f64, k: f64| gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0);
        // Sums from nine standard deviations below the mean on.
        let first = (mean - 9.0 * variance.sqrt() - 10.0).max(s + d - n).max(0.0).floor();
        let (mut sums, mut sum, mut k) = (vec![], 0.0, first);
        while k <= s.min(d) && k < mean + 9.0 * variance.sqrt() + 10.0 {
            sum += (choose(s, k) + choose(n - s, d - k) - choose(n, d)).exp();
            sums.push(sum);
            k += 1.0;
        }
        sweep.discrete(
            format!("hypergeometric, {population}, {successes}, {draws}"),
            |stream, out| stream.fill_hypergeometric(population, successes, draws, out),
            (mean, variance.sqrt()),
            |k| if k < first { 0.0 } else { sums[((k - first) as usize).min(sums.len() - 1)] / sum },
        );
    }
    for weights in
        [vec![0.1, 0.2, 0.3, 0.4], vec![0.0, 1.0, 0.0, 2.0, 0.0], (1..1000).map(|i| 1.0 / f64::from(i)).collect()]
    {
        let total: f64 = weights.iter().sum();
        let cdf = |k: f64| weights.iter().take(k as usize + 1).sum::<f64>() / total;
        let length = weights.len();
        sweep.discrete(
            format!("categorical, {length}"),
            |s, out| s.fill_categorical(&weights, out),
            (0.5 * length as f64, 0.1 * length as f64),
            cdf,
        );
    }
    for bound in [1, 2, 6, 1000, 3_u64 << 62, u64::MAX] {
        let size = bound as f64;
        sweep.discrete(
            format!("below {bound}"),
            |s, out| s.fill_below(bound, out),
            (0.5 * size, 0.1 * size),
            |k| ((k + 1.0) / size).min(1.0),
        );
    }
}

/// Neighbours, and draws eight apart, which come from one of the eight generators: in 16 × 16 cells.
fn independence_cases(sweep: &mut Sweep) {
    let mut draws = vec![0.0; sweep.draws + 8];
    Stream::seeded(2).fill_uniform(&mut draws);
    for lag in [1, 2, 8] {
        let mut counts = vec![0.0; 256];
        for i in 0..sweep.draws {
            counts[(draws[i] * 16.0) as usize * 16 + (draws[i + lag] * 16.0) as usize] += 1.0;
        }
        let cells: Vec<_> = counts.iter().map(|count| (*count, sweep.draws as f64 / 256.0)).collect();
        sweep.note(format!("uniform, pairs {lag} apart"), chi_square(&cells));
    }
    // One draw each of many slices: what a loop over single draws makes.
    let mut stream = Stream::seeded(3);
    let mut single = vec![0.0; sweep.draws.min(100_000)];
    single.chunks_mut(1).for_each(|draw| stream.fill_normal(draw));
    ndtr_in_place(&mut single);
    sweep.note("normal, one at a time, KS".into(), kolmogorov_smirnov(&mut single));
}

fn sweep(draws: usize) {
    let mut sweep = Sweep { draws, outcomes: vec![] };
    continuous_cases(&mut sweep);
    discrete_cases(&mut sweep);
    independence_cases(&mut sweep);
    sweep.finish();
}

#[test]
fn samplers_draw_from_their_distributions() {
    sweep(10_000);
}

#[test]
#[ignore = "ten seconds when optimised: see the command above"]
fn samplers_draw_from_their_distributions_a_million_times() {
    sweep(1_000_000);
}

#[test]
fn every_number_is_in_its_range() {
    let mut stream = Stream::seeded(9);
    let mut out = vec![0.0; 100_000];
    stream.fill_uniform(&mut out);
    assert!(out.iter().all(|x| *x > 0.0 && *x < 1.0));
    stream.fill_exponential(&mut out);
    assert!(out.iter().all(|x| *x > 0.0 && x.is_finite()));
    // Most draws are below the smallest double, and their logarithms are right.
    stream.fill_gamma(1e-3, &mut out);
    assert!(out.iter().all(|x| *x >= 0.0) && out.contains(&0.0));
    stream.fill_von_mises(0.3, &mut out);
    assert!(out.iter().all(|x| x.abs() <= std::f64::consts::PI));
    stream.fill_categorical(&[0.0, 0.5, 0.0, 0.5, 0.0], &mut out);
    assert!(out.iter().all(|x| *x == 1.0 || *x == 3.0));
}

#[test]
fn extreme_parameters_end_and_give_no_nan() {
    let numbers =
        [5e-324, 1e-310, 1e-300, 1e-20, 0.5, 1.0, 1.0 - 1e-16, 7.3, 1e5, 1e15, 9.1e15, 1e18, 1e100, 1e300, 1.7e308];
    let counts = [0, 1, 2, 1000, 1 << 53, 1_000_000_000_000_000_000, u64::MAX - 1, u64::MAX];
    let mut out = [0.0; 40];
    for length in [1, 40] {
        let out = &mut out[..length];
        let mut check = |name: String, fill: &dyn Fn(&mut Stream, &mut [f64])| {
            fill(&mut Stream::seeded(4), out);
            assert!(out.iter().all(|x| !x.is_nan()), "{name}: {out:?}");
        };
        for x in numbers {
            check(format!("gamma {x:e}"), &|s, out| s.fill_gamma(x, out));
            check(format!("log gamma {x:e}"), &|s, out| s.fill_log_gamma(x, out));
            check(format!("Poisson {x:e}"), &|s, out| s.fill_poisson(x, out));
            check(format!("von Mises {x:e}"), &|s, out| s.fill_von_mises(x, out));
            for y in numbers {
                check(format!("beta {x:e} {y:e}"), &|s, out| s.fill_beta(x, y, out));
                if y <= 1.0 {
                    check(format!("negative binomial {x:e} {y:e}"), &|s, out| s.fill_negative_binomial(x, y, out));
                }
            }
            if x <= 1.0 {
                check(format!("geometric {x:e}"), &|s, out| s.fill_geometric(x, out));
                for n in counts {
                    check(format!("binomial {n} {x:e}"), &|s, out| s.fill_binomial(n, x, out));
                }
            }
        }
        for population in counts {
            for successes in counts.into_iter().filter(|n| *n <= population) {
                for draws in counts.into_iter().filter(|n| *n <= population) {
                    let name = format!("hypergeometric {population} {successes} {draws}");
                    check(name, &|s, out| s.fill_hypergeometric(population, successes, draws, out));
                }
            }
        }
    }
}

#[test]
fn parameters_without_meaning_give_nan_and_no_panic() {
    let mut stream = Stream::seeded(1);
    let mut out = [0.0; 3];
    let nan = |out: &mut [f64]| {
        assert!(out.iter().all(|x| x.is_nan()));
        out.fill(0.0);
    };
    for bad in [f64::NAN, -1.0, f64::INFINITY] {
        stream.fill_gamma(bad, &mut out);
        nan(&mut out);
        stream.fill_log_gamma(bad, &mut out);
        nan(&mut out);
        stream.fill_beta(bad, 1.0, &mut out);
        nan(&mut out);
        stream.fill_beta(1.0, bad, &mut out);
        nan(&mut out);
        stream.fill_poisson(bad, &mut out);
        nan(&mut out);
        stream.fill_von_mises(bad, &mut out);
        nan(&mut out);
        stream.fill_geometric(bad, &mut out);
        nan(&mut out);
        stream.fill_binomial(3, bad, &mut out);
        nan(&mut out);
        stream.fill_negative_binomial(bad, 0.5, &mut out);
        nan(&mut out);
        stream.fill_negative_binomial(1.0, bad, &mut out);
        nan(&mut out);
        stream.fill_categorical(&[0.5, bad], &mut out);
        nan(&mut out);
    }
    stream.fill_hypergeometric(3, 4, 1, &mut out);
    nan(&mut out);
    stream.fill_below(0, &mut out);
    nan(&mut out);
    stream.fill_categorical(&[], &mut out);
    nan(&mut out);
}

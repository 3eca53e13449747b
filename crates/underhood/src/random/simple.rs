//! The samplers one draw at a time.

use rand_distr::Distribution;

use super::Stream;
use super::portable::ln;

pub(super) fn uniform(stream: &mut Stream, out: &mut [f64]) {
    for out in out {
        *out = stream.uniform().max(f64::EPSILON / 4.0);
    }
}

pub(super) fn normal(stream: &mut Stream, out: &mut [f64]) {
    for out in out {
        *out = stream.normal();
    }
}

pub(super) fn exponential(stream: &mut Stream, out: &mut [f64]) {
    for out in out {
        *out = -ln(1.0 - stream.uniform());
    }
}

fn fill<D, T>(stream: &mut Stream, law: Result<D, impl Sized>, out: &mut [f64], number: impl Fn(T) -> f64)
where
    D: Distribution<T>,
{
    match law {
        Ok(law) => out.iter_mut().for_each(|out| *out = number(law.sample(&mut stream.0))),
        Err(_) => out.fill(0.0),
    }
}

pub(super) fn gamma(stream: &mut Stream, shape: f64, out: &mut [f64]) {
    fill(stream, rand_distr::Gamma::new(shape, 1.0), out, |x: f64| x);
}

pub(super) fn log_gamma(stream: &mut Stream, shape: f64, out: &mut [f64]) {
    gamma(stream, shape + 1.0, out);
    for out in out {
        *out = ln(*out) + ln(stream.uniform().max(f64::EPSILON / 4.0)) / shape;
    }
}

pub(super) fn beta(stream: &mut Stream, a: f64, b: f64, out: &mut [f64]) {
    let mut other = vec![0.0; out.len()];
    log_gamma(stream, a, out);
    log_gamma(stream, b, &mut other);
    for (out, b) in out.iter_mut().zip(other) {
        *out = 1.0 / (1.0 + super::portable::exp(b - *out));
    }
}

pub(super) fn poisson(stream: &mut Stream, rate: f64, out: &mut [f64]) {
    fill(stream, rand_distr::Poisson::new(rate), out, |x: f64| x);
}

pub(super) fn binomial(stream: &mut Stream, n: u64, p: f64, out: &mut [f64]) {
    fill(stream, rand_distr::Binomial::new(n, p), out, |x: u64| x as f64);
}

pub(super) fn geometric(stream: &mut Stream, p: f64, out: &mut [f64]) {
    fill(stream, rand_distr::Geometric::new(p), out, |x: u64| x as f64 + 1.0);
}

pub(super) fn negative_binomial(stream: &mut Stream, r: f64, p: f64, out: &mut [f64]) {
    gamma(stream, r, out);
    for out in out {
        let rate = *out * (1.0 - p) / p;
        poisson(stream, rate, std::slice::from_mut(out));
    }
}

pub(super) fn hypergeometric(stream: &mut Stream, population: u64, successes: u64, draws: u64, out: &mut [f64]) {
    fill(stream, rand_distr::Hypergeometric::new(population, successes, draws), out, |x: u64| x as f64);
}

pub(super) fn von_mises(stream: &mut Stream, kappa: f64, out: &mut [f64]) {
    for out in out {
        loop {
            let angle = std::f64::consts::PI * (2.0 * stream.uniform() - 1.0);
            if stream.uniform() < super::portable::exp(kappa * (angle.cos() - 1.0)) {
                *out = angle;
                break;
            }
        }
    }
}

pub(super) fn categorical(stream: &mut Stream, probabilities: &[f64], out: &mut [f64]) {
    let total: f64 = probabilities.iter().sum();
    for out in out {
        let mut left = stream.uniform() * total;
        let place = probabilities.iter().position(|p| {
            left -= p;
            left < 0.0
        });
        *out = place.unwrap_or(0) as f64;
    }
}

pub(super) fn below(stream: &mut Stream, bound: u64, out: &mut [f64]) {
    for out in out {
        *out = if bound == 0 { 0.0 } else { stream.below(bound) as f64 };
    }
}

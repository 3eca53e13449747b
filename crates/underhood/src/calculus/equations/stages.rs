//! The slopes at the stages of a Runge–Kutta step, and sums of them.

/// Slopes of length n, one after the other.
#[derive(Debug)]
pub(super) struct Stages {
    n: usize,
    slopes: Vec<f64>,
}

/// The nonzero weights of a sum of slopes, each with its stage.
pub(super) type Row<const S: usize> = [(usize, f64); S];

impl Stages {
    pub(super) fn new(n: usize, count: usize) -> Self {
        Stages { n, slopes: vec![0.0; n * count] }
    }

    pub(super) fn get(&self, stage: usize) -> &[f64] {
        &self.slopes[stage * self.n..(stage + 1) * self.n]
    }

    pub(super) fn get_mut(&mut self, stage: usize) -> &mut [f64] {
        &mut self.slopes[stage * self.n..(stage + 1) * self.n]
    }

    /// y + h Σ aⱼ kⱼ.
    #[inline]
    pub(super) fn advance<const S: usize>(&self, row: &Row<S>, h: f64, y: &[f64], into: &mut [f64]) {
        let (y, n) = (&y[..into.len()], into.len());
        let slopes = row.map(|(stage, _)| &self.get(stage)[..n]);
        for i in 0..n {
            let mut sum = row[0].1 * slopes[0][i];
            for s in 1..S {
                sum += row[s].1 * slopes[s][i];
            }
            into[i] = y[i] + h * sum;
        }
        if into.iter().any(|to| !to.is_finite()) {
            self.careful(row, h, y, into);
        }
    }

    /// The same next to the largest doubles, where weights may take a sum beyond them that the step brings back.
    #[cold]
    fn careful(&self, row: &[(usize, f64)], h: f64, y: &[f64], into: &mut [f64]) {
        for (i, into) in into.iter_mut().enumerate() {
            *into = row.iter().fold(y[i], |sum, (stage, weight)| sum + h * weight * self.get(*stage)[i]);
        }
    }

    /// Σ aⱼ kⱼ in component i.
    #[inline]
    pub(super) fn sum<const S: usize>(&self, row: &Row<S>, i: usize) -> f64 {
        row.iter().map(|&(stage, a)| a * self.slopes[stage * self.n + i]).sum()
    }

    /// The same divided by a number, without overflow on the way.
    #[inline]
    pub(super) fn share<const S: usize>(&self, row: &Row<S>, i: usize, of: f64) -> f64 {
        let sum = self.sum(row, i);
        if sum.is_finite() {
            return sum / of;
        }
        row.iter().map(|&(stage, a)| a * (self.slopes[stage * self.n + i] / of)).sum()
    }
}

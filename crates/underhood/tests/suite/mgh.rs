//! The test problems of J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing unconstrained optimization software", ACM
//! Transactions on Mathematical Software 7 (1981) 17–41, <https://doi.org/10.1145/355934.355936>: sums of squares f = Σ fᵢ(x)²
//! with the paper's numbers, dimensions, starts and minimum values. The paper misprints Gulf's exponent (11); it is |yᵢ − x₂|.
//!
//! The 35 problems stand here in 38 sizes (Watson's in 6, 9 and 12 variables, Chebyquad in 8 and 10). Each is run from its
//! standard start and from ten times that; Watson's start is the origin, so there are [`runs`] of 73.

use std::f64::consts::PI;

/// A sum of squares.
#[derive(Clone)]
pub(crate) struct Problem {
    /// The paper's number.
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    /// How many residuals there are.
    pub(crate) m: usize,
    /// The standard start; its length is the number of variables.
    pub(crate) start: Vec<f64>,
    /// The least value, then those of the local minima that the paper lists.
    pub(crate) minima: Vec<f64>,
    residuals: fn(&[f64], &mut [f64]),
    /// Writes ∂fᵢ/∂xⱼ at i n + j, over zeros.
    jacobian: fn(&[f64], &mut [f64]),
}

impl Problem {
    pub(crate) fn n(&self) -> usize {
        self.start.len()
    }

    /// The residuals f₁ … f_m.
    pub(crate) fn residuals(&self, x: &[f64], into: &mut [f64]) {
        (self.residuals)(x, into);
    }

    /// Their derivatives, row by row.
    pub(crate) fn jacobian(&self, x: &[f64], into: &mut [f64]) {
        into.fill(0.0);
        (self.jacobian)(x, into);
    }

    /// Σ fᵢ².
    pub(crate) fn value(&self, x: &[f64]) -> f64 {
        let mut f = vec![0.0; self.m];
        self.residuals(x, &mut f);
        f.iter().map(|f| f * f).sum()
    }

    /// 2 Jᵀ f.
    pub(crate) fn gradient(&self, x: &[f64], into: &mut [f64]) {
        let n = self.n();
        let (mut f, mut jacobian) = (vec![0.0; self.m], vec![0.0; self.m * n]);
        self.residuals(x, &mut f);
        self.jacobian(x, &mut jacobian);
        into.fill(0.0);
        for (f, row) in f.iter().zip(jacobian.chunks(n)) {
            // A slope of nought adds nothing, though the residual overflow.
            into.iter_mut().zip(row).filter(|(_, slope)| **slope != 0.0).for_each(|(g, slope)| *g += 2.0 * f * slope);
        }
    }

    /// Whether this value is a minimum to `tolerance`, relative; `floor` is what counts as zero.
    pub(crate) fn solved(&self, value: f64, tolerance: f64, floor: f64) -> bool {
        let least = self.minima[0];
        value <= least * (1.0 + tolerance) + floor
            || self.minima[1..].iter().any(|local| (value - local).abs() <= local * tolerance)
    }
}

/// All sizes of all problems, in the paper's order.
pub(crate) fn problems() -> Vec<Problem> {
    let linear = vec![1.0; 10];
    let alternating = |n: usize, values: &[f64]| values.iter().copied().cycle().take(n).collect::<Vec<f64>>();
    let shares = |n: usize| (1..=n).map(move |j| j as f64 / (n + 1) as f64);
    let curve = shares(10).map(|t| t * (t - 1.0)).collect::<Vec<f64>>();
    let make = |number, name, m, start, minima: &[f64], residuals, jacobian| Problem {
        number,
        name,
        m,
        start,
        minima: minima.to_vec(),
        residuals,
        jacobian,
    };
    vec![
        make(1, "Rosenbrock", 2, vec![-1.2, 1.0], &[0.0], rosenbrock, rosenbrock_j),
        make(2, "Freudenstein and Roth", 2, vec![0.5, -2.0], &[0.0, 48.984_253_68], freudenstein, freudenstein_j),
        make(3, "Powell badly scaled", 2, vec![0.0, 1.0], &[0.0], powell_badly, powell_badly_j),
        make(4, "Brown badly scaled", 3, vec![1.0, 1.0], &[0.0], brown_badly, brown_badly_j),
        make(5, "Beale", 3, vec![1.0, 1.0], &[0.0], beale, beale_j),
        make(6, "Jennrich and Sampson", 10, vec![0.3, 0.4], &[124.362_182], jennrich, jennrich_j),
        make(7, "Helical valley", 3, vec![-1.0, 0.0, 0.0], &[0.0], helical, helical_j),
        make(8, "Bard", 15, vec![1.0; 3], &[8.214_877_3e-3, 17.428_692], bard, bard_j),
        make(9, "Gaussian", 15, vec![0.4, 1.0, 0.0], &[1.127_932_8e-8], gaussian, gaussian_j),
        make(10, "Meyer", 16, vec![0.02, 4000.0, 250.0], &[87.945_855], meyer, meyer_j),
        make(11, "Gulf", 99, vec![5.0, 2.5, 0.15], &[0.0], gulf, gulf_j),
        make(12, "Box", 10, vec![0.0, 10.0, 20.0], &[0.0], boxes, boxes_j),
        make(13, "Powell singular", 4, vec![3.0, -1.0, 0.0, 1.0], &[0.0], powell_singular, powell_singular_j),
        make(14, "Wood", 6, vec![-3.0, -1.0, -3.0, -1.0], &[0.0], wood, wood_j),
        make(
            15,
            "Kowalik and Osborne",
            11,
            vec![0.25, 0.39, 0.415, 0.39],
            &[3.075_056_04e-4, 1.027_34e-3],
            kowalik,
            kowalik_j,
        ),
        make(16, "Brown and Dennis", 20, vec![25.0, 5.0, -5.0, -1.0], &[85_822.201_6], brown_dennis, brown_dennis_j),
        make(17, "Osborne 1", 33, vec![0.5, 1.5, -1.0, 0.01, 0.02], &[5.464_894_7e-5], osborne_1, osborne_1_j),
        make(18, "Biggs EXP6", 13, vec![1.0, 2.0, 1.0, 1.0, 1.0, 1.0], &[0.0, 5.655_65e-3], biggs, biggs_j),
        make(
            19,
            "Osborne 2",
            65,
            vec![1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5],
            &[4.013_773_6e-2],
            osborne_2,
            osborne_2_j,
        ),
        make(20, "Watson 6", 31, vec![0.0; 6], &[2.287_670_05e-3], watson, watson_j),
        make(20, "Watson 9", 31, vec![0.0; 9], &[1.399_760_1e-6], watson, watson_j),
        make(20, "Watson 12", 31, vec![0.0; 12], &[4.722_38e-10], watson, watson_j),
        make(21, "Extended Rosenbrock", 10, alternating(10, &[-1.2, 1.0]), &[0.0], rosenbrock, rosenbrock_j),
        make(
            22,
            "Extended Powell",
            12,
            alternating(12, &[3.0, -1.0, 0.0, 1.0]),
            &[0.0],
            powell_singular,
            powell_singular_j,
        ),
        make(23, "Penalty I", 11, (1..=10).map(f64::from).collect(), &[7.087_651_5e-5], penalty_1, penalty_1_j),
        make(24, "Penalty II", 20, vec![0.5; 10], &[2.936_605_4e-4], penalty_2, penalty_2_j),
        make(
            25,
            "Variably dimensioned",
            12,
            (1..=10).map(|j| 1.0 - f64::from(j) / 10.0).collect(),
            &[0.0],
            variably,
            variably_j,
        ),
        make(26, "Trigonometric", 10, vec![0.1; 10], &[0.0], trigonometric, trigonometric_j),
        make(27, "Brown almost linear", 10, vec![0.5; 10], &[0.0, 1.0], almost_linear, almost_linear_j),
        make(28, "Discrete boundary value", 10, curve.clone(), &[0.0], boundary, boundary_j),
        make(29, "Discrete integral equation", 10, curve, &[0.0], integral, integral_j),
        make(30, "Broyden tridiagonal", 10, vec![-1.0; 10], &[0.0], tridiagonal, tridiagonal_j),
        make(31, "Broyden banded", 10, vec![-1.0; 10], &[0.0], banded, banded_j),
        make(32, "Linear, full rank", 20, linear.clone(), &[10.0], full_rank, full_rank_j),
        make(33, "Linear, rank 1", 20, linear.clone(), &[380.0 / 82.0], rank_1, rank_1_j),
        make(34, "Linear, rank 1, zeros", 20, linear, &[454.0 / 74.0], rank_1_zeros, rank_1_zeros_j),
        make(35, "Chebyquad 8", 8, shares(8).collect(), &[3.516_873_7e-3], chebyquad, chebyquad_j),
        make(35, "Chebyquad 10", 10, shares(10).collect(), &[6.503_95e-3], chebyquad, chebyquad_j),
    ]
}

/// Every problem with each start that it is run from, and whether that is the tenfold one.
pub(crate) fn runs() -> Vec<(Problem, Vec<f64>, bool)> {
    problems()
        .into_iter()
        .flat_map(|problem| {
            let far: Vec<f64> = problem.start.iter().map(|x| 10.0 * x).collect();
            let moved = far != problem.start;
            let near = (problem.clone(), problem.start.clone(), false);
            std::iter::once(near).chain(moved.then_some((problem, far, true)))
        })
        .collect()
}

/// i, counted from 1.
fn from_one(i: usize) -> f64 {
    (i + 1) as f64
}

fn rosenbrock(x: &[f64], f: &mut [f64]) {
    for i in (0..x.len()).step_by(2) {
        f[i] = 10.0 * (x[i + 1] - x[i] * x[i]);
        f[i + 1] = 1.0 - x[i];
    }
}

fn rosenbrock_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in (0..n).step_by(2) {
        (j[i * n + i], j[i * n + i + 1]) = (-20.0 * x[i], 10.0);
        j[(i + 1) * n + i] = -1.0;
    }
}

fn freudenstein(x: &[f64], f: &mut [f64]) {
    f[0] = -13.0 + x[0] + ((5.0 - x[1]) * x[1] - 2.0) * x[1];
    f[1] = -29.0 + x[0] + ((x[1] + 1.0) * x[1] - 14.0) * x[1];
}

fn freudenstein_j(x: &[f64], j: &mut [f64]) {
    (j[0], j[1]) = (1.0, (10.0 - 3.0 * x[1]) * x[1] - 2.0);
    (j[2], j[3]) = (1.0, (3.0 * x[1] + 2.0) * x[1] - 14.0);
}

fn powell_badly(x: &[f64], f: &mut [f64]) {
    f[0] = 1e4 * x[0] * x[1] - 1.0;
    f[1] = (-x[0]).exp() + (-x[1]).exp() - 1.0001;
}

fn powell_badly_j(x: &[f64], j: &mut [f64]) {
    (j[0], j[1]) = (1e4 * x[1], 1e4 * x[0]);
    (j[2], j[3]) = (-(-x[0]).exp(), -(-x[1]).exp());
}

fn brown_badly(x: &[f64], f: &mut [f64]) {
    (f[0], f[1], f[2]) = (x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2.0);
}

fn brown_badly_j(x: &[f64], j: &mut [f64]) {
    (j[0], j[3], j[4], j[5]) = (1.0, 1.0, x[1], x[0]);
}

fn beale(x: &[f64], f: &mut [f64]) {
    for (i, y) in [1.5, 2.25, 2.625].into_iter().enumerate() {
        f[i] = y - x[0] * (1.0 - x[1].powi(i as i32 + 1));
    }
}

fn beale_j(x: &[f64], j: &mut [f64]) {
    for i in 0..3 {
        j[2 * i] = x[1].powi(i as i32 + 1) - 1.0;
        j[2 * i + 1] = x[0] * from_one(i) * x[1].powi(i as i32);
    }
}

fn jennrich(x: &[f64], f: &mut [f64]) {
    for i in 0..f.len() {
        let k = from_one(i);
        f[i] = 2.0 + 2.0 * k - ((k * x[0]).exp() + (k * x[1]).exp());
    }
}

fn jennrich_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(2).enumerate() {
        let k = from_one(i);
        (row[0], row[1]) = (-k * (k * x[0]).exp(), -k * (k * x[1]).exp());
    }
}

fn helical(x: &[f64], f: &mut [f64]) {
    let turn = (x[1] / x[0]).atan() / (2.0 * PI) + if x[0] < 0.0 { 0.5 } else { 0.0 };
    f[0] = 10.0 * (x[2] - 10.0 * turn);
    f[1] = 10.0 * (x[0].hypot(x[1]) - 1.0);
    f[2] = x[2];
}

fn helical_j(x: &[f64], j: &mut [f64]) {
    let (square, radius) = (x[0] * x[0] + x[1] * x[1], x[0].hypot(x[1]));
    (j[0], j[1], j[2]) = (50.0 * x[1] / (PI * square), -50.0 * x[0] / (PI * square), 10.0);
    (j[3], j[4]) = (10.0 * x[0] / radius, 10.0 * x[1] / radius);
    j[8] = 1.0;
}

const BARD: [f64; 15] = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];

fn bard(x: &[f64], f: &mut [f64]) {
    for (i, y) in BARD.into_iter().enumerate() {
        let u = from_one(i);
        let v = 16.0 - u;
        f[i] = y - (x[0] + u / (v * x[1] + u.min(v) * x[2]));
    }
}

fn bard_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(3).enumerate() {
        let u = from_one(i);
        let v = 16.0 - u;
        let w = u.min(v);
        let under = (v * x[1] + w * x[2]).powi(2);
        (row[0], row[1], row[2]) = (-1.0, u * v / under, u * w / under);
    }
}

const GAUSSIAN: [f64; 8] = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989];

fn gaussian(x: &[f64], f: &mut [f64]) {
    for i in 0..15 {
        let t = (8.0 - from_one(i)) / 2.0;
        f[i] = x[0] * (-x[1] * (t - x[2]).powi(2) / 2.0).exp() - GAUSSIAN[i.min(14 - i)];
    }
}

fn gaussian_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(3).enumerate() {
        let off = (8.0 - from_one(i)) / 2.0 - x[2];
        let bell = (-x[1] * off * off / 2.0).exp();
        (row[0], row[1], row[2]) = (bell, -x[0] * bell * off * off / 2.0, x[0] * bell * x[1] * off);
    }
}

const MEYER: [f64; 16] = [
    34780.0, 28610.0, 23650.0, 19630.0, 16370.0, 13720.0, 11540.0, 9744.0, 8261.0, 7030.0, 6005.0, 5147.0, 4427.0,
    3820.0, 3307.0, 2872.0,
];

fn meyer(x: &[f64], f: &mut [f64]) {
    for (i, y) in MEYER.into_iter().enumerate() {
        f[i] = x[0] * (x[1] / (45.0 + 5.0 * from_one(i) + x[2])).exp() - y;
    }
}

fn meyer_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(3).enumerate() {
        let under = 45.0 + 5.0 * from_one(i) + x[2];
        let rise = (x[1] / under).exp();
        (row[0], row[1], row[2]) = (rise, x[0] * rise / under, -x[0] * rise * x[1] / (under * under));
    }
}

/// tᵢ and yᵢ of Gulf.
fn gulf_data(i: usize) -> (f64, f64) {
    let t = from_one(i) / 100.0;
    (t, 25.0 + (-50.0 * t.ln()).powf(2.0 / 3.0))
}

fn gulf(x: &[f64], f: &mut [f64]) {
    for (i, f) in f.iter_mut().enumerate() {
        let (t, y) = gulf_data(i);
        *f = (-(y - x[1]).abs().powf(x[2]) / x[0]).exp() - t;
    }
}

fn gulf_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(3).enumerate() {
        let off = gulf_data(i).1 - x[1];
        let power = off.abs().powf(x[2]);
        let fall = (-power / x[0]).exp();
        (row[0], row[1]) = (fall * power / (x[0] * x[0]), fall * power * x[2] / (x[0] * off));
        row[2] = -fall * power * off.abs().ln() / x[0];
    }
}

fn boxes(x: &[f64], f: &mut [f64]) {
    for i in 0..f.len() {
        let t = 0.1 * from_one(i);
        f[i] = (-t * x[0]).exp() - (-t * x[1]).exp() - x[2] * ((-t).exp() - (-10.0 * t).exp());
    }
}

fn boxes_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(3).enumerate() {
        let t = 0.1 * from_one(i);
        (row[0], row[1]) = (-t * (-t * x[0]).exp(), t * (-t * x[1]).exp());
        row[2] = (-10.0 * t).exp() - (-t).exp();
    }
}

fn powell_singular(x: &[f64], f: &mut [f64]) {
    for i in (0..x.len()).step_by(4) {
        f[i] = x[i] + 10.0 * x[i + 1];
        f[i + 1] = 5_f64.sqrt() * (x[i + 2] - x[i + 3]);
        f[i + 2] = (x[i + 1] - 2.0 * x[i + 2]).powi(2);
        f[i + 3] = 10_f64.sqrt() * (x[i] - x[i + 3]).powi(2);
    }
}

fn powell_singular_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in (0..n).step_by(4) {
        (j[i * n + i], j[i * n + i + 1]) = (1.0, 10.0);
        (j[(i + 1) * n + i + 2], j[(i + 1) * n + i + 3]) = (5_f64.sqrt(), -(5_f64.sqrt()));
        let bend = 2.0 * (x[i + 1] - 2.0 * x[i + 2]);
        (j[(i + 2) * n + i + 1], j[(i + 2) * n + i + 2]) = (bend, -2.0 * bend);
        let bend = 2.0 * 10_f64.sqrt() * (x[i] - x[i + 3]);
        (j[(i + 3) * n + i], j[(i + 3) * n + i + 3]) = (bend, -bend);
    }
}

fn wood(x: &[f64], f: &mut [f64]) {
    (f[0], f[1]) = (10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]);
    (f[2], f[3]) = (90_f64.sqrt() * (x[3] - x[2] * x[2]), 1.0 - x[2]);
    (f[4], f[5]) = (10_f64.sqrt() * (x[1] + x[3] - 2.0), (x[1] - x[3]) / 10_f64.sqrt());
}

fn wood_j(x: &[f64], j: &mut [f64]) {
    (j[0], j[1], j[4]) = (-20.0 * x[0], 10.0, -1.0);
    (j[10], j[11], j[14]) = (-2.0 * 90_f64.sqrt() * x[2], 90_f64.sqrt(), -1.0);
    (j[17], j[19]) = (10_f64.sqrt(), 10_f64.sqrt());
    (j[21], j[23]) = (1.0 / 10_f64.sqrt(), -1.0 / 10_f64.sqrt());
}

const KOWALIK_Y: [f64; 11] = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
const KOWALIK_U: [f64; 11] = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];

fn kowalik(x: &[f64], f: &mut [f64]) {
    for (i, (y, u)) in KOWALIK_Y.into_iter().zip(KOWALIK_U).enumerate() {
        f[i] = y - x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]);
    }
}

fn kowalik_j(x: &[f64], j: &mut [f64]) {
    for (row, u) in j.chunks_mut(4).zip(KOWALIK_U) {
        let (over, under) = (u * u + u * x[1], u * u + u * x[2] + x[3]);
        (row[0], row[1]) = (-over / under, -x[0] * u / under);
        (row[2], row[3]) = (x[0] * over * u / (under * under), x[0] * over / (under * under));
    }
}

fn brown_dennis(x: &[f64], f: &mut [f64]) {
    for i in 0..f.len() {
        let t = from_one(i) / 5.0;
        f[i] = (x[0] + t * x[1] - t.exp()).powi(2) + (x[2] + x[3] * t.sin() - t.cos()).powi(2);
    }
}

fn brown_dennis_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(4).enumerate() {
        let t = from_one(i) / 5.0;
        let (a, b) = (2.0 * (x[0] + t * x[1] - t.exp()), 2.0 * (x[2] + x[3] * t.sin() - t.cos()));
        (row[0], row[1], row[2], row[3]) = (a, a * t, b, b * t.sin());
    }
}

const OSBORNE_1: [f64; 33] = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603,
    0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42, 0.414, 0.411, 0.406,
];

fn osborne_1(x: &[f64], f: &mut [f64]) {
    for (i, y) in OSBORNE_1.into_iter().enumerate() {
        let t = 10.0 * i as f64;
        f[i] = y - (x[0] + x[1] * (-t * x[3]).exp() + x[2] * (-t * x[4]).exp());
    }
}

fn osborne_1_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(5).enumerate() {
        let t = 10.0 * i as f64;
        let (a, b) = ((-t * x[3]).exp(), (-t * x[4]).exp());
        row.copy_from_slice(&[-1.0, -a, -b, t * x[1] * a, t * x[2] * b]);
    }
}

fn biggs(x: &[f64], f: &mut [f64]) {
    for i in 0..f.len() {
        let t = 0.1 * from_one(i);
        let y = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
        f[i] = x[2] * (-t * x[0]).exp() - x[3] * (-t * x[1]).exp() + x[5] * (-t * x[4]).exp() - y;
    }
}

fn biggs_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(6).enumerate() {
        let t = 0.1 * from_one(i);
        let (a, b, c) = ((-t * x[0]).exp(), (-t * x[1]).exp(), (-t * x[4]).exp());
        row.copy_from_slice(&[-t * x[2] * a, t * x[3] * b, a, -b, -t * x[5] * c, c]);
    }
}

const OSBORNE_2: [f64; 65] = [
    1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606,
    0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.5, 0.423,
    0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668,
    0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.71, 0.729, 0.72, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098,
    0.054,
];

fn osborne_2(x: &[f64], f: &mut [f64]) {
    for (i, y) in OSBORNE_2.into_iter().enumerate() {
        let t = i as f64 / 10.0;
        let bells: f64 = (1..4).map(|k| x[k] * (-(t - x[k + 7]).powi(2) * x[k + 4]).exp()).sum();
        f[i] = y - (x[0] * (-t * x[4]).exp() + bells);
    }
}

fn osborne_2_j(x: &[f64], j: &mut [f64]) {
    for (i, row) in j.chunks_mut(11).enumerate() {
        let t = i as f64 / 10.0;
        (row[0], row[4]) = (-(-t * x[4]).exp(), t * x[0] * (-t * x[4]).exp());
        for k in 1..4 {
            let off = t - x[k + 7];
            let bell = (-off * off * x[k + 4]).exp();
            (row[k], row[k + 4], row[k + 7]) = (-bell, off * off * x[k] * bell, -2.0 * off * x[k + 4] * x[k] * bell);
        }
    }
}

fn watson(x: &[f64], f: &mut [f64]) {
    for i in 0..29 {
        let t = from_one(i) / 29.0;
        let (mut slope, mut height, mut power) = (0.0, 0.0, 1.0);
        for (k, x) in x.iter().enumerate() {
            height += x * power;
            if k > 0 {
                slope += k as f64 * x * power / t;
            }
            power *= t;
        }
        f[i] = slope - height * height - 1.0;
    }
    f[29] = x[0];
    f[30] = x[1] - x[0] * x[0] - 1.0;
}

fn watson_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in 0..29 {
        let t = from_one(i) / 29.0;
        let height: f64 = x.iter().rev().fold(0.0, |sum, x| sum * t + x);
        let mut power = 1.0;
        for k in 0..n {
            j[i * n + k] = (k as f64 / t - 2.0 * height) * power;
            power *= t;
        }
    }
    j[29 * n] = 1.0;
    (j[30 * n], j[30 * n + 1]) = (-2.0 * x[0], 1.0);
}

const PENALTY: f64 = 1e-5;

fn penalty_1(x: &[f64], f: &mut [f64]) {
    f.iter_mut().zip(x).for_each(|(f, x)| *f = PENALTY.sqrt() * (x - 1.0));
    f[x.len()] = x.iter().map(|x| x * x).sum::<f64>() - 0.25;
}

fn penalty_1_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in 0..n {
        j[i * n + i] = PENALTY.sqrt();
        j[n * n + i] = 2.0 * x[i];
    }
}

fn penalty_2(x: &[f64], f: &mut [f64]) {
    let n = x.len();
    f[0] = x[0] - 0.2;
    for i in 1..n {
        let y = (from_one(i) / 10.0).exp() + (i as f64 / 10.0).exp();
        f[i] = PENALTY.sqrt() * ((x[i] / 10.0).exp() + (x[i - 1] / 10.0).exp() - y);
        f[n + i - 1] = PENALTY.sqrt() * ((x[i] / 10.0).exp() - (-0.1_f64).exp());
    }
    f[2 * n - 1] = x.iter().enumerate().map(|(k, x)| (n - k) as f64 * x * x).sum::<f64>() - 1.0;
}

fn penalty_2_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    j[0] = 1.0;
    for i in 1..n {
        let slope = |x: f64| PENALTY.sqrt() * (x / 10.0).exp() / 10.0;
        (j[i * n + i], j[i * n + i - 1]) = (slope(x[i]), slope(x[i - 1]));
        j[(n + i - 1) * n + i] = slope(x[i]);
    }
    for k in 0..n {
        j[(2 * n - 1) * n + k] = 2.0 * (n - k) as f64 * x[k];
    }
}

/// Σ j (xⱼ − 1).
fn weighted(x: &[f64]) -> f64 {
    x.iter().enumerate().map(|(k, x)| from_one(k) * (x - 1.0)).sum()
}

fn variably(x: &[f64], f: &mut [f64]) {
    f.iter_mut().zip(x).for_each(|(f, x)| *f = x - 1.0);
    let sum = weighted(x);
    (f[x.len()], f[x.len() + 1]) = (sum, sum * sum);
}

fn variably_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    let sum = weighted(x);
    for k in 0..n {
        j[k * n + k] = 1.0;
        j[n * n + k] = from_one(k);
        j[(n + 1) * n + k] = 2.0 * sum * from_one(k);
    }
}

fn trigonometric(x: &[f64], f: &mut [f64]) {
    let sum: f64 = x.iter().map(|x| x.cos()).sum();
    for (i, x) in x.iter().enumerate() {
        f[i] = f.len() as f64 - sum + from_one(i) * (1.0 - x.cos()) - x.sin();
    }
}

fn trigonometric_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in 0..n {
        for k in 0..n {
            j[i * n + k] = x[k].sin();
        }
        j[i * n + i] += from_one(i) * x[i].sin() - x[i].cos();
    }
}

fn almost_linear(x: &[f64], f: &mut [f64]) {
    let n = x.len();
    let sum: f64 = x.iter().sum();
    f.iter_mut().zip(x).for_each(|(f, x)| *f = x + sum - (n + 1) as f64);
    f[n - 1] = x.iter().product::<f64>() - 1.0;
}

fn almost_linear_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in 0..n - 1 {
        for k in 0..n {
            j[i * n + k] = if i == k { 2.0 } else { 1.0 };
        }
    }
    for k in 0..n {
        j[(n - 1) * n + k] = (0..n).filter(|&l| l != k).map(|l| x[l]).product();
    }
}

/// The neighbours of x at i, nought beyond the ends.
fn around(x: &[f64], i: usize) -> (f64, f64) {
    (if i == 0 { 0.0 } else { x[i - 1] }, x.get(i + 1).copied().unwrap_or(0.0))
}

fn boundary(x: &[f64], f: &mut [f64]) {
    let h = 1.0 / (x.len() + 1) as f64;
    for i in 0..x.len() {
        let (before, after) = around(x, i);
        f[i] = 2.0 * x[i] - before - after + h * h * (x[i] + from_one(i) * h + 1.0).powi(3) / 2.0;
    }
}

fn boundary_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    let h = 1.0 / (n + 1) as f64;
    for i in 0..n {
        j[i * n + i] = 2.0 + 1.5 * h * h * (x[i] + from_one(i) * h + 1.0).powi(2);
        if i > 0 {
            j[i * n + i - 1] = -1.0;
        }
        if i + 1 < n {
            j[i * n + i + 1] = -1.0;
        }
    }
}

/// What the cube at k weighs in the integral at i, with h/2.
fn green(n: usize, i: usize, k: usize) -> f64 {
    let h = 1.0 / (n + 1) as f64;
    let (t, s) = (from_one(i) * h, from_one(k) * h);
    h / 2.0 * if k <= i { (1.0 - t) * s } else { t * (1.0 - s) }
}

fn integral(x: &[f64], f: &mut [f64]) {
    let n = x.len();
    let h = 1.0 / (n + 1) as f64;
    for i in 0..n {
        f[i] = x[i] + (0..n).map(|k| green(n, i, k) * (x[k] + from_one(k) * h + 1.0).powi(3)).sum::<f64>();
    }
}

fn integral_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    let h = 1.0 / (n + 1) as f64;
    for i in 0..n {
        for k in 0..n {
            j[i * n + k] = 3.0 * green(n, i, k) * (x[k] + from_one(k) * h + 1.0).powi(2);
        }
        j[i * n + i] += 1.0;
    }
}

fn tridiagonal(x: &[f64], f: &mut [f64]) {
    for i in 0..x.len() {
        let (before, after) = around(x, i);
        f[i] = (3.0 - 2.0 * x[i]) * x[i] - before - 2.0 * after + 1.0;
    }
}

fn tridiagonal_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in 0..n {
        j[i * n + i] = 3.0 - 4.0 * x[i];
        if i > 0 {
            j[i * n + i - 1] = -1.0;
        }
        if i + 1 < n {
            j[i * n + i + 1] = -2.0;
        }
    }
}

/// The variables that residual i of Broyden's banded function takes beside its own.
fn band(n: usize, i: usize) -> impl Iterator<Item = usize> {
    (i.saturating_sub(5)..=(i + 1).min(n - 1)).filter(move |&k| k != i)
}

fn banded(x: &[f64], f: &mut [f64]) {
    for i in 0..x.len() {
        let others: f64 = band(x.len(), i).map(|k| x[k] * (1.0 + x[k])).sum();
        f[i] = x[i] * (2.0 + 5.0 * x[i] * x[i]) + 1.0 - others;
    }
}

fn banded_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for i in 0..n {
        j[i * n + i] = 2.0 + 15.0 * x[i] * x[i];
        for k in band(n, i) {
            j[i * n + k] = -1.0 - 2.0 * x[k];
        }
    }
}

fn full_rank(x: &[f64], f: &mut [f64]) {
    let sum = 2.0 / f.len() as f64 * x.iter().sum::<f64>();
    f.iter_mut().enumerate().for_each(|(i, f)| *f = x.get(i).copied().unwrap_or(0.0) - sum - 1.0);
}

fn full_rank_j(x: &[f64], j: &mut [f64]) {
    let (n, m) = (x.len(), j.len() / x.len());
    j.fill(-2.0 / m as f64);
    for i in 0..n {
        j[i * n + i] += 1.0;
    }
}

fn rank_1(x: &[f64], f: &mut [f64]) {
    let sum: f64 = x.iter().enumerate().map(|(k, x)| from_one(k) * x).sum();
    f.iter_mut().enumerate().for_each(|(i, f)| *f = from_one(i) * sum - 1.0);
}

fn rank_1_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    j.iter_mut().enumerate().for_each(|(at, slope)| *slope = from_one(at / n) * from_one(at % n));
}

fn rank_1_zeros(x: &[f64], f: &mut [f64]) {
    let (n, m) = (x.len(), f.len());
    let sum: f64 = (1..n - 1).map(|k| from_one(k) * x[k]).sum();
    f.iter_mut().enumerate().for_each(|(i, f)| *f = i as f64 * sum - 1.0);
    f[m - 1] = -1.0;
}

fn rank_1_zeros_j(x: &[f64], j: &mut [f64]) {
    let (n, m) = (x.len(), j.len() / x.len());
    for i in 1..m - 1 {
        for k in 1..n - 1 {
            j[i * n + k] = i as f64 * from_one(k);
        }
    }
}

fn chebyquad(x: &[f64], f: &mut [f64]) {
    let n = x.len() as f64;
    f.fill(0.0);
    for x in x {
        let (y, mut before, mut here) = (2.0 * x - 1.0, 1.0, 2.0 * x - 1.0);
        for f in &mut *f {
            *f += here / n;
            (before, here) = (here, 2.0 * y * here - before);
        }
    }
    for (i, f) in f.iter_mut().enumerate().skip(1).step_by(2) {
        *f += 1.0 / (from_one(i).powi(2) - 1.0);
    }
}

fn chebyquad_j(x: &[f64], j: &mut [f64]) {
    let n = x.len();
    for (k, x) in x.iter().enumerate() {
        let y = 2.0 * x - 1.0;
        let (mut before, mut here, mut slope_before, mut slope) = (1.0, y, 0.0, 2.0);
        for i in 0..j.len() / n {
            j[i * n + k] = slope / n as f64;
            (slope_before, slope) = (slope, 4.0 * here + 2.0 * y * slope - slope_before);
            (before, here) = (here, 2.0 * y * here - before);
        }
    }
}

#[test]
fn the_collection_is_whole_and_its_jacobians_are_the_residuals_slopes() {
    assert_eq!(runs().len(), 73);
    for (problem, start, _) in runs() {
        let (n, m) = (problem.n(), problem.m);
        // Off the start, where several residuals are even or vanish.
        let x: Vec<f64> =
            problem.start.iter().zip(&start).enumerate().map(|(k, (x, _))| x * 1.01 + 0.01 * from_one(k)).collect();
        let mut jacobian = vec![0.0; m * n];
        problem.jacobian(&x, &mut jacobian);
        let (mut above, mut below) = (vec![0.0; m], vec![0.0; m]);
        for k in 0..n {
            let h = 1e-5 * x[k].abs().max(0.1);
            let moved =
                |by: f64| x.iter().enumerate().map(|(l, x)| if l == k { x + by } else { *x }).collect::<Vec<_>>();
            problem.residuals(&moved(h), &mut above);
            problem.residuals(&moved(-h), &mut below);
            for i in 0..m {
                let (slope, exact) = ((above[i] - below[i]) / (2.0 * h), jacobian[i * n + k]);
                // Truncation is of order h²; rounding, of eps f / h.
                let close = 1e-6 * exact.abs() + 1e-10 * (above[i].abs() + 1.0) / h.min(1.0);
                assert!((slope - exact).abs() <= close, "{}: ∂f{i}/∂x{k} {exact} {slope}", problem.name);
            }
        }
    }
}

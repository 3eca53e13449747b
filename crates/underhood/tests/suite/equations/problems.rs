//! DETEST (Hull, Enright, Fellen & Sedgwick 1972) and stiff problems; `benches/accuracy/equations_problems.py` tells of them and made
//! the table of end values.

use std::collections::BTreeMap;

/// f(t, y), written into the last argument.
pub(super) type Slope = fn(f64, &[f64], &mut [f64]);

/// An equation with its start and its interval.
pub(super) struct Problem {
    pub(super) name: &'static str,
    pub(super) slope: Slope,
    pub(super) start: Vec<f64>,
    pub(super) span: (f64, f64),
    /// The absolute tolerance as a multiple of the relative one.
    pub(super) atol: f64,
}

/// The end values by the problems' names.
pub(super) fn ends() -> BTreeMap<&'static str, Vec<f64>> {
    let table = include_str!("../../tables/equations.tsv").lines().map(|line| {
        let mut fields = line.split('\t');
        let name = fields.next().expect("a line begins with a name");
        (name, fields.map(|number| number.parse().expect("a number")).collect())
    });
    table.collect()
}

fn problem(name: &'static str, slope: Slope, start: &[f64]) -> Problem {
    Problem { name, slope, start: start.to_vec(), span: (0.0, 20.0), atol: 1.0 }
}

fn first_of(n: usize) -> Vec<f64> {
    (0..n).map(|i| if i == 0 { 1.0 } else { 0.0 }).collect()
}

fn heat(_: f64, y: &[f64], slope: &mut [f64]) {
    let n = y.len();
    for i in 0..n {
        let left = if i > 0 { y[i - 1] } else { 0.0 };
        let right = if i + 1 < n { y[i + 1] } else { 0.0 };
        slope[i] = left - 2.0 * y[i] + right;
    }
}

fn kepler(_: f64, y: &[f64], slope: &mut [f64]) {
    let r = y[0].hypot(y[1]);
    let cubed = r * r * r;
    slope.copy_from_slice(&[y[2], y[3], -y[0] / cubed, -y[1] / cubed]);
}

fn ellipse(name: &'static str, e: f64) -> Problem {
    problem(name, kepler, &[1.0 - e, 0.0, 0.0, ((1.0 + e) / (1.0 - e)).sqrt()])
}

const MASSES: [f64; 5] =
    [0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 0.00000277777777778];
#[rustfmt::skip]
const PLANETS: [f64; 30] = [
    3.42947415189, 3.35386959711, 1.35494901715, 6.64145542550, 5.97156957878, 2.18231499728,
    11.2630437207, 14.6952576794, 6.27960525067, -30.1552268759, 1.65699966404, 1.43785752721,
    -21.1238353380, 28.4465098142, 15.3882659679,
    -0.557160570446, 0.505696783289, 0.230578543901, -0.415570776342, 0.365682722812, 0.169143213293,
    -0.325325669158, 0.189706021964, 0.0877265322780, -0.0240476254170, -0.287659532608, -0.117219543175,
    -0.176860753121, -0.216393453025, -0.0148647893090,
];

fn planets(_: f64, y: &[f64], slope: &mut [f64]) {
    let cubed = |x: [f64; 3]| x.iter().map(|x| x * x).sum::<f64>().sqrt().powi(3);
    let place = |i: usize| [y[3 * i], y[3 * i + 1], y[3 * i + 2]];
    let distances: Vec<f64> = (0..5).map(|i| cubed(place(i))).collect();
    slope[..15].copy_from_slice(&y[15..]);
    for i in 0..5 {
        for k in 0..3 {
            let mut force = -(1.00000597682 + MASSES[i]) * place(i)[k] / distances[i];
            for j in (0..5).filter(|&j| j != i) {
                let apart = cubed([0, 1, 2].map(|k| place(j)[k] - place(i)[k]));
                force += MASSES[j] * ((place(j)[k] - place(i)[k]) / apart - place(j)[k] / distances[j]);
            }
            slope[15 + 3 * i + k] = 2.95912208286 * force;
        }
    }
}

/// DETEST: 25 problems over [0, 20].
pub(super) fn detest() -> Vec<Problem> {
    vec![
        problem("A1", |_, y, f| f[0] = -y[0], &[1.0]),
        problem("A2", |_, y, f| f[0] = -y[0].powi(3) / 2.0, &[1.0]),
        problem("A3", |t, y, f| f[0] = y[0] * t.cos(), &[1.0]),
        problem("A4", |_, y, f| f[0] = y[0] / 4.0 * (1.0 - y[0] / 20.0), &[1.0]),
        problem("A5", |t, y, f| f[0] = (y[0] - t) / (y[0] + t), &[4.0]),
        problem("B1", |_, y, f| f.copy_from_slice(&[2.0 * (y[0] - y[0] * y[1]), -(y[1] - y[0] * y[1])]), &[1.0, 3.0]),
        problem(
            "B2",
            |_, y, f| f.copy_from_slice(&[-y[0] + y[1], y[0] - 2.0 * y[1] + y[2], y[1] - y[2]]),
            &[2.0, 0.0, 1.0],
        ),
        problem("B3", |_, y, f| f.copy_from_slice(&[-y[0], y[0] - y[1] * y[1], y[1] * y[1]]), &[1.0, 0.0, 0.0]),
        problem(
            "B4",
            |_, y, f| {
                let r = y[0].hypot(y[1]);
                f.copy_from_slice(&[-y[1] - y[0] * y[2] / r, y[0] - y[1] * y[2] / r, y[0] / r]);
            },
            &[3.0, 0.0, 0.0],
        ),
        problem("B5", |_, y, f| f.copy_from_slice(&[y[1] * y[2], -y[0] * y[2], -0.51 * y[0] * y[1]]), &[0.0, 1.0, 1.0]),
        problem(
            "C1",
            |_, y, f| {
                f[0] = -y[0];
                (1..9).for_each(|i| f[i] = y[i - 1] - y[i]);
                f[9] = y[8];
            },
            &first_of(10),
        ),
        problem(
            "C2",
            |_, y, f| {
                f[0] = -y[0];
                (1..9).for_each(|i| f[i] = i as f64 * y[i - 1] - (i + 1) as f64 * y[i]);
                f[9] = 9.0 * y[8];
            },
            &first_of(10),
        ),
        problem("C3", heat, &first_of(10)),
        problem("C4", heat, &first_of(51)),
        problem("C5", planets, &PLANETS),
        ellipse("D1", 0.1),
        ellipse("D2", 0.3),
        ellipse("D3", 0.5),
        ellipse("D4", 0.7),
        ellipse("D5", 0.9),
        problem(
            "E1",
            |t, y, f| {
                let s = t + 1.0;
                f.copy_from_slice(&[y[1], -(y[1] / s + (1.0 - 0.25 / (s * s)) * y[0])]);
            },
            &[0.6713967071418030, 0.09540051444747446],
        ),
        problem("E2", |_, y, f| f.copy_from_slice(&[y[1], (1.0 - y[0] * y[0]) * y[1] - y[0]]), &[2.0, 0.0]),
        problem(
            "E3",
            |t, y, f| f.copy_from_slice(&[y[1], y[0].powi(3) / 6.0 - y[0] + 2.0 * (2.78535 * t).sin()]),
            &[0.0, 0.0],
        ),
        problem("E4", |_, y, f| f.copy_from_slice(&[y[1], 0.032 - 0.4 * y[1] * y[1]]), &[30.0, 0.0]),
        problem("E5", |t, y, f| f.copy_from_slice(&[y[1], (1.0 + y[1] * y[1]).sqrt() / (25.0 - t)]), &[0.0, 0.0]),
    ]
}

fn pair(alpha: f64, y: &[f64], f: &mut [f64]) {
    let fast = [-10.0 * y[0] + alpha * y[1], -alpha * y[0] - 10.0 * y[1]];
    f.copy_from_slice(&[fast[0], fast[1], -4.0 * y[2], -y[3], -0.5 * y[4], -0.1 * y[5]]);
}

fn hires(_: f64, y: &[f64], f: &mut [f64]) {
    let both = 280.0 * y[5] * y[7] - 1.81 * y[6];
    f.copy_from_slice(&[
        -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
        1.71 * y[0] - 8.75 * y[1],
        -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
        8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
        -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6],
        -280.0 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6],
        both,
        -both,
    ]);
}

#[rustfmt::skip]
fn pollution(_: f64, y: &[f64], f: &mut [f64]) {
    let r = [
        0.35 * y[0], 26.6 * y[1] * y[3], 1.23e4 * y[4] * y[1], 8.6e-4 * y[6], 8.2e-4 * y[6],
        1.5e4 * y[6] * y[5], 1.3e-4 * y[8], 2.4e4 * y[8] * y[5], 1.65e4 * y[10] * y[1], 9e3 * y[10] * y[0],
        0.022 * y[12], 1.2e4 * y[9] * y[1], 1.88 * y[13], 1.63e4 * y[0] * y[5], 4.8e6 * y[2],
        3.5e-4 * y[3], 0.0175 * y[3], 1e8 * y[15], 4.44e11 * y[15], 1.24e3 * y[16] * y[5],
        2.1 * y[18], 5.78 * y[18], 0.0474 * y[0] * y[3], 1.78e3 * y[18] * y[0], 3.12 * y[19],
    ];
    f.copy_from_slice(&[
        -r[0] - r[9] - r[13] - r[22] - r[23] + r[1] + r[2] + r[8] + r[10] + r[11] + r[21] + r[24],
        -r[1] - r[2] - r[8] - r[11] + r[0] + r[20], -r[14] + r[0] + r[16] + r[18] + r[21],
        -r[1] - r[15] - r[16] - r[22] + r[14], -r[2] + 2.0 * r[3] + r[5] + r[6] + r[12] + r[19],
        -r[5] - r[7] - r[13] - r[19] + r[2] + 2.0 * r[17], -r[3] - r[4] - r[5] + r[12], r[3] + r[4] + r[5] + r[6],
        -r[6] - r[7], -r[11] + r[6] + r[8], -r[8] - r[9] + r[7] + r[10], r[8], -r[10] + r[9], -r[12] + r[11], r[13],
        -r[17] - r[18] + r[15], -r[19], r[19], -r[20] - r[21] - r[23] + r[22] + r[24], -r[24] + r[23],
    ]);
}

/// Stiff problems, with the absolute tolerance that the size of their components asks for.
pub(super) fn stiff() -> Vec<Problem> {
    let over = |end: f64, atol: f64, problem: Problem| Problem { span: (0.0, end), atol, ..problem };
    let mut pollution_start = vec![0.0; 20];
    for (i, value) in [(1, 0.2), (3, 0.04), (6, 0.1), (7, 0.3), (8, 0.01), (16, 0.007)] {
        pollution_start[i] = value;
    }
    vec![
        problem("stiff A1", |_, y, f| f.copy_from_slice(&[-0.5 * y[0], -y[1], -100.0 * y[2], -90.0 * y[3]]), &[1.0; 4]),
        over(
            120.0,
            1.0,
            problem(
                "stiff A2",
                |_, y, f| {
                    heat(0.0, y, f);
                    f[0] = -1800.0 * y[0] + 900.0 * y[1];
                    f[8] = 1000.0 * y[7] - 2000.0 * y[8] + 1000.0;
                },
                &[0.0; 9],
            ),
        ),
        problem(
            "stiff A3",
            |_, y, f| {
                f[0] = -1e4 * y[0] + 100.0 * y[1] - 10.0 * y[2] + y[3];
                f[1] = -1e3 * y[1] + 10.0 * y[2] - 10.0 * y[3];
                f[2] = -y[2] + 10.0 * y[3];
                f[3] = -0.1 * y[3];
            },
            &[1.0; 4],
        ),
        over(
            1.0,
            1.0,
            problem("stiff A4", |_, y, f| (0..10).for_each(|i| f[i] = -((i + 1) as f64).powi(5) * y[i]), &[1.0; 10]),
        ),
        problem(
            "stiff B1",
            |_, y, f| {
                let fast = [-100.0 * y[2] + y[3], -1e4 * y[2] - 100.0 * y[3]];
                f.copy_from_slice(&[-y[0] + y[1], -100.0 * y[0] - y[1], fast[0], fast[1]]);
            },
            &[1.0, 0.0, 1.0, 0.0],
        ),
        problem("stiff B2", |_, y, f| pair(3.0, y, f), &[1.0; 6]),
        problem("stiff B3", |_, y, f| pair(8.0, y, f), &[1.0; 6]),
        problem("stiff B4", |_, y, f| pair(25.0, y, f), &[1.0; 6]),
        problem("stiff B5", |_, y, f| pair(100.0, y, f), &[1.0; 6]),
        over(
            2000.0,
            1e-2,
            problem(
                "van der Pol",
                |_, y, f| f.copy_from_slice(&[y[1], 1000.0 * (1.0 - y[0] * y[0]) * y[1] - y[0]]),
                &[2.0, 0.0],
            ),
        ),
        over(
            1e11,
            1e-12,
            problem(
                "Robertson",
                |_, y, f| {
                    let (slow, fast, quick) = (0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1]);
                    f.copy_from_slice(&[-slow + fast, slow - fast - quick, quick]);
                },
                &[1.0, 0.0, 0.0],
            ),
        ),
        over(321.8122, 1e-4, problem("HIRES", hires, &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057])),
        over(
            360.0,
            1e-2,
            problem(
                "OREGO",
                |_, y, f| {
                    f[0] = 77.27 * (y[1] + y[0] * (1.0 - 8.375e-6 * y[0] - y[1]));
                    f[1] = (y[2] - (1.0 + y[0]) * y[1]) / 77.27;
                    f[2] = 0.161 * (y[0] - y[2]);
                },
                &[1.0, 2.0, 3.0],
            ),
        ),
        over(
            1000.0,
            1e-10,
            problem(
                "stiff E5",
                |_, y, f| {
                    let (a, b) = (7.89e-10 * y[0], 1.1e7 * y[0] * y[2]);
                    let (c, d) = (1.13e9 * y[1] * y[2], 1.13e3 * y[3]);
                    f.copy_from_slice(&[-a - b, a - c, a - b - c + d, b - d]);
                },
                &[1.76e-3, 0.0, 0.0, 0.0],
            ),
        ),
        over(60.0, 1e-4, problem("POLLU", pollution, &pollution_start)),
    ]
}

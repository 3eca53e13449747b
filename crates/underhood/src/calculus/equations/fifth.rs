//! Dormand and Prince's pair of orders 5 and 4 with its interpolant of order 4: J. R. Dormand, P. J. Prince, "A family of embedded
//! Runge–Kutta formulae" (1980), <https://doi.org/10.1016/0771-050X(80)90013-3>; the interpolant is L. F. Shampine's, as in
//! Hairer, Nørsett & Wanner, "Solving Ordinary Differential Equations I", section II.6.

use super::control::Controller;
use super::dense;
use super::scheme::{Equation, Now, Scheme, Tolerance, Verdict};
use super::stages::{Row, Stages};
use super::stiffness::Watch;
use crate::error::Result;

const C: [f64; 6] = [0.0, 0.2, 0.3, 0.8, 8.0 / 9.0, 1.0];
const A2: Row<1> = [(0, 0.2)];
const A3: Row<2> = [(0, 3.0 / 40.0), (1, 9.0 / 40.0)];
const A4: Row<3> = [(0, 44.0 / 45.0), (1, -56.0 / 15.0), (2, 32.0 / 9.0)];
const A5: Row<4> = [(0, 19372.0 / 6561.0), (1, -25360.0 / 2187.0), (2, 64448.0 / 6561.0), (3, -212.0 / 729.0)];
const A6: Row<5> =
    [(0, 9017.0 / 3168.0), (1, -355.0 / 33.0), (2, 46732.0 / 5247.0), (3, 49.0 / 176.0), (4, -5103.0 / 18656.0)];
/// The step of order 5; the last stage stands where it leads.
const B: Row<5> = [(0, 35.0 / 384.0), (2, 500.0 / 1113.0), (3, 125.0 / 192.0), (4, -2187.0 / 6784.0), (5, 11.0 / 84.0)];
/// What it differs by from the step of order 4.
const ERROR: Row<6> = [
    (0, 71.0 / 57600.0),
    (2, -71.0 / 16695.0),
    (3, 71.0 / 1920.0),
    (4, -17253.0 / 339200.0),
    (5, 22.0 / 525.0),
    (6, -1.0 / 40.0),
];
/// The last coefficient of the interpolant.
const D: Row<6> = [
    (0, -12715105075.0 / 11282082432.0),
    (2, 87487479700.0 / 32700410799.0),
    (3, -10690763975.0 / 1880347072.0),
    (4, 701980252875.0 / 199316789632.0),
    (5, -1453857185.0 / 822651844.0),
    (6, 69997945.0 / 29380423.0),
];

/// Order 5: six evaluations a step.
#[derive(Debug)]
pub(super) struct Fifth {
    stages: Stages,
    point: Vec<f64>,
    control: Controller,
    watch: Watch,
}

impl Fifth {
    pub(super) fn new(n: usize) -> Self {
        Fifth {
            stages: Stages::new(n, 7),
            point: vec![0.0; n],
            control: Controller::new(5.0, 0.85),
            watch: Watch::new(3.25),
        }
    }

    fn stage<const S: usize>(
        &mut self,
        equation: &mut Equation<'_>,
        now: &Now,
        (stage, row): (usize, &Row<S>),
    ) -> Result<()> {
        self.stages.advance(row, now.h, &now.y, &mut self.point);
        equation.slope(now.t + C[stage] * now.h, &self.point, self.stages.get_mut(stage))
    }

    fn error(&self, now: &Now, tolerance: &Tolerance) -> f64 {
        let mut total = 0.0;
        for i in 0..now.y.len() {
            let allowed = tolerance.allowed(i, now.y[i].abs().max(now.y_next[i].abs()));
            let error = now.h * self.stages.share(&ERROR, i, allowed);
            total += error * error;
        }
        (total / now.y.len() as f64).sqrt()
    }
}

impl Scheme for Fifth {
    fn attempt(&mut self, equation: &mut Equation<'_>, now: &mut Now, tolerance: &Tolerance) -> Result<Verdict> {
        self.stages.get_mut(0).copy_from_slice(&now.slope);
        self.stage(equation, now, (1, &A2))?;
        self.stage(equation, now, (2, &A3))?;
        self.stage(equation, now, (3, &A4))?;
        self.stage(equation, now, (4, &A5))?;
        self.stage(equation, now, (5, &A6))?;
        self.stages.advance(&B, now.h, &now.y, &mut now.y_next);
        equation.slope(now.t + now.h, &now.y_next, self.stages.get_mut(6))?;
        let error = self.error(now, tolerance);
        if !error.is_finite() {
            return Ok(Verdict::NotFinite(now.h / 4.0));
        }
        let (good, factor) = self.control.judge(error);
        if !good {
            return Ok(Verdict::Rejected(now.h * factor));
        }
        now.slope_next.copy_from_slice(self.stages.get(6));
        self.watch.look(now.h, (&now.y_next, &self.point), (&now.slope_next, self.stages.get(5)));
        Ok(Verdict::Accepted(now.h * factor))
    }

    fn interpolate(&mut self, _: &mut Equation<'_>, now: &Now, into: &mut Vec<f64>) -> Result<()> {
        dense::hermite(now.h, (&now.y, &now.y_next), (&now.slope, &now.slope_next), into);
        into.extend((0..now.y.len()).map(|i| self.stages.share(&D, i, 1.0 / now.h)));
        Ok(())
    }

    fn wants_other(&self) -> bool {
        self.watch.stiff()
    }

    fn order(&self) -> f64 {
        5.0
    }
}

//! Dormand and Prince's method of order 8, with error estimates of orders 5 and 3 and an interpolant of order 7:
//! J. R. Dormand, P. J. Prince, "High order embedded Runge–Kutta formulae" (1981), <https://doi.org/10.1016/0771-050X(81)90010-3>;
//! the estimates, the interpolant and the coefficients are those that E. Hairer published with the code DOP853 (Hairer, Nørsett &
//! Wanner, "Solving Ordinary Differential Equations I", section II.5 and appendix).

use super::control::Controller;
use super::dense;
use super::scheme::{Equation, Now, Scheme, Tolerance, Verdict};
use super::stages::{Row, Stages};
use super::stiffness::Watch;
use crate::error::Result;

/// Where in the step each stage looks.
const C: [f64; 16] = [
    0.0,
    0.052600151958767731879,
    0.078900227938151597818,
    0.11835034190722739673,
    0.28164965809277260327,
    0.33333333333333333333,
    0.25,
    0.30769230769230769231,
    0.65128205128205128205,
    0.6,
    0.85714285714285714286,
    1.0,
    1.0,
    0.1,
    0.2,
    0.77777777777777777778,
];

const A2: Row<1> = [(0, 0.052600151958767731879)];
const A3: Row<2> = [(0, 0.019725056984537899454), (1, 0.059175170953613698363)];
const A4: Row<2> = [(0, 0.029587585476806849182), (2, 0.088762756430420547545)];
const A5: Row<3> = [(0, 0.2413651341592666855), (2, -0.88454947932828608534), (3, 0.92483400326179200312)];
const A6: Row<3> = [(0, 0.037037037037037037037), (3, 0.17082860872947387128), (4, 0.12546768756682242502)];
const A7: Row<4> = [(0, 0.037109375), (3, 0.17025221101954403931), (4, 0.060216538980455960685), (5, -0.017578125)];
const A8: Row<5> = [
    (0, 0.037092000118504792711),
    (3, 0.17038392571223999381),
    (4, 0.10726203044637328465),
    (5, -0.015319437748624401753),
    (6, 0.0082737891638140228876),
];
const A9: Row<6> = [
    (0, 0.62411095871607571711),
    (3, -3.3608926294469412941),
    (4, -0.86821934684172600682),
    (5, 27.592099699446708305),
    (6, 20.154067550477893409),
    (7, -43.489884181069958848),
];
const A10: Row<7> = [
    (0, 0.47766253643826436589),
    (3, -2.4881146199716676419),
    (4, -0.59029082683684299637),
    (5, 21.230051448181194235),
    (6, 15.279233632882423583),
    (7, -33.288210968984862919),
    (8, -0.020331201708508626136),
];
const A11: Row<8> = [
    (0, -0.93714243008598732572),
    (3, 5.1863724288440637083),
    (4, 1.0914373489967295782),
    (5, -8.1497870107469261251),
    (6, -18.520065659996959864),
    (7, 22.739487099350504282),
    (8, 2.4936055526796523899),
    (9, -3.0467644718982195004),
];
const A12: Row<9> = [
    (0, 2.2733101475165382079),
    (3, -10.534495466737250198),
    (4, -2.0008720582248624991),
    (5, -17.958931863118798917),
    (6, 27.948884529419960051),
    (7, -2.8589982771350236947),
    (8, -8.8728569335306295443),
    (9, 12.360567175794303065),
    (10, 0.64339274601576353036),
];
/// The step of order 8.
const B: Row<8> = [
    (0, 0.054293734116568762238),
    (5, 4.4503128927524088814),
    (6, 1.891517899314500383),
    (7, -5.8012039600105847815),
    (8, 0.31116436695781989441),
    (9, -0.15216094966251607856),
    (10, 0.20136540080403034837),
    (11, 0.044710615727772590518),
];
/// The error of the embedded solution of order 5.
const E5: Row<8> = [
    (0, 0.013120044994194880733),
    (5, -1.2251564463762044407),
    (6, -0.49575894965725019152),
    (7, 1.664377182454986537),
    (8, -0.35032884874997368169),
    (9, 0.33417911871301747903),
    (10, 0.081923206485115712466),
    (11, -0.022355307863886295259),
];
/// The weights of the embedded solution of order 3.
const E3: Row<3> = [
    (0, 0.244094488188976377952755905512),
    (8, 0.733846688281611857341361741547),
    (11, 0.0220588235294117647058823529412),
];
/// Three more stages for the interpolant.
const A14: Row<8> = [
    (0, 0.056167502283047952339),
    (6, 0.25350021021662481109),
    (7, -0.24623903747080248992),
    (8, -0.12419142326381636047),
    (9, 0.15329179827876569731),
    (10, 0.0082010522956346898849),
    (11, 0.0075678976605456997614),
    (12, -0.008298),
];
const A15: Row<8> = [
    (0, 0.031834648163502140506),
    (5, 0.028300909672366775529),
    (6, 0.053541988307438567622),
    (7, -0.054923748571390988465),
    (10, -0.00010834732869724932286),
    (11, 0.00038257109083565841295),
    (12, -0.0003404650086874045608),
    (13, 0.14131244367463250028),
];
const A16: Row<8> = [
    (0, -0.42889630158379192341),
    (5, -4.6976214153611638431),
    (6, 7.6834211960625990418),
    (7, 4.0689898183971100797),
    (8, 0.35672718745528110927),
    (12, -0.0013990241651590146213),
    (13, 2.947514789152772339),
    (14, -9.1509584721798700108),
];
const D4: Row<12> = [
    (0, -8.4289382761090128651),
    (5, 0.56671495351937776963),
    (6, -3.0689499459498916913),
    (7, 2.3846676565120698288),
    (8, 2.1170345824450282767),
    (9, -0.87139158377797299207),
    (10, 2.2404374302607882759),
    (11, 0.63157877876946881816),
    (12, -0.088990336451333310821),
    (13, 18.148505520854727257),
    (14, -9.1946323924783554),
    (15, -4.4360363875948939664),
];
const D5: Row<12> = [
    (0, 10.427508642579134603),
    (5, 242.28349177525818288),
    (6, 165.20045171727028199),
    (7, -374.5467547226902028),
    (8, -22.113666853125306036),
    (9, 7.733432668472263839),
    (10, -30.674084731089398182),
    (11, -9.332130526430227873),
    (12, 15.697238121770843886),
    (13, -31.139403219565177677),
    (14, -9.3529243588444783866),
    (15, 35.816841486394083752),
];
const D6: Row<12> = [
    (0, 19.985053242002433821),
    (5, -387.03730874935176555),
    (6, -189.17813819516756883),
    (7, 527.80815920542364901),
    (8, -11.573902539959630126),
    (9, 6.881232694696300017),
    (10, -1.0006050966910838403),
    (11, 0.77771377980534432093),
    (12, -2.7782057523535084066),
    (13, -60.196695231264120758),
    (14, 84.320405506677161018),
    (15, 11.992291136182789328),
];
const D7: Row<12> = [
    (0, -25.693933462703749003),
    (5, -154.18974869023643374),
    (6, -231.52937917604549568),
    (7, 357.63911791061412378),
    (8, 93.405324183624310004),
    (9, -37.458323136451633157),
    (10, 104.09964950896230045),
    (11, 29.840293426660503123),
    (12, -43.533456590011143754),
    (13, 96.324553959188282948),
    (14, -39.177261675615439165),
    (15, -149.72683625798562581),
];

/// The estimate is of the errors of lower orders; that of order 8 is smaller.
const OPTIMISM: f64 = 0.62;

/// Order 8: twelve evaluations a step.
#[derive(Debug)]
pub(super) struct Eighth {
    stages: Stages,
    point: Vec<f64>,
    control: Controller,
    watch: Watch,
}

impl Eighth {
    pub(super) fn new(n: usize) -> Self {
        Eighth {
            stages: Stages::new(n, 16),
            point: vec![0.0; n],
            control: Controller::new(8.0, 0.71),
            watch: Watch::new(6.1),
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

    /// ‖e₅‖² / √(‖e₅‖² + ‖e₃‖² / 100), h times: it falls like h⁸.
    fn error(&self, now: &Now, tolerance: &Tolerance) -> f64 {
        let (mut fifth, mut third) = (0.0, 0.0);
        let n = now.y.len();
        for i in 0..n {
            let allowed = tolerance.allowed(i, now.y[i].abs().max(now.y_next[i].abs()));
            let e5 = self.stages.share(&E5, i, allowed);
            let e3 = self.stages.share(&B, i, allowed) - self.stages.share(&E3, i, allowed);
            fifth += e5 * e5;
            third += e3 * e3;
        }
        let both = fifth + 0.01 * third;
        if both == 0.0 { 0.0 } else { now.h.abs() * fifth / (both * n as f64).sqrt() }
    }
}

impl Scheme for Eighth {
    fn attempt(&mut self, equation: &mut Equation<'_>, now: &mut Now, tolerance: &Tolerance) -> Result<Verdict> {
        self.stages.get_mut(0).copy_from_slice(&now.slope);
        self.stage(equation, now, (1, &A2))?;
        self.stage(equation, now, (2, &A3))?;
        self.stage(equation, now, (3, &A4))?;
        self.stage(equation, now, (4, &A5))?;
        self.stage(equation, now, (5, &A6))?;
        self.stage(equation, now, (6, &A7))?;
        self.stage(equation, now, (7, &A8))?;
        self.stage(equation, now, (8, &A9))?;
        self.stage(equation, now, (9, &A10))?;
        self.stage(equation, now, (10, &A11))?;
        self.stage(equation, now, (11, &A12))?;
        self.stages.advance(&B, now.h, &now.y, &mut now.y_next);
        let error = OPTIMISM * self.error(now, tolerance);
        if !error.is_finite() {
            return Ok(Verdict::NotFinite(now.h / 4.0));
        }
        let (good, factor) = self.control.judge(error);
        if !good {
            return Ok(Verdict::Rejected(now.h * factor));
        }
        equation.slope(now.t + now.h, &now.y_next, &mut now.slope_next)?;
        if !now.slope_next.iter().all(|slope| slope.is_finite()) {
            return Ok(Verdict::NotFinite(now.h / 4.0));
        }
        self.watch.look(now.h, (&now.y_next, &self.point), (&now.slope_next, self.stages.get(11)));
        Ok(Verdict::Accepted(now.h * factor))
    }

    fn interpolate(&mut self, equation: &mut Equation<'_>, now: &Now, into: &mut Vec<f64>) -> Result<()> {
        self.stages.get_mut(12).copy_from_slice(&now.slope_next);
        self.stage(equation, now, (13, &A14))?;
        self.stage(equation, now, (14, &A15))?;
        self.stage(equation, now, (15, &A16))?;
        dense::hermite(now.h, (&now.y, &now.y_next), (&now.slope, &now.slope_next), into);
        let n = now.y.len();
        into.extend((0..n).map(|i| self.stages.share(&D4, i, 1.0 / now.h)));
        into.extend((0..n).map(|i| self.stages.share(&D5, i, 1.0 / now.h)));
        into.extend((0..n).map(|i| self.stages.share(&D6, i, 1.0 / now.h)));
        into.extend((0..n).map(|i| self.stages.share(&D7, i, 1.0 / now.h)));
        Ok(())
    }

    fn wants_other(&self) -> bool {
        self.watch.stiff()
    }

    fn order(&self) -> f64 {
        8.0
    }
}

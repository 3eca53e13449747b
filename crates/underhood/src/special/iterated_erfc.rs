//! The repeated integrals of erfc, scaled: Eₙ(x) = exp(x²)·iⁿerfc(x), DLMF 7.18. They are what derivatives of erfcx are made of, without a
//! cancellation: E₀ = erfcx and Eₙ′ = −2(n + 1)·Eₙ₊₁.
//!
//! Eₙ₋₁ = 2x·Eₙ + 2(n + 1)·Eₙ₊₁. Upwards that is stable for x below some half; above, Eₙ is the solution that falls fastest, and its ratios come from
//! far ahead: W. Gautschi, "Computational aspects of three-term recurrence relations", SIAM Review 9 (1967) 24–82, doi:10.1137/1009002.

use std::f64::consts::FRAC_2_SQRT_PI;

use super::error_function::erfcx;

/// Below this the recurrence is gone upwards.
const UPWARDS: f64 = 0.5;

/// exp(x²)·iⁿerfc(x) for whole n from 0 to 10,000; NaN for others. Relative error below (n + 4)·1e-15.
pub(crate) fn iterated_erfcx(n: f64, x: f64) -> f64 {
    if !((0.0..=1e4).contains(&n) && n.fract() == 0.0) {
        return f64::NAN;
    }
    let count = n as usize;
    if x < UPWARDS {
        let (mut before, mut here) = (FRAC_2_SQRT_PI, erfcx(x));
        for k in 1..=count {
            (before, here) = (here, (before - 2.0 * x * here) / (2.0 * k as f64));
        }
        return here;
    }
    // On the way down errors shrink like exp(−2x(√2m − √2n)); at the start the ratio Eₘ/Eₘ₋₁ is known to some digits.
    let ahead = 0.5 * ((2.0 * n).sqrt() + 16.0 / x).powi(2);
    let start = count + 8 + (ahead - n).ceil() as usize;
    let mut ratio = 1.0 / (x + (x * x + 2.0 * start as f64 + 2.0).sqrt());
    let mut product = erfcx(x);
    for k in (1..start).rev() {
        ratio = 1.0 / (2.0 * x + 2.0 * (k + 1) as f64 * ratio);
        if k <= count {
            product *= ratio;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::iterated_erfcx;

    #[test]
    fn the_values_are_those_of_mpmath() {
        // By mpmath at 60 digits: below 1 by the recurrence from erfc, above by its continued fraction; the integral of
        // (t − x)ⁿ/n! exp(x² − t²) 2/√π from x on, by quadrature, agrees to 11 digits and more.
        for (n, x, exact) in TABLE {
            let found = iterated_erfcx(n, x);
            assert!((found / exact - 1.0).abs() < 1e-14, "{n} {x}: {found} for {exact}");
        }
        assert!(iterated_erfcx(1.0, f64::INFINITY) == 0.0 && iterated_erfcx(2.0, f64::NEG_INFINITY) == f64::INFINITY);
        assert!(iterated_erfcx(1.5, 1.0).is_nan() && iterated_erfcx(1.0, f64::NAN).is_nan());
    }

    const TABLE: [(f64, f64, f64); 65] = [
        (0.0, -5.0, 144009798674.66104),
        (0.0, -0.3, 1.4537492328427655),
        (0.0, 0.0, 1.0),
        (0.0, 0.3, 0.7345993345676551),
        (0.0, 0.49, 0.620853390273928),
        (0.0, 0.51, 0.61059916978194),
        (0.0, 0.9, 0.456531651323117),
        (0.0, 1.0, 0.427583576155807),
        (0.0, 2.0, 0.25539567631050575),
        (0.0, 5.0, 0.11070463773306863),
        (0.0, 30.0, 0.01879588886141675),
        (0.0, 10000.0, 5.641895807268084e-05),
        (0.0, 100000000.0, 5.641895835477562e-09),
        (1.0, -5.0, 720048993373.8694),
        (1.0, -0.3, 1.0003143534005858),
        (1.0, 0.0, 0.5641895835477563),
        (1.0, 0.3, 0.34380978317745975),
        (1.0, 0.49, 0.25997142231353154),
        (1.0, 0.51, 0.2527840069589669),
        (1.0, 0.9, 0.15331109735695095),
        (1.0, 1.0, 0.13660600739194928),
        (1.0, 2.0, 0.0533982309267448),
        (1.0, 5.0, 0.010666394882413156),
        (1.0, 30.0, 0.00031291770525374203),
        (1.0, 10000.0, 2.8209478754245637e-09),
        (1.0, 100000000.0, 2.820947917738781e-17),
        (2.0, -5.0, 1836124933103.3386),
        (2.0, -0.3, 0.5134844612207793),
        (2.0, 0.0, 0.25),
        (2.0, 0.3, 0.13207836616529484),
        (2.0, 0.49, 0.09152034910166679),
        (2.0, 0.51, 0.08818987067094843),
        (2.0, 0.9, 0.04514291902015133),
        (2.0, 1.0, 0.03859289034297711),
        (2.0, 2.0, 0.010450688150881637),
        (2.0, 5.0, 0.0010101722272342689),
        (2.0, 30.0, 5.20663654805736e-06),
        (2.0, 10000.0, 1.4104739165551735e-13),
        (2.0, 100000000.0, 1.4104739588693902e-25),
        (4.0, -5.0, 4204786100889.429),
        (4.0, -0.3, 0.08054062052926057),
        (4.0, 0.0, 0.03125),
        (4.0, 0.3, 0.013202761227183318),
        (4.0, 0.49, 0.00796346341708293),
        (4.0, 0.51, 0.007563589132783314),
        (4.0, 0.9, 0.0029408457604934704),
        (4.0, 1.0, 0.002348268513455678),
        (4.0, 2.0, 0.0003400461585920169),
        (4.0, 5.0, 8.631401306269732e-06),
        (4.0, 30.0, 1.4391056315886088e-09),
        (4.0, 10000.0, 3.526184632709628e-22),
        (4.0, 100000000.0, 3.526184897173474e-42),
        (9.0, -5.0, 1458301730322.1052),
        (9.0, -0.3, 0.00014442974838276828),
        (9.0, 0.0, 3.731412589601563e-05),
        (9.0, 0.3, 1.052340851496402e-05),
        (9.0, 0.49, 4.925891155462434e-06),
        (9.0, 0.51, 4.555978361590513e-06),
        (9.0, 0.9, 1.0626128702457254e-06),
        (9.0, 1.0, 7.46004937528577e-07),
        (9.0, 2.0, 3.182367042657398e-08),
        (9.0, 5.0, 4.520993685147325e-11),
        (9.0, 30.0, 1.810323985538662e-18),
        (9.0, 10000.0, 1.101932477335256e-43),
        (9.0, 100000000.0, 1.1019327803667084e-83),
    ];
}

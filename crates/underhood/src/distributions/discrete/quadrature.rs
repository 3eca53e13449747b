//! Gauss's and Legendre's rule with sixteen points (NIST DLMF §3.5(v)), for sums over so many whole numbers that they are integrated.

const NODES: [f64; 8] = [
    0.095_012_509_837_637_44,
    0.281_603_550_779_258_9,
    0.458_016_777_657_227_37,
    0.617_876_244_402_643_8,
    0.755_404_408_355_003,
    0.865_631_202_387_831_8,
    0.944_575_023_073_232_6,
    0.989_400_934_991_649_9,
];
const WEIGHTS: [f64; 8] = [
    0.189_450_610_455_068_5,
    0.182_603_415_044_923_58,
    0.169_156_519_395_002_54,
    0.149_595_988_816_576_74,
    0.124_628_971_255_533_88,
    0.095_158_511_682_492_79,
    0.062_253_523_938_647_894,
    0.027_152_459_411_754_096,
];

/// ∫ f from a to b.
pub(crate) fn integral(a: f64, b: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (centre, half) = (0.5 * a + 0.5 * b, 0.5 * (b - a));
    let pairs = NODES.iter().zip(WEIGHTS);
    half * pairs.map(|(node, weight)| weight * (f(centre - half * node) + f(centre + half * node))).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_up_to_the_thirty_first_are_integrated_exactly() {
        for power in 0..32 {
            let exact = 2.0_f64.powi(power + 1) / f64::from(power + 1);
            let found = integral(0.0, 2.0, |x| x.powi(power));
            assert!((found / exact - 1.0).abs() < 4e-15, "{power}: {found}");
        }
    }
}

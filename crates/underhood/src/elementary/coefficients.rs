//! Polynomials behind the elementary functions, made by `tests/tables/make_elementary.py` from mpmath at 50 digits.
//! Do not edit: change the script and run it again.

use std::f64::consts;

/// (sin r − r)/r³ on |r| ≤ π/4 in powers of r².
pub(super) const SIN: [f64; 6] = [
    -0.16666666666666666,
    0.008333333333330946,
    -0.0001984126983675497,
    2.755731610068303e-06,
    -2.5051131455427946e-08,
    1.591810123027412e-10,
];

/// (cos r − 1 + r²/2)/r⁴ on |r| ≤ π/4 in powers of r².
pub(super) const COS: [f64; 6] = [
    0.041666666666666664,
    -0.0013888888888887395,
    2.4801587298763433e-05,
    -2.7557317270560326e-07,
    2.0876146024689747e-09,
    -1.1382614868556325e-11,
];

/// (arctan t − t)/t³ on |t| ≤ tan π/8 in powers of t².
pub(super) const ATAN: [f64; 12] = [
    -0.3333333333333333,
    0.19999999999999804,
    -0.14285714285659457,
    0.11111111105119366,
    -0.09090908751706075,
    0.07692296323157785,
    -0.06666423954373413,
    0.058789182929757273,
    -0.05230375457576669,
    0.04551233844829568,
    -0.03456132296826231,
    0.01627552168389342,
];

/// (arcsin s − s)/s³ on |s| ≤ ½ in powers of s².
pub(super) const ASIN: [f64; 14] = [
    0.16666666666666666,
    0.07500000000000118,
    0.044642857142551895,
    0.03038194447553234,
    0.02237215744350722,
    0.017352816540325496,
    0.01396378001220357,
    0.011566459612121669,
    0.009621842970100282,
    0.009319560794767446,
    0.0030448799094556773,
    0.019554513336123378,
    -0.01924167174674304,
    0.02961201126495512,
];

/// (sinh x − x)/x³ on |x| ≤ 1 in powers of x².
pub(super) const SINH: [f64; 8] = [
    0.16666666666666666,
    0.008333333333333333,
    0.00019841269841269773,
    2.755731922404034e-06,
    2.505210836405804e-08,
    1.6059048396350562e-10,
    7.646625361656657e-13,
    2.8445264169895285e-15,
];

/// ∛m on √½ ≤ m ≤ √2.
pub(super) const CBRT: [f64; 6] = [
    0.4233077964235478,
    1.0479306955437162,
    -0.8201573094839348,
    0.4955390366404781,
    -0.172186919831943,
    0.02556608271860522,
];

/// π/2 in two doubles, and what both lack.
pub(super) const HALF_PI: (f64, f64) = (consts::FRAC_PI_2, 6.123233995736766e-17);
pub(super) const HALF_PI_REST: f64 = -1.4973849048591698e-33;

/// The first double of π/2 as a sum of two with 27 and 26 bits.
pub(super) const HALF_PI_PARTS: (f64, f64) = (1.570796325802803, 9.920935184482005e-10);

/// log₂ e in two doubles.
pub(super) const LOG2_E: (f64, f64) = (consts::LOG2_E, 2.0355273740931033e-17);

/// log₁₀ e in two doubles.
pub(super) const LOG10_E: (f64, f64) = (consts::LOG10_E, 1.098319650216765e-17);

/// log₁₀ 2 in two doubles, the first of 40 bits: its product with an exponent is exact.
pub(super) const LOG10_2: (f64, f64) = (0.3010299956640665, -8.532344317057107e-14);

/// ln 2 in two doubles.
pub(super) const LN_2: (f64, f64) = (consts::LN_2, 2.3190468138462996e-17);

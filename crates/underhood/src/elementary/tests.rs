//! Every function beside mpmath's values, its slices beside its single numbers, and its edges.

use super::*;

type Slices = fn(&mut [f64]);
type Pairs = fn(&mut [f64], &[f64]);

macro_rules! rooms {
    ($($name:ident)*) => { [$((stringify!($name), $name::scalar, $name::in_place)),*] };
}

type Room1 = (&'static str, fn(f64) -> f64, Slices);
type Room2 = (&'static str, fn(f64, f64) -> f64, Pairs);

const UNARY: [Room1; 21] = rooms! {
    sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh
    exp exp_m1 ln ln_1p log2 log10 cbrt expit log_expit
};
const BINARY: [Room2; 4] = rooms! { arctan2 pow hypot logaddexp };

const INF: f64 = f64::INFINITY;
const ODD: [f64; 26] = [
    0.0,
    -0.0,
    0.25,
    -0.25,
    0.5,
    -0.5,
    0.99,
    1.0,
    -1.0,
    1.5,
    2.0,
    -3.0,
    5e-324,
    -3e-310,
    1e-20,
    709.9,
    -745.5,
    1e8,
    -1.1e8,
    1e22,
    1e300,
    f64::MAX,
    -f64::MAX,
    INF,
    -INF,
    f64::NAN,
];

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

#[test]
fn values_are_those_of_mpmath() {
    let mut count = 0;
    for line in include_str!("../../tests/tables/elementary.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse::<f64>().expect("a number");
        let (x, y, value) = (number(1), number(2), number(3));
        let found = UNARY.iter().find(|f| f.0 == cells[0]).map(|f| f.1(x));
        let found = found.or_else(|| BINARY.iter().find(|f| f.0 == cells[0]).map(|f| f.1(x, y)));
        // 1.3 ulp at worst, and half an ulp of the table's own rounding; the logistic ones are quotients of roundings.
        let ulps = if ["expit", "log_expit"].contains(&cells[0]) { 2.0 } else { 1.0 };
        let distance = found.map(|found| (found - value).abs());
        let unit = f64::from_bits(value.abs().to_bits() + 1) - value.abs();
        assert!(distance.is_some_and(|d| d <= ulps * unit), "{line}: {found:?}");
        count += 1;
    }
    assert!(count > 1000);
}

#[test]
fn slices_and_single_numbers_have_the_same_bits() {
    // So many that every width of vector and its remainder have their turn, with the large angles in one block and in none.
    let mut points: Vec<f64> = (0..1000).map(|i| f64::from(i).sin() * 10_f64.powi(i % 40 - 20)).collect();
    points.extend((0..299).map(|i| f64::from(i) * 0.037 - 5.0));
    points.extend(ODD);
    for (name, one, all) in UNARY {
        let mut found = points.clone();
        all(&mut found);
        for (&x, &found) in points.iter().zip(&found) {
            assert!(same(found, one(x)), "{name}({x}): {found} and {}", one(x));
        }
    }
    for (name, one, all) in BINARY {
        for shift in [1, 17, 333] {
            let mut others = points.clone();
            others.rotate_left(shift);
            let mut found = points.clone();
            all(&mut found, &others);
            for ((&x, &y), &found) in points.iter().zip(&others).zip(&found) {
                assert!(same(found, one(x, y)), "{name}({x}, {y}): {found} and {}", one(x, y));
            }
        }
    }
}

#[test]
fn edges_are_those_of_the_standard() {
    for (name, f, _) in UNARY {
        assert!(f(f64::NAN).is_nan(), "{name}");
    }
    let like_their_argument = [
        sin::scalar,
        tan::scalar,
        arcsin::scalar,
        arctan::scalar,
        sinh::scalar,
        tanh::scalar,
        arcsinh::scalar,
        arctanh::scalar,
        exp_m1::scalar,
        ln_1p::scalar,
    ];
    for f in like_their_argument {
        for x in [0.0, -0.0, 5e-324, -5e-324, 1e-310, -1e-300] {
            assert!(same(f(x), x), "{x:e} became {:e}", f(x));
        }
    }
    assert!(same(cbrt::scalar(-0.0), -0.0) && same(cbrt::scalar(-8e-300), -2e-100));
    for f in [sin::scalar, cos::scalar, tan::scalar] {
        assert!(f(INF).is_nan() && f(-INF).is_nan());
    }
    for f in [arcsin::scalar, arccos::scalar, arctanh::scalar] {
        assert!(f(1.0 + f64::EPSILON).is_nan() && f(-INF).is_nan());
    }
    assert_eq!((arccos::scalar(1.0), arccosh::scalar(1.0), arctanh::scalar(-1.0)), (0.0, 0.0, -INF));
    assert_eq!(
        (arctan::scalar(-INF), tanh::scalar(INF), arcsinh::scalar(-INF)),
        (-std::f64::consts::FRAC_PI_2, 1.0, -INF)
    );
    assert_eq!((sinh::scalar(-711.0), cosh::scalar(-711.0)), (-INF, INF));
    assert!(arccosh::scalar(-2.0).is_nan() && log10::scalar(-1.0).is_nan() && log2::scalar(0.0) == -INF);
    assert_eq!((cbrt::scalar(-INF), cbrt::scalar(5e-324)), (-INF, libm::cbrt(5e-324)));
    for k in -1074..1024 {
        let power = libm::exp2(f64::from(k));
        assert_eq!((log2::scalar(power), pow::scalar(2.0, f64::from(k))), (f64::from(k), power));
    }
    for k in 0..23 {
        let power = 10_f64.powi(k);
        assert_eq!((pow::scalar(10.0, f64::from(k)), log10::scalar(power)), (power, f64::from(k)));
    }
}

#[test]
fn edges_of_pairs_are_those_of_the_standard() {
    for x in ODD {
        for y in ODD {
            // The reference's own answers at the edges; inside, two good functions differ by their roundings.
            for (name, found, expected) in [
                ("pow", pow::scalar(x, y), libm::pow(x, y)),
                ("arctan2", arctan2::scalar(x, y), libm::atan2(x, y)),
                ("hypot", hypot::scalar(x, y), libm::hypot(x, y)),
            ] {
                let near = (found - expected).abs() <= 4e-16 * expected.abs();
                let signs = found.is_sign_negative() == expected.is_sign_negative();
                assert!(same(found, expected) || near && signs, "{name}({x}, {y}): {found} {expected}");
            }
        }
        assert!(same(pow::scalar(x, 0.0), 1.0) && same(pow::scalar(1.0, x), 1.0));
    }
    assert_eq!(logaddexp::scalar(-INF, -INF), -INF);
    assert_eq!(logaddexp::scalar(INF, -INF), INF);
    assert!(logaddexp::scalar(f64::NAN, 1.0).is_nan() && logaddexp::scalar(1.0, f64::NAN).is_nan());
}

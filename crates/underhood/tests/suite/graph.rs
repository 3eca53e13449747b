//! Functions as graphs: run in every way, differentiated in both modes, compared with closed forms, with each other and with differences.

use ndarray::{ArrayD, IxDyn};
use proptest::prelude::*;
use underhood::graph::{Argument, Binary, Function, Graph, NodeId, Program, Reduction, Stride, Unary};

fn number(name: &str) -> Argument {
    Argument { name: name.into(), shape: vec![] }
}

fn array(name: &str, shape: &[usize]) -> Argument {
    Argument { name: name.into(), shape: shape.to_vec() }
}

fn run(function: &Function, arguments: &[&[f64]]) -> Vec<f64> {
    run_program(&Program::new(function), arguments)
}

fn run_program(program: &Program, arguments: &[&[f64]]) -> Vec<f64> {
    let mut output = vec![f64::NAN; program.size()];
    program.run(&mut program.memory().expect("there is room"), arguments, &mut output).expect("the arguments fit");
    output
}

/// (1 − x)² + 100 (y − x²)².
fn rosenbrock() -> Function {
    let mut g = Graph::new();
    let x = g.input(0, &[2]);
    let at = |g: &mut Graph, i| {
        let part = g.slice(x, &[Stride { start: i, step: 1, count: 1 }]).expect("it fits");
        g.reshape(part, &[]).expect("it fits")
    };
    let (a, b) = (at(&mut g, 0), at(&mut g, 1));
    let (one, two, hundred) = (g.number(1.0), g.number(2.0), g.number(100.0));
    let left = g.binary(Binary::Subtract, one, a).expect("it fits");
    let left = g.binary(Binary::Power, left, two).expect("it fits");
    let square = g.binary(Binary::Power, a, two).expect("it fits");
    let right = g.binary(Binary::Subtract, b, square).expect("it fits");
    let right = g.binary(Binary::Power, right, two).expect("it fits");
    let right = g.binary(Binary::Multiply, hundred, right).expect("it fits");
    let whole = g.binary(Binary::Add, left, right).expect("it fits");
    Function::new(g, vec![array("x", &[2])], whole).expect("it fits")
}

#[test]
fn rosenbrocks_function_and_its_derivatives() {
    let f = rosenbrock();
    let at: [&[f64]; 1] = [&[-1.5, 2.0]];
    assert_eq!(run(&f, &at), [6.25 + 100.0 * 0.0625]);
    assert_eq!(run(&f.gradient(&[0]).expect("it fits"), &at), [-5.0 - 400.0 * -1.5 * -0.25, 200.0 * -0.25]);
    let hessian = f.hessian(&[0]).expect("it fits");
    assert_eq!(hessian.shape(), [2, 2]);
    assert_eq!(run(&hessian, &at), [2.0 - 400.0 * (2.0 - 3.0 * 2.25), 600.0, 600.0, 200.0]);
    let product = f.hessian_product(&[0]).expect("it fits");
    assert_eq!(run(&product, &[at[0], &[1.0, 2.0]]), [1902.0 + 1200.0, 600.0 + 400.0]);
    let both = f.joined(&f.gradient(&[0]).expect("it fits")).expect("it fits");
    assert_eq!(run(&both, &at), [12.5, -155.0, -50.0]);
}

#[test]
fn every_order_of_derivative_of_a_product() {
    // f = x³·sin x, whose derivatives come from Leibniz' rule.
    let mut g = Graph::new();
    let x = g.input(0, &[]);
    let three = g.number(3.0);
    let cube = g.binary(Binary::Power, x, three).expect("it fits");
    let sin = g.unary(Unary::Sin, x);
    let whole = g.binary(Binary::Multiply, cube, sin).expect("it fits");
    let mut f = Function::new(g, vec![number("x")], whole).expect("it fits");
    let x = 0.7_f64;
    let (s, c) = x.sin_cos();
    let expected = [
        x.powi(3) * s,
        3.0 * x * x * s + x.powi(3) * c,
        6.0 * x * s + 6.0 * x * x * c - x.powi(3) * s,
        6.0 * s + 18.0 * x * c - 9.0 * x * x * s - x.powi(3) * c,
        24.0 * c - 36.0 * x * s - 12.0 * x * x * c + x.powi(3) * s,
    ];
    for expected in expected {
        let found = run(&f, &[&[x]])[0];
        assert!((found - expected).abs() < 1e-13, "{found} is not {expected}");
        f = f.derivative(0).expect("it fits");
    }
}

#[test]
fn kinks_have_the_subgradients_that_are_documented() {
    let two_numbers = |op: Binary| {
        let mut g = Graph::new();
        let (x, y) = (g.input(0, &[]), g.input(1, &[]));
        let value = g.binary(op, x, y).expect("it fits");
        Function::new(g, vec![number("x"), number("y")], value).expect("it fits").gradient(&[0, 1]).expect("it fits")
    };
    assert_eq!(run(&two_numbers(Binary::Maximum), &[&[2.0], &[2.0]]), [0.5, 0.5]);
    assert_eq!(run(&two_numbers(Binary::Maximum), &[&[3.0], &[2.0]]), [1.0, 0.0]);
    assert_eq!(run(&two_numbers(Binary::Minimum), &[&[3.0], &[2.0]]), [0.0, 1.0]);
    assert_eq!(run(&two_numbers(Binary::Hypot), &[&[0.0], &[0.0]]), [0.0, 0.0]);
    assert_eq!(run(&two_numbers(Binary::Power), &[&[0.0], &[2.0]]), [0.0, 0.0]);
    let mut g = Graph::new();
    let x = g.input(0, &[3]);
    let two = g.number(2.0);
    let squares = g.binary(Binary::Power, x, two).expect("it fits");
    let sum = g.reduce(Reduction::Sum, squares, &[0]).expect("it fits");
    let length = g.unary(Unary::Sqrt, sum);
    let length = Function::new(g, vec![array("x", &[3])], length).expect("it fits").gradient(&[0]).expect("it fits");
    assert_eq!(run(&length, &[&[0.0; 3]]), [0.0; 3]);
    let unit = run(&length, &[&[0.0, 3.0, -4.0]]);
    assert!(unit.iter().zip([0.0, 0.6, -0.8]).all(|(found, known)| close(*found, known, 1e-15)));
    // A product with zeros among its factors, and the largest of equal ones.
    for (op, at, expected) in [
        (Reduction::Product, [0.0, 3.0, 2.0], [6.0, 0.0, 0.0]),
        (Reduction::Product, [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]),
        (Reduction::Maximum, [1.0, 5.0, 5.0], [0.0, 0.5, 0.5]),
        (Reduction::Minimum, [1.0, 5.0, 5.0], [1.0, 0.0, 0.0]),
    ] {
        let mut g = Graph::new();
        let x = g.input(0, &[3]);
        let value = g.reduce(op, x, &[0]).expect("it fits");
        let slope = Function::new(g, vec![array("x", &[3])], value).expect("it fits").gradient(&[0]).expect("it fits");
        assert_eq!(run(&slope, &[&at]), expected);
    }
}

#[test]
fn what_cannot_be_differentiated_is_refused() {
    let mut g = Graph::new();
    let (x, y) = (g.input(0, &[3]), g.input(1, &[]));
    let product = g.binary(Binary::Multiply, x, y).expect("it fits");
    let f = Function::new(g, vec![array("x", &[3]), number("y")], product).expect("it fits");
    let refusal = |result: underhood::Result<Function>| result.unwrap_err().to_string();
    assert!(refusal(f.gradient(&[0])).starts_with("gradient: the value of f is a vector of 3"));
    assert!(refusal(f.derivative(0)).starts_with("derivative: x is a vector of 3"));
    assert!(refusal(f.jacobian(&[0, 1])).contains("x has the shape [3]"));
    assert!(refusal(f.jacobian(&[2])).contains("f has 2 arguments"));
    assert_eq!(run(&f.jacobian(&[1]).expect("it fits"), &[&[1.0, 2.0, 3.0], &[5.0]]), [1.0, 2.0, 3.0]);
}

/// The steps by which a random function is grown from its two arguments, a matrix of 3×4 and a vector of 4.
#[derive(Debug, Clone)]
enum Growth {
    Unary(Unary, usize),
    Binary(Binary, usize, usize),
    Sum(usize, usize),
    Extreme(usize, usize),
    Turn(usize),
    Product(usize, usize),
    Cut(usize, bool),
    Join(usize, usize),
    Cumulate(usize),
    Choose(usize, usize, usize),
    Pick(usize),
}

fn growth() -> impl Strategy<Value = Growth> {
    let smooth = prop::sample::select(vec![
        Unary::Sin,
        Unary::Cos,
        Unary::Tanh,
        Unary::Arctan,
        Unary::Expit,
        Unary::Negative,
        Unary::Arcsinh,
        Unary::Erf,
        Unary::LogExpit,
        Unary::Ndtr,
    ]);
    let pairs = prop::sample::select(vec![Binary::Add, Binary::Subtract, Binary::Multiply, Binary::Logaddexp]);
    let node = 0..64_usize;
    prop_oneof![
        (smooth, node.clone()).prop_map(|(op, x)| Growth::Unary(op, x)),
        (pairs, node.clone(), node.clone()).prop_map(|(op, x, y)| Growth::Binary(op, x, y)),
        (node.clone(), node.clone()).prop_map(|(x, axis)| Growth::Sum(x, axis)),
        (node.clone(), node.clone()).prop_map(|(x, axis)| Growth::Extreme(x, axis)),
        node.clone().prop_map(Growth::Turn),
        (node.clone(), node.clone()).prop_map(|(x, y)| Growth::Product(x, y)),
        (node.clone(), any::<bool>()).prop_map(|(x, back)| Growth::Cut(x, back)),
        (node.clone(), node.clone()).prop_map(|(x, y)| Growth::Join(x, y)),
        node.clone().prop_map(Growth::Cumulate),
        (node.clone(), node.clone(), node.clone()).prop_map(|(c, x, y)| Growth::Choose(c, x, y)),
        node.prop_map(Growth::Pick),
    ]
}

/// Grows a function; steps that do not fit what is there are left out. Its value is the sum of all that was grown last.
fn grown(steps: &[Growth]) -> Function {
    let mut g = Graph::new();
    let mut nodes: Vec<NodeId> = vec![g.input(0, &[3, 4]), g.input(1, &[4])];
    let weights = ArrayD::from_shape_fn(IxDyn(&[4, 3]), |at| 0.1 * (at[0] as f64) - 0.2 * (at[1] as f64) + 0.15);
    nodes.push(g.array(weights, Some("A")));
    for step in steps {
        let at = |i: &usize| nodes[i % nodes.len()];
        let made = match step {
            Growth::Unary(op, x) => Ok(g.unary(*op, at(x))),
            Growth::Binary(op, x, y) => g.binary(*op, at(x), at(y)),
            Growth::Sum(x, axis) => {
                let axes: Vec<usize> = (0..g.shape(at(x)).len()).filter(|i| axis >> i & 1 == 1).collect();
                g.reduce(Reduction::Sum, at(x), &axes)
            }
            Growth::Extreme(x, axis) => {
                let axes = g.shape(at(x)).len();
                g.reduce([Reduction::Maximum, Reduction::Minimum][axis % 2], at(x), &[axis % axes.max(1)])
            }
            Growth::Turn(x) => {
                let axes: Vec<usize> = (0..g.shape(at(x)).len()).rev().collect();
                g.transpose(at(x), &axes)
            }
            Growth::Product(x, y) => g.product(at(x), at(y)),
            Growth::Cut(x, back) => {
                let cut = |n: &usize| Stride {
                    start: if *back { n.saturating_sub(1) } else { 0 },
                    step: if *back { -1 } else { 2 },
                    count: if *back { *n } else { n.div_ceil(2) },
                };
                let strides: Vec<Stride> = g.shape(at(x)).iter().map(cut).collect();
                g.slice(at(x), &strides)
            }
            Growth::Join(x, y) => g.concatenate(&[at(x), at(y)], 0),
            Growth::Cumulate(x) => g.cumulative_sum(at(x), 0, x % 2 == 0),
            Growth::Choose(c, x, y) => {
                let zero = g.number(0.3);
                g.binary(Binary::Less, at(c), zero).and_then(|c| g.select(c, at(x), at(y)))
            }
            Growth::Pick(x) => {
                let size = g.size(at(x));
                g.gather(at(x), vec![size / 2, 0, size - 1, 0], &[2, 2])
            }
        };
        if let Ok(node) = made
            && g.size(node) <= 60
        {
            nodes.push(node);
        }
    }
    let mut total = g.number(0.0);
    for node in nodes.into_iter().rev().take(3) {
        let axes: Vec<usize> = (0..g.shape(node).len()).collect();
        let bounded = g.unary(Unary::Tanh, node);
        let sum = g.reduce(Reduction::Sum, bounded, &axes).expect("it fits");
        total = g.binary(Binary::Add, total, sum).expect("it fits");
    }
    Function::new(g, vec![array("X", &[3, 4]), array("y", &[4])], total).expect("it fits")
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_functions_run_alike_and_have_the_gradients_of_differences(
        steps in prop::collection::vec(growth(), 1..14),
        x in prop::collection::vec(-1.5..1.5_f64, 12),
        y in prop::collection::vec(-1.5..1.5_f64, 4),
    ) {
        let f = grown(&steps);
        let value = run(&f, &[&x, &y])[0];
        prop_assert!(close(value, run_program(&Program::of_arrays(&f), &[&x, &y])[0], 1e-13));
        let compiled = run_program(&Program::compiled(&f), &[&x, &y])[0];
        prop_assert!(compiled.to_bits() == value.to_bits() || compiled.is_nan() && value.is_nan());
        for argument in [0, 1] {
            let gradient = f.gradient(&[argument]).expect("it fits");
            let by_numbers = run(&gradient, &[&x, &y]);
            let by_arrays = run_program(&Program::of_arrays(&gradient), &[&x, &y]);
            let jacobian = run(&f.jacobian(&[argument]).expect("it fits"), &[&x, &y]);
            for ((a, b), c) in by_numbers.iter().zip(&by_arrays).zip(&jacobian) {
                prop_assert!(close(*a, *b, 1e-12) && close(*a, *c, 1e-12), "{a} {b} {c}");
            }
            // A kink within reach of the differences shows itself by two of them that disagree.
            for place in 0..by_numbers.len() {
                let difference = |h: f64| {
                    let shifted = |by: f64| {
                        let (mut x, mut y) = (x.clone(), y.clone());
                        [&mut x, &mut y][argument][place] += by;
                        run(&f, &[&x, &y])[0]
                    };
                    (shifted(h) - shifted(-h)) / (2.0 * h)
                };
                let (fine, coarse) = (difference(1e-5), difference(2e-5));
                if close(fine, coarse, 1e-6) {
                    prop_assert!(close(by_numbers[place], fine, 1e-5), "{} is not {fine}", by_numbers[place]);
                }
            }
        }
    }

    #[test]
    fn hessians_are_symmetric_and_their_products_are_products(
        steps in prop::collection::vec(growth(), 1..8),
        x in prop::collection::vec(-1.5..1.5_f64, 12),
        y in prop::collection::vec(-1.5..1.5_f64, 4),
        v in prop::collection::vec(-1.0..1.0_f64, 4),
    ) {
        let f = grown(&steps);
        let hessian = run(&f.hessian(&[1]).expect("it fits"), &[&x, &y]);
        let product = run(&f.hessian_product(&[1]).expect("it fits"), &[&x, &y, &v]);
        for row in 0..4 {
            for column in 0..4 {
                prop_assert!(close(hessian[4 * row + column], hessian[4 * column + row], 1e-10));
            }
            let expected: f64 = (0..4).map(|column| hessian[4 * row + column] * v[column]).sum();
            prop_assert!(close(product[row], expected, 1e-10), "{} is not {expected}", product[row]);
        }
    }
}

#[test]
fn long_arrays_give_the_same_bits_as_numbers() {
    let f = rosenbrock().gradient(&[0]).expect("it fits");
    assert!(Program::new(&f).map(&[&[1.0]], &mut [0.0]).is_err());
    let mut g = Graph::new();
    let (x, y) = (g.input(0, &[]), g.input(1, &[]));
    let sin = g.unary(Unary::Sin, x);
    let product = g.binary(Binary::Multiply, sin, y).expect("it fits");
    let exp = g.unary(Unary::Exp, product);
    let root = g.unary(Unary::Log1p, exp);
    let f = Function::new(g, vec![number("x"), number("y")], root).expect("it fits");
    let program = Program::new(&f);
    let x: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.037 - 18.0).collect();
    let mut found = vec![0.0; 1000];
    program.map(&[&x, &[1.7]], &mut found).expect("it fits");
    let mut memory = program.memory().expect("it fits");
    for (x, found) in x.iter().zip(found) {
        let mut one = [0.0];
        program.run(&mut memory, &[&[*x], &[1.7]], &mut one).expect("it fits");
        assert_eq!(one[0].to_bits(), found.to_bits());
    }
}

#[test]
fn large_functions_run_in_steps() {
    // The logistic loss of 1000 rows, and its gradient by hand.
    let (rows, columns) = (1000, 5);
    let data = ArrayD::from_shape_fn(IxDyn(&[rows, columns]), |at| ((at[0] * 7 + at[1] * 13) % 17) as f64 / 8.0 - 1.0);
    let labels = ArrayD::from_shape_fn(IxDyn(&[rows]), |at| if at[0] % 3 == 0 { 1.0 } else { -1.0 });
    let mut g = Graph::new();
    let w = g.input(0, &[columns]);
    let (matrix, signs) = (g.array(data.clone(), Some("X")), g.array(labels.clone(), Some("y")));
    let scores = g.product(matrix, w).expect("it fits");
    let margins = g.binary(Binary::Multiply, signs, scores).expect("it fits");
    let opposite = g.unary(Unary::Negative, margins);
    let exp = g.unary(Unary::Exp, opposite);
    let losses = g.unary(Unary::Log1p, exp);
    let sum = g.reduce(Reduction::Sum, losses, &[0]).expect("it fits");
    let count = g.number(rows as f64);
    let mean = g.binary(Binary::Divide, sum, count).expect("it fits");
    let loss = Function::new(g, vec![array("w", &[columns])], mean).expect("it fits");
    let w = [0.3, -0.2, 0.5, 0.1, -0.4];
    let mut expected = [0.0; 5];
    let mut value = 0.0;
    for row in 0..rows {
        let margin = labels[[row]] * (0..columns).map(|j| data[[row, j]] * w[j]).sum::<f64>();
        value += (-margin).exp().ln_1p() / rows as f64;
        for (j, expected) in expected.iter_mut().enumerate() {
            *expected -= labels[[row]] * data[[row, j]] / (1.0 + margin.exp()) / rows as f64;
        }
    }
    assert!(close(run(&loss, &[&w])[0], value, 1e-14));
    let gradient = run(&loss.gradient(&[0]).expect("it fits"), &[&w]);
    for (found, expected) in gradient.iter().zip(expected) {
        assert!(close(*found, expected, 1e-13), "{found} is not {expected}");
    }
    // Run twice in the same memory: nothing is left over.
    let program = Program::new(&loss);
    let (mut memory, mut first, mut second) = (program.memory().expect("it fits"), [0.0], [0.0]);
    program.run(&mut memory, &[&w], &mut first).expect("it fits");
    program.run(&mut memory, &[&[0.0; 5]], &mut second).expect("it fits");
    assert!(close(second[0], 2.0_f64.ln(), 1e-14));
    program.run(&mut memory, &[&w], &mut second).expect("it fits");
    assert_eq!(first, second);
}

#[test]
fn functions_of_more_operations_than_a_tape_has_registers_run() {
    // x + sin(x)/10⁶, 40,000 times over, of numbers and of arrays.
    const TIMES: usize = 40_000;
    for shape in [vec![], vec![3]] {
        let mut g = Graph::new();
        let x = g.input(0, &shape);
        let step = g.number(1e-6);
        let mut value = x;
        for _ in 0..TIMES {
            let sin = g.unary(Unary::Sin, value);
            let change = g.binary(Binary::Multiply, step, sin).expect("it fits");
            value = g.binary(Binary::Add, value, change).expect("it fits");
        }
        let axes: Vec<usize> = (0..shape.len()).collect();
        let total = g.reduce(Reduction::Sum, value, &axes).expect("it fits");
        let f = Function::new(g, vec![array("x", &shape)], total).expect("it fits");
        let (mut x, mut slope) = (0.7_f64, 1.0);
        for _ in 0..TIMES {
            (x, slope) = (x + 1e-6 * x.sin(), slope * (1.0 + 1e-6 * x.cos()));
        }
        let count = shape.iter().product::<usize>();
        let at = vec![0.7; count];
        let found = run(&f, &[&at])[0];
        assert!((found - x * count as f64).abs() < 1e-11, "{found}");
        for found in run(&f.gradient(&[0]).expect("it fits"), &[&at]) {
            assert!((found / slope - 1.0).abs() < 1e-9, "{found} beside {slope}");
        }
        if shape.is_empty() {
            let mut all = [0.0; 2];
            Program::new(&f).map(&[&[0.7, 0.0]], &mut all).expect("it fits");
            assert_eq!(all, [found, 0.0]);
        }
    }
}

#[test]
fn what_a_choice_leaves_out_has_no_part_in_the_gradient() {
    // Σ where(x > 0, log x, 0): 1/x is infinite at 0, where it is not chosen.
    let mut g = Graph::new();
    let x = g.input(0, &[3]);
    let zero = g.number(0.0);
    let positive = g.binary(Binary::Less, zero, x).expect("it fits");
    let log = g.unary(Unary::Log, x);
    let guarded = g.select(positive, log, zero).expect("it fits");
    let total = g.reduce(Reduction::Sum, guarded, &[0]).expect("it fits");
    let gradient = Function::new(g, vec![array("x", &[3])], total).expect("it fits").gradient(&[0]).expect("it fits");
    for program in [Program::new(&gradient), Program::of_arrays(&gradient), Program::compiled(&gradient)] {
        assert_eq!(run_program(&program, &[&[-1.0, 0.0, 2.0]]), [0.0, 0.0, 0.5]);
    }
}

#[test]
fn derivatives_keep_their_digits_far_out() {
    let slope = |text: &str, order: usize, x: f64| {
        let mut f = Function::parse(text, None).expect("it fits");
        for _ in 0..order {
            f = f.derivative(0).expect("it fits");
        }
        run(&f, &[&[x]])[0]
    };
    // φ(x)/Φ(x) by mpmath at 40 digits; then sech² and its derivative, which tend to 0.
    for (x, expected) in
        [(-3.0, 3.283_098_654_930_436_5), (-1e4, 10_000.000_099_999_998), (-1e8, 100_000_000.000_000_01)]
    {
        assert!((slope("log_ndtr(x)", 1, x) / expected - 1.0).abs() < 2e-15, "{x}");
    }
    // −2 E₁ and 8 E₂ with the scaled repeated integrals of erfc, and (ln Φ)″, by mpmath at 80 digits.
    for (x, first, second) in [
        (-3.0, -97_237.061_503_164_62, 615_834.346_726_986_9),
        (1.0, -0.273_212_014_783_898_57, 0.308_743_122_743_816_9),
        (1e4, -5.641_895_750_849_127e-9, 1.128_379_133_244_138_8e-12),
        (1e8, -5.641_895_835_477_562e-17, 1.128_379_167_095_512_2e-24),
    ] {
        assert!((slope("erfcx(x)", 1, x) / first - 1.0).abs() < 5e-15, "{x}");
        assert!((slope("erfcx(x)", 2, x) / second - 1.0).abs() < 1e-14, "{x}");
    }
    for (x, expected) in [
        (2.0, -0.113_548_051_688_576_5),
        (-3.0, -0.929_440_813_214_731_9),
        (-1e4, -0.999_999_990_000_000_6),
        (-1e6, -0.999_999_999_999),
        (-1e8, -0.999_999_999_999_999_9),
    ] {
        assert!((slope("log_ndtr(x)", 2, x) / expected - 1.0).abs() < 1e-14, "{x}");
    }
    assert_eq!([slope("log1p(exp(x))", 1, 800.0), slope("log1p(exp(x))", 1, 0.0)], [1.0, 0.5]);
    for x in [360.0, 400.0, 800.0] {
        assert!(slope("tanh(x)", 2, x).abs() < 1e-300);
    }
    assert!((slope("tanh(x)", 1, 20.0) / (4.0 * (-40.0_f64).exp()) - 1.0).abs() < 1e-14);
}

#[test]
fn exponents_that_are_an_array_may_be_zero() {
    // c₀ + c₁x + c₂x² + c₃x³ written as Σ c·x**[0, 1, 2, 3], at 0.
    let mut g = Graph::new();
    let x = g.input(0, &[]);
    let powers = g.array(ArrayD::from_shape_fn(IxDyn(&[4]), |at| at[0] as f64), None);
    let terms = g.binary(Binary::Power, x, powers).expect("it fits");
    let c = g.array(ArrayD::from_shape_fn(IxDyn(&[4]), |at| 2.0 + at[0] as f64), None);
    let terms = g.binary(Binary::Multiply, c, terms).expect("it fits");
    let total = g.reduce(Reduction::Sum, terms, &[0]).expect("it fits");
    let f = Function::new(g, vec![number("x")], total).expect("it fits");
    assert_eq!(run(&f.derivative(0).expect("it fits"), &[&[0.0]]), [3.0]);
    assert_eq!(run(&f.gradient(&[0]).expect("it fits"), &[&[0.0]]), [3.0]);
}

#[test]
fn what_is_not_there_is_not_multiplied_whatever_the_size() {
    // ∂√xᵢ/∂xⱼ at 0 is infinite on the diagonal and nothing beside it.
    for n in [3, 16, 17, 40] {
        let mut g = Graph::new();
        let x = g.input(0, &[n]);
        let root = g.unary(Unary::Sqrt, x);
        let jacobian =
            Function::new(g, vec![array("x", &[n])], root).expect("it fits").jacobian(&[0]).expect("it fits");
        let found = run(&jacobian, &[&vec![0.0; n]]);
        for (place, found) in found.iter().enumerate() {
            assert_eq!(*found, if place / n == place % n { f64::INFINITY } else { 0.0 }, "{n}: {place}");
        }
    }
}

#[test]
fn a_memory_belongs_to_one_program() {
    let (f, g) = (Function::parse("x + 1", None).expect("it fits"), Function::parse("x + 2", None).expect("it fits"));
    let (f, g) = (Program::new(&f), Program::new(&g));
    let mut memory = f.memory().expect("it fits");
    assert!(g.run(&mut memory, &[&[1.0]], &mut [0.0]).unwrap_err().to_string().contains("another program's"));
}

#[test]
fn inputs_that_are_no_arguments_are_refused() {
    let mut g = Graph::new();
    let x = g.input(1, &[2]);
    let refused = Function::new(g, vec![number("x")], x).unwrap_err();
    assert!(refused.to_string().contains("do not have input 1"), "{refused}");
}

/// Closed forms: arcsin″ = x/(1 − x²)^(3/2), arctanh″ = 2x/(1 − x²)², of which a small x is nearly all; here with the next term.
#[test]
fn second_derivatives_of_inverse_functions_keep_a_small_argument() -> underhood::Result<()> {
    let cases = [
        ("arcsin(x)", 1.0, 1.5),
        ("arccos(x)", -1.0, 1.5),
        ("arctanh(x)", 2.0, 2.0),
        ("sqrt((1 - x)*(1 + x))*x", -3.0, 5.0 / 6.0),
    ];
    for (text, factor, next) in cases {
        let f = Function::parse(text, None)?;
        let seconds = [f.derivative(0)?.derivative(0)?, f.gradient(&[0])?.gradient(&[0])?];
        for x in [1e-300, 1e-17, 1e-14, 1e-8, -1e-5] {
            let expected = factor * x * (1.0 + next * x * x);
            for second in &seconds {
                let found = run(second, &[&[x]])[0];
                assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{text} at {x}: {found}");
            }
        }
    }
    // In reverse mode: f = √((1 − v₀)(1 + v₀))·v₁ has ∂²f/∂v₀² = −v₁/(1 − v₀²)^(3/2) and ∂²f/∂v₀∂v₁ = −v₀/√(1 − v₀²).
    let f = Function::parse("sqrt((1 - x)*(1 + x))*y", None)?;
    let found = run(&f.hessian(&[0, 1])?, &[&[1e-20], &[3.0]]);
    assert_eq!(found, [-3.0, -1e-20, -1e-20, 0.0]);
    Ok(())
}

/// Where eˣ overflows: 1/(1 + e⁻ˣ) has the slopes 0 there, ln(1 + eˣ) the slope 1.
#[test]
fn logistic_functions_have_slopes_where_the_exponential_overflows() -> underhood::Result<()> {
    let share = Function::parse("1/(1+exp(-x))", None)?;
    let softplus = Function::parse("log(exp(x) + 1)", None)?;
    let slopes = |f: &Function, x: f64| -> underhood::Result<[f64; 3]> {
        let first = f.derivative(0)?;
        let second = first.derivative(0)?;
        Ok([&first, &f.gradient(&[0])?, &second].map(|f| run(f, &[&[x]])[0]))
    };
    assert_eq!(slopes(&share, -1000.0)?, [0.0; 3]);
    assert_eq!(slopes(&share, 1000.0)?, [0.0; 3]);
    assert_eq!(slopes(&softplus, 1000.0)?, [1.0, 1.0, 0.0]);
    let tail = (-700.0f64).exp();
    for found in slopes(&share, -700.0)? {
        assert!((found / tail - 1.0).abs() < 1e-13, "{found}");
    }
    // Of several inputs, and with a numerator that depends on them too: (x/(1 + eʸ))″ by both is −eʸ/(1 + eʸ)².
    let f = Function::parse("x/(1 + exp(y))", None)?;
    let found = run(&f.hessian(&[0, 1])?, &[&[3.0], &[0.0]]);
    assert_eq!(found, [0.0, -0.25, -0.25, 0.0]);
    Ok(())
}

/// ln Σ eˣ along an axis of an array of this shape.
fn log_sum(shape: &[usize], axes: &[usize]) -> Function {
    let mut g = Graph::new();
    let x = g.input(0, shape);
    let sum = g.reduce(Reduction::LogSumExp, x, axes).expect("it fits");
    Function::new(g, vec![array("x", shape)], sum).expect("it fits")
}

#[test]
fn the_logarithm_of_a_sum_of_exponentials_does_not_overflow() {
    let close = |found: f64, expected: f64| (found - expected).abs() <= 2e-16 * (1.0 + expected.abs());
    for (shape, axes) in [
        (vec![3, 4], vec![1]),
        (vec![3, 4], vec![0]),
        (vec![40, 15], vec![1]),
        (vec![600, 5], vec![0]),
        (vec![2, 700], vec![1]),
    ] {
        let size: usize = shape.iter().product();
        let x: Vec<f64> = (0..size).map(|i| 700.0 + ((i * 37) % 101) as f64 / 50.0).collect();
        let f = log_sum(&shape, &axes);
        for program in [Program::new(&f), Program::of_arrays(&f)] {
            for (group, found) in run_program(&program, &[&x]).into_iter().enumerate() {
                let of_group = (0..size).filter(|i| if axes == [1] { i / shape[1] } else { i % shape[1] } == group);
                let sum: f64 = of_group.map(|i| (x[i] - 700.0).exp()).sum();
                assert!(close(found, 700.0 + sum.ln()), "{shape:?} {axes:?}");
            }
        }
        assert!(f.is_smooth());
    }
    // What a small element adds to a large one keeps its digits, and infinities have their limits.
    let f = log_sum(&[4], &[0]);
    let infinity = f64::INFINITY;
    for (x, expected) in [
        ([0.0, -50.0, -1e4, -infinity], (-50.0_f64).exp()),
        ([1.0, infinity, 0.0, -3.0], infinity),
        ([-infinity; 4], -infinity),
        ([1e308, 1e308, 0.0, 0.0], 1e308),
    ] {
        let found = run_program(&Program::of_arrays(&f), &[&x])[0];
        assert!(found == expected || (found / expected - 1.0).abs() < 1e-15, "{x:?} gives {found:e}");
    }
    assert!(run_program(&Program::of_arrays(&f), &[&[0.0, f64::NAN, 1.0, 2.0]])[0].is_nan());
    // Its gradient is each element's share.
    let softmax = f.gradient(&[0]).expect("a number");
    let shares = run(&softmax, &[&[1000.0, 1000.0 + 2_f64.ln(), 1000.0, 0.0]]);
    for (found, expected) in shares.iter().zip([0.25, 0.5, 0.25, 0.0]) {
        assert!((found - expected).abs() < 1e-13);
    }
    assert_eq!(softmax.tidied().to_string(), "exp(x - [logsumexp(x)])");
    assert_eq!(f.latex().whole, "\\ln \\sum e^{x}");
    let mut g = Graph::new();
    let nothing = g.input(0, &[0]);
    assert!(g.reduce(Reduction::LogSumExp, nothing, &[0]).is_err());
}

#[test]
fn one_pass_gives_the_value_and_every_gradient() {
    let mut g = Graph::new();
    let (w, x, c) = (g.input(0, &[2, 3]), g.input(1, &[3]), g.input(2, &[]));
    let product = g.product(w, x).expect("it fits");
    let wave = g.unary(Unary::Sin, product);
    let sum = g.reduce(Reduction::Sum, wave, &[0]).expect("it fits");
    let whole = g.binary(Binary::Multiply, c, sum).expect("it fits");
    let arguments = vec![array("w", &[2, 3]), array("x", &[3]), number("c"), array("unused", &[2])];
    let f = Function::new(g, arguments, whole).expect("it fits");
    let at: [&[f64]; 4] = [&[1.0, 2.0, 3.0, -1.0, 0.5, 0.25], &[0.1, -0.2, 0.3], &[2.0], &[7.0, 8.0]];
    let all = run(&f.value_and_gradients(&[0, 1, 2, 3]).expect("a number"), &at);
    let mut expected = run(&f, &at);
    for argument in 0..4 {
        expected.extend(run(&f.gradient(&[argument]).expect("a number"), &at));
    }
    assert_eq!(all, expected);
    assert!(f.value_and_gradients(&[4]).is_err());
}

#[test]
fn the_slope_of_an_angle_does_not_depend_on_the_scale() -> underhood::Result<()> {
    // For (y, x) = s·(3, 4) it is (4, −3)/(25 s), and its second derivatives are ∓24/(625 s²) and −7/(625 s²).
    let angle = Function::parse("arctan2(y, x)", Some(&["y", "x"]))?;
    let gradient = |argument: usize| angle.derivative(argument);
    let (up, across) = (gradient(0)?, gradient(1)?);
    let second = [up.derivative(0)?, up.derivative(1)?, across.derivative(0)?, across.derivative(1)?];
    for scale in [1e-300, 1e-170, 1e-8, 1.0, 1e4, 1e170, 1e300] {
        let at = [&[3.0 * scale][..], &[4.0 * scale]];
        for (slope, expected) in [(&up, 0.16 / scale), (&across, -0.12 / scale)] {
            for program in [Program::new(slope), Program::of_arrays(slope), Program::compiled(slope)] {
                let found = run_program(&program, &at)[0];
                assert!((found / expected - 1.0).abs() < 1e-15, "{scale}: {found} for {expected}");
            }
        }
        let curved = |factor: f64| factor / 625.0 / scale / scale;
        for (bend, factor) in second.iter().zip([-24.0, -7.0, -7.0, 24.0]) {
            let (found, expected) = (run(bend, &at)[0], curved(factor));
            let alike = found == expected || (found / expected - 1.0).abs() < 1e-14;
            assert!(alike || expected.abs() < 1e-300, "{scale}: {found} for {expected}");
        }
    }
    for (y, x) in [(0.0, 2.0), (2.0, 0.0), (1e-200, 1e100), (1e100, 1e-200), (-5.0, 1e-3)] {
        let found = [run(&up, &[&[y], &[x]])[0], run(&across, &[&[y], &[x]])[0]];
        let expected = if f64::abs(x) > f64::abs(y) {
            [1.0 / (x * (1.0 + (y / x) * (y / x))), -y / x / (x * (1.0 + (y / x) * (y / x)))]
        } else {
            [x / y / (y * (1.0 + (x / y) * (x / y))), -1.0 / (y * (1.0 + (x / y) * (x / y)))]
        };
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{y} {x}: {found} for {expected}");
        }
    }
    assert_eq!(up.tidied().to_string(), "x/(x**2 + y**2)");
    Ok(())
}

use super::number;
use crate::graph::{Argument, Binary, Function, Graph, Reduction, Stride, Unary};

#[test]
fn numbers_are_read_as_they_are_written() {
    let table = [
        (2.0, "2"),
        (-0.5, "-0.5"),
        (1e16, "1e+16"),
        (2.5e-7, "2.5e-07"),
        (1.0 / 3.0, "1/3"),
        (-2.0 / 3.0, "-2/3"),
        (0.1, "0.1"),
        (std::f64::consts::PI, "pi"),
        (2.0 * std::f64::consts::PI, "2*pi"),
        (-std::f64::consts::PI / 4.0, "-pi/4"),
        (std::f64::consts::E, "e"),
        (-0.0, "-0.0"),
        (f64::INFINITY, "inf"),
        (0.1 + 0.2, "0.30000000000000004"),
    ];
    for (value, expected) in table {
        assert_eq!(number(value, |_| false).0, expected);
        let read = Function::parse(expected, None).expect(expected);
        assert_eq!(read.graph().value(read.output()).map(f64::to_bits), Some(value.to_bits()), "{expected}");
    }
}

#[test]
fn what_is_written_is_read_as_the_same_function() {
    for text in [
        "-x**2",
        "(-x)**2",
        "x - (y - 1)",
        "x/(y*2)",
        "x/y*2",
        "x*(y/2)",
        "2**-x",
        "(2**x)**y",
        "2**x**y",
        "-(x + y)",
        "x*(-y)",
        "x - (-y)",
        "(x + y)*(x - y)",
        "x // y % 2",
        "-(x // y)",
        "where(x < y, x, -y)",
        "(x < y) + 1",
        "x < (y < 1)",
        "abs(x) + maximum(x, 2)*hypot(x, y)",
        "digamma(x) + polygamma(2, y)",
        "(-2)**x",
        "1e-7*x + 2.5e20",
        "x**(1/3)",
        "logical_and(x, y) + logical_not(x)",
    ] {
        let f = Function::parse(text, None).expect(text);
        let again = Function::parse(&f.to_string(), None).unwrap_or_else(|error| panic!("{f}: {error}"));
        assert_eq!(again.to_string(), f.to_string());
        let nodes = |f: &Function| {
            let mut nodes: Vec<String> =
                f.graph().needed(&[f.output()]).iter().map(|id| format!("{:?}", f.graph().node(*id).op)).collect();
            nodes.sort();
            nodes
        };
        assert_eq!(nodes(&again), nodes(&f), "{text} was written as {f}");
    }
}

#[test]
fn long_parts_that_are_used_again_get_a_name() {
    let f = Function::parse("sqrt(1 + x**2 + sin(x)*exp(-x**2))", None).expect("a text");
    let written = f.derivative(0).expect("a derivative").tidied().written();
    assert!(written.parts.is_empty(), "{written:?}");
    let f =
        Function::parse("sin(t1 + exp(cos(t1) - 3*t1**4)) * cos(t1 + exp(cos(t1) - 3*t1**4))", None).expect("a text");
    assert_eq!(f.to_string(), "t2 = t1 + exp(cos(t1) - 3*t1**4); sin(t2)*cos(t2)");
}

#[test]
fn parts_of_arrays_are_written_as_in_python() {
    let mut graph = Graph::new();
    let x = graph.input(0, &[5]);
    let mut check = |strides: Stride, expected: &str| {
        let part = graph.slice(x, &[strides]).expect("a part");
        let f = Function::new(graph.clone(), vec![Argument { name: "x".into(), shape: vec![5] }], part)
            .expect("x is its argument");
        assert_eq!(f.to_string(), expected);
    };
    let stride = |start, step, count| Stride { start, step, count };
    check(stride(1, 1, 4), "x[1:]");
    check(stride(0, 1, 4), "x[:-1]");
    check(stride(0, 2, 3), "x[::2]");
    check(stride(4, -1, 5), "x[::-1]");
    check(stride(1, 1, 2), "x[1:3]");
    check(stride(3, -2, 2), "x[3::-2]");
    check(stride(2, 1, 1), "x[2:3]");
    let y = graph.input(1, &[5, 3]);
    let product = graph.product(x, y).expect("a product");
    let total = graph.reduce(Reduction::Sum, product, &[0]).expect("a sum");
    let root = graph.unary(Unary::Sqrt, total);
    let sum = graph.binary(Binary::Add, product, root).expect("a sum");
    let arguments =
        vec![Argument { name: "x".into(), shape: vec![5] }, Argument { name: "y".into(), shape: vec![5, 3] }];
    let f = Function::new(graph, arguments, sum).expect("they are its arguments");
    assert_eq!(f.to_string(), "x @ y + sqrt(sum(x @ y))");
    assert_eq!(f.latex().whole, "x y + \\sqrt{\\sum (x y)}");
}

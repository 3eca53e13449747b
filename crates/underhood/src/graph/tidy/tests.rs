use crate::graph::arithmetic;
use crate::graph::{Constant, Function, Op};

/// The value of a function of numbers, node by node.
fn value(f: &Function, x: &[f64]) -> f64 {
    let graph = f.graph();
    let mut values = vec![f64::NAN; graph.len()];
    for id in graph.needed(&[f.output()]) {
        let node = graph.node(id);
        let input = |place: usize| values[node.inputs[place].index()];
        values[id.index()] = match &node.op {
            Op::Input(number) => x[*number],
            Op::Constant(Constant::Number(value)) => *value,
            Op::Unary(op) => arithmetic::unary(*op, input(0)),
            Op::Binary(op) => arithmetic::binary(*op, input(0), input(1)),
            Op::Select => {
                if input(0) != 0.0 {
                    input(1)
                } else {
                    input(2)
                }
            }
            other => unreachable!("{other:?} in a function of numbers"),
        };
    }
    values[f.output().index()]
}

fn alike(a: &Function, b: &Function, text: &str) {
    for base in [-2.5, -0.9, -0.3, 0.0, 0.4, 0.7, 1.0, 1.9, 4.0] {
        let x: Vec<f64> = a.arguments().iter().enumerate().map(|(i, _)| base + 0.3 * i as f64).collect();
        let (a, b) = (value(a, &x), value(b, &x));
        let close = (a - b).abs() <= 1e-13 * (1.0 + a.abs()) || a == b || a.is_nan();
        assert!(close, "{text} at {x:?}: {a} became {b}");
    }
}

#[test]
fn derivatives_read_as_in_a_textbook() {
    let table = [
        ("x**2*sin(x)", "2*x*sin(x) + x**2*cos(x)"),
        ("exp(-x**2/2)", "-x*exp(-x**2/2)"),
        ("log(x)", "1/x"),
        ("sqrt(x)", "1/(2*sqrt(x))"),
        ("x**5", "5*x**4"),
        ("tan(x)", "1/cos(x)**2"),
        ("arctan(x)", "1/(x**2 + 1)"),
        ("x/(x + 1)", "1/(x + 1) - x/(x + 1)**2"),
        ("(x + 1)/(x - 1)", "1/(x - 1) - (x + 1)/(x - 1)**2"),
        ("1/x", "-1/x**2"),
        ("1/x**2", "-2/x**3"),
        ("x*log(x)", "log(x) + 1"),
        ("x**x", "x**x + x**x*log(x)"),
        ("2**x", "log(2)*2**x"),
        ("x**3 - 4*x**2 + 5*x - 7", "3*x**2 - 8*x + 5"),
        ("sin(x)*cos(x)", "cos(x)**2 - sin(x)**2"),
        ("sin(x)**2", "2*sin(x)*cos(x)"),
        ("cos(2*x)", "-2*sin(2*x)"),
        ("exp(x)*sin(x)", "exp(x)*sin(x) + exp(x)*cos(x)"),
        ("exp(2*x)", "2*exp(2*x)"),
        ("x*exp(x)", "exp(x) + x*exp(x)"),
        ("x*exp(-x)", "exp(-x) - x*exp(-x)"),
        ("x**2*exp(-x)", "2*x*exp(-x) - x**2*exp(-x)"),
        ("log(x**2 + 1)", "2*x/(x**2 + 1)"),
        ("log(2*x)", "1/x"),
        ("sqrt(x**2 + 1)", "x/sqrt(x**2 + 1)"),
        ("1/(1 + exp(-x))", "expit(-x)/(exp(-x) + 1)"),
        ("expit(x)", "expit(x)*expit(-x)"),
        ("tanh(x)", "sech(x)**2"),
        ("sinh(x)", "cosh(x)"),
        ("cosh(x)", "sinh(x)"),
        ("arcsin(x)", "1/sqrt((1 - x)*(x + 1))"),
        ("arccos(x)", "-1/sqrt((1 - x)*(x + 1))"),
        ("arcsinh(x)", "1/hypot(x, 1)"),
        ("arccosh(x)", "1/(sqrt(x - 1)*sqrt(x + 1))"),
        ("arctanh(x)", "1/((1 - x)*(x + 1))"),
        ("abs(x)", "sign(x)"),
        ("x*abs(x)", "abs(x) + x*sign(x)"),
        ("log(x)/x", "1/x**2 - log(x)/x**2"),
        ("sin(x)/x", "cos(x)/x - sin(x)/x**2"),
        ("cos(x)/x**2", "-2*cos(x)/x**3 - sin(x)/x**2"),
        ("(2*x + 3)**4", "8*(2*x + 3)**3"),
        ("(x**2 + 1)**3", "6*x*(x**2 + 1)**2"),
        ("sin(x**2)", "2*x*cos(x**2)"),
        ("sin(cos(x))", "-sin(x)*cos(cos(x))"),
        ("exp(sin(x))", "exp(sin(x))*cos(x)"),
        ("x**0.5", "1/(2*x**0.5)"),
        ("x**(1/3)", "1/(3*x**(2/3))"),
        ("cbrt(x)", "1/(3*cbrt(x)**2)"),
        ("x**-2", "-2/x**3"),
        ("x**1.5", "1.5*x**0.5"),
        ("log(log(x))", "1/(x*log(x))"),
        ("log10(x)", "1/(log(10)*x)"),
        ("log2(x)", "1/(log(2)*x)"),
        ("log1p(x)", "1/(x + 1)"),
        ("expm1(x)", "exp(x)"),
        ("erf(x)", "1.1283791670955126*exp(-x**2)"),
        ("ndtr(x)", "0.3989422804014327*exp(-0.5*x**2)"),
        ("gammaln(x)", "digamma(x)"),
        ("maximum(x, 0)", "where(x > 0, 1, where(0 == x, 0.5, 0))"),
        ("3*x", "3"),
        ("x", "1"),
        ("x**2/2", "x"),
        ("-x**3/3", "-x**2"),
        ("x - sin(x)", "1 - cos(x)"),
        ("sin(x) - x", "cos(x) - 1"),
        ("(x - 1)*(x + 2)", "2*x + 1"),
        ("x*(x + 1)*(x + 2)", "(2*x + 1)*(x + 2) + x*(x + 1)"),
        ("1/(x**2 + 1)", "-2*x/(x**2 + 1)**2"),
        ("sqrt(1 - x**2)", "-x/sqrt(1 - x**2)"),
        ("x*sqrt(x)", "sqrt(x) + x/(2*sqrt(x))"),
        ("exp(x)/x", "exp(x)/x - exp(x)/x**2"),
        ("exp(-x)*cos(x)", "-exp(-x)*cos(x) - exp(-x)*sin(x)"),
        ("sin(3*x + 2)", "3*cos(3*x + 2)"),
        ("a*x**2 + b*x + c", "2*a*x + b"),
        ("a*exp(-b*x)", "-a*b*exp(-b*x)"),
        ("x**n", "n*x**(n - 1)"),
        ("sin(a*x)*cos(b*x)", "a*cos(a*x)*cos(b*x) - b*sin(b*x)*sin(a*x)"),
        ("1/(1 + x)**2", "-2/(x + 1)**3"),
        ("x/sqrt(x**2 + 1)", "1/sqrt(x**2 + 1) - x**2/sqrt(x**2 + 1)**3"),
        ("log(sin(x))", "cos(x)/sin(x)"),
        ("arctan2(x, 2)", "2/(x**2 + 4)"),
        ("hypot(x, 3)", "where(hypot(x, 3) != 0, x/hypot(x, 3), 0)"),
        ("logaddexp(x, 0)", "expit(x)"),
        ("2*sin(x) + 3*sin(x)", "5*cos(x)"),
        ("pi*x**2", "2*pi*x"),
        ("sin(pi*x/2)", "pi/2*cos(pi*x/2)"),
        ("-log(1 - x)", "1/(1 - x)"),
        ("x**2/2 + 3*y*x", "x + 3*y"),
        ("2*y*x + 3*x*a", "3*a + 2*y"),
        ("x % 3", "1"),
        ("5*(x - 2)**2", "10*(x - 2)"),
    ];
    assert!(table.len() >= 60);
    for (text, expected) in table {
        let f = Function::parse(text, None).expect(text);
        let number = f.arguments().iter().position(|argument| argument.name == "x").expect("x is an argument");
        let slope = f.derivative(number).expect(text);
        let tidied = slope.tidied();
        assert_eq!(tidied.to_string(), expected, "the derivative of {text}");
        alike(&slope, &tidied, text);
        assert_eq!(tidied.tidied().to_string(), expected, "{text} is tidied twice");
        let second = tidied.derivative(number).expect(text);
        alike(&slope.derivative(number).expect(text), &second.tidied(), text);
        // What is printed is read as the same function.
        let names: Vec<&str> = f.arguments().iter().map(|argument| argument.name.as_str()).collect();
        alike(&tidied, &Function::parse(expected, Some(&names)).expect(expected), expected);
    }
}

#[test]
fn what_would_change_the_domain_or_lose_digits_stays() {
    for text in [
        "x/x",
        "x**2/x",
        "sqrt(x)*sqrt(x)",
        "1/x - 1/x",
        "log(x) - log(x)",
        "y + (x - 1)",
        "(x - 1) + y*sin(x)",
        "exp(x)*exp(y)",
        "0*log(x)",
        "x**0.5*x**0.5",
    ] {
        let f = Function::parse(text, None).expect(text);
        alike(&f, &f.tidied(), text);
        alike(&f.tidied(), &f, text);
    }
    let text = |text| Function::parse(text, None).expect(text).tidied().to_string();
    assert_eq!(text("y + (x - 1)"), "x - 1 + y");
    assert_eq!(text("(1 - x)*(1 + x)"), "(1 - x)*(x + 1)");
    // −1·0 is −0, which arctan2 tells from 0.
    assert_eq!([text("arctan2(0*x, -1)"), text("1/(0*x)")], ["arctan2(0*x, -1)", "1/(x*0)"]);
    assert_eq!([text("x**3*x**y*x"), text("x*2**y"), text("n*x**(n - 1)")], ["x**(y + 4)", "x*2**y", "n*x**(n - 1)"]);
    assert_eq!([text("x - x"), text("0*sin(x)")], ["0", "0"]);
    assert_eq!([text("x*x*x"), text("x**3/x**5"), text("3*x/6 + x/2")], ["x**3", "1/x**2", "x"]);
}

#[test]
fn gradients_and_hessians_are_lists() {
    let f = Function::parse("100*(y - x**2)**2 + (1 - x)**2", None).expect("Rosenbrock");
    let gradient = f.gradient(&[0, 1]).expect("a gradient").tidied();
    assert_eq!(gradient.to_string(), "[-2*(1 - x) - 400*x*(y - x**2), 200*(y - x**2)]");
    let hessian = f.hessian(&[0, 1]).expect("a Hessian").tidied();
    assert_eq!(hessian.to_string(), "[[800*x**2 - 400*(y - x**2) + 2, -400*x], [-400*x, 200]]");
    assert_eq!(
        hessian.latex().whole,
        "\\begin{pmatrix} 800 x^{2} - 400 (y - x^{2}) + 2 & -400 x \\\\ -400 x & 200 \\end{pmatrix}"
    );
}

#[test]
fn large_graphs_are_left_alone() {
    let text = (0..2000).map(|i| format!("sin(x + {i})")).collect::<Vec<_>>().join(" + ");
    let f = Function::parse(&text, None).expect("a long sum");
    assert_eq!(f.tidied().output(), f.output());
    assert!(f.to_string().len() < 3000);
}

#[test]
fn zeros_that_stand_for_what_is_not_there_are_not_written() -> crate::error::Result<()> {
    for (text, hessian) in [
        ("x/y", "[[0, -1/y**2], [-1/y**2, 2*x/y**3]]"),
        ("x*y", "[[0, 1], [1, 0]]"),
        ("x*log(y)", "[[0, 1/y], [1/y, -x/y**2]]"),
        ("x/y + y/x", "[[2*y/x**3, -1/x**2 - 1/y**2], [-1/x**2 - 1/y**2, 2*x/y**3]]"),
    ] {
        assert_eq!(Function::parse(text, None)?.hessian(&[0, 1])?.tidied().to_string(), hessian, "{text}");
    }
    Ok(())
}

use super::Function;

fn names(text: &str) -> Vec<String> {
    let f = Function::parse(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
    f.arguments().iter().map(|argument| argument.name.clone()).collect()
}

#[test]
fn names_are_variables_in_alphabetical_order() {
    assert_eq!(names("z*x + np.sin(a) - math.pi*e"), ["a", "x", "z"]);
    assert_eq!(names("θ**2 if x_1 > 0 and not y < 2 else 1"), ["x_1", "y", "θ"]);
    let f = Function::parse("e*x", Some(&["x", "e"])).expect("e is given");
    assert_eq!(f.arguments()[1].name, "e");
}

#[test]
fn what_python_reads_the_same_way_is_the_same_graph() {
    let alike = [
        ("-x**2", "-(x**2)"),
        ("2**-x", "2**(-x)"),
        ("x**y**2", "x**(y**2)"),
        ("x - y - 1", "(x - y) - 1"),
        ("x/y*2", "(x/y)*2"),
        ("-x*y", "(-x)*y"),
        ("x // 2 % 3", "(x // 2) % 3"),
        ("0 < x < y", "(0 < x) and (x < y)"),
        ("x > y", "y < x"),
        ("1_000*x", "1e3*x"),
        (".5*x", "5e-1*x"),
        ("abs(x)", "np.absolute(x)"),
        ("ln(x)", "log(x)"),
        ("max(x, y, 2)", "maximum(maximum(x, y), 2)"),
        ("where(x < y, x, y)", "x if x < y else y"),
        ("pi*x + 2*pi", "3.141592653589793*x + 6.283185307179586"),
    ];
    for (a, b) in alike {
        let parse = |text| Function::parse(text, Some(&["x", "y"])).unwrap_or_else(|error| panic!("{text}: {error}"));
        let (a, b) = (parse(a), parse(b));
        assert_eq!(a.graph().node(a.output()).op, b.graph().node(b.output()).op);
        let together = |f: &Function| {
            f.graph().needed(&[f.output()]).iter().map(|id| f.graph().node(*id).op.clone()).collect::<Vec<_>>()
        };
        let (mut left, mut right) = (together(&a), together(&b));
        left.sort_by_key(|op| format!("{op:?}"));
        right.sort_by_key(|op| format!("{op:?}"));
        assert_eq!(left, right);
    }
}

#[test]
fn refusals_say_where_and_what_to_write() {
    let cases = [
        ("2x", 2, "write 2*x"),
        ("2 sin(x)", 3, "write 2*sin"),
        ("(x + 1)(x - 1)", 8, "write (…)*(…)"),
        ("x(x + 1)", 1, "write x*(…)"),
        ("x y", 3, "write x*y"),
        ("x^2", 2, "write ** for a power"),
        ("sine(x)", 1, "did you mean sin"),
        ("sin x", 1, "write sin(x)"),
        ("sin", 1, "is a function"),
        ("sqr(x)", 1, "did you mean sqrt"),
        ("(x + 1", 1, "never closed"),
        ("x + 1)", 6, "never opened"),
        ("x +", 4, "ends too early"),
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("y = x**2", 3, "write only the expression"),
        ("1,5*x", 2, "1.5"),
        ("1.2.3", 1, "not a number"),
        ("x * / y", 5, "'/' cannot stand here"),
        ("log(x, 2, 3)", 1, "1 or 2 arguments, but 3"),
        ("sin()", 1, "one argument, but 0"),
        ("lambda x: x", 9, "write only the expression"),
        ("lambda", 1, "'lambda' cannot stand here"),
        ("x² + 1", 2, "write **2"),
        ("x[0]", 2, "round brackets"),
        ("sec(x)", 1, "1/cos(x)"),
        ("polygamma(x, x)", 1, "whole number"),
        ("np.foo", 4, "foo is not"),
        ("x if y", 7, "else is missing"),
        ("mean(x)", 1, "arrays"),
    ];
    for (text, column, part) in cases {
        let error = Function::parse(text, None).expect_err(text).to_string();
        assert!(error.contains(&format!("at column {column}:")) && error.contains(part), "{text}: {error}");
        let caret = error.lines().last().unwrap_or_default();
        assert_eq!(caret.chars().count(), column + 4, "{error}");
    }
    let error = Function::parse("x + why", Some(&["x", "wy"])).expect_err("why is unknown").to_string();
    assert!(error.contains("did you mean wy"), "{error}");
    for variables in [&["x", "x"][..], &["2"], &[""], &["a b"]] {
        assert!(Function::parse("1", Some(variables)).is_err(), "{variables:?}");
    }
}

#[test]
fn nothing_nests_deeper_than_the_stack() {
    for text in [
        "(".repeat(100_000),
        "-".repeat(100_000),
        "2**".repeat(100_000),
        "not ".repeat(100_000),
        "sin(".repeat(100_000),
    ] {
        assert!(Function::parse(&text, None).is_err());
    }
    assert!(Function::parse(&"x + ".repeat(10_000), None).is_err());
    assert!(Function::parse(&("x + ".repeat(10_000) + "x"), None).is_ok());
}

//! NIST's certified univariate and analysis-of-variance sets: how many digits of ours agree.
//!
//! Digits are −log₁₀ of the relative error, 15 at most, since the certified values have 15. Beside each set stands what is
//! possible: the digits that exact (rational) arithmetic on the rounded doubles of the input reaches.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ndarray::{Array1, ArrayView1};
use underhood::stats::{NanPolicy, describe_column, f_oneway, mean, std};

fn read(folder: &str, name: &str) -> String {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "tests", "data", "strd", folder, &format!("{name}.dat")].iter().collect();
    std::fs::read_to_string(path).expect("the data sets lie beside the tests")
}

fn digits(found: f64, certified: f64) -> f64 {
    if found == certified {
        return 15.0;
    }
    (-((found - certified) / certified).abs().log10()).clamp(0.0, 15.0)
}

/// The number after the colon of the line that starts like this.
fn certified(text: &str, start: &str) -> f64 {
    let mut lines = text.lines().filter(|line| line.starts_with(start) && !line.trim_end().ends_with("(exact)"));
    let value = lines.find_map(|line| line.rsplit(':').next()?.trim().parse().ok());
    value.expect("the line ends in a number")
}

fn report(sets: &[(&str, f64, f64)]) {
    let lines: Vec<String> =
        sets.iter().map(|(name, found, possible)| format!("{name:10} {found:5.1} of {possible:4.1}")).collect();
    println!("{}", lines.join("\n"));
    // A fifth of a digit below what is possible: its one decimal is rounded, and the last bit is luck.
    let short = sets.iter().any(|(_, found, possible)| *found < possible - 0.2);
    assert!(!short, "{}", lines.join("\n"));
}

#[test]
fn univariate_sets() {
    let possible = [
        ("Lew", 15.0),
        ("Lottery", 15.0),
        ("Mavro", 13.1),
        ("Michelso", 13.8),
        ("NumAcc1", 15.0),
        ("NumAcc2", 15.0),
        ("NumAcc3", 9.5),
        ("NumAcc4", 8.3),
        ("PiDigits", 15.0),
    ];
    let sets: Vec<_> = possible
        .iter()
        .map(|&(name, possible)| {
            let text = read("univ", name);
            let (_, data) = text.split_once("Data: Y").unwrap();
            let x: Array1<f64> = data.lines().skip(2).filter_map(|line| line.trim().parse().ok()).collect();
            assert_eq!(x.len() as f64, certified(&text, "Number of Observations"));
            let summary = describe_column(x.view(), false);
            let along = (
                mean(x.view().into_dyn(), None, NanPolicy::Raise).unwrap(),
                std(x.view().into_dyn(), None, 1, NanPolicy::Raise).unwrap(),
            );
            assert_eq!((along.0[[]], along.1[[]]), (summary.mean, summary.std));
            let centre = digits(summary.mean, certified(&text, "Sample Mean"));
            let spread = digits(summary.std, certified(&text, "Sample Standard Deviation"));
            (name, centre.min(spread), possible)
        })
        .collect();
    report(&sets);
}

#[test]
fn analysis_of_variance_sets() {
    let possible = [
        ("AtmWtAg", 10.2),
        ("SiRstv", 13.1),
        ("SmLs01", 15.0),
        ("SmLs02", 15.0),
        ("SmLs03", 15.0),
        ("SmLs04", 10.1),
        ("SmLs05", 9.9),
        ("SmLs06", 9.9),
        ("SmLs07", 4.0),
        ("SmLs08", 3.9),
        ("SmLs09", 3.9),
    ];
    let sets: Vec<_> = possible
        .iter()
        .map(|&(name, possible)| {
            let text = read("anova", name);
            let line = |start: &str| -> Vec<f64> {
                let line = text.lines().find(|line| line.starts_with(start)).unwrap();
                line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
            };
            let (between, within) = (line("Between"), line("Within"));
            let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
            for line in text.lines().skip(60) {
                if let [group, value] = line.split_whitespace().collect::<Vec<_>>()[..]
                    && let (Ok(_), Ok(value)) = (group.parse::<u32>(), value.parse())
                {
                    groups.entry(group).or_default().push(value);
                }
            }
            let views: Vec<_> = groups.values().map(ArrayView1::from).collect();
            let anova = f_oneway(&views, true).unwrap();
            assert_eq!((anova.df_between, anova.df_within), (between[0], within[0]));
            let found = [
                digits(anova.sum_of_squares_between, between[1]),
                digits(anova.sum_of_squares_within, within[1]),
                digits(anova.sum_of_squares_within / anova.df_within, within[2]),
                digits(anova.statistic, between[3]),
            ];
            (name, found.into_iter().fold(15.0, f64::min), possible)
        })
        .collect();
    report(&sets);
}

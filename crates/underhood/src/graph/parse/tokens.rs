//! The words and signs of a text, and how a place in it is shown.

use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Name(String),
    Sign(&'static str),
    End,
}

/// A token and where it stands: its first character, and the one after its last.
pub(super) type Placed = (Token, usize, usize);

/// Signs, longer ones before those that they begin with.
pub(super) const SIGNS: [&str; 17] =
    ["**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">", "(", ")", ",", "."];

/// The words and signs of a text.
pub(super) fn tokens(text: &[char]) -> Result<Vec<Placed>> {
    let mut tokens = Vec::new();
    let mut place = 0;
    while let Some(&character) = text.get(place) {
        let start = place;
        let digit_next = || text.get(start + 1).is_some_and(char::is_ascii_digit);
        if character.is_whitespace() {
            place += 1;
        } else if character.is_ascii_digit() || (character == '.' && digit_next()) {
            let value;
            (value, place) = number(text, start)?;
            tokens.push((Token::Number(value), start, place));
        } else if in_name(character) {
            place += text[start..].iter().take_while(|character| in_name(**character)).count();
            tokens.push((Token::Name(text[start..place].iter().collect()), start, place));
        } else {
            let sign = SIGNS.iter().find(|sign| sign.chars().eq(text[start..].iter().copied().take(sign.len())));
            let Some(sign) = sign else {
                return Err(refusal(text, start, &instead_of(character)));
            };
            place += sign.len();
            tokens.push((Token::Sign(sign), start, place));
        }
    }
    tokens.push((Token::End, text.len(), text.len()));
    Ok(tokens)
}

/// A number as Python writes it (`12`, `.5`, `1_000`, `2.5e-3`) and where it ends.
pub(super) fn number(text: &[char], start: usize) -> Result<(f64, usize)> {
    let digits = |mut place: usize| {
        while text
            .get(place)
            .is_some_and(|c| c.is_ascii_digit() || (*c == '_' && text.get(place + 1).is_some_and(char::is_ascii_digit)))
        {
            place += 1;
        }
        place
    };
    let mut end = digits(start);
    if text.get(end) == Some(&'.') {
        end = digits(end + 1);
    }
    if matches!(text.get(end), Some('e' | 'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some('+' | '-')));
        let last = digits(end + 1 + sign);
        if last > end + 1 + sign {
            end = last;
        }
    }
    let written: String = text[start..end].iter().filter(|character| **character != '_').collect();
    match written.parse() {
        Ok(value) if text.get(end) != Some(&'.') => Ok((value, end)),
        _ => Err(refusal(text, start, "this is not a number")),
    }
}

/// What to write instead of a character that means nothing here.
pub(super) fn instead_of(character: char) -> String {
    let hint = match character {
        '^' => "write ** for a power, such as x**2",
        '=' => "write only the expression (x**2, not y = x**2), or == to compare",
        '×' | '·' | '⋅' => "write * for a product",
        '÷' => "write / for a quotient",
        '−' | '–' | '—' => "write - for minus",
        '√' => "write sqrt(x)",
        '²' => "write **2 for a square",
        '³' => "write **3 for a cube",
        '|' => "write abs(x), and `or` for a choice",
        '&' => "write `and`",
        '!' => "write `not`, or exp(gammaln(n + 1)) for a factorial",
        '[' | ']' | '{' | '}' => {
            "only round brackets group; in a text every variable is a number (write a Python function for arrays)"
        }
        ':' => "write only the expression, such as x**2",
        '@' => "write * for a product of numbers; matrices need a Python function",
        '≤' => "write <=",
        '≥' => "write >=",
        '≠' => "write !=",
        '∞' => "write inf",
        _ => "it means nothing here",
    };
    format!("'{character}': {hint}")
}

pub(super) fn in_name(character: char) -> bool {
    character.is_alphanumeric() && !"²³¹⁰⁴⁵⁶⁷⁸⁹".contains(character) || character == '_'
}

/// The error, with the text and a caret under the place.
pub(super) fn refusal(text: &[char], place: usize, problem: &str) -> Error {
    const SHOWN: usize = 60;
    let from = if text.len() <= SHOWN { 0 } else { place.saturating_sub(SHOWN / 2) };
    let line: String = text.iter().skip(from).take(SHOWN).map(|c| if c.is_whitespace() { ' ' } else { *c }).collect();
    let problem = format!(
        "cannot be read at column {}: {problem}\n    {line}\n    {:>width$}",
        place + 1,
        "^",
        width = place - from + 1
    );
    Error::Invalid { function: "function", argument: "text", problem }
}

//! Changes texts: tokens and characters come, go, repeat, nest and swell.

use crate::random::Random;

/// The longest text that a mutation makes, in tokens.
const TOKENS_MAX: usize = 12_000;

const NUMBERS: [&str; 24] = [
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "0.5",
    "-2.5",
    "100",
    "1000",
    "100000",
    "10000000",
    "2147483647",
    "2147483648",
    "-2147483649",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "99999999999999999999999999",
    "1e21",
    "1e308",
    "-1e308",
    "5e-324",
];

const ODDITIES: [&str; 24] = [
    "\"",
    "'",
    "`",
    "\\",
    "\\u",
    "\\ud800",
    "/",
    "/*",
    "*/",
    "\n",
    "\t",
    "\0",
    "é",
    "😀",
    "\u{2028}",
    "\u{feff}",
    "\u{10ffff}",
    "$",
    "%",
    "#",
    "@",
    "~",
    "&",
    "\r\n",
];

const NESTS: [(&str, &str); 14] = [
    ("(", ")"),
    ("[", "]"),
    ("{\"a\":", "}"),
    ("-", ""),
    ("$f(", ")"),
    ("function($x){", "}"),
    ("[?(", ")]"),
    ("@.a[?(", ")]"),
    ("States.Array(", ")"),
    ("States.Format('{}',", ")"),
    ("a.", ""),
    ("", "[0]"),
    ("", "^(a)"),
    ("true?", ":0"),
];

/// A text changed in a few places. `others` are texts to borrow from, `words` are tokens of the
/// language.
pub(crate) fn mutate(random: &mut Random, text: &str, others: &[String], words: &[&str]) -> String {
    let mut tokens = tokens_of(text);
    let changes = 1 + random.below(5);
    for _ in 0..changes {
        change(random, &mut tokens, others, words);
        tokens.truncate(TOKENS_MAX);
    }
    tokens.concat()
}

fn change(random: &mut Random, tokens: &mut Vec<String>, others: &[String], words: &[&str]) {
    let at = random.below(tokens.len() + 1);
    let until = (at + 1 + random.below(4)).min(tokens.len()).max(at);
    match random.below(12) {
        0 => {
            tokens.drain(at..until);
        }
        1 => {
            let times = if random.once_in(20) {
                3000
            } else {
                1 + random.below(40)
            };
            let part: Vec<String> = tokens.get(at..until).unwrap_or_default().to_vec();
            let copies = std::iter::repeat_n(part, times).flatten().take(TOKENS_MAX);
            tokens.splice(at..at, copies);
        }
        2 => {
            tokens.splice(at..until, [random.pick(words).to_owned()]);
        }
        3 => {
            tokens.insert(at, random.pick(words).to_owned());
        }
        4 => {
            let number = random.pick(&NUMBERS).to_owned();
            let numbers = tokens
                .iter_mut()
                .filter(|token| token.parse::<f64>().is_ok());
            let mut numbers: Vec<&mut String> = numbers.collect();
            let chosen = random.below(numbers.len());
            match numbers.get_mut(chosen) {
                Some(token) => **token = number,
                None => tokens.insert(at, number),
            }
        }
        5 => {
            let other = tokens_of(random.pick_text(others));
            let from = random.below(other.len() + 1);
            tokens.truncate(at);
            tokens.extend(other.into_iter().skip(from));
        }
        6 => {
            let other = random.below(tokens.len());
            if at < tokens.len() {
                tokens.swap(at, other);
            }
        }
        7 => nest(random, tokens, at),
        8 => tokens.insert(at, random.pick(&ODDITIES).to_owned()),
        9 => tokens.truncate(at),
        10 => {
            let other = tokens_of(random.pick_text(others));
            let from = random.below(other.len() + 1);
            let count = 1 + random.below(8);
            tokens.splice(at..at, other.into_iter().skip(from).take(count));
        }
        _ => {
            if let Some(token) = tokens.get_mut(at) {
                let mut signs: Vec<char> = token.chars().collect();
                signs.remove(random.below(signs.len()));
                *token = signs.into_iter().collect();
            }
        }
    }
    tokens.retain(|token| !token.is_empty());
}

fn nest(random: &mut Random, tokens: &mut Vec<String>, at: usize) {
    let (open, close) = random.pick(&NESTS);
    let levels = match random.below(10) {
        0 => 5000,
        1..=3 => 50 + random.below(500),
        _ => 1 + random.below(6),
    };
    let repeated = |text: &str| std::iter::repeat_n(text.to_owned(), levels).collect::<Vec<_>>();
    let after = if random.once_in(2) {
        tokens.len()
    } else {
        (at + 1).min(tokens.len())
    };
    tokens.splice(after..after, repeated(close));
    tokens.splice(at..at, repeated(open));
}

/// Words and numbers in one piece each, everything else sign by sign.
fn tokens_of(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for sign in text.chars() {
        let is_word = sign.is_alphanumeric() || sign == '_';
        match tokens.last_mut() {
            Some(token) if is_word && in_word => token.push(sign),
            _ => tokens.push(sign.to_string()),
        }
        in_word = is_word;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_make_the_text_again() {
        let text = "a.b_1[0] & \"é😀\"  x";
        assert_eq!(tokens_of(text).concat(), text);
        assert_eq!(tokens_of("ab 12"), ["ab", " ", "12"]);
    }

    #[test]
    fn mutations_depend_on_the_random_numbers_only_and_are_bounded() {
        let others = vec!["$sum(a.b)".to_owned(), "x[0]".to_owned()];
        let mut changed = 0;
        for index in 0..500 {
            let make = || {
                mutate(
                    &mut Random::of_case(7, index),
                    "a + $f(1)",
                    &others,
                    &["$map"],
                )
            };
            let text = make();
            assert_eq!(text, make());
            assert!(text.chars().count() < 50 * TOKENS_MAX);
            changed += usize::from(text != "a + $f(1)");
        }
        assert!(changed > 450, "{changed}");
    }
}

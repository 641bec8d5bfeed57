//! Integers as English words.
//!
//! Entry points: [`to_words`], [`from_words`] and [`word_ends`]. Values beyond a trillion are built
//! from the words below it: "ten billion trillion".

const FEW: [(&str, &str); 20] = [
    ("Zero", "Zeroth"),
    ("One", "First"),
    ("Two", "Second"),
    ("Three", "Third"),
    ("Four", "Fourth"),
    ("Five", "Fifth"),
    ("Six", "Sixth"),
    ("Seven", "Seventh"),
    ("Eight", "Eighth"),
    ("Nine", "Ninth"),
    ("Ten", "Tenth"),
    ("Eleven", "Eleventh"),
    ("Twelve", "Twelfth"),
    ("Thirteen", "Thirteenth"),
    ("Fourteen", "Fourteenth"),
    ("Fifteen", "Fifteenth"),
    ("Sixteen", "Sixteenth"),
    ("Seventeen", "Seventeenth"),
    ("Eighteen", "Eighteenth"),
    ("Nineteen", "Nineteenth"),
];

const DECADES: [(&str, &str); 8] = [
    ("Twenty", "Twentieth"),
    ("Thirty", "Thirtieth"),
    ("Forty", "Fortieth"),
    ("Fifty", "Fiftieth"),
    ("Sixty", "Sixtieth"),
    ("Seventy", "Seventieth"),
    ("Eighty", "Eightieth"),
    ("Ninety", "Ninetieth"),
];

const MAGNITUDES: [(&str, &str, f64); 5] = [
    ("Hundred", "Hundredth", 1e2),
    ("Thousand", "Thousandth", 1e3),
    ("Million", "Millionth", 1e6),
    ("Billion", "Billionth", 1e9),
    ("Trillion", "Trillionth", 1e12),
];

/// Cardinal ("twenty-one") or ordinal ("twenty-first").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "one".
    Cardinal,
    /// "first".
    Ordinal,
}

impl Form {
    fn pick(self, pair: (&'static str, &'static str)) -> &'static str {
        match self {
            Form::Cardinal => pair.0,
            Form::Ordinal => pair.1,
        }
    }
}

/// The words, in title case, of a value given by its decimal digits (at most 309, a float's).
pub(super) fn to_words(digits: &str, form: Form) -> String {
    let mut words = String::new();
    append(&mut words, digits.trim_start_matches('0'), form);
    if words.is_empty() {
        words.push_str(form.pick(FEW[0]));
    }
    words
}

/// Appends the words of digits without leading zeros; nothing for no digits. Each level of the
/// recursion takes at least three digits off, and digits are at most a float's 309.
fn append(words: &mut String, digits: &str, form: Form) {
    if digits.len() <= 3 {
        append_below_thousand(words, digits.parse().unwrap_or(0), form);
        return;
    }
    let magnitude = ((digits.len() - 1) / 3).min(4);
    let split = digits.len() - magnitude * 3;
    let (Some((head, rest)), Some((cardinal, ordinal, _))) =
        (digits.split_at_checked(split), MAGNITUDES.get(magnitude))
    else {
        return;
    };
    let rest = rest.trim_start_matches('0');
    if !words.is_empty() {
        words.push_str(", ");
    }
    let mut mantissa = String::new();
    append(&mut mantissa, head, Form::Cardinal);
    words.push_str(&mantissa);
    words.push(' ');
    words.push_str(if rest.is_empty() {
        form.pick((cardinal, ordinal))
    } else {
        cardinal
    });
    append(words, rest, form);
}

fn append_below_thousand(words: &mut String, value: usize, form: Form) {
    let (hundreds, rest) = (value / 100, value % 100);
    if let Some((few, _)) = FEW.get(hundreds).filter(|_| hundreds > 0) {
        if !words.is_empty() {
            words.push_str(", ");
        }
        words.push_str(few);
        words.push(' ');
        words.push_str(if rest == 0 {
            form.pick(("Hundred", "Hundredth"))
        } else {
            "Hundred"
        });
    }
    if rest == 0 {
        return;
    }
    if !words.is_empty() {
        words.push_str(" and ");
    }
    if let Some(few) = FEW.get(rest) {
        words.push_str(form.pick(*few));
        return;
    }
    let (Some(decade), unit) = (DECADES.get((rest / 10).saturating_sub(2)), rest % 10) else {
        return;
    };
    if unit == 0 {
        words.push_str(form.pick(*decade));
    } else if let Some(few) = FEW.get(unit) {
        words.push_str(decade.0);
        words.push('-');
        words.push_str(form.pick(*few));
    }
}

/// The value of words in any case, cardinal or ordinal; `None` when another word occurs.
///
/// Words are separated by a blank, a hyphen, a comma and a blank, or " and ".
pub(super) fn from_words(text: &str) -> Option<f64> {
    let text = text.to_lowercase().replace(", ", " ").replace(" and ", " ");
    let mut segments: Vec<f64> = vec![0.0];
    for word in text.split(|sign: char| sign.is_whitespace() || sign == '-') {
        let value = value_of(word)?;
        let top = segments.pop().unwrap_or(0.0);
        if value >= 100.0 {
            segments.push(top * value);
        } else if top >= 1000.0 {
            segments.extend([top, value]);
        } else {
            segments.push(top + value);
        }
    }
    let sum: f64 = segments.iter().sum();
    sum.is_finite().then_some(sum)
}

/// Every place, the longest first, where a run of number words that starts at `start` may end.
///
/// Words may touch, and `and`, blanks, commas and hyphens count as words. `steps` is charged for
/// the work and the search stops when it is used up.
pub(in crate::pictures) fn word_ends(text: &[char], start: usize, steps: &mut usize) -> Vec<usize> {
    let mut reached = vec![false; text.len().saturating_sub(start) + 1];
    let mut ends = Vec::new();
    for offset in 0..reached.len() {
        if offset > 0 && reached.get(offset) != Some(&true) {
            continue;
        }
        if offset > 0 {
            ends.push(start + offset);
        }
        let Some(rest) = text.get(start + offset..) else {
            break;
        };
        for length in word_lengths(rest) {
            *steps = steps.saturating_sub(length);
            if let Some(end) = reached.get_mut(offset + length) {
                *end = true;
            }
        }
        *steps = steps.saturating_sub(vocabulary().count());
        if *steps == 0 {
            break;
        }
    }
    ends.reverse();
    ends
}

fn word_lengths(text: &[char]) -> impl Iterator<Item = usize> {
    let separator = text
        .first()
        .filter(|sign| matches!(sign, '-' | ',' | ' '))
        .map(|_| 1);
    let words = vocabulary().map(|(word, _)| word).chain(["and"]);
    let words = words.filter(|word| {
        let mut signs = text.iter();
        word.chars().all(|sign| {
            signs
                .next()
                .is_some_and(|found| found.eq_ignore_ascii_case(&sign))
        })
    });
    separator.into_iter().chain(words.map(str::len))
}

fn value_of(word: &str) -> Option<f64> {
    let mut known = vocabulary().filter(|(known, _)| known.eq_ignore_ascii_case(word));
    known.next().map(|(_, value)| value)
}

fn vocabulary() -> impl Iterator<Item = (&'static str, f64)> {
    let few = FEW
        .iter()
        .zip(0_u8..)
        .map(|(pair, value)| (*pair, f64::from(value)));
    let decades = DECADES
        .iter()
        .zip(2_u8..)
        .map(|(pair, tens)| (*pair, f64::from(tens) * 10.0));
    let magnitudes = MAGNITUDES
        .iter()
        .map(|(cardinal, ordinal, value)| ((*cardinal, *ordinal), *value));
    few.chain(decades)
        .chain(magnitudes)
        .flat_map(|((cardinal, ordinal), value)| [(cardinal, value), (ordinal, value)])
}

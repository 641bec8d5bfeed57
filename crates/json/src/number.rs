//! Numbers: integers stay exact, everything else is a binary64.

use std::fmt;
use std::sync::Arc;

use crate::lexer::NumberToken;

/// Above this magnitude a binary64 no longer tells every integer from its neighbour.
const EXACT_INTEGER_MAX: f64 = 9_007_199_254_740_992.0;

/// A JSON number as it was written: a whole number keeps every digit, a fraction is a finite binary64.
#[derive(Clone, Debug)]
pub enum Number {
    /// A whole number that fits 64 bits.
    Int(i64),
    /// A number written with a fraction or an exponent; always finite.
    Float(f64),
    /// A whole number beyond 64 bits, as its canonical decimal text.
    Big(Arc<str>),
}

impl Number {
    /// Keeps `value` as a float (`3.0` prints `3.0`); `None` where it is not finite.
    pub fn from_f64(value: f64) -> Option<Number> {
        value.is_finite().then_some(Number::Float(value))
    }

    /// An integer where `value` is whole and exactly representable, else a float; `None` where it is not finite.
    ///
    /// This is how results of arithmetic print in JSONata: `1.5 + 1.5` is `3`.
    pub fn integral(value: f64) -> Option<Number> {
        if value.fract() == 0.0 && value.abs() <= EXACT_INTEGER_MAX {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            return Some(Number::Int(value as i64));
        }
        Number::from_f64(value)
    }

    /// The value of a token; `None` where it is beyond binary64's range.
    #[inline]
    pub(crate) fn from_token(token: NumberToken<'_>) -> Option<Number> {
        let Some(short) = token.short else {
            return Number::from_lexeme(token.text);
        };
        if short.scale == 0 {
            let magnitude = i64::try_from(short.mantissa).ok()?;
            return Some(Number::Int(if token.negative {
                -magnitude
            } else {
                magnitude
            }));
        }
        match short.to_f64() {
            Some(magnitude) if token.negative => Some(Number::Float(-magnitude)),
            Some(magnitude) => Some(Number::Float(magnitude)),
            None => Number::from_lexeme(token.text),
        }
    }

    /// Parses a number of JSON's grammar; `None` where its value is beyond binary64's range.
    fn from_lexeme(text: &str) -> Option<Number> {
        if text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            return text.parse().ok().and_then(Number::from_f64);
        }
        match text.parse() {
            Ok(value) => Some(Number::Int(value)),
            Err(_) => Some(Number::Big(Arc::from(text))),
        }
    }

    /// The nearest binary64.
    #[expect(clippy::cast_precision_loss, reason = "nearest is what is asked for")]
    pub fn as_f64(&self) -> f64 {
        match self {
            Number::Int(value) => *value as f64,
            Number::Float(value) => *value,
            Number::Big(text) => text.parse().unwrap_or(f64::INFINITY),
        }
    }

    /// The whole number, where the value is one and fits: `3.0` gives 3, `3.5` nothing.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Number::Int(value) => Some(*value),
            Number::Float(value) => match Number::integral(*value) {
                Some(Number::Int(value)) => Some(value),
                _ => None,
            },
            Number::Big(_) => None,
        }
    }

    /// Whether it was written as a whole number.
    pub fn is_integer(&self) -> bool {
        match self {
            Number::Int(_) | Number::Big(_) => true,
            Number::Float(_) => false,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => a == b,
            (Number::Big(a), Number::Big(b)) => a == b,
            (a, b) => a.as_f64() == b.as_f64(),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(value) => write!(f, "{value}"),
            Number::Float(value) => f.write_str(&crate::float_text(*value)),
            Number::Big(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lexer;

    #[test]
    fn lexemes_keep_what_was_written() {
        for (text, printed) in [
            ("0", "0"),
            ("-0", "0"),
            ("9223372036854775807", "9223372036854775807"),
            ("9223372036854775808", "9223372036854775808"),
            (
                "-123456789012345678901234567890",
                "-123456789012345678901234567890",
            ),
            ("1.10", "1.1"),
            ("-0.0", "-0.0"),
            ("-12.25", "-12.25"),
            ("99999999999999999.9", "1.0E17"),
            ("1e3", "1000.0"),
            ("1E400", ""),
        ] {
            let token = Lexer::new(text).number().unwrap();
            let number = Number::from_token(token);
            assert_eq!(
                number.map(|number| number.to_string()).unwrap_or_default(),
                printed,
                "{text}"
            );
        }
    }

    #[test]
    fn integral_results_are_integers() {
        assert!(matches!(Number::integral(3.0), Some(Number::Int(3))));
        assert!(matches!(Number::integral(-0.0), Some(Number::Int(0))));
        assert!(matches!(Number::integral(1e300), Some(Number::Float(_))));
        assert!(Number::integral(f64::NAN).is_none());
        assert_eq!(Number::Float(2.5).as_i64(), None);
        assert_eq!(Number::Float(2.0).as_i64(), Some(2));
    }
}

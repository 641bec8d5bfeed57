//! The signs that a number picture uses.
//!
//! Entry point: [`DecimalFormat`].

use crate::error::Error;

/// The decimal format: which sign plays which part, in pictures and in the result.
///
/// Source: XPath and XQuery Functions and Operators 3.1, section 4.7.1; the defaults are JSONata's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalFormat {
    pub(super) decimal_separator: char,
    pub(super) grouping_separator: char,
    pub(super) exponent_separator: char,
    pub(super) zero_digit: char,
    pub(super) digit: char,
    pub(super) pattern_separator: char,
    pub(super) minus_sign: String,
    pub(super) infinity: String,
    pub(super) not_a_number: String,
    pub(super) percent: String,
    pub(super) per_mille: String,
}

impl Default for DecimalFormat {
    fn default() -> DecimalFormat {
        DecimalFormat {
            decimal_separator: '.',
            grouping_separator: ',',
            exponent_separator: 'e',
            zero_digit: '0',
            digit: '#',
            pattern_separator: ';',
            minus_sign: "-".to_owned(),
            infinity: "Infinity".to_owned(),
            not_a_number: "NaN".to_owned(),
            percent: "%".to_owned(),
            per_mille: "\u{2030}".to_owned(),
        }
    }
}

impl DecimalFormat {
    /// Sets one option by its XPath name, such as `zero-digit`. Unknown names are ignored.
    ///
    /// `minus-sign`, `infinity`, `NaN`, `percent` and `per-mille` take any text, the others exactly
    /// one character.
    ///
    /// # Errors
    /// `T0410` when one character is wanted and `value` is none or several.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let sign = match name {
            "decimal-separator" => &mut self.decimal_separator,
            "grouping-separator" => &mut self.grouping_separator,
            "exponent-separator" => &mut self.exponent_separator,
            "zero-digit" => &mut self.zero_digit,
            "digit" => &mut self.digit,
            "pattern-separator" => &mut self.pattern_separator,
            _ => {
                self.set_text(name, value);
                return Ok(());
            }
        };
        let mut signs = value.chars();
        match (signs.next(), signs.next()) {
            (Some(only), None) => *sign = only,
            _ => {
                let message = format!("the option `{name}` must be one character, not `{value}`");
                return Err(Error::new("T0410", message)
                    .token("formatNumber")
                    .value(value));
            }
        }
        Ok(())
    }

    fn set_text(&mut self, name: &str, value: &str) {
        let text = match name {
            "minus-sign" => &mut self.minus_sign,
            "infinity" => &mut self.infinity,
            "NaN" => &mut self.not_a_number,
            "percent" => &mut self.percent,
            "per-mille" => &mut self.per_mille,
            _ => return,
        };
        value.clone_into(text);
    }

    /// Whether `sign` is one of the ten digits that start at `zero-digit`.
    pub(super) fn is_member_digit(&self, sign: char) -> bool {
        u32::from(sign)
            .checked_sub(u32::from(self.zero_digit))
            .is_some_and(|digit| digit < 10)
    }

    /// Whether `sign` stands for a digit, mandatory or optional.
    pub(super) fn is_any_digit(&self, sign: char) -> bool {
        sign == self.digit || self.is_member_digit(sign)
    }

    /// Whether `sign` has a meaning in a picture.
    pub(super) fn is_active(&self, sign: char) -> bool {
        self.is_any_digit(sign)
            || sign == self.decimal_separator
            || sign == self.exponent_separator
            || sign == self.grouping_separator
            || sign == self.pattern_separator
    }

    /// The character that shows a digit from 0 to 9.
    pub(super) fn show(&self, digit: u8) -> char {
        let code = u32::from(self.zero_digit).saturating_add(u32::from(digit));
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_have_their_xpath_names() {
        let mut format = DecimalFormat::default();
        for name in [
            "decimal-separator",
            "grouping-separator",
            "exponent-separator",
            "zero-digit",
            "digit",
            "pattern-separator",
        ] {
            assert_eq!(format.set(name, "\u{e9}"), Ok(()), "{name}");
            assert_eq!(format.set(name, "").unwrap_err().code, "T0410", "{name}");
            assert_eq!(format.set(name, "ab").unwrap_err().code, "T0410", "{name}");
        }
        for name in [
            "minus-sign",
            "infinity",
            "NaN",
            "percent",
            "per-mille",
            "unknown",
        ] {
            assert_eq!(format.set(name, "pm"), Ok(()), "{name}");
        }
        assert_eq!(format.digit, '\u{e9}');
        assert_eq!(format.per_mille, "pm");
    }
}

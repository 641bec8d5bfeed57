//! A finite number as its shortest decimal digits, so that pictures never see binary rounding.
//!
//! Entry point: [`Decimal::from_f64`]. Knows nothing of pictures.

/// `0.DIGITS * 10^point`, without sign. Zero has no digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    /// Digits 0 to 9, most significant first, neither leading nor trailing zeros.
    digits: Vec<u8>,
    /// Where the decimal point stands, counted from before the first digit.
    point: i64,
}

impl Decimal {
    /// The magnitude of a finite number; `None` for NaN and the infinities.
    pub(super) fn from_f64(value: f64) -> Option<Decimal> {
        if !value.is_finite() {
            return None;
        }
        let text = format!("{:e}", value.abs());
        let (mantissa, exponent) = text.split_once('e')?;
        let digits = mantissa.bytes().filter(u8::is_ascii_digit);
        let digits = digits.map(|digit| digit - b'0').collect();
        let point = exponent.parse::<i64>().ok()?.saturating_add(1);
        Some(Decimal { digits, point }.normalized())
    }

    /// The value times ten to the power of `places`.
    pub(super) fn scaled(mut self, places: i64) -> Decimal {
        if !self.digits.is_empty() {
            self.point = self.point.saturating_add(places);
        }
        self
    }

    /// Whether the value is zero.
    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// How many digits stand before the decimal point: negative for leading zeros after it.
    pub(super) fn point(&self) -> i64 {
        self.point
    }

    /// The value rounded to `places` decimal places, halves to the even neighbour.
    pub(super) fn rounded(mut self, places: usize) -> Decimal {
        let places = i64::try_from(places).unwrap_or(i64::MAX);
        let Ok(keep) = usize::try_from(self.point.saturating_add(places)) else {
            return Decimal {
                digits: Vec::new(),
                point: 0,
            };
        };
        if keep >= self.digits.len() {
            return self;
        }
        let rest = self.digits.split_off(keep);
        let half = rest.first().is_some_and(|digit| *digit == 5) && rest.len() == 1;
        let odd = self.digits.last().is_some_and(|digit| digit % 2 == 1);
        let up = rest.first().is_some_and(|digit| *digit >= 5) && (!half || odd);
        if up {
            self.increment();
        }
        self.normalized()
    }

    /// The digits before the point, without leading zeros: empty below one.
    pub(super) fn integer_digits(&self) -> Vec<u8> {
        let count = usize::try_from(self.point).unwrap_or(0);
        let mut digits: Vec<u8> = self.digits.iter().take(count).copied().collect();
        digits.resize(if self.is_zero() { 0 } else { count }, 0);
        digits
    }

    /// The digits after the point, without trailing zeros.
    pub(super) fn fraction_digits(&self) -> Vec<u8> {
        let zeros = usize::try_from(self.point.saturating_neg()).unwrap_or(0);
        let before = usize::try_from(self.point).unwrap_or(0);
        let mut digits = vec![0; if self.is_zero() { 0 } else { zeros }];
        digits.extend(self.digits.iter().skip(before));
        digits
    }

    fn increment(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
        self.point = self.point.saturating_add(1);
    }

    fn normalized(mut self) -> Decimal {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        let zeros = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..zeros);
        self.point = if self.digits.is_empty() {
            0
        } else {
            self.point.saturating_sub(i64::try_from(zeros).unwrap_or(0))
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(decimal: &Decimal) -> String {
        let text = |digits: Vec<u8>| -> String {
            digits
                .iter()
                .map(|digit| char::from(b'0' + digit))
                .collect()
        };
        format!(
            "{}.{}",
            text(decimal.integer_digits()),
            text(decimal.fraction_digits())
        )
    }

    #[test]
    fn digits_are_the_shortest_that_read_back() {
        for (value, expected) in [
            (0.0, "."),
            (-0.0, "."),
            (1.0, "1."),
            (-12.5, "12.5"),
            (0.1, ".1"),
            (0.001, ".001"),
            (1e21, "1000000000000000000000."),
            (1e-7, ".0000001"),
            (123456789.125, "123456789.125"),
        ] {
            assert_eq!(
                print(&Decimal::from_f64(value).unwrap()),
                expected,
                "{value}"
            );
        }
        assert_eq!(Decimal::from_f64(f64::NAN), None);
        assert_eq!(Decimal::from_f64(f64::INFINITY), None);
    }

    #[test]
    fn rounding_takes_halves_to_even() {
        for (value, places, expected) in [
            (0.5, 0, "."),
            (1.5, 0, "2."),
            (2.5, 0, "2."),
            (2.51, 0, "3."),
            (9.995, 2, "10."),
            (0.05, 1, "."),
            (0.15, 1, ".2"),
            (0.049, 1, "."),
            (0.051, 1, ".1"),
            (0.0004, 2, "."),
            (99.9, 0, "100."),
            (1234.0, 5, "1234."),
        ] {
            let rounded = Decimal::from_f64(value).unwrap().rounded(places);
            assert_eq!(print(&rounded), expected, "{value} to {places}");
        }
    }

    #[test]
    fn scaling_moves_the_point() {
        let decimal = Decimal::from_f64(0.14).unwrap().scaled(2);
        assert_eq!(print(&decimal), "14.");
        assert_eq!(print(&Decimal::from_f64(0.0).unwrap().scaled(9)), ".");
    }
}

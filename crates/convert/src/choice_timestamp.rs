//! Comparisons of times that are written as texts.

use passo_expr::Jsonata;

use crate::fields::Findings;
use crate::finding::{Code, Severity};

/// What RFC 3339 looks like.
const SHAPE: &str = r"/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/";

impl Findings {
    pub(crate) fn compared_times(
        &mut self,
        location: &str,
        left: &Jsonata,
        sign: &str,
        right: &Jsonata,
        is_right_text: bool,
    ) -> String {
        let message = "times are compared to the millisecond, and a text that is no time fails the state instead of not \
                       matching";
        self.note(Severity::Warning, Code::Timestamp, location, message);
        let right_is_text = match is_right_text {
            true => String::new(),
            false => format!(" and $type({right}) = \"string\""),
        };
        format!(
            "$type({left}) = \"string\"{right_is_text} and $toMillis({left}) {sign} $toMillis({right})"
        )
    }

    pub(crate) fn is_time(&mut self, location: &str, value: &Jsonata) -> String {
        let message =
            "a text that only looks like a time, such as one of a 13th month, counts as one";
        self.note(Severity::Warning, Code::Timestamp, location, message);
        format!("$type({value}) = \"string\" and $contains({value}, {SHAPE})")
    }
}

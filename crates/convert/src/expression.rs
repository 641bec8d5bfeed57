//! One expression alone.

use passo_expr::{Conversion, PathExpression};

use crate::finding::{Code, Finding, Severity};
use crate::flow::input;

/// What became of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvertedExpression {
    /// The JSONata, without delimiters; none where JSONata cannot say it.
    pub expression: Option<String>,
    /// What is to be known.
    pub findings: Vec<Finding>,
}

/// Converts a path or a call of an intrinsic function, in which `$` is the state's input.
pub fn convert_expression(text: &str) -> ConvertedExpression {
    let finding = |severity, code, message| Finding {
        severity,
        code,
        location: String::new(),
        message,
    };
    let expression = match PathExpression::parse(text.trim()) {
        Ok(expression) => expression,
        Err(error) => {
            return ConvertedExpression {
                expression: None,
                findings: vec![finding(Severity::Error, Code::Invalid, error.to_string())],
            };
        }
    };
    let mut conversion = Conversion::new(input());
    let converted = match &expression {
        PathExpression::Path(path) => conversion.path(path),
        PathExpression::Intrinsic(call) => conversion.intrinsic(call),
    };
    let mut findings: Vec<Finding> = conversion
        .differences()
        .map(|difference| {
            finding(
                Severity::Note,
                Code::Expression(difference),
                difference.to_string(),
            )
        })
        .collect();
    let expression = match converted {
        Ok(jsonata) => Some(jsonata.text().to_owned()),
        Err(obstacle) => {
            let message = obstacle.to_string();
            findings.push(finding(Severity::Error, Code::NotConvertible, message));
            None
        }
    };
    ConvertedExpression {
        expression,
        findings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_alone() {
        let of = |text| convert_expression(text).expression;
        assert_eq!(of(" $.a "), Some("$states.input.a".to_owned()));
        assert_eq!(
            of("States.MathAdd($.a, 1)"),
            Some("$states.input.a + 1".to_owned())
        );
        assert_eq!(of("$..a"), None);
        assert_eq!(of("nope"), None);
        let found = convert_expression("States.MathAdd($.a, 1)").findings;
        assert_eq!(found[0].code.name(), "ROUNDING");
        assert_eq!(
            convert_expression("$..a").findings[0].severity,
            Severity::Error
        );
    }
}

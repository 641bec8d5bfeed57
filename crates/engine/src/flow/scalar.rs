//! Numbers and instants that a definition gives as literal, path or expression.

use std::sync::Arc;

use passo_asl::program::{Scalar, Threshold};
use passo_expr::{Expression, Path};
use passo_json::{Json, Kind, Payload};
use passo_vocab::Timestamp;

use super::{Evaluator, Fault};

/// AWS's bound for every number of seconds.
const SECONDS_MAX: i64 = 99_999_999;

impl Evaluator<'_> {
    /// `TimeoutSeconds[Path]` or `HeartbeatSeconds[Path]`: a positive integer.
    pub fn task_seconds(
        &self,
        scalar: Option<&Scalar<u64>>,
        effective: &Payload,
        field: &'static str,
    ) -> Result<Option<u64>, Fault> {
        match scalar {
            None => Ok(None),
            Some(Scalar::Literal(seconds)) => Ok(Some(*seconds)),
            Some(Scalar::Path(path)) => {
                let value = self.read(path, effective, field)?;
                let seconds = integer(&value).filter(|seconds| (1..=SECONDS_MAX).contains(seconds));
                let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
                seconds.map(Some).ok_or_else(|| {
                    Fault::runtime(format!(
                        "The {field}Path parameter does not reference a positive integer value: {} == {}",
                        path.text(),
                        plain(&value)
                    ))
                })
            }
            Some(Scalar::Expression(expression)) => {
                let value = self.evaluate(expression, field)?;
                let seconds = whole(&value).filter(|seconds| (1..=SECONDS_MAX).contains(seconds));
                let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
                seconds
                    .map(Some)
                    .ok_or_else(|| out_of_range(expression, field, &value, 1))
            }
        }
    }

    /// `Seconds[Path]` of a Wait state, 0 to 99,999,999.
    pub fn wait_seconds(&self, scalar: &Scalar<u64>, effective: &Payload) -> Result<i64, Fault> {
        match scalar {
            Scalar::Literal(seconds) => Ok(i64::try_from(*seconds).unwrap_or(SECONDS_MAX)),
            Scalar::Path(path) => {
                // Texts recorded on AWS.
                let value = path.read(&self.scope(effective)).map_err(|_| {
                    Fault::runtime(format!(
                        "The SecondsPath parameter does not reference an input value: {}",
                        path.text()
                    ))
                })?;
                let Some(seconds) = integer(&value) else {
                    return Err(Fault::runtime(format!(
                        "The SecondsPath parameter cannot be parsed as a long value: {} == {}",
                        path.text(),
                        plain(&value)
                    )));
                };
                if seconds < 0 {
                    return Err(Fault::runtime(format!(
                        "The SecondsPath parameter references a negative value: {} == {seconds}",
                        path.text()
                    )));
                }
                Ok(seconds)
            }
            Scalar::Expression(expression) => {
                let value = self.evaluate(expression, "Seconds")?;
                let seconds = whole(&value).filter(|seconds| (0..=SECONDS_MAX).contains(seconds));
                seconds.ok_or_else(|| out_of_range(expression, "Seconds", &value, 0))
            }
        }
    }

    /// `Timestamp[Path]` of a Wait state.
    pub fn wait_timestamp(
        &self,
        scalar: &Scalar<Timestamp>,
        effective: &Payload,
    ) -> Result<Timestamp, Fault> {
        match scalar {
            Scalar::Literal(until) => Ok(*until),
            Scalar::Path(path) => {
                let value = path.read(&self.scope(effective)).map_err(|_| {
                    Fault::runtime(format!(
                        "The TimestampPath parameter does not reference an input value: {}",
                        path.text()
                    ))
                })?;
                value.as_str().and_then(|text| Timestamp::parse_rfc3339(text).ok()).ok_or_else(|| {
                    Fault::runtime(format!(
                        "The TimestampPath parameter does not reference a valid ISO-8601 extended offset \
                         date-time format string: {} == {}",
                        path.text(),
                        plain(&value)
                    ))
                })
            }
            Scalar::Expression(expression) => {
                let scope = self.scope(&self.frame.input.payload);
                let value = expression.evaluate_kind(&scope, "Timestamp", Kind::String)?;
                value.as_str().and_then(|text| Timestamp::parse_rfc3339(text).ok()).ok_or_else(|| {
                    Fault::Expression(passo_expr::ExpressionFailure::query(
                        "Timestamp",
                        format!(
                            "The JSONata expression '{}' specified for the field 'Timestamp' returned an \
                             invalid value. The value is not a valid ISO-8601 extended offset date-time \
                             format string: {}",
                            expression.source(),
                            plain(&value)
                        ),
                    ))
                })
            }
        }
    }

    /// A count of a Map: `MaxConcurrency`, `ToleratedFailureCount`, `MaxItems`, batch sizes. None when not given.
    pub fn map_count(
        &self,
        scalar: Option<&Scalar<u64>>,
        effective: &Payload,
        field: &'static str,
    ) -> Result<Option<i64>, Fault> {
        match scalar {
            None => Ok(None),
            Some(Scalar::Literal(count)) => Ok(Some(i64::try_from(*count).unwrap_or(i64::MAX))),
            Some(Scalar::Path(path)) => {
                let value = self.read(path, effective, field)?;
                integer_or_text(&value)
                    .map(Some)
                    .ok_or_else(|| not_a(field, path, &value, "integer"))
            }
            Some(Scalar::Expression(expression)) => {
                let value = self.evaluate(expression, field)?;
                whole(&value)
                    .map(Some)
                    .ok_or_else(|| out_of_range(expression, field, &value, 0))
            }
        }
    }

    /// `ToleratedFailurePercentage[Path]` or `ToleratedFailureCount[Path]`.
    pub fn threshold(
        &self,
        threshold: Option<&Threshold>,
        effective: &Payload,
        field: &'static str,
        kind: &'static str,
    ) -> Result<Option<f64>, Fault> {
        match threshold {
            None => Ok(None),
            Some(Scalar::Literal(value)) => Ok(Some(*value)),
            Some(Scalar::Path(path)) => {
                let value = self.read(path, effective, field)?;
                let number = match &value {
                    Json::Number(number) => Some(number.as_f64()),
                    Json::String(text) => text
                        .trim()
                        .parse()
                        .ok()
                        .filter(|number: &f64| number.is_finite()),
                    Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
                };
                let number = number.filter(|number| kind != "integer" || number.fract() == 0.0);
                number
                    .map(Some)
                    .ok_or_else(|| not_a(field, path, &value, kind))
            }
            Some(Scalar::Expression(expression)) => Ok(self.evaluate(expression, field)?.as_f64()),
        }
    }

    fn read(&self, path: &Path, effective: &Payload, field: &'static str) -> Result<Json, Fault> {
        let scope = self.scope(effective);
        path.read(&scope)
            .map_err(|error| Fault::from(error.into_not_found(&format!("{field}Path"), &scope)))
    }

    fn evaluate(&self, expression: &Expression, field: &'static str) -> Result<Json, Fault> {
        let scope = self.scope(&self.frame.input.payload);
        Ok(expression.evaluate_kind(&scope, field, Kind::Number)?)
    }
}

/// An integer as it is written: `1.5` and `"1"` are none.
fn integer(value: &Json) -> Option<i64> {
    value
        .as_number()
        .filter(|number| number.is_integer())?
        .as_i64()
}

/// A Map's path fields also take an integer in a string. Recorded on AWS with variables.
fn integer_or_text(value: &Json) -> Option<i64> {
    match value {
        Json::String(text) => text.trim().parse().ok(),
        other => integer(other),
    }
}

/// A number without fraction, however it is written.
fn whole(value: &Json) -> Option<i64> {
    value.as_i64().or_else(|| {
        let number = passo_json::Number::integral(value.as_f64()?)?;
        number.as_i64()
    })
}

/// A string without its quotes, anything else as JSON.
fn plain(value: &Json) -> Arc<str> {
    match value {
        Json::String(text) => Arc::clone(text),
        other => Arc::from(other.to_text()),
    }
}

fn not_a(field: &str, path: &Path, value: &Json, kind: &str) -> Fault {
    Fault::runtime(format!(
        "The {field}Path field refers to value \"{}\" which is not a valid {kind}: {}",
        plain(value),
        path.text()
    ))
}

fn out_of_range(expression: &Expression, field: &str, value: &Json, least: i64) -> Fault {
    Fault::Expression(passo_expr::ExpressionFailure::query(
        field,
        format!(
            "The JSONata expression '{}' specified for the field '{field}' returned an invalid value. Expected an \
             integer between {least} and {SECONDS_MAX}, but was: {value}",
            expression.source()
        ),
    ))
}

//! `Retry` and `Catch`.

use std::sync::Arc;

use passo_expr::{QueryLanguage, Template};
use passo_vocab::ErrorName;

use super::expressions::States;
use super::fields;
use super::machine::MOST_SECONDS;
use super::reader::{Fields, Reader};
use super::state::Parts;
use crate::diagnostic::Code;
use crate::program::{ErrorMatcher, JitterStrategy, ResultPath, Retrier};

/// The longest delay between two attempts: 366 days.
const MOST_DELAY_SECONDS: u64 = 31_622_400;

/// A catcher as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Catcher {
    pub(crate) error_equals: Vec<ErrorMatcher>,
    pub(crate) next: Arc<str>,
    pub(crate) result_path: ResultPath,
    pub(crate) output: Option<Template>,
    pub(crate) assign: Option<Template>,
}

impl Reader<'_> {
    /// `Retry`.
    pub(crate) fn retry(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Vec<Retrier> {
        let Some(field) = fields.get("Retry") else {
            return Vec::new();
        };
        let items = self.array(&field).unwrap_or_default();
        let mut retriers = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = field.place.index(index);
            let Some(fields) = self.object(item, place, fields::RETRIER, language) else {
                continue;
            };
            self.require(&fields, &["ErrorEquals"]);
            let error_equals = self.error_equals(&fields, index + 1 == items.len());
            retriers.push(self.retrier(&fields, error_equals));
        }
        retriers
    }

    fn retrier(&mut self, fields: &Fields<'_>, error_equals: Vec<ErrorMatcher>) -> Retrier {
        let mut whole = |name: &str, least, most| {
            fields
                .get(name)
                .and_then(|field| self.integer(&field, least, most))
        };
        let interval_seconds = whole("IntervalSeconds", 1, MOST_SECONDS).unwrap_or(1);
        let max_attempts = whole("MaxAttempts", 0, MOST_SECONDS).unwrap_or(3);
        let max_delay_seconds = whole("MaxDelaySeconds", 1, MOST_DELAY_SECONDS);
        if let (Some(most), Some(field)) = (max_delay_seconds, fields.get("MaxDelaySeconds"))
            && most <= interval_seconds
        {
            let message = "MaxDelaySeconds must be greater than IntervalSeconds";
            self.error(&field.place, field.node.span, message);
        }
        let backoff_rate = fields
            .get("BackoffRate")
            .and_then(|field| self.number(&field, 1.0, f64::INFINITY))
            .unwrap_or(2.0);
        let jitter = fields
            .get("JitterStrategy")
            .and_then(|field| self.word(&field, &["FULL", "NONE"]));
        Retrier {
            error_equals,
            interval_seconds,
            max_attempts,
            backoff_rate,
            max_delay_seconds,
            jitter_strategy: match jitter {
                Some("FULL") => JitterStrategy::Full,
                _ => JitterStrategy::None,
            },
        }
    }

    /// `Catch`.
    pub(crate) fn catch(
        &mut self,
        fields: &Fields<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
    ) -> Vec<Catcher> {
        let Some(field) = fields.get("Catch") else {
            return Vec::new();
        };
        let items = self.array(&field).unwrap_or_default();
        let mut catchers = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = field.place.index(index);
            let Some(fields) = self.object(item, place, fields::CATCHER, language) else {
                continue;
            };
            self.require(&fields, &["ErrorEquals", "Next"]);
            let error_equals = self.error_equals(&fields, index + 1 == items.len());
            if let Some(assign) = fields.get("Assign") {
                self.assigned(&assign, language, parts);
            }
            let mut template = |name: &str| {
                fields
                    .get(name)
                    .and_then(|field| self.template(&field, language, States::ErrorOutput))
            };
            let (assign, output) = (template("Assign"), template("Output"));
            let result_path = fields
                .get("ResultPath")
                .and_then(|field| self.result_path(&field))
                .unwrap_or_default();
            if let Some(next) = fields
                .get("Next")
                .and_then(|field| self.target(&field, parts))
            {
                catchers.push(Catcher {
                    error_equals,
                    next,
                    result_path,
                    output,
                    assign,
                });
            }
        }
        catchers
    }

    /// `ErrorEquals`; `last` tells whether nothing follows the retrier or catcher.
    fn error_equals(&mut self, fields: &Fields<'_>, last: bool) -> Vec<ErrorMatcher> {
        let Some(field) = fields.get("ErrorEquals") else {
            return Vec::new();
        };
        let items = self.filled_array(&field).unwrap_or_default();
        let mut matchers = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = field.place.index(index);
            let Some(name) = self.text_at(item, &place) else {
                continue;
            };
            let name = ErrorName::new(name);
            if name == ErrorName::ALL && !(last && items.len() == 1) {
                let message = "States.ALL must appear alone and at end of list";
                self.error(&place, item.span, message);
            }
            if name.as_str().starts_with("States.") && !is_predefined(&name) {
                let message = format!(
                    "'{name}' is no predefined error, and other names must not start with 'States.'"
                );
                self.warn(Code::UnknownErrorName, &place, item.span, message);
            }
            matchers.push(if name == ErrorName::ALL {
                ErrorMatcher::All
            } else if name == ErrorName::TASK_FAILED {
                ErrorMatcher::TaskFailed
            } else {
                ErrorMatcher::Name(name)
            });
        }
        matchers
    }
}

fn is_predefined(name: &ErrorName) -> bool {
    const NAMES: [ErrorName; 17] = [
        ErrorName::ALL,
        ErrorName::BRANCH_FAILED,
        ErrorName::DATA_LIMIT_EXCEEDED,
        ErrorName::EXCEED_TOLERATED_FAILURE_THRESHOLD,
        ErrorName::HEARTBEAT_TIMEOUT,
        ErrorName::HTTP_SOCKET,
        ErrorName::INTRINSIC_FAILURE,
        ErrorName::ITEM_READER_FAILED,
        ErrorName::NO_CHOICE_MATCHED,
        ErrorName::PARAMETER_PATH_FAILURE,
        ErrorName::PERMISSIONS,
        ErrorName::QUERY_EVALUATION_ERROR,
        ErrorName::RESULT_PATH_MATCH_FAILURE,
        ErrorName::RESULT_WRITER_FAILED,
        ErrorName::RUNTIME,
        ErrorName::TASK_FAILED,
        ErrorName::TIMEOUT,
    ];
    NAMES.contains(name) || name.as_str().starts_with("States.Http.StatusCode.")
}

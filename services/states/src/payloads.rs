//! Inputs and outputs that callers give, as text.

use passo_asl::source::json_fault;
use passo_json::Payload;
use passo_service::Fault;

use crate::faults;

/// The input of an execution; `{}` where none is given.
///
/// # Errors
/// `InvalidExecutionInput`, in the words of AWS's parser.
pub(crate) fn execution_input(text: Option<&str>) -> Result<Payload, Fault> {
    let text = text.unwrap_or("{}");
    if text.trim().is_empty() {
        return Err(faults::invalid_execution_input("Invalid execution input."));
    }
    Payload::from_text(text)
        .map_err(|error| faults::invalid_execution_input(&json_fault(text, &error).message))
}

/// The output of a task.
///
/// # Errors
/// `InvalidOutput`, in the words of AWS's parser.
pub(crate) fn task_output(text: &str) -> Result<Payload, Fault> {
    Payload::from_text(text)
        .map_err(|error| faults::invalid_output(&json_fault(text, &error).message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_in_the_parsers_words() {
        for (text, reason) in [
            ("", "Invalid execution input."),
            (
                "not some json",
                "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' \
                 or 'false')",
            ),
            (
                "{'not': 'json'",
                "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
            ),
        ] {
            let fault = execution_input(Some(text)).unwrap_err();
            let message = format!("Invalid State Machine Execution Input: '{reason}'");
            assert_eq!(
                (fault.code.as_ref(), fault.message),
                ("InvalidExecutionInput", message)
            );
        }
        for text in [None, Some("2"), Some("null"), Some("\"text\"")] {
            assert!(execution_input(text).is_ok(), "{text:?}");
        }
        assert_eq!(execution_input(None).unwrap().text(), "{}");
    }
}

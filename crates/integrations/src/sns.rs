//! SNS: `sns:publish`.
//!
//! Source: Developer Guide, "Publish messages to an Amazon SNS topic"; recorded: answers and failures of such tasks.

use passo_json::Payload;
use passo_vocab::Failure;

use crate::plan::missing;
use crate::sqs::with_text;
use crate::{Completion, ErrorStyle, Plan, Shape};

/// The plan of `sns:publish`. A message that is no string is sent as its JSON.
pub(crate) fn publish(parameters: &Payload, completion: Completion) -> Result<Plan, Failure> {
    let given = parameters.json();
    if given.get("Message").is_none() {
        return Err(missing("Message", parameters));
    }
    Ok(Plan {
        service: "sns",
        operation: "Publish".to_owned(),
        parameters: with_text(given, "Message"),
        shape: Shape::OptimizedXml {
            namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
            operation: "Publish",
        },
        errors: ErrorStyle::V1 {
            prefix: "SNS",
            service: "AmazonSNS",
        },
        completion,
        lookup: None,
    })
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn messages_are_text() {
        for (parameters, expect) in [
            (r#"{"TopicArn":"t","Message":"m"}"#, "m"),
            (r#"{"TopicArn":"t","Message":{}}"#, "{}"),
        ] {
            let parameters = Payload::from_text(parameters).unwrap();
            let plan = publish(&parameters, Completion::Answer).unwrap();
            assert_eq!(
                plan.parameters,
                json!({"TopicArn": "t", "Message": (expect)})
            );
        }
        assert!(publish(&Payload::from_text("{}").unwrap(), Completion::Answer).is_err());
    }
}

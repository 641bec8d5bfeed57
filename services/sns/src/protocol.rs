//! Ways in which subscriptions get messages.

use passo_service::Fault;

use crate::faults;

/// A protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Sqs,
    Lambda,
    Http,
    Https,
    Email,
    EmailJson,
    Sms,
    Application,
    Firehose,
}

const ALL: [Protocol; 9] = [
    Protocol::Sqs,
    Protocol::Lambda,
    Protocol::Http,
    Protocol::Https,
    Protocol::Email,
    Protocol::EmailJson,
    Protocol::Sms,
    Protocol::Application,
    Protocol::Firehose,
];

impl Protocol {
    /// # Errors
    /// Where SNS has no such protocol.
    pub(crate) fn parse(text: &str) -> Result<Protocol, Fault> {
        let found = ALL.into_iter().find(|known| known.name() == text);
        found.ok_or_else(|| {
            faults::invalid(format!(
                "Amazon SNS does not support this protocol string: {text}"
            ))
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Protocol::Sqs => "sqs",
            Protocol::Lambda => "lambda",
            Protocol::Http => "http",
            Protocol::Https => "https",
            Protocol::Email => "email",
            Protocol::EmailJson => "email-json",
            Protocol::Sms => "sms",
            Protocol::Application => "application",
            Protocol::Firehose => "firehose",
        }
    }

    /// Whether whoever is at the endpoint must agree before it gets messages.
    pub(crate) fn wants_confirmation(self) -> bool {
        matches!(
            self,
            Protocol::Http | Protocol::Https | Protocol::Email | Protocol::EmailJson
        )
    }

    /// Whether an endpoint fits.
    ///
    /// # Errors
    /// In AWS's words.
    pub(crate) fn check(self, endpoint: &str) -> Result<(), Fault> {
        let arn_of = |service: &str| {
            if endpoint.starts_with(&format!("arn:aws:{service}:")) {
                Ok(())
            } else {
                Err(faults::invalid(format!(
                    "{} endpoint ARN",
                    match self {
                        Protocol::Sqs => "SQS",
                        Protocol::Lambda => "Lambda",
                        _ => "Endpoint",
                    }
                )))
            }
        };
        let begins = |prefix: &str| {
            if endpoint.starts_with(prefix) {
                Ok(())
            } else {
                Err(faults::invalid(
                    "Endpoint must match the specified protocol",
                ))
            }
        };
        match self {
            Protocol::Sqs => arn_of("sqs"),
            Protocol::Lambda => arn_of("lambda"),
            Protocol::Firehose => arn_of("firehose"),
            Protocol::Application => arn_of("sns"),
            Protocol::Http => begins("http://"),
            Protocol::Https => begins("https://"),
            Protocol::Email | Protocol::EmailJson => match endpoint.split_once('@') {
                Some((name, host)) if !name.is_empty() && !host.is_empty() => Ok(()),
                Some(_) | None => Err(faults::invalid("Email address")),
            },
            Protocol::Sms => {
                let digits = endpoint.trim_start_matches('+');
                let legal = |c: char| c.is_ascii_digit() || c == '-' || c == ' ';
                if !digits.is_empty() && digits.chars().all(legal) {
                    Ok(())
                } else {
                    Err(faults::invalid(format!("Invalid SMS endpoint: {endpoint}")))
                }
            }
        }
    }
}

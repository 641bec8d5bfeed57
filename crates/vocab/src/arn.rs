//! Amazon Resource Names: `arn:partition:service:region:account:resource`.
//!
//! Knows only the six parts; what a resource part means belongs to the service that issued it.

use std::fmt;
use std::sync::Arc;

/// An Amazon Resource Name. Cheap to clone; region and account may be empty.
///
/// Source: AWS General Reference, "Amazon Resource Names (ARNs)".
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    text: Arc<str>,
}

/// Why a text is not an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArnError {
    text: Arc<str>,
}

impl Arn {
    /// Reads an ARN. The prefix must be `arn`, partition, service and resource must not be empty.
    ///
    /// # Errors
    /// When the text has fewer than six parts, another prefix or an empty mandatory part.
    pub fn parse(text: &str) -> Result<Arn, ArnError> {
        let mut parts = text.splitn(6, ':');
        let prefix = parts.next();
        let partition = parts.next().unwrap_or_default();
        let service = parts.next().unwrap_or_default();
        let resource = parts.nth(2).unwrap_or_default();
        if prefix != Some("arn")
            || partition.is_empty()
            || service.is_empty()
            || resource.is_empty()
        {
            return Err(ArnError { text: text.into() });
        }
        Ok(Arn { text: text.into() })
    }

    /// Builds an ARN from its parts; the parts before `resource` must not contain a colon.
    ///
    /// # Errors
    /// As [`Arn::parse`], or when a colon would move the parts.
    pub fn new(
        partition: &str,
        service: &str,
        region: &str,
        account: &str,
        resource: &str,
    ) -> Result<Arn, ArnError> {
        let text = format!("arn:{partition}:{service}:{region}:{account}:{resource}");
        let arn = Arn::parse(&text)?;
        if [partition, service, region, account]
            .iter()
            .any(|part| part.contains(':'))
        {
            return Err(ArnError { text: arn.text });
        }
        Ok(arn)
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The partition, `aws` for the commercial one.
    pub fn partition(&self) -> &str {
        self.part(1)
    }

    /// The service prefix, for example `states`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The region; empty for global resources and for Step Functions integrations.
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The twelve-digit account; may be empty.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// Everything after the fifth colon, colons included.
    pub fn resource(&self) -> &str {
        self.part(5)
    }

    fn part(&self, index: usize) -> &str {
        self.text.splitn(6, ':').nth(index).unwrap_or_default()
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arn({})", self.text)
    }
}

impl std::str::FromStr for Arn {
    type Err = ArnError;

    fn from_str(text: &str) -> Result<Arn, ArnError> {
        Arn::parse(text)
    }
}

impl fmt::Display for ArnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an ARN", self.text)
    }
}

impl std::error::Error for ArnError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_six_parts() {
        let text = "arn:aws:states:us-east-1:123456789012:execution:order:run-1";
        let arn = Arn::parse(text).unwrap();
        assert_eq!(
            [
                arn.partition(),
                arn.service(),
                arn.region(),
                arn.account(),
                arn.resource()
            ],
            [
                "aws",
                "states",
                "us-east-1",
                "123456789012",
                "execution:order:run-1"
            ]
        );
        assert_eq!(arn.to_string(), text);
        assert_eq!(
            Arn::parse("arn:aws:states:::lambda:invoke")
                .unwrap()
                .resource(),
            "lambda:invoke"
        );
    }

    #[test]
    fn refuses_what_is_not_one() {
        for text in [
            "",
            "arn",
            "arn:aws:states",
            "arn:aws:s3:::",
            "urn:aws:s3:::b",
            "arn::s3:::b",
        ] {
            assert!(Arn::parse(text).is_err(), "{text}");
        }
        assert!(Arn::new("aws", "states", "us-east-1", "1:2", "activity:a").is_err());
        let built = Arn::new("aws", "states", "us-east-1", "1", "activity:a").unwrap();
        assert_eq!(built.as_str(), "arn:aws:states:us-east-1:1:activity:a");
    }
}

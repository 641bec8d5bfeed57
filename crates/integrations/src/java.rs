//! How the AWS SDK for Java, which Step Functions is built on, spells the names of AWS's models.
//!
//! Written from observed names: the members that tasks take and show, and the prefixes and errors that the Developer
//! Guide lists ("Supported AWS SDK service integrations").

use std::borrow::Cow;

/// A member as tasks show it: the words that begin with an acronym have it in lower case but for its first letter,
/// `MFADevices` is `MfaDevices`; the first letter is a capital.
pub(crate) fn member_name(name: &'static str) -> Cow<'static, str> {
    if name == "NULL" {
        // DynamoDB's, in whose place Java has a word of its own.
        return Cow::Borrowed("Nul");
    }
    let letters: Vec<char> = name.chars().collect();
    let is = |at: usize, test: fn(&char) -> bool| letters.get(at).is_some_and(test);
    let mut acronym = 1;
    while is(acronym, char::is_ascii_uppercase) && !is(acronym + 1, char::is_ascii_lowercase) {
        acronym += 1;
    }
    let is_spelled_so = acronym == 1 && is(0, |first| !first.is_ascii_lowercase());
    if is_spelled_so {
        return Cow::Borrowed(name);
    }
    let spelled = letters.iter().enumerate().map(|(at, letter)| match at {
        0 => letter.to_ascii_uppercase(),
        _ if at < acronym => letter.to_ascii_lowercase(),
        _ => *letter,
    });
    Cow::Owned(spelled.collect())
}

/// The words of a service's id or an error's name, each with one capital: `DynamoDB` is `DynamoDb`, `SFN` is `Sfn`,
/// `API Gateway` is `ApiGateway`, `SESv2` is `SesV2`.
pub(crate) fn pascal_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let at = |place: usize| letters.get(place).copied().unwrap_or(' ');
    let mut out = String::new();
    let mut begins = true;
    for (place, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            begins = true;
            continue;
        }
        let before = place.checked_sub(1).map_or(' ', at);
        let (next, after) = (at(place + 1), at(place + 2));
        begins |= starts_word(before, *letter, next, after);
        if begins {
            out.push(letter.to_ascii_uppercase());
        } else {
            out.push(letter.to_ascii_lowercase());
        }
        begins = false;
    }
    out
}

fn starts_word(before: char, letter: char, next: char, after: char) -> bool {
    let is_version = matches!(letter, 'v' | 'V')
        && next.is_ascii_digit()
        && !after.is_ascii_alphabetic()
        && before.is_ascii_alphabetic();
    if is_version {
        // `SESv2` and `GatewayV2`, but not `Ipv4` and `IPV4`.
        return before.is_ascii_uppercase() != letter.is_ascii_uppercase();
    }
    if before.is_ascii_digit() {
        return letter.is_ascii_alphabetic();
    }
    if !letter.is_ascii_uppercase() {
        return false;
    }
    // `IoT` is one word, `DynamoDB` two.
    let after_word = before.is_ascii_lowercase() && next.is_ascii_alphanumeric();
    let before_version = next == 'v' && after.is_ascii_digit();
    let after_acronym = before.is_ascii_uppercase() && next.is_ascii_lowercase() && !before_version;
    after_word || after_acronym
}

/// What a service's errors begin with: `Sfn`, `DynamoDb`, `CloudWatchLogs`.
pub(crate) fn service_prefix(service_id: &str) -> String {
    let name = service_id
        .strip_prefix("Amazon ")
        .or_else(|| service_id.strip_prefix("AWS "))
        .unwrap_or(service_id);
    let name = pascal_case(name);
    match name.strip_suffix("Service") {
        Some(short) if !short.is_empty() => short.to_owned(),
        Some(_) | None => name,
    }
}

/// The class of an error: `NoSuchKey` is `NoSuchKeyException`, and so is `NoSuchKeyFault`.
pub(crate) fn error_class(shape: &str) -> String {
    let name = shape.strip_suffix("Fault").unwrap_or(shape);
    let name = pascal_case(name);
    if name.ends_with("Exception") {
        name
    } else {
        format!("{name}Exception")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_spelled_as_observed() {
        for (name, expect) in [
            ("stateMachineArn", "StateMachineArn"),
            ("TableName", "TableName"),
            ("ETag", "ETag"),
            ("MFADevices", "MfaDevices"),
            ("DBInstanceIdentifier", "DbInstanceIdentifier"),
            ("SSEKMSKeyId", "SsekmsKeyId"),
            ("QueueURL", "QueueURL"),
            ("ID", "Id"),
            ("S", "S"),
            ("NULL", "Nul"),
            ("BOOL", "Bool"),
        ] {
            assert_eq!(member_name(name), expect);
        }
    }

    #[test]
    fn prefixes_are_those_of_the_guide() {
        for (id, expect) in [
            ("sfn", "Sfn"),
            ("dynamodb", "DynamoDb"),
            ("cloudwatchlogs", "CloudWatchLogs"),
            ("eventbridge", "EventBridge"),
            ("secretsmanager", "SecretsManager"),
            ("sagemaker", "SageMaker"),
            ("apigateway", "ApiGateway"),
            ("apigatewayv2", "ApiGatewayV2"),
            ("sesv2", "SesV2"),
            ("s3", "S3"),
            ("s3control", "S3Control"),
            ("ec2", "Ec2"),
            ("iot", "Iot"),
            ("elasticloadbalancingv2", "ElasticLoadBalancingV2"),
            ("cognitoidentityprovider", "CognitoIdentityProvider"),
            ("databasemigration", "DatabaseMigration"),
        ] {
            let listed = passo_model::by_id(id).unwrap();
            assert_eq!(service_prefix(listed.service_id), expect);
        }
    }

    #[test]
    fn errors_are_exceptions() {
        for (shape, expect) in [
            ("NoSuchKey", "NoSuchKeyException"),
            (
                "StateMachineDoesNotExist",
                "StateMachineDoesNotExistException",
            ),
            ("KMSAccessDeniedException", "KmsAccessDeniedException"),
            ("DBInstanceNotFoundFault", "DbInstanceNotFoundException"),
        ] {
            assert_eq!(error_class(shape), expect);
        }
    }
}

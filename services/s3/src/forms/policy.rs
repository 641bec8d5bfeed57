//! What a form may say: the policy that its maker has signed.
//!
//! Source: "Creating a POST policy" of the S3 API reference.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_vocab::Timestamp;
use s3s::{S3Error, S3Result, s3_error};
use serde_json::{Value, json};

use super::fields::Fields;

/// Fields of which a policy need not speak.
const FREE: [&str; 6] = [
    "x-amz-signature",
    "file",
    "policy",
    "awsaccesskeyid",
    "signature",
    "submit",
];

/// A policy that could be read.
#[derive(Debug)]
pub(crate) struct Policy {
    end: Timestamp,
    conditions: Vec<Condition>,
}

#[derive(Debug)]
enum Condition {
    Is { field: String, value: String },
    Begins { field: String, value: String },
    Length { least: u64, most: u64 },
}

impl Policy {
    /// The policy in a form's field.
    ///
    /// # Errors
    /// `InvalidPolicyDocument`.
    pub(crate) fn read(field: &str) -> S3Result<Policy> {
        let text = STANDARD.decode(field.split_whitespace().collect::<String>());
        let text = text.map_err(|_| invalid("Invalid Base64 encoding."))?;
        let document: Value =
            serde_json::from_slice(&text).map_err(|_| invalid("Invalid JSON."))?;
        let end = document.get("expiration").and_then(Value::as_str);
        let end = end.ok_or_else(|| invalid("Policy missing expiration."))?;
        let end = Timestamp::parse_rfc3339(end)
            .map_err(|_| invalid(&format!("Invalid 'expiration' value: '{end}'")))?;
        let conditions = document.get("conditions").and_then(Value::as_array);
        let conditions = conditions.ok_or_else(|| invalid("Policy missing conditions."))?;
        let mut read = Vec::new();
        for condition in conditions {
            match condition {
                Value::Object(members) => {
                    for (field, value) in members {
                        read.push(Condition::Is {
                            field: field.to_ascii_lowercase(),
                            value: text_of(value),
                        });
                    }
                }
                Value::Array(items) => read.push(of_list(items)?),
                _ => return Err(invalid("Invalid condition.")),
            }
        }
        Ok(Policy {
            end,
            conditions: read,
        })
    }

    /// Whether the form may be taken at `now` in this bucket; how many bytes its file may have.
    ///
    /// # Errors
    /// `AccessDenied`.
    pub(crate) fn check(
        &self,
        now: Timestamp,
        (bucket, key): (&str, &str),
        fields: &Fields,
    ) -> S3Result<(u64, u64)> {
        if now >= self.end {
            return Err(refused("Policy expired."));
        }
        let value_of = |field: &str| match field {
            "bucket" => bucket,
            "key" => key,
            other => fields.get(other).unwrap_or_default(),
        };
        let mut bounds = (0, u64::MAX);
        for condition in &self.conditions {
            let (holds, shown) = match condition {
                Condition::Is { field, value } => (value_of(field) == value, ("eq", field, value)),
                Condition::Begins { field, value } => (
                    value_of(field).starts_with(value),
                    ("starts-with", field, value),
                ),
                Condition::Length { least, most } => {
                    bounds = (bounds.0.max(*least), bounds.1.min(*most));
                    continue;
                }
            };
            if !holds {
                let (kind, field, value) = shown;
                let condition = json!([kind, format!("${field}"), value]);
                return Err(refused(&format!("Policy Condition failed: {condition}")));
            }
        }
        let is_spoken_of = |name: &str| {
            FREE.contains(&name) || name.starts_with("x-ignore-") || { self.conditions.iter() }.any(
                |condition| match condition {
                    Condition::Is { field, .. } | Condition::Begins { field, .. } => field == name,
                    Condition::Length { .. } => false,
                },
            )
        };
        let mut names = fields.values.iter().map(|(name, _)| name.as_str());
        match names.find(|name| !is_spoken_of(name)) {
            Some(name) => Err(refused(&format!("Extra input fields: {name}"))),
            None => Ok(bounds),
        }
    }
}

fn of_list(items: &[Value]) -> S3Result<Condition> {
    let [kind, field, value] = items else {
        return Err(invalid("Invalid condition."));
    };
    let kind = kind.as_str().unwrap_or_default().to_ascii_lowercase();
    if kind == "content-length-range" {
        let number = |value: &Value| text_of(value).parse::<u64>().ok();
        let bounds = number(field).zip(number(value));
        let (least, most) = bounds.ok_or_else(|| invalid("Invalid content-length-range."))?;
        return Ok(Condition::Length { least, most });
    }
    let field = field.as_str().and_then(|field| field.strip_prefix('$'));
    let field = field.ok_or_else(|| invalid("Invalid condition."))?;
    let (field, value) = (field.to_ascii_lowercase(), text_of(value));
    match &*kind {
        "eq" => Ok(Condition::Is { field, value }),
        "starts-with" => Ok(Condition::Begins { field, value }),
        _ => Err(invalid("Invalid condition.")),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn invalid(why: &str) -> S3Error {
    s3_error!(InvalidPolicyDocument, "Invalid Policy: {why}")
}

fn refused(why: &str) -> S3Error {
    s3_error!(AccessDenied, "Invalid according to Policy: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(conditions: &str, expect: Result<(u64, u64), &str>) {
        let policy =
            format!(r#"{{"expiration": "2026-01-02T00:00:00Z", "conditions": {conditions}}}"#);
        let fields = Fields {
            values: vec![
                ("key".to_owned(), "u/${filename}".to_owned()),
                ("x-amz-meta-a".to_owned(), "b".to_owned()),
            ],
            file_name: String::new(),
        };
        let now = Timestamp::parse_rfc3339("2026-01-01T00:00:00Z").unwrap();
        let policy = Policy::read(&STANDARD.encode(policy));
        let found = policy.and_then(|policy| policy.check(now, ("bucket", "u/f"), &fields));
        match (found, expect) {
            (Ok(found), Ok(expect)) => assert_eq!(found, expect),
            (Err(error), Err(expect)) => {
                let text = format!("{} {}", error.code().as_str(), error.message().unwrap());
                assert!(text.contains(expect), "{text}");
            }
            (found, expect) => panic!("{conditions}: {found:?}, not {expect:?}"),
        }
    }

    #[test]
    fn policies_bind_forms() {
        check(
            r#"[{"bucket": "bucket"}, ["starts-with", "$key", "u/"], {"x-amz-meta-a": "b"}]"#,
            Ok((0, u64::MAX)),
        );
        check(
            r#"[["eq", "$KEY", "u/f"], ["starts-with", "$x-amz-meta-a", ""], ["content-length-range", 1, "9"]]"#,
            Ok((1, 9)),
        );
        check(
            r#"[["eq", "$key", "v"], {"x-amz-meta-a": "b"}]"#,
            Err(r#"Policy Condition failed: ["eq","$key","v"]"#),
        );
        check(
            r#"[{"key": "u/f"}]"#,
            Err("Extra input fields: x-amz-meta-a"),
        );
        check(r#"[{"bucket": "other"}]"#, Err("AccessDenied"));
        check(r#"[["like", "$key", "v"]]"#, Err("InvalidPolicyDocument"));
        check("{}", Err("InvalidPolicyDocument"));
    }
}

//! What callers write where AWS takes a `FunctionName`: a name, a partial ARN or an ARN, each with or without
//! a qualifier.

use passo_vocab::Arn;

/// A function as a caller names it. `account` and `region` are there only when the caller gave an ARN.
///
/// Source: Lambda API Reference, `Invoke`, parameter `FunctionName`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionReference {
    name: String,
    qualifier: Option<String>,
    account: Option<String>,
    region: Option<String>,
}

impl FunctionReference {
    /// Reads `name`, `name:qualifier`, `account:function:name[:qualifier]` or
    /// `arn:partition:lambda:region:account:function:name[:qualifier]`. `None` when the text has another form
    /// or the name is not one (1 to 64 letters, digits, `-`, `_`).
    pub fn parse(text: &str) -> Option<FunctionReference> {
        let (region, account, rest) = if text.starts_with("arn:") {
            let arn = Arn::parse(text).ok()?;
            if arn.service() != "lambda" {
                return None;
            }
            let rest = arn.resource().strip_prefix("function:")?.to_owned();
            (
                Some(arn.region().to_owned()),
                Some(arn.account().to_owned()),
                rest,
            )
        } else if let Some((account, rest)) = text.split_once(":function:") {
            (None, Some(account.to_owned()), rest.to_owned())
        } else {
            (None, None, text.to_owned())
        };
        let (name, qualifier) = match rest.split_once(':') {
            Some((name, qualifier)) if !qualifier.is_empty() && !qualifier.contains(':') => {
                (name.to_owned(), Some(qualifier.to_owned()))
            }
            Some(_) => return None,
            None => (rest, None),
        };
        is_function_name(&name).then_some(FunctionReference {
            name,
            qualifier,
            account,
            region,
        })
    }

    /// The bare name, without account and qualifier.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Version or alias, if the caller gave one.
    pub fn qualifier(&self) -> Option<&str> {
        self.qualifier.as_deref()
    }

    /// The account, if the caller gave one.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The region, if the caller gave a whole ARN.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

/// 1 to 64 letters, digits, `-` and `_`.
pub(crate) fn is_function_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (1..=64).contains(&name.len()) && name.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts = (
        &'static str,
        Option<&'static str>,
        Option<&'static str>,
        Option<&'static str>,
    );

    fn check(text: &str, expect: Option<Parts>) {
        let got = FunctionReference::parse(text);
        let got = got
            .as_ref()
            .map(|r| (r.name(), r.qualifier(), r.account(), r.region()));
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn reads_the_forms_that_callers_write() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:orders";
        check(
            arn,
            Some(("orders", None, Some("123456789012"), Some("us-east-1"))),
        );
        check(
            &format!("{arn}:$LATEST"),
            Some((
                "orders",
                Some("$LATEST"),
                Some("123456789012"),
                Some("us-east-1"),
            )),
        );
        check(
            "123456789012:function:orders:live",
            Some(("orders", Some("live"), Some("123456789012"), None)),
        );
        check("orders", Some(("orders", None, None, None)));
        check("orders:3", Some(("orders", Some("3"), None, None)));
    }

    #[test]
    fn refuses_other_texts() {
        for text in [
            "",
            "a b",
            "orders:",
            "orders:1:2",
            "arn:aws:s3:::function:a",
            "arn:aws:lambda:r:1:layer:a",
        ] {
            check(text, None);
        }
    }
}

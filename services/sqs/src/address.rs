//! What a queue is called: its name, ARN and URL.

use std::fmt;

use passo_service::{Caller, Fault};
use passo_vocab::Arn;

use crate::faults;
use crate::quotas::NAME_MAX;

const FIFO_SUFFIX: &str = ".fifo";

/// A queue: account, region and name. Ordered so that the queues of a caller stand together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
}

impl Address {
    /// The queue called `name` of a caller.
    pub(crate) fn of(caller: &Caller, name: &str) -> Address {
        Address {
            account: caller.account.to_string(),
            region: caller.region.to_string(),
            name: name.to_owned(),
        }
    }

    /// The queue of an ARN.
    pub(crate) fn of_arn(arn: &str) -> Option<Address> {
        let arn = Arn::parse(arn).ok().filter(|arn| arn.service() == "sqs")?;
        Some(Address {
            account: arn.account().to_owned(),
            region: arn.region().to_owned(),
            name: arn.resource().to_owned(),
        })
    }

    /// The queue of a URL, whatever host it names: the path is account and name. A host such as
    /// `sqs.eu-west-1.amazonaws.com` tells the region, which is the caller's otherwise.
    pub(crate) fn of_url(url: &str, caller: &Caller) -> Option<Address> {
        let (host, path) = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?,
            None => ("", url.strip_prefix('/').unwrap_or(url)),
        };
        let mut parts = path.trim_end_matches('/').rsplitn(3, '/');
        let (name, account) = (parts.next()?, parts.next()?);
        let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if name.is_empty() || !digits {
            return None;
        }
        let of_host = host
            .strip_prefix("sqs.")
            .and_then(|rest| rest.split_once(".amazonaws."));
        Some(Address {
            account: account.to_owned(),
            region: of_host.map_or_else(
                || caller.region.to_string(),
                |(region, _)| region.to_owned(),
            ),
            name: name.to_owned(),
        })
    }

    /// Its ARN.
    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:sqs:{}:{}:{}", self.region, self.account, self.name)
    }

    /// Its URL at `endpoint`.
    pub(crate) fn url(&self, endpoint: &str) -> String {
        format!("{endpoint}/{}/{}", self.account, self.name)
    }

    /// Whether its name is that of a FIFO queue.
    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(FIFO_SUFFIX)
    }

    /// Whether the name may be given to a queue.
    ///
    /// # Errors
    /// In AWS's words.
    pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
        let stem = name.strip_suffix(FIFO_SUFFIX).unwrap_or(name);
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !stem.is_empty() && name.len() <= NAME_MAX && stem.chars().all(legal) {
            return Ok(());
        }
        Err(faults::parameter(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.account, self.region, self.name)
    }
}

#[cfg(test)]
mod tests {
    use passo_vocab::{AccountId, Region};

    use super::*;

    #[test]
    fn urls_name_queues_whatever_the_host() {
        let caller = Caller {
            account: AccountId::parse("000000000000").unwrap(),
            region: Region::parse("us-east-1").unwrap(),
        };
        for (url, expect) in [
            (
                "http://127.0.0.1:4566/000000000000/q",
                Some("000000000000/us-east-1/q"),
            ),
            (
                "http://localhost/111111111111/q.fifo",
                Some("111111111111/us-east-1/q.fifo"),
            ),
            (
                "http://host:1/queue/111111111111/q",
                Some("111111111111/us-east-1/q"),
            ),
            (
                "https://sqs.eu-west-1.amazonaws.com/111111111111/q",
                Some("111111111111/eu-west-1/q"),
            ),
            ("/111111111111/q", Some("111111111111/us-east-1/q")),
            ("http://host/q", None),
            ("http://host", None),
            ("q", None),
            ("", None),
        ] {
            let found = Address::of_url(url, &caller).map(|address| address.to_string());
            assert_eq!(found.as_deref(), expect, "{url}");
        }
    }

    #[test]
    fn names_are_letters_digits_hyphens_and_underscores() {
        let (longest, long) = ("x".repeat(80), "x".repeat(81));
        for (name, legal) in [
            ("a", true),
            ("a-B_1.fifo", true),
            (&longest, true),
            (&long, false),
            ("", false),
            (".fifo", false),
            ("a.b", false),
            ("a b", false),
        ] {
            assert_eq!(Address::check_name(name).is_ok(), legal, "{name}");
        }
    }
}

//! Where a log group is.

use passo_service::Caller;
use passo_vocab::Arn;

/// A log group: account, region and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The group's name.
    pub group: String,
}

impl Place {
    /// The group called `group` of a caller.
    pub fn of(caller: &Caller, group: &str) -> Place {
        Place {
            account: caller.account.to_string(),
            region: caller.region.to_string(),
            group: group.to_owned(),
        }
    }

    /// The group of an ARN, with or without `:*` at its end.
    pub fn of_arn(arn: &str) -> Option<Place> {
        let arn = Arn::parse(arn).ok().filter(|arn| arn.service() == "logs")?;
        let group = arn.resource().strip_prefix("log-group:")?;
        Some(Place {
            account: arn.account().to_owned(),
            region: arn.region().to_owned(),
            group: group.strip_suffix(":*").unwrap_or(group).to_owned(),
        })
    }

    /// The group's ARN, without `:*`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:logs:{}:{}:log-group:{}",
            self.region, self.account, self.group
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_read_with_and_without_a_star() {
        for text in [
            "arn:aws:logs:us-east-1:000000000000:log-group:/a/b",
            "arn:aws:logs:us-east-1:000000000000:log-group:/a/b:*",
        ] {
            let place = Place::of_arn(text).unwrap();
            assert_eq!(place.group, "/a/b");
            assert_eq!(
                place.arn(),
                "arn:aws:logs:us-east-1:000000000000:log-group:/a/b"
            );
        }
        assert!(Place::of_arn("arn:aws:states:us-east-1:000000000000:log-group:a").is_none());
    }
}

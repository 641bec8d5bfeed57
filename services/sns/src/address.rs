//! What topics and subscriptions are called.

use passo_service::{Caller, Fault};
use passo_vocab::{AccountId, Arn, Region};

use crate::faults;
use crate::quotas::NAME_MAX;

/// A topic: account, region and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
}

impl Address {
    /// The topic called `name` of a caller.
    ///
    /// # Errors
    /// Where no topic may be called so.
    pub(crate) fn of(caller: &Caller, name: &str) -> Result<Address, Fault> {
        let stem = name.strip_suffix(".fifo").unwrap_or(name);
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if stem.is_empty() || name.len() > NAME_MAX || !stem.chars().all(legal) {
            return Err(faults::invalid("Topic Name"));
        }
        Ok(Address {
            account: caller.account.to_string(),
            region: caller.region.to_string(),
            name: name.to_owned(),
        })
    }

    /// The topic of an ARN that was given as `member`.
    ///
    /// # Errors
    /// Where it is no topic's ARN.
    pub(crate) fn of_arn(arn: &str, member: &str) -> Result<Address, Fault> {
        let parts = arn.split(':').count();
        if parts < 6 {
            let reason =
                format!("{member} Reason: An ARN must have at least 6 elements, not {parts}");
            return Err(faults::invalid(reason));
        }
        let parsed = Arn::parse(arn).ok().filter(|arn| arn.service() == "sns");
        let parsed = parsed.ok_or_else(|| faults::invalid(member))?;
        Ok(Address {
            account: parsed.account().to_owned(),
            region: parsed.region().to_owned(),
            name: parsed
                .resource()
                .split(':')
                .next()
                .unwrap_or_default()
                .to_owned(),
        })
    }

    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:sns:{}:{}:{}", self.region, self.account, self.name)
    }

    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }

    /// The key of its row.
    pub(crate) fn key(&self) -> [&str; 3] {
        [&self.account, &self.region, &self.name]
    }

    /// The ARN of one of its subscriptions.
    pub(crate) fn subscription_arn(&self, id: &str) -> String {
        format!("{}:{id}", self.arn())
    }

    /// Topic and id of a subscription's ARN.
    ///
    /// # Errors
    /// Where it is none.
    pub(crate) fn of_subscription(arn: &str) -> Result<(Address, &str), Fault> {
        let address = Address::of_arn(arn, "SubscriptionArn")?;
        match arn.rsplit_once(':') {
            Some((topic, id)) if topic == address.arn() => Ok((address, id)),
            Some(_) | None => Err(faults::invalid("SubscriptionId")),
        }
    }
}

/// The caller that an ARN's resource belongs to.
pub(crate) fn owner(arn: &Arn) -> Option<Caller> {
    Some(Caller {
        account: AccountId::parse(arn.account()).ok()?,
        region: Region::parse(arn.region()).ok()?,
    })
}

//! Names and ARNs of buses and rules.

use passo_service::Caller;
use passo_vocab::Arn;

/// The bus that is always there.
pub(crate) const DEFAULT_BUS: &str = "default";

/// The name of a bus that is given by name or ARN.
pub(crate) fn bus(given: &str) -> &str {
    match given.starts_with("arn:") {
        true => given
            .rsplit_once("event-bus/")
            .map_or(given, |(_, name)| name),
        false => given,
    }
}

/// Where a bus is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BusPlace {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) bus: String,
}

impl BusPlace {
    /// The bus that the caller calls `given`, a name, or an ARN of whatever account and region.
    pub(crate) fn of(caller: &Caller, given: &str) -> BusPlace {
        let arn = Arn::parse(given).ok();
        let arn = arn.filter(|arn| arn.service() == "events");
        let (account, region) = match &arn {
            Some(arn) => (arn.account(), arn.region()),
            None => (caller.account.as_str(), caller.region.as_str()),
        };
        BusPlace {
            account: account.to_owned(),
            region: region.to_owned(),
            bus: bus(given).to_owned(),
        }
    }
}

pub(crate) fn bus_arn(region: &str, account: &str, bus: &str) -> String {
    format!("arn:aws:events:{region}:{account}:event-bus/{bus}")
}

/// A rule on the default bus is named without it.
pub(crate) fn rule_arn(region: &str, account: &str, bus: &str, rule: &str) -> String {
    let between = if bus == DEFAULT_BUS {
        String::new()
    } else {
        format!("{bus}/")
    };
    format!("arn:aws:events:{region}:{account}:rule/{between}{rule}")
}

/// Account, region and name of the `connection` or `api-destination` with this ARN: its resource ends with an id.
pub(crate) fn place<'a>(arn: &'a Arn, kind: &str) -> Option<(&'a str, &'a str, &'a str)> {
    if arn.service() != "events" {
        return None;
    }
    let rest = arn.resource().strip_prefix(kind)?.strip_prefix('/')?;
    let (name, _) = rest.split_once('/')?;
    Some((arn.account(), arn.region(), name))
}

/// Bus and name of the rule with this ARN.
pub(crate) fn rule_of_arn(arn: &str) -> Option<(String, String)> {
    let arn = Arn::parse(arn)
        .ok()
        .filter(|arn| arn.service() == "events")?;
    let rule = arn.resource().strip_prefix("rule/")?;
    let (bus, rule) = rule.rsplit_once('/').unwrap_or((DEFAULT_BUS, rule));
    Some((bus.to_owned(), rule.to_owned()))
}

/// Whether a bus or a rule may have this name.
pub(crate) fn is_legal(name: &str, bytes_max: usize) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    !name.is_empty() && name.len() <= bytes_max && name.chars().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_name_rules_and_buses() {
        for (bus, rule) in [("default", "r"), ("orders", "r")] {
            let arn = rule_arn("us-east-1", "000000000000", bus, rule);
            assert_eq!(rule_of_arn(&arn), Some((bus.to_owned(), rule.to_owned())));
        }
        assert_eq!(bus(&bus_arn("us-east-1", "0", "orders")), "orders");
        assert_eq!(bus("orders"), "orders");
    }
}

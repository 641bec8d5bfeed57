//! The rules of a configuration: which events of which keys go where.

use passo_vocab::Arn;
use s3s::dto::{FilterRuleName, NotificationConfiguration, NotificationConfigurationFilter};
use s3s::{S3Error, S3Result, s3_error};

use crate::notification::happening::{fits, is_known, overlap};

/// What kind of thing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Queue,
    Topic,
    Function,
}

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) arn: String,
    events: Vec<String>,
    prefix: String,
    suffix: String,
}

impl Rule {
    /// Whether it wants to hear of the event `name` of `key`.
    pub(crate) fn wants(&self, name: &str, key: &str) -> bool {
        self.events.iter().any(|event| fits(event, name))
            && key.starts_with(&self.prefix)
            && key.ends_with(&self.suffix)
    }

    /// Where it goes.
    ///
    /// # Errors
    /// `InvalidArgument`.
    pub(crate) fn destination(&self) -> S3Result<Arn> {
        let arn = Arn::parse(&self.arn).ok();
        arn.ok_or_else(|| invalid("The ARN is not well formed"))
    }

    fn check(&self, region: &str) -> S3Result<()> {
        if self.events.is_empty() {
            return Err(s3_error!(
                MalformedXML,
                "The XML you provided was not well-formed or did not validate against our published schema"
            ));
        }
        if !self.events.iter().all(|event| is_known(event)) {
            return Err(invalid("The event is not supported for notifications"));
        }
        let arn = self.destination()?;
        let service = match self.kind {
            Kind::Queue => "sqs",
            Kind::Topic => "sns",
            Kind::Function => "lambda",
        };
        if arn.service() != service {
            return Err(invalid("The ARN is not well formed"));
        }
        if arn.region() != region {
            return Err(invalid(
                "The notification destination service region is not valid for the bucket location constraint",
            ));
        }
        if self.kind != Kind::Function && arn.resource().ends_with(".fifo") {
            return Err(s3_error!(
                InvalidArgument,
                "FIFO destinations are not supported for S3 event notifications"
            ));
        }
        Ok(())
    }

    /// Whether both want to hear of one and the same event.
    fn overlaps(&self, other: &Rule) -> bool {
        let mut events = self.events.iter();
        let is_event_shared = events.any(|one| other.events.iter().any(|two| overlap(one, two)));
        let begins = |one: &str, two: &str| one.starts_with(two) || two.starts_with(one);
        let ends = |one: &str, two: &str| one.ends_with(two) || two.ends_with(one);
        is_event_shared && begins(&self.prefix, &other.prefix) && ends(&self.suffix, &other.suffix)
    }

    fn is_filtered(&self) -> bool {
        !(self.prefix.is_empty() && self.suffix.is_empty())
    }
}

fn invalid(message: &'static str) -> S3Error {
    s3_error!(InvalidArgument, "{message}")
}

/// The beginning and the end of the keys that a filter lets through.
fn ends(filter: Option<&NotificationConfigurationFilter>) -> S3Result<(String, String)> {
    let rules = filter.and_then(|filter| filter.key.as_ref()?.filter_rules.as_ref());
    let (mut prefix, mut suffix) = (None, None);
    for rule in rules.into_iter().flatten() {
        let name = rule.name.as_ref().map(FilterRuleName::as_str);
        let place = match name.unwrap_or_default().to_ascii_lowercase().as_str() {
            "prefix" => &mut prefix,
            "suffix" => &mut suffix,
            _ => {
                return Err(invalid("filter rule name must be either prefix or suffix"));
            }
        };
        let value = rule.value.clone().unwrap_or_default();
        if value.len() > 1024 {
            return Err(invalid(
                "Size of filter rule value cannot exceed 1024 bytes in UTF-8",
            ));
        }
        if place.replace(value).is_some() {
            return Err(match name {
                Some("prefix" | "Prefix") => {
                    invalid("Cannot specify more than one prefix rule in a filter.")
                }
                _ => invalid("Cannot specify more than one suffix rule in a filter."),
            });
        }
    }
    Ok((prefix.unwrap_or_default(), suffix.unwrap_or_default()))
}

/// The rules of `configuration`.
///
/// # Errors
/// `InvalidArgument` where a filter is none.
pub(crate) fn rules(configuration: &NotificationConfiguration) -> S3Result<Vec<Rule>> {
    let mut rules = Vec::new();
    let mut add = |(id, kind, arn): (&Option<String>, Kind, &String),
                   events: &Vec<s3s::dto::Event>,
                   filter: Option<&NotificationConfigurationFilter>|
     -> S3Result<()> {
        let (prefix, suffix) = ends(filter)?;
        rules.push(Rule {
            id: id.clone().unwrap_or_default(),
            kind,
            arn: arn.clone(),
            events: events
                .iter()
                .map(|event| event.as_ref().to_owned())
                .collect(),
            prefix,
            suffix,
        });
        Ok(())
    };
    for it in configuration.queue_configurations.iter().flatten() {
        add(
            (&it.id, Kind::Queue, &it.queue_arn),
            &it.events,
            it.filter.as_ref(),
        )?;
    }
    for it in configuration.topic_configurations.iter().flatten() {
        add(
            (&it.id, Kind::Topic, &it.topic_arn),
            &it.events,
            it.filter.as_ref(),
        )?;
    }
    for it in configuration
        .lambda_function_configurations
        .iter()
        .flatten()
    {
        let of = (&it.id, Kind::Function, &it.lambda_function_arn);
        add(of, &it.events, it.filter.as_ref())?;
    }
    Ok(rules)
}

/// Whether `rules` can be those of a bucket in `region`.
///
/// # Errors
/// `InvalidArgument` and `MalformedXML`, in AWS's words.
pub(crate) fn check(rules: &[Rule], region: &str) -> S3Result<()> {
    for rule in rules {
        rule.check(region)?;
    }
    for (index, rule) in rules.iter().enumerate() {
        for other in rules.iter().take(index) {
            if !rule.id.is_empty() && rule.id == other.id {
                return Err(invalid(
                    "Same ID used for multiple configurations. IDs must be unique",
                ));
            }
            if rule.overlaps(other) {
                return Err(match rule.is_filtered() || other.is_filtered() {
                    true => invalid(
                        "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
                    ),
                    false => invalid(
                        "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
                    ),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(events: &[&str], prefix: &str, suffix: &str) -> Rule {
        Rule {
            id: String::new(),
            kind: Kind::Queue,
            arn: "arn:aws:sqs:eu-west-1:123456789012:q".to_owned(),
            events: events.iter().map(|event| (*event).to_owned()).collect(),
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
        }
    }

    #[test]
    fn rules_want_events_of_keys() {
        let images = rule(&["s3:ObjectCreated:*"], "in/", ".jpg");
        for (name, key, expect) in [
            ("s3:ObjectCreated:Put", "in/a.jpg", true),
            ("s3:ObjectRemoved:Delete", "in/a.jpg", false),
            ("s3:ObjectCreated:Put", "out/a.jpg", false),
            ("s3:ObjectCreated:Put", "in/a.png", false),
        ] {
            assert_eq!(images.wants(name, key), expect, "{name} {key}");
        }
    }

    fn refused(rules: &[Rule], region: &str, expect: Option<&str>) {
        let found = check(rules, region).err();
        let message = found.as_ref().and_then(S3Error::message);
        match expect {
            Some(expect) => assert!(message.unwrap().contains(expect), "{message:?}"),
            None => assert_eq!(message, None),
        }
    }

    #[test]
    fn rules_do_not_overlap_and_name_what_there_is() {
        let here = "eu-west-1";
        let put = || rule(&["s3:ObjectCreated:Put"], "", "");
        let all = |prefix, suffix| rule(&["s3:ObjectCreated:*"], prefix, suffix);
        refused(&[put(), rule(&["s3:ObjectRemoved:*"], "", "")], here, None);
        refused(&[put(), all("", "")], here, Some("Configurations overlap"));
        refused(&[put(), all("a", "")], here, Some("ambiguously defined"));
        refused(&[all("a/", ".x"), all("a/", ".y")], here, None);
        refused(&[all("a/", ".x"), all("b/", ".x")], here, None);
        refused(&[put()], "us-east-1", Some("region is not valid"));
        refused(&[rule(&["s3:Object"], "", "")], here, Some("not supported"));
        refused(&[rule(&[], "", "")], here, Some("not well-formed"));
        let mut wrong = put();
        wrong.arn = "arn:aws:sns:eu-west-1:123456789012:t".to_owned();
        refused(&[wrong.clone()], here, Some("not well formed"));
        wrong.arn = "arn:aws:sqs:eu-west-1:123456789012:q.fifo".to_owned();
        refused(&[wrong], here, Some("FIFO"));
    }
}

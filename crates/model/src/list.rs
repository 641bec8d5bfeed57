//! The list of services: how each is called and addressed.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use crate::operation::Model;
use crate::reader;

/// One of AWS's protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.0 and 1.1.
    AwsJson,
    /// REST-JSON.
    RestJson,
    /// REST-XML.
    RestXml,
    /// Query.
    Query,
    /// EC2's form of Query.
    Ec2,
    /// Smithy RPC v2 with CBOR.
    Cbor,
}

/// A service, as the list has it.
#[derive(Debug)]
pub struct Listed {
    /// As `aws-sdk:` resources name it: `sfn`, `cloudwatchlogs`, `eventbridge`.
    pub id: &'static str,
    /// As Passo's directory and its configuration name it: the name that requests are signed for (`states`, `logs`,
    /// `events`, `monitoring`), or the id where several services share that name and this one is not called so
    /// (`apigatewayv2`). Unique.
    pub name: &'static str,
    /// As AWS spells it: `SFN`, `CloudWatch Logs`.
    pub service_id: &'static str,
    /// What the host names of its endpoints begin with.
    pub endpoint_prefix: &'static str,
    /// What requests are signed for.
    pub signing_name: &'static str,
    /// The version of its API, `2016-11-23`.
    pub api_version: &'static str,
    /// What `X-Amz-Target` begins with, and the service's name in CBOR's paths; empty for none.
    pub target_prefix: &'static str,
    /// The namespace of its XML documents; empty for none.
    pub xml_namespace: &'static str,
    /// Its one host, where it is not one for each region; else empty.
    pub global_endpoint: &'static str,
    /// Whether its JSON is of version 1.1.
    pub is_json_1_1: bool,
    /// Whether it has moved from Query to another protocol, and still tells Query's error codes in
    /// `x-amzn-query-error`.
    pub is_query_compatible: bool,
    /// Whether its JSON bodies are spelled as the members are, with times in seconds: nothing has to be renamed.
    pub is_plain_json: bool,
    /// The protocols that it speaks; the first is the one that SDKs use.
    pub protocols: Vec<Protocol>,
    pub(crate) unpacked_bytes: usize,
    pub(crate) packed: &'static [u8],
    pub(crate) unpacked: OnceLock<Vec<u8>>,
    pub(crate) model: OnceLock<Model>,
}

impl Listed {
    /// Whether it speaks `protocol`.
    pub fn speaks(&self, protocol: Protocol) -> bool {
        self.protocols.contains(&protocol)
    }

    /// The protocol that SDKs use.
    pub fn protocol(&self) -> Protocol {
        let first = self.protocols.first();
        first.copied().unwrap_or(Protocol::AwsJson)
    }

    /// Operations and shapes. The first call unpacks them, which takes up to some milliseconds.
    pub fn model(&'static self) -> &'static Model {
        self.model.get_or_init(|| {
            let bytes = self
                .unpacked
                .get_or_init(|| reader::unpack(self.packed, self.unpacked_bytes));
            reader::model(bytes)
        })
    }
}

struct List {
    all: Vec<Listed>,
    by_target: BTreeMap<&'static str, Vec<usize>>,
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    let all = reader::list();
    let mut by_target: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    for (at, listed) in all.iter().enumerate() {
        if !listed.target_prefix.is_empty() {
            by_target.entry(listed.target_prefix).or_default().push(at);
        }
    }
    List { all, by_target }
});

/// All services, sorted by id.
pub fn services() -> &'static [Listed] {
    &LIST.all
}

/// The service that `aws-sdk:` resources call `id`. Where a service's id ends in `service`, they leave that out.
pub fn by_id(id: &str) -> Option<&'static Listed> {
    let all = &LIST.all;
    let place = all.binary_search_by(|listed| listed.id.cmp(id));
    let exact = place.ok().and_then(|at| all.get(at));
    exact.or_else(|| {
        let mut all = all.iter();
        all.find(|listed| listed.id.strip_suffix("service") == Some(id))
    })
}

/// The service that `name` means: its name in the directory, its id, or the name that it signs for.
pub fn find(name: &str) -> Option<&'static Listed> {
    let all = || LIST.all.iter();
    all()
        .find(|listed| listed.name == name)
        .or_else(|| by_id(name))
        .or_else(|| all().find(|listed| listed.signing_name == name))
}

/// The service whose `X-Amz-Target` begins with `prefix`; where several share it, the one that has the operation.
pub fn by_target(prefix: &str, operation: &str) -> Option<&'static Listed> {
    let places = LIST.by_target.get(prefix)?;
    let mut services = places.iter().filter_map(|at| LIST.all.get(*at));
    if places.len() == 1 {
        return services.next();
    }
    let has_it = |listed: &&'static Listed| listed.model().operation(operation).is_some();
    services.clone().find(has_it).or_else(|| services.next())
}

/// The services that requests with that name in their credential scope may be for.
pub fn by_signing_name(name: &str) -> impl Iterator<Item = &'static Listed> {
    LIST.all
        .iter()
        .filter(move |listed| listed.signing_name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Location, Shape, TimestampFormat};

    #[test]
    fn services_are_found_by_their_names() {
        for (name, id, directory, prefix) in [
            ("sfn", "sfn", "states", "AWSStepFunctions"),
            ("states", "sfn", "states", "AWSStepFunctions"),
            ("cloudwatchlogs", "cloudwatchlogs", "logs", "Logs_20140328"),
            ("events", "eventbridge", "events", "AWSEvents"),
            ("apigatewayv2", "apigatewayv2", "apigatewayv2", ""),
            ("apigateway", "apigateway", "apigateway", ""),
            (
                "monitoring",
                "cloudwatch",
                "monitoring",
                "GraniteServiceVersion20100801",
            ),
            (
                "databasemigration",
                "databasemigrationservice",
                "dms",
                "AmazonDMSv20160101",
            ),
        ] {
            let found = find(name).unwrap();
            assert_eq!((found.id, found.name), (id, directory), "{name}");
            assert_eq!(found.target_prefix, prefix, "{name}");
        }
        assert!(find("quantumleap").is_none());
        assert_eq!(by_target("AmazonSQS", "SendMessage").unwrap().id, "sqs");
        let shared = by_target("Timestream_20181101", "WriteRecords").unwrap();
        assert_eq!(shared.id, "timestreamwrite");
        assert_eq!(by_signing_name("apigateway").count(), 2);
    }

    #[test]
    fn every_service_can_be_unpacked_and_has_names_of_its_own() {
        let mut names = BTreeSet::new();
        for listed in services() {
            assert!(names.insert(listed.name), "{}", listed.name);
            let model = listed.model();
            assert!(!model.operations().is_empty(), "{}", listed.id);
            let operations = model.operations();
            assert!(operations.is_sorted_by_key(|operation| operation.name));
            for operation in operations {
                assert!(model.operation(operation.name).is_some());
            }
        }
        assert!(names.len() > 400);
    }

    #[test]
    fn members_know_how_they_travel() {
        let model = find("lambda").unwrap().model();
        let invoke = model.operation("Invoke").unwrap();
        let input = model.structure(invoke.input.unwrap()).unwrap();
        assert_eq!(input.payload, Some("Payload"));
        let member = input.member("FunctionName").unwrap();
        assert!(member.is_required && member.location == Location::Label);
        let qualifier = input.member("Qualifier").unwrap();
        assert_eq!(qualifier.location, Location::Query);
        let output = model.structure(invoke.output.unwrap()).unwrap();
        let status = output.member("StatusCode").unwrap();
        assert_eq!(status.location, Location::StatusCode);
        let (error, traits) = model.error("ResourceNotFoundException").unwrap();
        assert_eq!(
            (error.name, traits.status),
            ("ResourceNotFoundException", Some(404))
        );

        let model = find("sqs").unwrap().model();
        let (error, traits) = model.error("QueueDoesNotExist").unwrap();
        assert_eq!(traits.code, "AWS.SimpleQueueService.NonExistentQueue");
        assert_eq!(model.error(traits.code).unwrap().0.name, error.name);

        let model = find("apigatewayv2").unwrap().model();
        let api = model.operation("GetApi").unwrap();
        let api = model.structure(api.output.unwrap()).unwrap();
        let created = api.member("CreatedDate").unwrap();
        assert_eq!(created.wire_name(), "createdDate");
        let Shape::Timestamp(format) = model.shape(created.shape) else {
            panic!("not a time")
        };
        assert_eq!(*format, Some(TimestampFormat::Iso8601));
    }
}

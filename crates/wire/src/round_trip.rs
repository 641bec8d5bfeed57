//! Tests: every operation of every service, with values made up for its shapes, from client to server and back.

use http::request::Parts;
use passo_json::{Json, ObjectBuilder};
use passo_model::{
    Listed, Location, Member, Model, Number, Operation, Protocol, Shape, ShapeId, Structure,
};
use passo_service::{Fault, RequestId};
use proptest::prelude::*;

use crate::client::{self, Outgoing};
use crate::server::{Exchange, Only};

/// Makes values up, unlike each other, within what every protocol can carry.
struct Maker {
    model: &'static Model,
    count: i64,
}

impl Maker {
    fn next(&mut self) -> i64 {
        self.count += 1;
        self.count
    }

    fn root(&mut self, shape: Option<ShapeId>) -> Json {
        let made = shape.and_then(|shape| self.value(shape, Place::Body, 0));
        made.unwrap_or_else(|| Json::from(ObjectBuilder::new().build()))
    }

    /// None where there is nothing that would come back: an empty structure.
    fn value(&mut self, id: ShapeId, place: Place, depth: usize) -> Option<Json> {
        let count = self.next();
        let model = self.model;
        Some(match model.shape(id) {
            Shape::Structure(structure) => return self.structure(structure, depth),
            Shape::List(_) | Shape::Map(_) if depth > 5 => return None,
            Shape::List(list) => {
                let items: Vec<Json> = (0..2)
                    .filter_map(|_| self.value(list.item, place, depth + 1))
                    .collect();
                if items.is_empty() {
                    return None;
                }
                Json::from(items)
            }
            Shape::Map(map) => {
                let mut out = ObjectBuilder::new();
                out.insert(
                    format!("key{count}"),
                    self.value(map.value, place, depth + 1)?,
                );
                Json::from(out.build())
            }
            Shape::Text { words, .. } => match (words.first(), place) {
                (Some(word), _) => Json::from(*word),
                (None, Place::Body) => Json::from(format!(" <ü & \"{count}\">\n%+ ")),
                (None, Place::Label) => Json::from(format!("a b/{count}%?&ü")),
                (None, Place::Header) => Json::from(format!("v {count}; =\"x\"")),
                (None, Place::Host) => Json::from(format!("host-{count}")),
            },
            Shape::Number { number, .. } if number.is_whole() => Json::from(count),
            Shape::Number { number, .. } => match number {
                Number::Float => Json::from(0.5),
                _ => Json::from(-1.25e-7),
            },
            Shape::Boolean => Json::from(count % 2 == 0),
            Shape::Timestamp(_) => Json::from(1_700_000_000 + count),
            Shape::Blob { .. } => crate::scalar::blob(&[0xff, 0, 1, b'=']),
            Shape::Document => passo_json::json!({"a": [1, "x", null]}),
        })
    }

    fn structure(&mut self, structure: &'static Structure, depth: usize) -> Option<Json> {
        if depth > 5 || structure.is_event_stream {
            return None;
        }
        let mut out = ObjectBuilder::new();
        let mut is_empty = true;
        for member in &structure.members {
            if structure.is_union && !is_empty {
                break;
            }
            let Some(value) = self.member(structure, member, depth) else {
                continue;
            };
            out.insert(member.name, value);
            is_empty = false;
        }
        (!is_empty || depth == 0).then(|| Json::from(out.build()))
    }

    fn member(
        &mut self,
        structure: &Structure,
        member: &'static Member,
        depth: usize,
    ) -> Option<Json> {
        let place = match member.location {
            _ if member.is_host_label => Place::Host,
            Location::StatusCode => return Some(Json::from(200)),
            Location::Body | Location::Query if member.is_xml_attribute => Place::Header,
            Location::Body | Location::Query => Place::Body,
            Location::Label => Place::Label,
            // A header is a text that HTTP allows.
            Location::Header | Location::PrefixHeaders => Place::Header,
        };
        let is_payload = depth == 0 && structure.payload == Some(member.name);
        if is_payload && matches!(self.model.shape(member.shape), Shape::Blob { .. }) {
            return Some(Json::from("the body, as it is"));
        }
        self.value(member.shape, place, depth + 1)
    }
}

#[derive(Clone, Copy)]
enum Place {
    Body,
    Label,
    Header,
    Host,
}

/// The head of a request as a server sees it.
fn head_of(outgoing: &Outgoing) -> Parts {
    let uri = if outgoing.query.is_empty() {
        outgoing.path.clone()
    } else {
        format!("{}?{}", outgoing.path, outgoing.query)
    };
    let request = http::Request::builder().method(outgoing.method).uri(uri);
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    head.headers = outgoing.headers.clone();
    head
}

/// What is wrong with an operation's way to the server and back.
fn trip(
    server: &Only,
    listed: &'static Listed,
    operation: &'static Operation,
) -> Result<(), String> {
    let model = listed.model();
    let mut maker = Maker { model, count: 0 };
    let given = maker.root(operation.input);
    let outgoing = client::write(listed, operation, &given, "token");
    let outgoing = outgoing.map_err(|problem| problem.to_string())?;
    let head = head_of(&outgoing);
    let seen = server.see(&head, &outgoing.body);
    let (exchange, parameters) = seen.map_err(|it| format!("{it}: {head:?}"))?;
    // S3 has operations that differ in nothing but their names.
    let found = model.operation(exchange.operation());
    let found = found.map(|found| (found.method, found.uri));
    if found != Some((operation.method, operation.uri)) {
        return Err(format!("it is taken for {}", exchange.operation()));
    }
    if exchange.operation() != operation.name {
        return Ok(());
    }
    same(&parameters, &given)?;
    let answer = maker.root(operation.output);
    let back = answer_of(listed, operation, &exchange, &Ok(answer.clone()));
    same(&back.map_err(|fault| fault.to_string())?, &answer)
}

fn same(found: &Json, expect: &Json) -> Result<(), String> {
    if found == expect {
        return Ok(());
    }
    Err(format!("{found}\n  instead of\n{expect}"))
}

/// The outcome of a call, through a response.
fn answer_of(
    listed: &'static Listed,
    operation: &'static Operation,
    exchange: &Exchange,
    outcome: &Result<Json, Fault>,
) -> Result<Json, Fault> {
    let response = exchange.answer(outcome, &RequestId::new("id"));
    let (head, body) = response.into_parts();
    client::read(
        listed,
        operation,
        head.status.as_u16(),
        &head.headers,
        &body,
    )
}

/// Two members of S3's old notifications have the same element; two services share the target of some operations.
fn cannot(listed: &Listed, operation: &Operation) -> bool {
    let other = passo_model::by_target(listed.target_prefix, operation.name);
    let is_shared = other.is_some_and(|other| other.id != listed.id);
    is_shared || operation.name.ends_with("BucketNotification")
}

#[test]
fn every_operation_travels_both_ways() {
    let mut wrong = Vec::new();
    for listed in passo_model::services() {
        let server = Only::new(listed);
        for operation in listed.model().operations() {
            if cannot(listed, operation) {
                continue;
            }
            if let Err(problem) = trip(&server, listed, operation) {
                wrong.push(format!("{} {}: {problem}", listed.id, operation.name));
            }
        }
    }
    let count = wrong.len();
    wrong.truncate(20);
    assert_eq!(count, 0, "{}", wrong.join("\n\n"));
}

#[test]
fn every_error_travels_back() {
    for listed in passo_model::services() {
        let model = listed.model();
        let Some(operation) = model.operations().iter().find(|it| !it.errors.is_empty()) else {
            continue;
        };
        let given = Maker { model, count: 0 }.root(operation.input);
        let outgoing = client::write(listed, operation, &given, "token").unwrap();
        let seen = Only::new(listed).see(&head_of(&outgoing), &outgoing.body);
        let (exchange, _) =
            seen.unwrap_or_else(|it| panic!("{} {}: {it}", listed.id, operation.name));
        for (structure, traits) in model.errors() {
            let fault = Fault::caller(structure.name, "what <is> \"wrong\"");
            let back = answer_of(listed, operation, &exchange, &Err(fault)).unwrap_err();
            let codes = [structure.name, traits.code];
            assert!(codes.contains(&&*back.code), "{} {}", listed.id, back.code);
            assert_eq!(back.message, "what <is> \"wrong\"", "{}", listed.id);
            let aws_json = listed.protocol() == Protocol::AwsJson;
            let status = traits.status.filter(|_| !aws_json).unwrap_or(400);
            assert_eq!(back.status, status, "{} {}", listed.id, structure.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a body is, it is read or refused.
    #[test]
    fn no_body_makes_a_server_or_client_panic(
        service in prop::sample::select(vec!["sqs", "sns", "ec2", "lambda", "route53", "cloudwatch", "apigatewayv2"]),
        place in 0_usize..1000,
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[<>a-zA-Z/&;=.\"'\\[\\]{}0-9:,]{0,200}".prop_map(String::into_bytes),
            "(Tags\\.(member|entry)\\.[0-9]{1,12}(\\.(Key|Value|key|value))?=x&){0,8}".prop_map(String::into_bytes),
        ],
        status in prop::sample::select(vec![200_u16, 204, 400, 404, 500]),
    ) {
        let listed = passo_model::find(service).unwrap();
        let operations = listed.model().operations();
        let operation = &operations[place % operations.len()];
        let given = Maker { model: listed.model(), count: 0 }.root(operation.input);
        let mut outgoing = client::write(listed, operation, &given, "token").unwrap();
        if matches!(listed.protocol(), Protocol::Query | Protocol::Ec2) {
            outgoing.body.extend_from_slice(b"&");
            outgoing.body.extend_from_slice(&body);
        } else {
            outgoing.body = body.clone();
        }
        let _ = Only::new(listed).see(&head_of(&outgoing), &outgoing.body);
        let _ = client::read(listed, operation, status, &outgoing.headers, &body);
    }
}

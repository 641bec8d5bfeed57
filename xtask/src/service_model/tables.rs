//! What is kept of a model: shapes by number, with what a codec or a check of arguments needs.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow, bail};
use serde_json::Value;

/// A service.
#[derive(Debug, Default)]
pub struct Service {
    /// As the `Resource` of a Task names it: the service id in lower case, letters and digits only.
    pub id: String,
    /// As Passo's directory names it; see [`name`].
    pub name: String,
    pub service_id: String,
    pub endpoint_prefix: String,
    pub signing_name: String,
    pub api_version: String,
    pub target_prefix: String,
    pub xml_namespace: String,
    pub global_endpoint: String,
    pub json_1_1: bool,
    pub query_compatible: bool,
    /// The preferred one first.
    pub protocols: Vec<u8>,
    pub shapes: Vec<Shape>,
    pub operations: Vec<Operation>,
    /// The places of all exceptions.
    pub errors: Vec<usize>,
}

#[derive(Debug, Default)]
pub struct Operation {
    pub name: String,
    pub method: String,
    pub uri: String,
    pub status: u64,
    pub host_prefix: String,
    pub input: Option<usize>,
    pub output: Option<usize>,
    pub input_name: String,
    pub input_namespace: String,
    pub result_wrapper: String,
    pub is_unsigned: bool,
    pub needs_checksum: bool,
    pub errors: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    Structure(Structure),
    List {
        item: usize,
        flattened: bool,
        name: String,
        bounds: Bounds,
    },
    Map {
        key: usize,
        value: usize,
        flattened: bool,
        key_name: String,
        value_name: String,
        bounds: Bounds,
    },
    Text {
        words: Vec<String>,
        bounds: Bounds,
    },
    Number {
        tag: u8,
        bounds: Bounds,
    },
    Timestamp(u8),
    Boolean,
    Blob {
        streaming: bool,
    },
    Document,
}

/// The least and the greatest value or length.
pub type Bounds = (Option<i64>, Option<i64>);

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Structure {
    pub name: String,
    pub union: bool,
    pub event_stream: bool,
    pub error: Option<ErrorTraits>,
    pub payload: String,
    pub members: Vec<Member>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErrorTraits {
    pub status: u64,
    pub code: String,
    pub sender_fault: bool,
    pub fault: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    pub name: String,
    pub shape: usize,
    pub required: bool,
    pub location: u8,
    pub wire_name: String,
    pub query_name: String,
    pub namespace: String,
    pub prefix: String,
    pub timestamp: u8,
    pub flattened: bool,
    pub token: bool,
    pub attribute: bool,
    pub host_label: bool,
    pub json_value: bool,
}

fn text(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn flag(value: &Value, pointer: &str) -> bool {
    match value.pointer(pointer) {
        Some(Value::Bool(is)) => *is,
        other => other.is_some(),
    }
}

fn timestamp(value: &Value) -> u8 {
    match text(value, "/timestampFormat").as_str() {
        "iso8601" => 1,
        "unixTimestamp" => 2,
        "rfc822" => 3,
        _ => 0,
    }
}

fn bounds(shape: &Value) -> Bounds {
    let bound = |name: &str| {
        let bound = shape.get(name)?;
        // Bounds with a fraction stand in two services; they are rounded towards zero.
        let rounded = || format!("{:.0}", bound.as_f64()?.trunc()).parse().ok();
        bound.as_i64().or_else(rounded)
    };
    (bound("min"), bound("max"))
}

fn protocol(name: &str) -> Result<u8> {
    Ok(match name {
        "json" => 0,
        "rest-json" => 1,
        "rest-xml" => 2,
        "query" => 3,
        "ec2" => 4,
        "smithy-rpc-v2-cbor" => 5,
        other => bail!("the unknown protocol `{other}`"),
    })
}

impl Service {
    /// What is kept of `model`.
    pub fn of(model: &Value) -> Result<Service> {
        let metadata = model.get("metadata");
        let metadata = metadata.ok_or_else(|| anyhow!("a model without metadata"))?;
        let service_id = text(metadata, "/serviceId");
        if service_id.is_empty() {
            bail!("a model without a service id");
        }
        let letters = service_id.chars().filter(char::is_ascii_alphanumeric);
        let mut service = Service {
            id: letters.map(|it| it.to_ascii_lowercase()).collect(),
            endpoint_prefix: text(metadata, "/endpointPrefix"),
            signing_name: text(metadata, "/signingName"),
            api_version: text(metadata, "/apiVersion"),
            target_prefix: text(metadata, "/targetPrefix"),
            xml_namespace: xml_namespace(metadata),
            global_endpoint: text(metadata, "/globalEndpoint"),
            json_1_1: text(metadata, "/jsonVersion") == "1.1",
            query_compatible: flag(metadata, "/awsQueryCompatible"),
            service_id,
            ..Service::default()
        };
        if service.signing_name.is_empty() {
            service.signing_name.clone_from(&service.endpoint_prefix);
        }
        let others = metadata.get("protocols").and_then(Value::as_array);
        let others = others.into_iter().flatten().filter_map(Value::as_str);
        for name in std::iter::once(&*text(metadata, "/protocol")).chain(others) {
            let protocol = protocol(name)?;
            if !service.protocols.contains(&protocol) {
                service.protocols.push(protocol);
            }
        }
        let mut reader = Reader {
            model,
            keeps_names: service.protocols.contains(&2),
            shapes: Vec::new(),
            places: BTreeMap::new(),
            plain: BTreeMap::new(),
        };
        let operations = model.get("operations").and_then(Value::as_object);
        for operation in operations.into_iter().flat_map(|all| all.values()) {
            service.operations.push(reader.operation(operation)?);
        }
        let errors = service.operations.iter().flat_map(|it| &it.errors).copied();
        let errors: BTreeSet<usize> = errors.collect();
        service.errors = errors.into_iter().collect();
        service.shapes = reader.shapes;
        Ok(service)
    }
}

fn xml_namespace(value: &Value) -> String {
    match value.get("xmlNamespace") {
        Some(Value::String(uri)) => uri.clone(),
        Some(other) => text(other, "/uri"),
        None => String::new(),
    }
}

struct Reader<'a> {
    model: &'a Value,
    keeps_names: bool,
    shapes: Vec<Shape>,
    places: BTreeMap<String, usize>,
    plain: BTreeMap<Shape, usize>,
}

impl Reader<'_> {
    fn operation(&mut self, operation: &Value) -> Result<Operation> {
        let mut target = |pointer: &str| match operation.pointer(pointer).and_then(Value::as_str) {
            Some(shape) => self.place(shape).map(Some),
            None => Ok(None),
        };
        let (input, output) = (target("/input/shape")?, target("/output/shape")?);
        let errors = operation.get("errors").and_then(Value::as_array);
        let errors = errors
            .into_iter()
            .flatten()
            .map(|error| text(error, "/shape"));
        let errors = errors
            .map(|name| self.place(&name))
            .collect::<Result<Vec<_>>>()?;
        let name = text(operation, "/name");
        if name.is_empty() {
            bail!("an operation without a name");
        }
        let status = operation.pointer("/http/responseCode");
        Ok(Operation {
            name,
            method: text(operation, "/http/method"),
            uri: text(operation, "/http/requestUri"),
            status: status.and_then(Value::as_u64).unwrap_or(200),
            host_prefix: text(operation, "/endpoint/hostPrefix"),
            input,
            output,
            input_name: text(operation, "/input/locationName"),
            input_namespace: operation
                .get("input")
                .map_or_else(String::new, xml_namespace),
            result_wrapper: text(operation, "/output/resultWrapper"),
            is_unsigned: text(operation, "/authtype") == "none",
            needs_checksum: flag(operation, "/httpChecksumRequired")
                || flag(operation, "/httpChecksum/requestChecksumRequired"),
            errors,
        })
    }

    /// Where the shape `name` is; it is added where it is not there yet. As deep as the model's shapes.
    fn place(&mut self, name: &str) -> Result<usize> {
        if let Some(place) = self.places.get(name) {
            return Ok(*place);
        }
        let shape = self.model.get("shapes").and_then(|shapes| shapes.get(name));
        let shape = shape.ok_or_else(|| anyhow!("no shape `{name}`"))?;
        let kind = text(shape, "/type");
        let is_compound = matches!(kind.as_str(), "structure" | "list" | "map");
        if flag(shape, "/document") || !is_compound {
            let plain = plain(shape, &kind);
            let plain = plain.ok_or_else(|| anyhow!("`{name}` is of the type `{kind}`"))?;
            let next = self.shapes.len();
            let place = *self.plain.entry(plain.clone()).or_insert(next);
            if place == next {
                self.shapes.push(plain);
            }
            self.places.insert(name.to_owned(), place);
            return Ok(place);
        }
        // A shape may consist of itself: its place is known before what it consists of.
        let place = self.shapes.len();
        self.shapes.push(Shape::Document);
        self.places.insert(name.to_owned(), place);
        let made = self.compound(name, shape, &kind)?;
        if let Some(slot) = self.shapes.get_mut(place) {
            *slot = made;
        }
        Ok(place)
    }

    fn compound(&mut self, name: &str, shape: &Value, kind: &str) -> Result<Shape> {
        let flattened = flag(shape, "/flattened");
        Ok(match kind {
            "list" => Shape::List {
                item: self.place(&text(shape, "/member/shape"))?,
                flattened,
                name: text(shape, "/member/locationName"),
                bounds: bounds(shape),
            },
            "map" => Shape::Map {
                key: self.place(&text(shape, "/key/shape"))?,
                value: self.place(&text(shape, "/value/shape"))?,
                flattened,
                key_name: text(shape, "/key/locationName"),
                value_name: text(shape, "/value/locationName"),
                bounds: bounds(shape),
            },
            _ => Shape::Structure(self.structure(name, shape)?),
        })
    }

    fn structure(&mut self, name: &str, shape: &Value) -> Result<Structure> {
        let is_error = flag(shape, "/exception");
        let traits = shape.get("error").unwrap_or(&Value::Null);
        let status = traits.get("httpStatusCode").and_then(Value::as_u64);
        let error = is_error.then(|| ErrorTraits {
            status: status.unwrap_or_default(),
            code: text(traits, "/code"),
            sender_fault: flag(traits, "/senderFault"),
            fault: flag(shape, "/fault"),
        });
        let mut made = Structure {
            name: if is_error || self.keeps_names {
                name.to_owned()
            } else {
                String::new()
            },
            union: flag(shape, "/union"),
            event_stream: flag(shape, "/eventstream"),
            error,
            payload: text(shape, "/payload"),
            members: Vec::new(),
        };
        let required = shape.get("required").and_then(Value::as_array);
        let members = shape.get("members").and_then(Value::as_object);
        for (member, reference) in members.into_iter().flatten() {
            let is_required =
                required.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(member)));
            let place = self.place(&text(reference, "/shape"))?;
            made.members
                .push(self::member(member, reference, place, is_required)?);
        }
        Ok(made)
    }
}

fn member(name: &str, reference: &Value, shape: usize, required: bool) -> Result<Member> {
    Ok(Member {
        name: name.to_owned(),
        shape,
        required,
        location: match text(reference, "/location").as_str() {
            "" => 0,
            "uri" => 1,
            "querystring" => 2,
            "header" => 3,
            "headers" => 4,
            "statusCode" => 5,
            other => bail!("the unknown location `{other}`"),
        },
        wire_name: text(reference, "/locationName"),
        query_name: text(reference, "/queryName"),
        namespace: xml_namespace(reference),
        prefix: text(reference, "/xmlNamespace/prefix"),
        timestamp: timestamp(reference),
        flattened: flag(reference, "/flattened"),
        token: flag(reference, "/idempotencyToken"),
        attribute: flag(reference, "/xmlAttribute"),
        host_label: flag(reference, "/hostLabel"),
        json_value: flag(reference, "/jsonvalue"),
    })
}

fn plain(shape: &Value, kind: &str) -> Option<Shape> {
    if flag(shape, "/document") {
        return Some(Shape::Document);
    }
    let number = |tag| Shape::Number {
        tag,
        bounds: bounds(shape),
    };
    Some(match kind {
        "string" => {
            let words = shape.get("enum").and_then(Value::as_array);
            let words = words.into_iter().flatten().filter_map(Value::as_str);
            Shape::Text {
                words: words.map(str::to_owned).collect(),
                bounds: bounds(shape),
            }
        }
        "timestamp" => Shape::Timestamp(timestamp(shape)),
        "blob" => Shape::Blob {
            streaming: flag(shape, "/streaming"),
        },
        "boolean" => Shape::Boolean,
        "integer" => number(0),
        "long" | "biginteger" => number(1),
        "float" => number(2),
        "double" | "bigdecimal" => number(3),
        _ => return None,
    })
}

/// Gives each service the name that it has in Passo's directory: the name that requests to it are signed for, or, where
/// several share that and none is called so, its id. A second model of the same service is left out.
pub fn name(services: &mut Vec<Service>) {
    let mut seen = BTreeSet::new();
    services.retain(|service| seen.insert(service.id.clone()));
    services.sort_by(|left, right| left.id.cmp(&right.id));
    let mut signed: BTreeMap<String, usize> = BTreeMap::new();
    for service in services.iter() {
        *signed.entry(service.signing_name.clone()).or_default() += 1;
    }
    for service in services.iter_mut() {
        let is_alone = signed.get(&service.signing_name) == Some(&1);
        let is_taken = seen.contains(&service.signing_name);
        service.name = if service.id == service.signing_name || (is_alone && !is_taken) {
            service.signing_name.clone()
        } else {
            service.id.clone()
        };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shapes_may_consist_of_themselves() {
        let model = json!({
            "metadata": {"serviceId": "Order Desk", "endpointPrefix": "desk", "protocol": "json"},
            "operations": {
                "GetOrder": {"name": "GetOrder", "output": {"shape": "Order"}},
                "Ping": {"name": "Ping"}
            },
            "shapes": {
                "Order": {"type": "structure", "required": ["id"], "members": {
                    "id": {"shape": "Id"}, "parts": {"shape": "Orders"}
                }},
                "Orders": {"type": "list", "member": {"shape": "Order"}},
                "Id": {"type": "string", "min": 1, "max": 8}
            }
        });
        let service = Service::of(&model).unwrap();
        let names = (service.id.as_str(), service.signing_name.as_str());
        assert_eq!(names, ("orderdesk", "desk"));
        let [Shape::Structure(order), id, Shape::List { item: 0, .. }] = &*service.shapes else {
            panic!("{:?}", service.shapes)
        };
        let members = order.members.iter();
        let members: Vec<_> = members
            .map(|it| (it.name.as_str(), it.shape, it.required))
            .collect();
        assert_eq!(members, [("id", 1, true), ("parts", 2, false)]);
        let words = Vec::new();
        let bounds = (Some(1), Some(8));
        assert_eq!(*id, Shape::Text { words, bounds });
        let outputs: Vec<_> = service.operations.iter().map(|it| it.output).collect();
        assert_eq!(outputs, [Some(0), None]);
    }

    #[test]
    fn services_that_share_a_name_to_sign_have_names_of_their_own() {
        let service = |id: &str, signing: &str| Service {
            id: id.to_owned(),
            signing_name: signing.to_owned(),
            ..Service::default()
        };
        let mut services = vec![
            service("desk", "desk"),
            service("deskv2", "desk"),
            service("till", "cash"),
            service("red", "colour"),
            service("blue", "colour"),
        ];
        name(&mut services);
        let names: Vec<_> = services.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["blue", "desk", "deskv2", "red", "cash"]);
    }
}

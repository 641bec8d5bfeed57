//! Every member of every operation gets values of every wrong type, and each of them an error of AWS's, or an answer.
//! What operations take comes from the models of their services.

use passo_json::{Json, Object, json};
use passo_model::{Listed, Location, Member, Model, Protocol, Shape, ShapeId, Structure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::world::World;

/// Structures inside of structures that are gone into.
const DEPTH: usize = 3;

/// A connection that is used again and again.
struct Line {
    stream: BufReader<TcpStream>,
    service: &'static Listed,
}

impl Line {
    async fn open(world: &World, name: &str) -> Line {
        Line {
            stream: BufReader::new(TcpStream::connect(world.address).await.unwrap()),
            service: passo_model::find(name).unwrap(),
        }
    }

    /// Sends one request: status and body of the answer. A connection that breaks fails the test.
    async fn ask(&mut self, line: &str, headers: &str, body: &str) -> (u16, String) {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/{}/aws4_request\r\n\r\n{body}",
            body.len(),
            self.service.signing_name
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let (mut status, mut bytes) = (0, 0);
        loop {
            let mut line = String::new();
            let read = self.stream.read_line(&mut line).await.unwrap();
            assert!(read > 0, "the connection ended at {headers} {body}");
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest.split(' ').next().unwrap().parse().unwrap();
            } else if let Some(length) = line.strip_prefix("content-length: ") {
                bytes = length.parse().unwrap();
            } else if line.is_empty() {
                break;
            }
        }
        let mut answer = vec![0; bytes];
        self.stream.read_exact(&mut answer).await.unwrap();
        (status, String::from_utf8(answer).unwrap())
    }
}

/// Values that are wrong almost everywhere.
fn wrong() -> Vec<Json> {
    let mut deep = json!([]);
    for _ in 0..200 {
        deep = Json::from(vec![deep]);
    }
    let texts = [
        "",
        " ",
        "x",
        "\u{0}",
        "é\u{1f600}",
        "arn:aws:states",
        "arn:aws:states:us-east-1:123456789012:stateMachine:x",
        "arn:aws:::::",
        "-1",
        "{",
        "AAAA",
        "%00%ff",
    ];
    let mut values: Vec<Json> = texts.into_iter().map(Json::from).collect();
    values.extend([
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(9223372036854775807i64),
        json!([]),
        json!([null]),
        json!([{"a": 1}]),
        json!(["x", "x"]),
        json!({}),
        json!({"a": null}),
        json!({"key": "x"}),
        Json::parse("1e300").unwrap(),
        Json::parse("123456789012345678901234567890").unwrap(),
        deep,
        Json::from("x".repeat(300_000)),
    ]);
    values
}

/// A value of that shape which is right as far as its shape goes.
fn right(model: &Model, shape: ShapeId, depth: usize) -> Json {
    match model.shape(shape) {
        Shape::Structure(structure) if depth < DEPTH => {
            let members = structure.members.iter().filter(|member| member.is_required);
            let object: Object = members
                .map(|member| (member.name, right(model, member.shape, depth + 1)))
                .collect();
            Json::from(object)
        }
        Shape::Structure(_) | Shape::Map(_) | Shape::Document => json!({}),
        Shape::List(list) if depth < DEPTH => Json::from(vec![right(model, list.item, depth + 1)]),
        Shape::List(_) => json!([]),
        Shape::Text { words, .. } => Json::from(words.first().copied().unwrap_or("name")),
        Shape::Number { bounds, .. } => Json::from(bounds.min.unwrap_or(1)),
        Shape::Boolean => json!(true),
        Shape::Timestamp(_) => json!(1700000000),
        Shape::Blob { .. } => json!("AAAA"),
    }
}

/// Parameters that are right but for one member somewhere.
fn variants(model: &Model, structure: &Structure, depth: usize, out: &mut Vec<Object>) {
    let base: Object = structure
        .members
        .iter()
        .filter(|member| member.is_required)
        .map(|member| (member.name, right(model, member.shape, depth)))
        .collect();
    for member in &structure.members {
        let values = if depth == 0 { wrong() } else { few() };
        out.extend(
            values
                .into_iter()
                .map(|value| base.clone().with(member.name, value)),
        );
        for inner in inside(model, member, depth) {
            out.push(base.clone().with(member.name, inner));
        }
    }
}

fn few() -> Vec<Json> {
    vec![
        json!(null),
        json!(""),
        json!(-1),
        json!([null]),
        json!({"a": []}),
        json!("x"),
    ]
}

fn inside(model: &Model, member: &Member, depth: usize) -> Vec<Json> {
    if depth + 1 >= DEPTH {
        return Vec::new();
    }
    let mut objects = Vec::new();
    match model.shape(member.shape) {
        Shape::Structure(inner) => {
            variants(model, inner, depth + 1, &mut objects);
            objects.into_iter().map(Json::from).collect()
        }
        Shape::List(list) => match model.shape(list.item) {
            Shape::Structure(inner) => {
                variants(model, inner, depth + 1, &mut objects);
                objects
                    .into_iter()
                    .map(|object| Json::from(vec![Json::from(object)]))
                    .collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

async fn check(name: &str) {
    let world = World::ephemeral().await;
    let mut line = Line::open(&world, name).await;
    let service = line.service;
    let model = service.model();
    let mut asked = 0;
    for operation in model.operations() {
        let Some(structure) = operation.input.and_then(|input| model.structure(input)) else {
            continue;
        };
        let mut all = vec![Object::default()];
        variants(model, structure, 0, &mut all);
        for parameters in all {
            let (request, headers, body) = match service.protocol() {
                Protocol::AwsJson => (
                    "POST /".to_owned(),
                    format!(
                        "X-Amz-Target: {}.{}\r\n",
                        service.target_prefix, operation.name
                    ),
                    Json::from(parameters).to_text(),
                ),
                Protocol::Query => (
                    "POST /".to_owned(),
                    "Content-Type: application/x-www-form-urlencoded\r\n".to_owned(),
                    form(operation.name, &parameters),
                ),
                _ => {
                    let (path, body) = rest(structure, operation.uri, &parameters);
                    (format!("{} {path}", operation.method), String::new(), body)
                }
            };
            let (status, answer) = line.ask(&request, &headers, &body).await;
            let shown: String = body.chars().take(300).collect();
            assert!(
                status < 500,
                "{request} {} {shown}: {status} {answer}",
                operation.name
            );
            asked += 1;
        }
    }
    assert!(asked > 100, "{asked}");
    world.stop().await;
}

fn encoded(text: &str) -> String {
    let bytes = text.bytes().take(2000);
    bytes.map(|byte| format!("%{byte:02X}")).collect()
}

fn form(action: &str, parameters: &Object) -> String {
    let mut form = format!("Action={action}");
    for (name, value) in parameters.iter() {
        match value {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    form.push_str(&format!(
                        "&{name}.member.{}={}",
                        index + 1,
                        encoded(&item.to_text())
                    ));
                }
            }
            Json::String(text) => form.push_str(&format!("&{name}={}", encoded(text))),
            other => form.push_str(&format!(
                "&{name}={}&{name}.x.y={}",
                encoded(&other.to_text()),
                "1"
            )),
        }
    }
    form
}

/// Labels and query parameters as text, all else as the body.
fn rest(structure: &Structure, template: &str, parameters: &Object) -> (String, String) {
    let mut path = template.to_owned();
    let mut query = Vec::new();
    let mut body = Object::default();
    for member in &structure.members {
        let given = parameters.get(member.name);
        let text = given.map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_text(), str::to_owned)
        });
        match member.location {
            Location::Label => {
                let label = encoded(&text.unwrap_or_default());
                for name in [member.name, member.wire_name()] {
                    path = path
                        .replace(&format!("{{{name}}}"), &label)
                        .replace(&format!("{{{name}+}}"), &label);
                }
            }
            Location::Query => {
                query.extend(text.map(|text| format!("{}={}", member.wire_name(), encoded(&text))));
            }
            _ => {
                if let Some(value) = given {
                    body = body.with(member.wire_name(), value.clone());
                }
            }
        }
    }
    if !query.is_empty() {
        path.push(if path.contains('?') { '&' } else { '?' });
        path.push_str(&query.join("&"));
    }
    (path, Json::from(body).to_text())
}

#[tokio::test(flavor = "multi_thread")]
async fn step_functions() {
    check("states").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs() {
    check("logs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lambda() {
    check("lambda").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn iam() {
    check("iam").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sts() {
    check("sts").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqs() {
    check("sqs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets() {
    check("secretsmanager").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters() {
    check("ssm").await;
}

//! `cargo xtask service-model FOLDER`: what the operations of AWS's services answer, from their public models.
//!
//! FOLDER holds `<service>/<version>/service-2.json`, as botocore's `data` folder does once its files are unpacked
//! (`pip download botocore --no-deps`, `unzip`, `gunzip -r`). The file that is made is read by `passo-states`, which
//! documents its form in `services/states/src/api/test_state/outputs.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::step;

/// Where the file belongs.
const TARGET: &str = "services/states/model/outputs.bin";

const MAGIC: &[u8] = b"passo outputs 1\n";

const STRUCTURE: u8 = 0;
const LIST: u8 = 1;
const MAP: u8 = 2;
const STRING: u8 = 3;
const WORD: u8 = 4;
const NUMBER: u8 = 5;
const BOOLEAN: u8 = 6;
const ANYTHING: u8 = 7;

/// Makes the file anew.
///
/// # Errors
/// Where the models cannot be read, or have a shape that is not known.
pub fn run(arguments: &[String]) -> Result<()> {
    let [folder] = arguments else {
        bail!("usage: cargo xtask service-model FOLDER")
    };
    let mut services = BTreeMap::new();
    for file in models(Path::new(folder))? {
        let model = Model::read(&file)?;
        let service = model
            .service()
            .with_context(|| format!("in `{}`", file.display()))?;
        services.insert(model.key()?, service);
    }
    let bytes = encode(&services);
    let target = step::root().join(TARGET);
    fs::write(&target, &bytes)
        .with_context(|| format!("failed to write `{}`", target.display()))?;
    println!(
        "{} services, {} bytes: {TARGET}",
        services.len(),
        bytes.len()
    );
    Ok(())
}

/// The newest model of each service.
fn models(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for service in entries(folder)? {
        if !service.is_dir() {
            continue;
        }
        let versions = entries(&service)?.into_iter();
        files.extend(
            versions
                .map(|version| version.join("service-2.json"))
                .rfind(|file| file.is_file()),
        );
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed =
        fs::read_dir(folder).with_context(|| format!("failed to list `{}`", folder.display()))?;
    let mut entries = listed
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// A service's model as botocore has it.
struct Model(Value);

/// A shape by the places of those that it consists of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Structure(Vec<(String, bool, usize)>),
    List(usize),
    Map(usize),
    Word(Vec<String>),
    Plain(u8),
}

/// The operations of a service with the places of what they answer.
#[derive(Debug, Default)]
struct Service {
    shapes: Vec<Shape>,
    operations: Vec<(String, Option<usize>)>,
}

impl Model {
    fn read(file: &Path) -> Result<Model> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("failed to read `{}`", file.display()))?;
        let model = serde_json::from_str(&text);
        Ok(Model(model.with_context(|| {
            format!("no JSON in `{}`", file.display())
        })?))
    }

    /// The service as the `Resource` of a Task names it: its id in lower case, letters and digits only.
    fn key(&self) -> Result<String> {
        let id = self
            .0
            .pointer("/metadata/serviceId")
            .and_then(Value::as_str);
        let id = id.ok_or_else(|| anyhow!("a model without a service id"))?;
        let letters = id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|it| it.to_ascii_lowercase());
        Ok(letters.collect())
    }

    fn service(&self) -> Result<Service> {
        let mut service = Service::default();
        let mut places = BTreeMap::new();
        let operations = self.0.get("operations").and_then(Value::as_object);
        for operation in operations.into_iter().flat_map(|all| all.values()) {
            let name = operation.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| anyhow!("an operation without a name"))?;
            let output = match operation.pointer("/output/shape").and_then(Value::as_str) {
                Some(shape) => Some(self.place(shape, &mut service.shapes, &mut places)?),
                None => None,
            };
            service.operations.push((name.to_owned(), output));
        }
        Ok(service)
    }

    /// Where the shape `name` is; it is added where it is not there yet. As deep as the model's shapes.
    fn place(
        &self,
        name: &str,
        shapes: &mut Vec<Shape>,
        places: &mut BTreeMap<String, usize>,
    ) -> Result<usize> {
        if let Some(place) = places.get(name) {
            return Ok(*place);
        }
        let shape = self.0.get("shapes").and_then(|shapes| shapes.get(name));
        let shape = shape.ok_or_else(|| anyhow!("no shape `{name}`"))?;
        let kind = shape
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let plain = match kind {
            "structure" | "list" | "map" => None,
            _ if shape.get("document").is_some() => Some(Shape::Plain(ANYTHING)),
            "string" => Some(words(shape)),
            "timestamp" | "blob" => Some(Shape::Plain(STRING)),
            "integer" | "long" | "float" | "double" | "biginteger" | "bigdecimal" => {
                Some(Shape::Plain(NUMBER))
            }
            "boolean" => Some(Shape::Plain(BOOLEAN)),
            other => bail!("`{name}` is of the unknown type `{other}`"),
        };
        if let Some(plain) = plain {
            let known = shapes.iter().position(|it| *it == plain);
            let place = known.unwrap_or(shapes.len());
            if known.is_none() {
                shapes.push(plain);
            }
            places.insert(name.to_owned(), place);
            return Ok(place);
        }
        // A shape may consist of itself: its place is known before what it consists of.
        let place = shapes.len();
        shapes.push(Shape::Plain(ANYTHING));
        places.insert(name.to_owned(), place);
        let mut target = |pointer: &str| match shape.pointer(pointer).and_then(Value::as_str) {
            Some(name) => self.place(name, shapes, places),
            None => Err(anyhow!("`{name}` has no `{pointer}`")),
        };
        let made = match kind {
            "list" => Shape::List(target("/member/shape")?),
            "map" => Shape::Map(target("/value/shape")?),
            _ if shape.get("document").is_some() => Shape::Plain(ANYTHING),
            _ => {
                let members = shape.get("members").and_then(Value::as_object);
                let required = shape.get("required").and_then(Value::as_array);
                let mut made = Vec::new();
                for member in members.into_iter().flat_map(|members| members.keys()) {
                    let is_required = required.is_some_and(|all| {
                        all.iter().any(|it| it.as_str() == Some(member.as_str()))
                    });
                    let place = target(&format!("/members/{member}/shape"))?;
                    made.push((pascal_case(member), is_required, place));
                }
                Shape::Structure(made)
            }
        };
        if let Some(slot) = shapes.get_mut(place) {
            *slot = made;
        }
        Ok(place)
    }
}

fn words(shape: &Value) -> Shape {
    match shape.get("enum").and_then(Value::as_array) {
        None => Shape::Plain(STRING),
        Some(words) => Shape::Word(
            words
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        ),
    }
}

/// Members as Step Functions shows them: with a capital.
fn pascal_case(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// Names that occur often get short numbers.
fn numbers(services: &BTreeMap<String, Service>) -> Vec<(&str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = |name| *counts.entry(name).or_default() += 1;
    for service in services.values() {
        for shape in &service.shapes {
            match shape {
                Shape::Structure(members) => {
                    members.iter().for_each(|(name, _, _)| count(name.as_str()));
                }
                Shape::Word(words) => words.iter().for_each(|word| count(word.as_str())),
                Shape::List(_) | Shape::Map(_) | Shape::Plain(_) => {}
            }
        }
        service
            .operations
            .iter()
            .for_each(|(name, _)| count(name.as_str()));
    }
    let mut names: Vec<_> = counts.into_iter().collect();
    names.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    names
}

fn encode(services: &BTreeMap<String, Service>) -> Vec<u8> {
    let names = numbers(services);
    let number: BTreeMap<&str, usize> = (0..)
        .zip(&names)
        .map(|(number, (name, _))| (*name, number))
        .collect();
    let number = |name: &str| number.get(name).copied().unwrap_or_default();
    let mut bytes = MAGIC.to_vec();
    write_number(names.len(), &mut bytes);
    for (name, _) in &names {
        write_text(name, &mut bytes);
    }
    write_number(services.len(), &mut bytes);
    for (key, service) in services {
        let mut body = Vec::new();
        write_number(service.shapes.len(), &mut body);
        for shape in &service.shapes {
            match shape {
                Shape::Structure(members) => {
                    body.push(STRUCTURE);
                    write_number(members.len(), &mut body);
                    for (name, is_required, place) in members {
                        write_number(number(name), &mut body);
                        write_number(place * 2 + usize::from(*is_required), &mut body);
                    }
                }
                Shape::List(item) => {
                    body.push(LIST);
                    write_number(*item, &mut body);
                }
                Shape::Map(value) => {
                    body.push(MAP);
                    write_number(*value, &mut body);
                }
                Shape::Word(words) => {
                    body.push(WORD);
                    write_number(words.len(), &mut body);
                    for word in words {
                        write_number(number(word), &mut body);
                    }
                }
                Shape::Plain(tag) => body.push(*tag),
            }
        }
        write_number(service.operations.len(), &mut body);
        for (name, output) in &service.operations {
            write_number(number(name), &mut body);
            write_number(output.map_or(0, |place| place + 1), &mut body);
        }
        write_text(key, &mut bytes);
        write_number(body.len(), &mut bytes);
        bytes.extend(body);
    }
    bytes
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn write_number(mut number: usize, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn write_text(text: &str, bytes: &mut Vec<u8>) {
    write_number(text.len(), bytes);
    bytes.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> Model {
        Model(json!({
            "metadata": {"serviceId": "Order Desk"},
            "operations": {
                "GetOrder": {"name": "GetOrder", "output": {"shape": "Order"}},
                "Ping": {"name": "Ping"}
            },
            "shapes": {
                "Order": {"type": "structure", "required": ["id"], "members": {
                    "id": {"shape": "Id"}, "parts": {"shape": "Orders"}, "state": {"shape": "State"}
                }},
                "Orders": {"type": "list", "member": {"shape": "Order"}},
                "Id": {"type": "string"},
                "State": {"type": "string", "enum": ["OPEN", "SHUT"]}
            }
        }))
    }

    #[test]
    fn shapes_may_consist_of_themselves() {
        let service = model().service().unwrap();
        let order = vec![
            ("Id".to_owned(), true, 1),
            ("Parts".to_owned(), false, 2),
            ("State".to_owned(), false, 3),
        ];
        assert_eq!(
            service.shapes,
            [
                Shape::Structure(order),
                Shape::Plain(STRING),
                Shape::List(0),
                Shape::Word(vec!["OPEN".to_owned(), "SHUT".to_owned()]),
            ]
        );
        let operations = [("GetOrder".to_owned(), Some(0)), ("Ping".to_owned(), None)];
        assert_eq!(service.operations, operations);
    }

    #[test]
    fn the_file_has_names_then_services() {
        let model = model();
        let services = BTreeMap::from([(model.key().unwrap(), model.service().unwrap())]);
        let bytes = encode(&services);
        let names = b"\x07\x08GetOrder\x02Id\x04OPEN\x05Parts\x04Ping\x04SHUT\x05State";
        let body = [
            4, STRUCTURE, 3, 1, 3, 3, 4, 6, 6, STRING, LIST, 0, WORD, 2, 2, 5, 2, 0, 1, 4, 0,
        ];
        let mut expect = [MAGIC, names, b"\x01\x09orderdesk\x15"].concat();
        expect.extend(body);
        assert_eq!(bytes, expect);
    }
}

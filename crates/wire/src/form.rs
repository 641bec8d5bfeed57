//! Form fields to canonical values and back: the parameters of Query and EC2, `Tags.member.1.Key=a`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use passo_json::{Json, ObjectBuilder};
use passo_model::{Map, Member, Model, Shape, ShapeId, Structure, TimestampFormat};

use crate::problem::Problem;
use crate::scalar;
use crate::xmlbody::{entry_names, flat_name, item_name};

/// Names in a field's path, at most: deeper ones are refused rather than nested without bound.
const DEPTH_MAX: usize = 64;

/// How fields are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Query.
    Query,
    /// Query, as a service that has moved to JSON still speaks it.
    Compatible,
    /// EC2: lists are never wrapped.
    Ec2,
}

impl Naming {
    fn name(self, member: &Member) -> Cow<'static, str> {
        if self != Naming::Query && !member.query_name.is_empty() {
            return Cow::Borrowed(member.query_name);
        }
        let name = member.wire_name();
        if self == Naming::Ec2
            && !member.location_name.is_empty()
            && let Some(first) = name.chars().next().filter(char::is_ascii_lowercase)
        {
            let rest = name.strip_prefix(first).unwrap_or_default();
            return Cow::Owned(format!("{}{rest}", first.to_ascii_uppercase()));
        }
        Cow::Borrowed(name)
    }
}

/// A reader or writer of the shapes of one model.
#[derive(Clone, Copy)]
pub(crate) struct Form<'a> {
    pub(crate) model: &'a Model,
    pub(crate) naming: Naming,
}

/// Fields by the parts of their names.
#[derive(Default)]
struct Node {
    text: Option<String>,
    members: BTreeMap<String, Node>,
}

impl Node {
    /// The nodes under 1, 2, 3 …, in the order of these numbers.
    fn numbered(&self) -> Vec<&Node> {
        let members = self.members.iter();
        let mut items: Vec<(u32, &Node)> = members
            .filter_map(|(index, item)| Some((index.parse().ok()?, item)))
            .collect();
        items.sort_by_key(|(index, _)| *index);
        items.into_iter().map(|(_, item)| item).collect()
    }

    fn is_empty_text(&self) -> bool {
        self.members.is_empty() && self.text.as_deref() == Some("")
    }
}

impl Form<'_> {
    /// The canonical parameters that these fields are.
    pub(crate) fn read(
        &self,
        input: Option<ShapeId>,
        pairs: Vec<(String, String)>,
    ) -> Result<Json, Problem> {
        let mut root = Node::default();
        for (name, value) in pairs {
            let mut node = &mut root;
            for (depth, part) in name.split('.').enumerate() {
                if depth >= DEPTH_MAX {
                    return Err(Problem::too_deep());
                }
                node = node.members.entry(part.to_owned()).or_default();
            }
            node.text = Some(value);
        }
        match input {
            Some(shape) => self.value(shape, false, &root),
            None => Ok(Json::from(ObjectBuilder::new().build())),
        }
    }

    /// As deep as the fields' names.
    fn value(&self, id: ShapeId, is_flattened: bool, node: &Node) -> Result<Json, Problem> {
        match self.model.shape(id) {
            Shape::Structure(structure) => self.structure(structure, node),
            Shape::List(list) => {
                let is_flattened = is_flattened || list.is_flattened || self.naming == Naming::Ec2;
                let wrapped = node.members.get(item_name(list));
                // Some clients number the items of any list directly.
                let items = match wrapped.filter(|_| !is_flattened) {
                    Some(items) => items.numbered(),
                    None => node.numbered(),
                };
                let items = items
                    .into_iter()
                    .map(|item| self.value(list.item, false, item));
                Ok(Json::from(items.collect::<Result<Vec<Json>, _>>()?))
            }
            Shape::Map(map) => {
                let wrapped = node.members.get("entry");
                let entries = match wrapped.filter(|_| !is_flattened && !map.is_flattened) {
                    Some(entries) => entries.numbered(),
                    None => node.numbered(),
                };
                self.entries(map, &entries)
            }
            shape => scalar::read(shape, node.text.as_deref().unwrap_or_default()),
        }
    }

    fn structure(&self, structure: &Structure, node: &Node) -> Result<Json, Problem> {
        let mut out = ObjectBuilder::new();
        for member in &structure.members {
            let mut name = self.naming.name(member);
            let shape = self.model.shape(member.shape);
            if let Shape::List(list) = shape
                && self.naming == Naming::Query
                && (list.is_flattened || member.is_flattened)
            {
                name = Cow::Borrowed(flat_name(list, member.wire_name()));
            }
            let Some(given) = node.members.get(&*name) else {
                continue;
            };
            let is_compound = matches!(shape, Shape::Structure(_) | Shape::List(_) | Shape::Map(_));
            if !is_compound && given.text.is_none() {
                continue;
            }
            if matches!(shape, Shape::Structure(_)) && given.is_empty_text() {
                continue;
            }
            out.insert(
                member.name,
                self.value(member.shape, member.is_flattened, given)?,
            );
        }
        Ok(Json::from(out.build()))
    }

    fn entries(&self, map: &Map, entries: &[&Node]) -> Result<Json, Problem> {
        let (key_name, value_name) = entry_names(map);
        let mut out = ObjectBuilder::new();
        for entry in entries {
            let key = entry.members.get(key_name).and_then(|key| key.text.clone());
            let (Some(key), Some(value)) = (key, entry.members.get(value_name)) else {
                return Err(Problem::new("An entry lacks its key or its value."));
            };
            out.insert(key, self.value(map.value, false, value)?);
        }
        Ok(Json::from(out.build()))
    }

    /// The fields of these parameters.
    pub(crate) fn write(
        &self,
        input: Option<ShapeId>,
        parameters: &Json,
    ) -> Result<Vec<(String, String)>, Problem> {
        let mut pairs = Vec::new();
        if let Some(structure) = input.and_then(|input| self.model.structure(input)) {
            self.write_structure(&mut pairs, "", structure, parameters, 0)?;
        }
        Ok(pairs)
    }

    fn write_structure(
        &self,
        out: &mut Vec<(String, String)>,
        prefix: &str,
        structure: &Structure,
        value: &Json,
        depth: usize,
    ) -> Result<(), Problem> {
        for member in &structure.members {
            let Some(given) = value.get(member.name).filter(|given| !given.is_null()) else {
                continue;
            };
            let mut name = self.naming.name(member);
            if let Shape::List(list) = self.model.shape(member.shape)
                && self.naming == Naming::Query
                && (list.is_flattened || member.is_flattened)
            {
                name = Cow::Borrowed(flat_name(list, member.wire_name()));
            }
            let path = if prefix.is_empty() {
                name.into_owned()
            } else {
                format!("{prefix}.{name}")
            };
            self.write_value(out, path, member.shape, Some(member), given, depth + 1)?;
        }
        Ok(())
    }

    /// As deep as [`DEPTH_MAX`] names.
    fn write_value(
        &self,
        out: &mut Vec<(String, String)>,
        path: String,
        id: ShapeId,
        member: Option<&Member>,
        value: &Json,
        depth: usize,
    ) -> Result<(), Problem> {
        if depth > DEPTH_MAX / 3 {
            return Err(Problem::too_deep());
        }
        let is_flattened = member.is_some_and(|member| member.is_flattened);
        let shape = self.model.shape(id);
        match (shape, value) {
            (Shape::Structure(structure), _) => {
                self.write_structure(out, &path, structure, value, depth)?;
            }
            (Shape::List(list), Json::Array(items)) => {
                if items.is_empty() && self.naming != Naming::Ec2 {
                    out.push((path, String::new()));
                    return Ok(());
                }
                let is_flattened = is_flattened || list.is_flattened || self.naming == Naming::Ec2;
                for (index, item) in (1_u64..).zip(items.iter()) {
                    let path = if is_flattened {
                        format!("{path}.{index}")
                    } else {
                        format!("{path}.{}.{index}", item_name(list))
                    };
                    self.write_value(out, path, list.item, None, item, depth + 1)?;
                }
            }
            (Shape::Map(map), Json::Object(entries)) => {
                let (key_name, value_name) = entry_names(map);
                let infix = if is_flattened || map.is_flattened {
                    ""
                } else {
                    "entry."
                };
                for (index, (key, entry)) in (1_u64..).zip(entries.iter()) {
                    out.push((format!("{path}.{infix}{index}.{key_name}"), key.to_string()));
                    let path = format!("{path}.{infix}{index}.{value_name}");
                    self.write_value(out, path, map.value, None, entry, depth + 1)?;
                }
            }
            _ => {
                let format = scalar::time_format(shape, member, TimestampFormat::Iso8601);
                out.push((path, scalar::write(shape, value, format).into_owned()));
            }
        }
        Ok(())
    }
}

//! The rules of Choice states.

use passo_expr::{Jsonata, Obstacle, Path};
use passo_json::{Json, ObjectBuilder};

use crate::choice_pattern::pattern;
use crate::fields::{Fields, Findings, Stuck};
use crate::finding::{Code, Severity};
use crate::template::Value;

/// Conditions within each other at most, as in definitions.
const DEPTH_MAX: usize = 48;

/// What a rule has beside its condition.
const BESIDE: [&str; 4] = ["Next", "Comment", "Assign", "Output"];

/// A condition's text; in a longer one it stands in parentheses unless it is a call.
struct Condition {
    text: String,
    is_call: bool,
}

impl Condition {
    fn operators(text: String) -> Condition {
        Condition {
            text,
            is_call: false,
        }
    }

    fn call(text: String) -> Condition {
        Condition {
            text,
            is_call: true,
        }
    }

    fn operand(&self) -> String {
        match self.is_call {
            true => self.text.clone(),
            false => format!("({})", self.text),
        }
    }
}

/// The path or the literal on the right side.
struct Right {
    code: Jsonata,
    is_path: bool,
}

fn is_definite(path: &Json) -> bool {
    let path = path.as_str().and_then(|text| Path::parse(text).ok());
    path.is_some_and(|path| path.is_definite())
}

impl Findings {
    /// `Choices`; every rule yields what the state yields.
    pub(crate) fn choices(
        &mut self,
        fields: &Fields<'_>,
        effective: &Jsonata,
        output: Option<&Value>,
    ) -> Result<Json, Stuck> {
        let mut rules = Vec::new();
        for rule in fields.objects("Choices", self)? {
            let condition = self.condition(&rule, effective, 0)?;
            let mut object = ObjectBuilder::new();
            if let Some(comment) = rule.get("Comment") {
                object.insert("Comment", comment.clone());
            }
            object.insert("Condition", format!("{{% {} %}}", condition.text));
            if let Some(assign) = rule.get("Assign") {
                let assign = self.template(assign, effective, &rule.place("Assign"))?;
                object.insert("Assign", assign.json);
            }
            object.insert_some("Output", output.map(|output| output.json.clone()));
            object.insert_some("Next", rule.get("Next").cloned());
            rules.push(Json::from(object.build()));
        }
        Ok(Json::from(rules))
    }

    fn condition(
        &mut self,
        rule: &Fields<'_>,
        effective: &Jsonata,
        depth: usize,
    ) -> Result<Condition, Stuck> {
        if depth > DEPTH_MAX {
            return Err(self.invalid(&rule.location, "the conditions are nested too deeply"));
        }
        for (name, word) in [("And", " and "), ("Or", " or ")] {
            if rule.get(name).is_some() {
                let mut parts = Vec::new();
                for inner in rule.objects(name, self)? {
                    let inner = self.condition(&inner, effective, depth.saturating_add(1))?;
                    parts.push(inner);
                }
                return Ok(match <[Condition; 1]>::try_from(parts) {
                    Ok([only]) => only,
                    Err(parts) => {
                        let parts: Vec<String> = parts.iter().map(Condition::operand).collect();
                        Condition::operators(parts.join(word))
                    }
                });
            }
        }
        if let Some(inner) = rule.get("Not") {
            let place = rule.place("Not");
            let Some(inner) = inner.as_object() else {
                return Err(self.invalid(&place, "an object is expected here"));
            };
            let inner = Fields::new(inner, place);
            let inner = self.condition(&inner, effective, depth.saturating_add(1))?;
            return Ok(Condition::call(format!("$not({})", inner.text)));
        }
        self.comparison(rule, effective)
    }

    fn comparison(&mut self, rule: &Fields<'_>, effective: &Jsonata) -> Result<Condition, Stuck> {
        let mut names = rule.object.iter().filter(|(name, _)| {
            let name: &str = name;
            name != "Variable" && !BESIDE.contains(&name)
        });
        let (Some(variable), Some((name, right)), None) =
            (rule.get("Variable"), names.next(), names.next())
        else {
            return Err(self.invalid(
                &rule.location,
                "a variable and one comparison are expected here",
            ));
        };
        let left = self.path(variable, effective, &rule.place("Variable"))?;
        let place = rule.place(name);
        if &**name == "IsPresent" && !is_definite(variable) {
            let obstacle = Obstacle::new("the presence of many values is tested");
            return Err(self.obstacle(&place, &obstacle));
        }
        if let Some(test) = name.strip_prefix("Is") {
            return self.test(test, &left, right, &place);
        }
        if &**name == "StringMatches" {
            let Some(wanted) = right.as_str() else {
                return Err(self.invalid(&place, "a text is expected here"));
            };
            let pattern = pattern(wanted);
            return Ok(Condition::operators(format!(
                "$type({left}) = \"string\" and $contains({left}, {pattern})"
            )));
        }
        let (operator, is_path) = match name.strip_suffix("Path") {
            Some(operator) => (operator, true),
            None => (&**name, false),
        };
        let code = match is_path {
            true => self.path(right, effective, &place)?,
            false => Jsonata::literal(right),
        };
        let right = Right { code, is_path };
        self.ordered(operator, &left, &right, &place)
    }

    fn test(
        &mut self,
        test: &str,
        left: &Jsonata,
        wanted: &Json,
        place: &str,
    ) -> Result<Condition, Stuck> {
        let Some(wanted) = wanted.as_bool() else {
            return Err(self.invalid(place, "true or false is expected here"));
        };
        let kind = match test {
            "Present" => {
                let message = "JSONata also finds members of the objects in a list, where the path finds nothing";
                self.note(Severity::Note, Code::Presence, place, message);
                let exists = format!("$exists({left})");
                return Ok(Condition::call(match wanted {
                    true => exists,
                    false => format!("$not({exists})"),
                }));
            }
            "Timestamp" => {
                let is_time = self.is_time(place, left);
                return Ok(match wanted {
                    true => Condition::operators(is_time),
                    false => Condition::call(format!("$not({is_time})")),
                });
            }
            "Boolean" => "boolean",
            "Null" => "null",
            "Numeric" => "number",
            "String" => "string",
            _ => return Err(self.invalid(place, "this comparison does not exist")),
        };
        let sign = if wanted { "=" } else { "!=" };
        Ok(Condition::operators(format!(
            "$type({left}) {sign} \"{kind}\""
        )))
    }

    /// What is of another kind is in no order; JSONata would fail.
    fn ordered(
        &mut self,
        operator: &str,
        left: &Jsonata,
        right: &Right,
        place: &str,
    ) -> Result<Condition, Stuck> {
        const KINDS: [(&str, &str); 4] = [
            ("Boolean", "boolean"),
            ("Numeric", "number"),
            ("String", "string"),
            ("Timestamp", "timestamp"),
        ];
        const SIGNS: [(&str, &str); 5] = [
            ("Equals", "="),
            ("GreaterThan", ">"),
            ("GreaterThanEquals", ">="),
            ("LessThan", "<"),
            ("LessThanEquals", "<="),
        ];
        let found = KINDS.iter().find_map(|(name, kind)| {
            let order = operator.strip_prefix(name)?;
            let (_, sign) = SIGNS.iter().find(|(name, _)| *name == order)?;
            Some((*kind, *sign))
        });
        let Some((kind, sign)) = found else {
            return Err(self.invalid(place, "this comparison does not exist"));
        };
        if kind == "timestamp" {
            let text = self.compared_times(place, left, sign, &right.code, !right.is_path);
            return Ok(Condition::operators(text));
        }
        let (a, b) = (left.operand(), right.code.operand());
        Ok(Condition::operators(match (sign, right.is_path) {
            ("=", false) => format!("{a} = {b}"),
            ("=", true) => format!("$type({left}) = \"{kind}\" and {a} = {b}"),
            (sign, false) => format!("$type({left}) = \"{kind}\" and {a} {sign} {b}"),
            (sign, true) => format!(
                "$type({left}) = \"{kind}\" and $type({}) = \"{kind}\" and {a} {sign} {b}",
                right.code
            ),
        }))
    }
}

//! What a target gets of an event: all of it, a part, a constant, or a template filled in.

use passo_expr::Path;
use passo_json::{Json, Object};

/// How a target's input is made.
#[derive(Clone, Debug)]
pub(crate) enum InputForm {
    Event,
    Constant(String),
    Part(Path),
    Template {
        /// `<name>` and where its value is.
        values: Vec<(String, Path)>,
        text: String,
    },
}

/// What `<aws.events.…>` stands for.
pub(crate) struct About<'a> {
    pub(crate) rule_arn: &'a str,
    pub(crate) rule_name: &'a str,
    pub(crate) ingested_at: String,
}

/// Why a target's input cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InputProblem {
    /// `Input` is no JSON.
    Syntax,
    /// A path is none.
    Path(String),
    /// There is no template.
    NoTemplate,
    /// A template has a placeholder that nothing stands for.
    Placeholder(String),
    /// Nobody may have a placeholder of that name.
    Reserved(String),
}

impl InputProblem {
    /// In words, of the target with this id. Those of placeholders and syntax are AWS's as users report them.
    pub(crate) fn of(&self, id: &str) -> String {
        match self {
            InputProblem::Syntax => format!("JSON syntax error in input for target {id}"),
            InputProblem::Path(path) => {
                format!(
                    "Parameter Input of target {id} is not valid. Reason: {path} is not a valid path"
                )
            }
            InputProblem::NoTemplate => {
                format!("Parameter(s) InputTemplate must be specified for target: {id}.")
            }
            InputProblem::Placeholder(name) => {
                format!("InputTemplate for target {id} contains invalid placeholder {name}.")
            }
            InputProblem::Reserved(name) => {
                format!("InputPathsMap for target {id} has a key that begins with AWS: {name}.")
            }
        }
    }
}

/// What `<…>` may stand for besides the paths of a target.
const OF_RULES: [&str; 5] = [
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
];

impl InputForm {
    /// Reads the members of a target that say it; the reason where they cannot be read.
    pub(crate) fn read(target: &Object) -> Result<InputForm, InputProblem> {
        let text = |member: &str| target.get(member).and_then(Json::as_str);
        if let Some(constant) = text("Input") {
            return match Json::parse(constant) {
                Ok(_) => Ok(InputForm::Constant(constant.to_owned())),
                Err(_) => Err(InputProblem::Syntax),
            };
        }
        if let Some(path) = text("InputPath") {
            return Ok(InputForm::Part(read_path(path)?));
        }
        let Some(transformer) = target.get("InputTransformer") else {
            return Ok(InputForm::Event);
        };
        let template = transformer.get("InputTemplate").and_then(Json::as_str);
        let template = template.ok_or(InputProblem::NoTemplate)?;
        let paths = transformer.get("InputPathsMap").and_then(Json::as_object);
        let values = paths
            .into_iter()
            .flat_map(Object::iter)
            .map(|(name, path)| {
                let is_reserved = name
                    .get(..3)
                    .is_some_and(|it| it.eq_ignore_ascii_case("aws"));
                if is_reserved {
                    return Err(InputProblem::Reserved(name.to_string()));
                }
                let path = path.as_str().unwrap_or_default();
                Ok((name.to_string(), read_path(path)?))
            });
        let values: Vec<(String, Path)> = values.collect::<Result<_, InputProblem>>()?;
        let is_known =
            |name: &str| OF_RULES.contains(&name) || values.iter().any(|(known, _)| known == name);
        match placeholders(template).find(|name| !is_known(name)) {
            Some(name) => Err(InputProblem::Placeholder(name.to_owned())),
            None => Ok(InputForm::Template {
                values,
                text: template.to_owned(),
            }),
        }
    }

    /// The text that a target gets.
    pub(crate) fn apply(&self, event: &Json, about: &About<'_>) -> String {
        match self {
            InputForm::Event => event.to_text(),
            InputForm::Constant(text) => text.clone(),
            InputForm::Part(path) => part(path, event).to_text(),
            InputForm::Template { values, text } => filled(text, |name| {
                if let Some((_, path)) = values.iter().find(|(known, _)| known == name) {
                    return Some(part(path, event));
                }
                match name {
                    "aws.events.rule-arn" => Some(Json::from(about.rule_arn)),
                    "aws.events.rule-name" => Some(Json::from(about.rule_name)),
                    "aws.events.event.ingestion-time" => Some(Json::from(&*about.ingested_at)),
                    "aws.events.event" => Some(without_detail(event)),
                    "aws.events.event.json" => Some(event.clone()),
                    _ => None,
                }
            }),
        }
    }
}

fn read_path(path: &str) -> Result<Path, InputProblem> {
    Path::parse(path).map_err(|_| InputProblem::Path(path.to_owned()))
}

/// The names in `<name>`; other text between `<` and `>` is text.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    let names = template.split('<').skip(1);
    let names = names.filter_map(|rest| Some(rest.split_once('>')?.0.trim()));
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    names.filter(move |name| !name.is_empty() && name.chars().all(legal))
}

/// What is not there is null.
fn part(path: &Path, event: &Json) -> Json {
    path.read_from(event).unwrap_or(Json::Null)
}

fn without_detail(event: &Json) -> Json {
    let event = event.as_object();
    event.map_or(Json::Null, |event| Json::from(event.without("detail")))
}

/// Puts values in place of `<name>`: as JSON, or, inside a quoted text, as the text alone.
fn filled(template: &str, value: impl Fn(&str) -> Option<Json>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    let (mut quoted, mut escaped) = (false, false);
    while let Some(character) = rest.chars().next() {
        let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        if let Some((name, behind)) = name
            && let Some(value) = value(name.trim())
        {
            out.push_str(&printed(&value, quoted));
            rest = behind;
            continue;
        }
        match character {
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = character == '\\' && !escaped;
        out.push(character);
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    out
}

fn printed(value: &Json, quoted: bool) -> String {
    if !quoted {
        return value.to_text();
    }
    let text = match value.as_str() {
        Some(text) => Json::from(text).to_text(),
        None => Json::from(value.to_text()).to_text(),
    };
    // Without the quotes around it, but with what is escaped inside.
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn inputs_are_what_the_target_says() {
        let event = json!({"id": "1", "detail": {"name": "a\"b", "n": 5, "o": {"x": 1}}});
        let about = About {
            rule_arn: "arn:r",
            rule_name: "r",
            ingested_at: "now".to_owned(),
        };
        let transformer = |template: &str| {
            let paths = r#"{"name": "$.detail.name", "n": "$.detail.n", "o": "$.detail.o", "gone": "$.gone"}"#;
            let template = Json::from(template).to_text();
            format!(
                r#"{{"InputTransformer": {{"InputPathsMap": {paths}, "InputTemplate": {template}}}}}"#
            )
        };
        for (target, expect) in [
            ("{}".to_owned(), event.to_text()),
            (
                r#"{"Input": "{\"a\":1}"}"#.to_owned(),
                r#"{"a":1}"#.to_owned(),
            ),
            (
                r#"{"InputPath": "$.detail.o"}"#.to_owned(),
                r#"{"x":1}"#.to_owned(),
            ),
            (
                transformer(r#"{"a": <name>, "n": <n>, "o": <o>}"#),
                r#"{"a": "a\"b", "n": 5, "o": {"x":1}}"#.to_owned(),
            ),
            (
                transformer(r#""<name> has <n> of <o>""#),
                r#""a\"b has 5 of {\"x\":1}""#.to_owned(),
            ),
            (
                transformer("<gone> <a b> <aws.events.rule-name>"),
                r#"null <a b> "r""#.to_owned(),
            ),
        ] {
            let json = Json::parse(&target).unwrap();
            let form = InputForm::read(json.as_object().unwrap()).unwrap();
            assert_eq!(form.apply(&event, &about), expect, "{target}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_reason() {
        for target in [
            r#"{"Input": "{"}"#,
            r#"{"InputPath": "detail"}"#,
            r#"{"InputTransformer": {}}"#,
            r#"{"InputTransformer": {"InputTemplate": "x", "InputPathsMap": {"a": "["}}}"#,
            r#"{"InputTransformer": {"InputTemplate": "<b>", "InputPathsMap": {"a": "$.a"}}}"#,
            r#"{"InputTransformer": {"InputTemplate": "x", "InputPathsMap": {"AWS.x": "$.a"}}}"#,
        ] {
            let json = Json::parse(target).unwrap();
            assert!(
                InputForm::read(json.as_object().unwrap()).is_err(),
                "{target}"
            );
        }
    }
}

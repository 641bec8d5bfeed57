//! `--jq`: the output of a command through a jq expression, by jaq.

use jaq_core::load::{Arena, Error, File, Loader};
use jaq_core::{Compiler, Ctx, Filter, Vars, data, unwrap_valr};
use jaq_json::{Val, read};
use passo_json::Json;

type Data = data::JustLut<Val>;

/// A jq expression that can be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JqExpression(String);

impl JqExpression {
    /// Reads the option.
    ///
    /// # Errors
    /// What is wrong with the expression, and where.
    pub fn parse(text: &str) -> Result<JqExpression, String> {
        compile(text).map(|_| JqExpression(text.to_owned()))
    }

    /// What the expression makes of `value`, each as one line: texts as they are, everything else as JSON.
    ///
    /// # Errors
    /// What the expression cannot do with that value.
    pub(super) fn lines(&self, value: &Json) -> Result<Vec<String>, String> {
        let filter = compile(&self.0)?;
        let value =
            read::parse_single(value.to_text().as_bytes()).map_err(|error| error.to_string())?;
        let context = Ctx::<Data>::new(&filter.lut, Vars::new([]));
        let outputs = filter.id.run((context, value)).map(unwrap_valr);
        outputs
            .map(|output| match output {
                Ok(Val::TStr(text)) => Ok(String::from_utf8_lossy(&text).into_owned()),
                Ok(output) => Ok(output.to_string()),
                Err(error) => Err(error.to_string()),
            })
            .collect()
    }
}

fn compile(text: &str) -> Result<Filter<Data>, String> {
    let definitions = jaq_core::defs()
        .chain(jaq_std::defs())
        .chain(jaq_json::defs());
    let functions = jaq_core::funs()
        .chain(jaq_std::funs())
        .chain(jaq_json::funs());
    let arena = Arena::default();
    let program = File {
        code: text,
        path: (),
    };
    let modules = Loader::new(definitions)
        .load(&arena, program)
        .map_err(|errors| {
            let first = errors.into_iter().next().map(|(_, error)| why(error));
            first
                .flatten()
                .unwrap_or_else(|| "it cannot be read".to_owned())
        })?;
    Compiler::default()
        .with_funs(functions)
        .compile(modules)
        .map_err(|errors| {
            let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
            first.map_or_else(String::new, |(name, kind)| {
                format!("there is no {} `{name}`", kind.as_str())
            })
        })
}

fn why(error: Error<&str>) -> Option<String> {
    let near = |found: &str| match found.is_empty() {
        true => "at the end".to_owned(),
        false => format!("at `{found}`"),
    };
    match error {
        Error::Io(errors) => errors.into_iter().next().map(|(_, error)| error),
        Error::Lex(errors) => errors
            .into_iter()
            .next()
            .map(|(expect, found)| format!("{} expected {}", expect.as_str(), near(found))),
        Error::Parse(errors) => errors
            .into_iter()
            .next()
            .map(|(expect, found)| format!("{} expected {}", expect.as_str(), near(found))),
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn values_go_through_the_expression() {
        let value = json!([{"name": "a", "n": 1}, {"name": "b", "n": 2.5}, {"name": "c", "n": 12_345_678_901_234_567_i64}]);
        for (expression, expect) in [
            (".[].name", vec!["a", "b", "c"]),
            ("map(.n)", vec!["[1,2.5,12345678901234567]"]),
            (
                r#".[] | select(.n > 1 and .n < 9) | "\(.name)=\(.n)""#,
                vec!["b=2.5"],
            ),
            ("length", vec!["3"]),
            ("empty", vec![]),
        ] {
            let expression = JqExpression::parse(expression).unwrap();
            assert_eq!(expression.lines(&value).unwrap(), expect, "{expression:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (expression, expect) in [
            (".[", "closing bracket expected at the end"),
            ("nothing(.)", "there is no filter `nothing`"),
            (". |", "term expected at the end"),
        ] {
            assert_eq!(JqExpression::parse(expression).unwrap_err(), expect);
        }
        let expression = JqExpression::parse(".name").unwrap();
        assert!(expression.lines(&json!([1])).unwrap_err().contains("index"));
    }
}

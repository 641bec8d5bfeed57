//! Any text can be parsed, and whatever parses can be evaluated on any document.

use passo_expr::{
    ContextObject, Environment, Expression, Intrinsic, Path, QueryLanguage, ReferencePath, Scope,
    Template, Variables,
};
use passo_json::{Json, Payload, json};
use passo_vocab::{Entropy, Timestamp};
use proptest::prelude::*;

/// Pieces that paths and calls are made of; random sequences of them come close to real ones.
const PIECES: &[&str] = &[
    "$",
    "$$",
    "@",
    ".",
    "..",
    "a",
    "b",
    "[",
    "]",
    "*",
    "0",
    "-1",
    ":",
    ",",
    "?(",
    "?",
    "(",
    ")",
    "'a'",
    "\"b\"",
    "'",
    "\\",
    "==",
    "<",
    "=~",
    "/a+/i",
    "&&",
    "||",
    "!",
    " in ",
    " size ",
    " empty ",
    "true",
    "null",
    "1.5",
    "length()",
    "sum()",
    "index(",
    "States.Array(",
    "States.Format(",
    "States.MathAdd(",
    "{}",
    "{",
    "}",
    " ",
    "é",
    "States.ArrayRange(",
    "States.ArrayGetItem(",
    "States.StringSplit(",
    "States.MathRandom(",
];

fn near_misses() -> impl Strategy<Value = String> {
    let pieces = proptest::collection::vec(proptest::sample::select(PIECES), 0..14);
    pieces.prop_map(|pieces| pieces.concat())
}

fn paths() -> impl Strategy<Value = String> {
    near_misses().prop_map(|tail| format!("$.a{tail}"))
}

fn documents() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Json::from),
        "[a-c]{0,3}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::vec(("[ab]", inner), 0..4)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

fn evaluate_everything(text: &str, document: &Json) {
    let environment = Environment {
        now: Timestamp::from_epoch_millis(0),
        entropy: Entropy::from_seed(1),
    };
    let input = Payload::from(document.clone());
    let context = ContextObject::from_json(document.clone());
    let variables = Variables::new().with_assigned([("a".into(), document.clone())]);
    let scope = Scope::new(&input, &context, &variables, &environment);
    if let Ok(path) = Path::parse(text) {
        let is_definite = path.is_definite();
        if let Ok(found) = path.read(&scope) {
            assert!(
                is_definite || found.as_array().is_some(),
                "{text} found {found}"
            );
        }
    }
    if let Ok(path) = ReferencePath::parse(text) {
        let _ = path.write(document, json!(1));
    }
    if let Ok(call) = Intrinsic::parse(text) {
        let _ = call.evaluate(&scope);
    }
    let _ = Expression::delimited(text);
    let template = json!({ "x.$": text, "y": [text] });
    for language in [QueryLanguage::JsonPath, QueryLanguage::Jsonata] {
        if let Ok(template) = Template::compile(language, &template) {
            let _ = template.evaluate(&scope, "Parameters");
        }
    }
}

proptest! {
    #[test]
    fn on_any_text(text in any::<String>(), document in documents()) {
        evaluate_everything(&text, &document);
    }

    #[test]
    fn on_near_misses(text in near_misses(), document in documents()) {
        evaluate_everything(&text, &document);
    }

    #[test]
    fn on_paths(text in paths(), document in documents()) {
        evaluate_everything(&text, &json!({ "a": document }));
    }
}

//! Whatever happens to a right definition: no panic, and it compiles or is told why not, at a place.

use passo_asl::{CompileOptions, Format, compile};
use passo_json::{Json, json};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::{definitions, format_of};

/// What is done to one value of a definition.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(Json),
    Remove,
    Rename(String),
    Wrap,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let values = prop_oneof![
        Just(Json::Null),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1.5)),
        Just(json!([])),
        Just(json!({})),
        Just(json!([1, "a"])),
        Just(json!({ "a.$": "$.b" })),
        "[ -~]{0,12}".prop_map(Json::from),
        prop_oneof![
            "\\$[.a\\[\\]*?(@)]{0,8}",
            "\\{% [$a-z.+(\\[]{0,10} %\\}",
            "States\\.[A-Z(),'$.]{0,10}"
        ]
        .prop_map(Json::from),
    ];
    let keys = prop_oneof![
        Just("Next"),
        Just("End"),
        Just("Type"),
        Just("States"),
        Just("Output"),
        Just("Catch"),
        Just("x"),
        Just(""),
    ];
    prop_oneof![
        4 => values.prop_map(Mutation::Replace),
        2 => Just(Mutation::Remove),
        1 => keys.prop_map(|key| Mutation::Rename(key.to_owned())),
        1 => Just(Mutation::Wrap),
    ]
}

/// How many values a tree has, itself included.
fn count(value: &Json) -> usize {
    1 + match value {
        Json::Array(items) => items.iter().map(count).sum::<usize>(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The tree with the value at `target` changed; `target` counts down in document order.
fn mutate(value: &Json, target: &mut usize, mutation: &Mutation) -> Option<Json> {
    if *target == 0 {
        *target = usize::MAX;
        return match mutation {
            Mutation::Replace(other) => Some(other.clone()),
            Mutation::Remove => None,
            Mutation::Rename(_) => Some(value.clone()),
            Mutation::Wrap => Some(Json::from(vec![value.clone()])),
        };
    }
    *target = target.wrapping_sub(1);
    Some(match value {
        Json::Array(items) => {
            let kept: Vec<Json> = items
                .iter()
                .filter_map(|item| mutate(item, target, mutation))
                .collect();
            Json::from(kept)
        }
        Json::Object(members) => {
            let kept = members.iter().filter_map(|(key, value)| {
                let hit = *target == 0;
                let value = mutate(value, target, mutation)?;
                Some(match mutation {
                    Mutation::Rename(name) if hit => (std::sync::Arc::from(name.as_str()), value),
                    _ => (key.clone(), value),
                })
            });
            Json::Object(kept.collect())
        }
        other => other.clone(),
    })
}

fn compiles_or_is_told(text: &str, format: Format) {
    if let Err(findings) = compile(text, format, &CompileOptions::default()) {
        assert!(
            findings.iter().any(passo_asl::Diagnostic::is_error),
            "{text}"
        );
        for finding in findings {
            let span = finding.span;
            assert!(
                span.start <= span.end && span.end <= text.len() + 1,
                "{finding:?} in {text}"
            );
            assert!(!finding.message.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_values(
        which in any::<Index>(),
        mutations in prop::collection::vec((any::<Index>(), mutation()), 1..3),
    ) {
        let all = definitions("right");
        let json: Vec<_> = all.iter().filter(|(path, _)| format_of(path) == Format::Json).collect();
        let mut tree = Json::parse(&which.get(&json).1).unwrap();
        for (place, mutation) in mutations {
            let mut target = place.index(count(&tree));
            tree = mutate(&tree, &mut target, &mutation).unwrap_or(Json::Null);
        }
        compiles_or_is_told(&tree.to_text(), Format::Json);
        compiles_or_is_told(&tree.to_text(), Format::Yaml);
    }

    #[test]
    fn of_text(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), "[\\PC\n\t{}\\[\\]:,&*!|>'\"%-]{0,3}", 0_usize..4), 1..4),
    ) {
        let all = definitions("right");
        let (path, text) = which.get(&all);
        let mut characters: Vec<char> = text.chars().collect();
        for (place, inserted, removed) in changes {
            let start = place.index(characters.len() + 1);
            let end = (start + removed).min(characters.len());
            characters.splice(start..end, inserted.chars());
        }
        let text: String = characters.into_iter().collect();
        compiles_or_is_told(&text, format_of(path));
        compiles_or_is_told(&text, Format::Yaml);
    }

    #[test]
    fn of_nothing(text in "\\PC{0,60}") {
        compiles_or_is_told(&text, Format::Json);
        compiles_or_is_told(&text, Format::Yaml);
    }
}

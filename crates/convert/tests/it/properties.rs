//! Random states on random inputs.

use passo_convert::Severity;
use passo_json::{Json, ObjectBuilder, json};
use proptest::prelude::*;

use crate::run::{converted, same};

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-3i64..10).prop_map(Json::from),
        Just(json!(2.5)),
        prop_oneof![
            Just(""),
            Just("x"),
            Just("5"),
            Just("a b"),
            Just("2024-01-01T00:00:00Z")
        ]
        .prop_map(Json::from),
    ]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("a"), Just("b"), Just("c d")]
}

fn value() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((name(), inner), 0..4).prop_map(|members| {
                let mut object = ObjectBuilder::new();
                for (name, value) in members {
                    object.insert(name, value);
                }
                Json::from(object.build())
            }),
        ]
    })
}

fn step() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => name().prop_map(|name| format!("['{name}']")),
        2 => (-2i64..3).prop_map(|index| format!("[{index}]")),
        1 => Just("[?(@.a)]".to_owned()),
        1 => Just("[?(@.b > 2 || !(@.a == 'x'))]".to_owned()),
        1 => Just("[1:]".to_owned()),
        1 => Just("['a','b']".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    (
        prop_oneof![5 => Just("$"), 1 => Just("$order"), 1 => Just("$$.Execution")],
        prop::collection::vec(step(), 0..4),
    )
        .prop_map(|(root, steps)| format!("{root}{}", steps.concat()))
}

fn reference() -> impl Strategy<Value = Json> {
    prop_oneof![
        1 => Just(Json::Null),
        1 => Just(json!("$")),
        4 => prop::collection::vec(name(), 1..3).prop_map(|names| {
            let steps: Vec<String> = names.iter().map(|name| format!("['{name}']")).collect();
            Json::from(format!("${}", steps.concat()))
        }),
    ]
}

fn call() -> impl Strategy<Value = String> {
    (path(), path()).prop_flat_map(|(one, two)| {
        prop_oneof![
            Just(format!("States.Array({one}, {two}, 1)")),
            Just(format!("States.ArrayContains({one}, {two})")),
            Just(format!("States.ArrayLength({one})")),
            Just(format!("States.ArrayUnique({one})")),
            Just(format!("States.ArrayPartition({one}, 2)")),
            Just(format!("States.JsonMerge({one}, {two}, false)")),
            Just(format!("States.StringSplit({one}, ' ,')")),
            Just(format!("States.Hash({one}, 'MD5')")),
        ]
    })
}

fn template() -> impl Strategy<Value = Json> {
    (path(), call(), value(), path()).prop_map(|(one, call, fixed, two)| {
        let mut object = ObjectBuilder::new();
        object
            .insert("one.$", one)
            .insert("call.$", call)
            .insert("fixed", fixed)
            .insert("deep", json!([{"two.$": two}]));
        Json::from(object.build())
    })
}

fn condition() -> impl Strategy<Value = Json> {
    let leaf = (path(), path(), scalar()).prop_flat_map(|(left, right, value)| {
        let mut all = vec![
            json!({"IsPresent": true}),
            json!({"IsNull": true}),
            json!({"IsNumeric": false}),
            json!({"IsString": true}),
            json!({"IsBoolean": true}),
            json!({"NumericGreaterThan": 2}),
            json!({"NumericEquals": 5}),
            json!({"StringLessThanEquals": "b"}),
            json!({"StringMatches": "*a*"}),
            json!({"BooleanEquals": false}),
            json!({"NumericLessThanPath": right.clone()}),
            json!({"StringEqualsPath": right.clone()}),
            json!({"BooleanEqualsPath": right.clone()}),
            json!({"NumericEqualsPath": right}),
        ];
        if let Json::String(text) = value {
            all.push(json!({"StringEquals": (*text).to_owned()}));
        }
        prop::sample::select(all).prop_map(move |one| {
            let Json::Object(one) = one else {
                unreachable!()
            };
            Json::from(one.with("Variable", left.clone()))
        })
    });
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({"And": all})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({"Or": all})),
            inner.prop_map(|one| json!({"Not": one})),
        ]
    })
}

/// Runs it where all of it can be converted and nothing is told to differ for these values.
fn check(state: &Json, input: &Json, work: Option<&Json>) {
    let options = passo_asl::CompileOptions::default();
    let compiles =
        passo_asl::compile_state(&state.to_text(), passo_asl::Format::Json, &options).is_ok();
    let (found, _) = converted(state);
    let is_told = |code: &str| ["LOOSE_EQUALITY", "PRESENCE", "MANY_VALUES"].contains(&code);
    let is_exact = found
        .findings
        .iter()
        .all(|one| one.severity > Severity::Warning && !is_told(one.code.name()));
    if compiles && is_exact {
        same(state, input, work);
    }
}

proptest! {


    #[test]
    fn tasks(input in value(), result in value(), parameters in template(), selector in template(), at in reference(), out in reference()) {
        let plain = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": at.clone(), "OutputPath": out, "End": true});
        check(&plain, &input, Some(&result));
        let shaped = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": parameters, "ResultSelector": selector, "ResultPath": at, "End": true});
        check(&shaped, &input, Some(&result));
        check(&shaped, &input, None);
    }

    #[test]
    fn passes(input in value(), parameters in template(), from in path(), at in reference()) {
        check(&json!({"Type": "Pass", "InputPath": from, "Parameters": parameters, "ResultPath": at, "End": true}), &input, None);
    }

    #[test]
    fn single_values(input in value(), one in path()) {
        let parameters = Json::from(ObjectBuilder::new().insert("one.$", one).build());
        check(&json!({"Type": "Pass", "Parameters": parameters, "End": true}), &input, None);
    }

    #[test]
    fn single_calls(input in value(), one in call()) {
        let parameters = Json::from(ObjectBuilder::new().insert("one.$", one).build());
        check(&json!({"Type": "Pass", "Parameters": parameters, "End": true}), &input, None);
    }

    #[test]
    fn choices(input in value(), condition in condition()) {
        let Json::Object(rule) = condition else { unreachable!() };
        let rule = Json::from(rule.with("Next", "S"));
        let state = json!({"Type": "Choice", "Choices": [rule], "Default": "Other", "OutputPath": "$"});
        check(&state, &input, None);
    }
}

//! Paths and intrinsic functions, as tables: what they become, and the same on many inputs.

use passo_convert::Severity;
use passo_json::{Json, json};

use crate::run::{Did, converted, run, same};

fn inputs() -> Vec<Json> {
    [
        r#"{"a": 1, "b": {"c": [1, 2], "d": "x"}, "s": "a,b;;c", "l": [3, 1, 3], "n": null, "t": true, "i": 1}"#,
        r#"{"a": 2.5, "b": {"c": []}, "s": "", "l": [], "n": {}, "t": false, "i": 0}"#,
        r#"{"a": "1", "b": {"c": [[1], [2, [3]]]}, "s": "é", "l": [[1]], "n": [null], "t": "true", "i": 5}"#,
        r#"{"a": [], "b": {"c": [{"k": 1, "v": [1]}, {"k": 2}, {"v": [[2]]}, {"k": "1", "v": []}]}, "l": [{"x": 1}]}"#,
        r#"{"a": {}, "b": {"c": [{"v": [[1, 2]]}]}, "l": ["one"], "s": "{\"j\": [1]}", "odd name": {"x`y": 4, "and": 5}}"#,
        r#"{}"#,
    ]
    .iter()
    .map(|text| Json::parse(text).unwrap())
    .collect()
}

fn pass(expression: &str) -> Json {
    let parameters = Json::from(
        passo_json::ObjectBuilder::new()
            .insert("x.$", expression)
            .build(),
    );
    json!({"Type": "Pass", "Parameters": parameters, "End": true})
}

#[track_caller]
fn check(expression: &str, expect: &str) {
    let (_, after) = converted(&pass(expression));
    let value = after
        .pointer("/Output/x")
        .unwrap_or_else(|| panic!("{after}"));
    assert_eq!(
        value.as_str(),
        Some(&*format!("{{% {expect} %}}")),
        "{expression}"
    );
    for input in inputs() {
        same(&pass(expression), &input, None);
    }
}

#[test]
fn paths() {
    check("$", "$states.input");
    check("$.b.c", "$states.input.b.c");
    check("$['odd name']['and']", "$states.input.`odd name`.`and`");
    check(
        "$['odd name']['x`y']",
        "$lookup($states.input.`odd name`, \"x`y\")",
    );
    check(
        "$.b.c[0]",
        "$exists($states.input.b.c[0]) ? $states.input.b.c[0] : null",
    );
    check("$.b.c[0].v", "$states.input.b.c[0].v");
    check("$.b.c[-1].k", "$states.input.b.c[-1].k");
    check("$$.Execution.Id", "$states.context.Execution.Id");
    check("$order.lines", "$order.lines");
    check(
        "$.b['c','d']",
        "{ \"c\": $states.input.b.c, \"d\": $states.input.b.d }",
    );
}

#[test]
fn paths_to_many_values() {
    check("$.b.c[*]", "[$states.input.b.c]");
    check(
        "$.b.c[*].k",
        "[$map($states.input.b.c, function($v) { $v.k })[]]",
    );
    check("$.b.c[*].v[*]", "[$states.input.b.c.v]");
    check(
        "$.l[1:]",
        "[$filter($states.input.l, function($v, $i, $a) { $i >= 1 })[]]",
    );
    check(
        "$.l[:2]",
        "[$filter($states.input.l, function($v, $i, $a) { $i < 2 })[]]",
    );
    check(
        "$.l[-2:]",
        "[$filter($states.input.l, function($v, $i, $a) { $i >= $count($a) - 2 })[]]",
    );
    check(
        "$.b.c[?(@.v)]",
        "[$filter($states.input.b.c, function($v) { $exists($v.v) })[]]",
    );
    check(
        "$.b.c[?(@.k > 1)].v",
        "[$map($filter($states.input.b.c, function($v) { $type($v.k) = \"number\" and $v.k > 1 })[], function($v) { $v.v })[]]",
    );
    check(
        "$.b.c[?(@.d == 'x' || !(@.k))]",
        "[$filter($states.input.b.c, function($v) { ($v.d = \"x\") or ($not($exists($v.k))) })[]]",
    );
}

#[test]
fn functions() {
    check("States.Format('id-{}', $.s)", "\"id-\" & $states.input.s");
    check("States.Format('{}', $.s)", "\"\" & $states.input.s");
    check(
        "States.Format('{}/{}', $.s, $total)",
        "$states.input.s & \"/\" & $total",
    );
    check("States.Array(1, 'two', null)", "[1, \"two\", null]");
    check(
        "States.Array($.b.c, 1)",
        "[$each({ \"item0\": $states.input.b.c, \"item1\": 1 }, function($v) { $v })[]]",
    );
    check("States.ArrayContains($.l, 3)", "3 in $states.input.l");
    check(
        "States.ArrayContains($.l, $.a)",
        "$count($filter($states.input.l, function($v) { $v = $states.input.a })) > 0",
    );
    check("States.ArrayGetItem($.l, 0)", "$states.input.l[0]");
    check(
        "States.ArrayGetItem($.l, $.i)",
        "$states.input.l[$states.input.i]",
    );
    check("States.ArrayLength($.l)", "$count($states.input.l)");
    check(
        "States.ArrayPartition($.l, 2)",
        "[$partition($states.input.l, 2)]",
    );
    check("States.ArrayRange(1, 9, 2)", "[$range(1, 9, 2)]");
    check("States.ArrayRange(1, 1, 2)", "[$range(1, 1, 2)]");
    check("States.ArrayUnique($.l)", "[$distinct($states.input.l)]");
    check("States.Base64Encode('plain')", "$base64encode(\"plain\")");
    check(
        "States.Base64Decode('cGxhaW4=')",
        "$base64decode(\"cGxhaW4=\")",
    );
    check(
        "States.Hash($.b, 'SHA-256')",
        "$hash($string($states.input.b), \"SHA-256\")",
    );
    check(
        "States.JsonMerge($.b, $.n, false)",
        "$merge([$states.input.b, $states.input.n])",
    );
    check("States.JsonToString($.b)", "$string($states.input.b)");
    check("States.MathAdd($total, -1)", "$total + (-1)");
    check(
        "States.StringSplit($.s, ',')",
        "[$filter($split($states.input.s, \",\"), function($v) { $v != \"\" })[]]",
    );
    check(
        "States.StringSplit($.s, ',;')",
        "[$filter($split($states.input.s, /[\\,\\;]/), function($v) { $v != \"\" })[]]",
    );
    check("States.StringToJson($.s)", "$parse($states.input.s)");
    check(
        "States.Array(States.Array(States.MathAdd(1, 2)), States.ArrayLength($.l))",
        "[[1 + 2], $count($states.input.l)]",
    );
}

#[test]
fn chance_stays_within_its_bounds() {
    let (_, after) = converted(&pass("States.MathRandom(5, 8)"));
    for _ in 0..50 {
        let Did::WentOn(shown) = run(&after, &json!({}), None) else {
            panic!("{after}");
        };
        let drawn = shown.pointer("/output/x").and_then(Json::as_i64).unwrap();
        assert!((5..8).contains(&drawn), "{drawn}");
    }
}

#[test]
fn what_cannot_be_said_stays_and_is_told() {
    for expression in [
        "$..x",
        "$.l.sum()",
        "$.b.c[*][0]",
        "$.l[0,1]",
        "$.b.c[?(@.k =~ /1.*/)]",
        "States.Format($.s, 1)",
    ] {
        let state = pass(expression);
        let (found, after) = converted(&state);
        assert_eq!(after, state, "{expression}");
        assert_eq!(found.left, 1);
        let finding = found
            .findings
            .iter()
            .find(|one| one.severity == Severity::Error);
        assert_eq!(finding.unwrap().location, "/States/S/Parameters/x.$");
    }
}

#[test]
fn what_may_differ_is_told() {
    for (expression, code) in [
        ("States.Format('{}', $.a)", "FORMATTED_COLLECTION"),
        ("States.JsonToString($.a)", "UNQUOTED_TEXT"),
        ("States.MathAdd($.a, 1)", "ROUNDING"),
        ("States.MathRandom(1, 2, 3)", "SEEDED_RANDOM"),
        ("States.Base64Encode($.a)", "BASE64"),
        ("$.b[*]", "MANY_VALUES"),
        ("$.l[?(@.x == 1)]", "LOOSE_EQUALITY"),
    ] {
        let (found, _) = converted(&pass(expression));
        let codes: Vec<&str> = found.findings.iter().map(|one| one.code.name()).collect();
        assert!(codes.contains(&code), "{expression}: {codes:?}");
    }
}

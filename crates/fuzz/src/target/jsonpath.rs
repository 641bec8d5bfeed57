//! Paths and reference paths, read and written.

use passo_expr::{Path, ReferencePath};
use passo_json::Json;

use super::Target;
use super::scope::with_scope;
use crate::case::{Case, Outcome};
use crate::grammar;

pub(super) const TARGET: Target = Target {
    name: "jsonpath",
    seeds: &SEEDS,
    words: &grammar::jsonpath::WORDS,
    trees: false,
    generate: grammar::jsonpath::path,
    run,
};

fn run(case: &Case) -> Outcome {
    with_scope(&case.data, |scope| {
        let mut outcome = Outcome::Refused;
        if let Ok(path) = Path::parse(&case.code) {
            outcome = Outcome::Accepted;
            let payload = path.read_payload(scope).ok();
            match path.read(scope) {
                Ok(value) => assert_eq!(payload.map(|payload| payload.json().clone()), Some(value)),
                Err(error) => drop(error.into_not_found("InputPath", scope)),
            }
        }
        if let Ok(path) = ReferencePath::parse(&case.code) {
            outcome = Outcome::Accepted;
            if let Ok(root) = path.write(scope.input.json(), Json::from("written")) {
                let found = path.as_path().read_from(&root);
                assert_eq!(
                    found.ok(),
                    Some(Json::from("written")),
                    "what is written is read"
                );
            }
        }
        outcome
    })
}

const SEEDS: [&str; 40] = [
    "$",
    "$$",
    "$.a",
    "$.a.b[0]",
    "$['a']['b c']",
    "$.a['b','c']",
    "$.items[*].price",
    "$.items[0,2]",
    "$.items[1:3]",
    "$.items[-1:]",
    "$.items[:-1:2]",
    "$..price",
    "$..*",
    "$..[0]",
    "$.*",
    "$[?(@.a)]",
    "$[?(@.a > 1)]",
    "$[?(@.a >= 1 && @.b != 'x')]",
    "$[?(@.a == 1 || !(@.b))]",
    "$[?(@.name =~ /x.*/i)]",
    "$[?(@.id in [1, 2, 3])]",
    "$[?(@.tags contains 'p')]",
    "$[?(@.tags size 2)]",
    "$[?(@.tags empty true)]",
    "$[?(@.tags subsetof ['p', 'q', 'r'])]",
    "$[?(@.id nin [1])]",
    "$[?(@.id == $.id)]",
    "$[?(@['id'] < 3)].tags[0]",
    "$.length()",
    "$.items.length()",
    "$.numbers.min()",
    "$.numbers.max()",
    "$.numbers.avg()",
    "$.numbers.sum()",
    "$.numbers.stddev()",
    "$.a.keys()",
    "$.concat($.a, 'b')",
    "$$.Execution.Id",
    "$v.a[0]",
    "$n",
];

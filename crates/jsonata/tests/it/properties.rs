//! Whatever the source is, compiling and evaluating end without a panic.

use crate::run::{ORDERS, outcome};
use passo_json::Json;
use passo_jsonata::Limits;
use proptest::prelude::*;

/// Pieces of expressions, so that random texts are often nearly right.
const PIECES: [&str; 48] = [
    "a",
    "orders",
    "lines",
    "id",
    "$",
    "$$",
    "$x",
    "%",
    "*",
    "**",
    ".",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ":",
    ",",
    ";",
    ":=",
    "~>",
    "@$v",
    "#$i",
    "^(",
    "<",
    ">",
    "=",
    "?",
    "+",
    "-",
    "/",
    "&",
    " and ",
    " in ",
    "..",
    "|",
    "1",
    "0.5",
    "-1",
    "'s'",
    "null",
    "$map(",
    "$string(",
    "function($x){",
    "/a+/",
    "$sort(",
    "[]",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn random_expressions_end(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..20)) {
        let input = Json::parse(ORDERS).unwrap();
        let limits = Limits { steps: 20_000, ..Limits::default() };
        let first = outcome(&pieces.concat(), Some(&input), &limits);
        prop_assert_eq!(first, outcome(&pieces.concat(), Some(&input), &limits));
    }

    #[test]
    fn random_text_ends(source in "\\PC{0,40}") {
        outcome(&source, None, &Limits { steps: 20_000, ..Limits::default() });
    }

    #[test]
    fn numbers_survive_their_text(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        let input = Json::from(number);
        let text = outcome("$number($string($)) = $number($string($))", Some(&input), &Limits::default());
        prop_assert_eq!(text, "true");
    }
}

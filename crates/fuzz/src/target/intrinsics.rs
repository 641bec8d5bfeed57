//! Intrinsic functions, parsed and evaluated.

use passo_expr::Intrinsic;

use super::Target;
use super::scope::with_scope;
use crate::case::{Case, Outcome};
use crate::grammar;

pub(super) const TARGET: Target = Target {
    name: "intrinsics",
    seeds: &SEEDS,
    words: &grammar::intrinsics::WORDS,
    trees: false,
    generate: grammar::intrinsics::call,
    run,
};

fn run(case: &Case) -> Outcome {
    // The look that decides how a text is read must hold for any text.
    let _ = Intrinsic::looks_like_call(&case.code);
    let Ok(call) = Intrinsic::parse(&case.code) else {
        return Outcome::Refused;
    };
    with_scope(&case.data, |scope| {
        if let Ok(value) = call.evaluate(scope) {
            drop(value.to_text());
        }
    });
    Outcome::Accepted
}

const SEEDS: [&str; 24] = [
    "States.Format('Hello {} and {}', $.a, 'b')",
    "States.Format('\\{\\} {}', 1)",
    "States.StringToJson('{\"a\": 1}')",
    "States.StringToJson($.text)",
    "States.JsonToString($)",
    "States.Array(1, 'a', null, true, $.a)",
    "States.Array()",
    "States.ArrayPartition($, 2)",
    "States.ArrayContains($, 3)",
    "States.ArrayRange(1, 9, 2)",
    "States.ArrayRange(0, 1000, 1)",
    "States.ArrayGetItem($, 0)",
    "States.ArrayLength($)",
    "States.ArrayUnique($)",
    "States.Base64Encode('text')",
    "States.Base64Decode('dGV4dA==')",
    "States.Hash($, 'SHA-256')",
    "States.JsonMerge($, $v, false)",
    "States.MathRandom(1, 10)",
    "States.MathRandom(1, 10, 7)",
    "States.MathAdd(1, -2)",
    "States.StringSplit('a,b;c', ',;')",
    "States.UUID()",
    "States.ArrayLength(States.StringSplit(States.Format('{}', $n), ' '))",
];

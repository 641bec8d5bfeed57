//! Calls of intrinsic functions.

use crate::random::Random;

/// Tokens of the language.
pub(crate) const WORDS: [&str; 30] = [
    "States.Format",
    "States.Array",
    "States.ArrayRange",
    "States.MathAdd",
    "States.StringToJson",
    "States.UUID",
    "States.JsonMerge",
    "States.Hash",
    "(",
    ")",
    ",",
    "'",
    "''",
    "'{}'",
    "\\'",
    "\\{",
    "\\\\",
    "{}",
    "$",
    "$.a",
    "$$.b",
    "$..*",
    "$v",
    "null",
    "true",
    "1",
    "-1",
    "1.5",
    "' '",
    "States.",
];

const FUNCTIONS: [&str; 18] = [
    "Format",
    "StringToJson",
    "JsonToString",
    "Array",
    "ArrayPartition",
    "ArrayContains",
    "ArrayRange",
    "ArrayGetItem",
    "ArrayLength",
    "ArrayUnique",
    "Base64Encode",
    "Base64Decode",
    "Hash",
    "JsonMerge",
    "MathRandom",
    "MathAdd",
    "StringSplit",
    "UUID",
];

const ARGUMENTS: [&str; 30] = [
    "1",
    "0",
    "-1",
    "3",
    "1.5",
    "1e3",
    "2147483648",
    "-9223372036854775809",
    "99999999999",
    "null",
    "true",
    "false",
    "''",
    "'a'",
    "'{}'",
    "'\\{{}\\}'",
    "'[1,2,{\"a\":null}]'",
    "'MD5'",
    "'SHA-1'",
    "'SHA-512'",
    "'dGV4dA=='",
    "'a,b c'",
    "', '",
    "'\\\\é😀'",
    "$",
    "$.a",
    "$.b[0]",
    "$..*",
    "$v",
    "$$.c",
];

/// A call.
pub(crate) fn call(random: &mut Random) -> String {
    let mut out = String::new();
    write(random, 0, &mut out);
    out
}

fn write(random: &mut Random, depth: usize, out: &mut String) {
    out.push_str("States.");
    out.push_str(random.pick(&FUNCTIONS));
    out.push('(');
    for argument in 0..random.below(4) {
        if argument > 0 {
            out.push_str(random.pick(&[", ", ",", " , "]));
        }
        if depth < 4 && random.once_in(3) {
            write(random, depth + 1, out);
        } else {
            out.push_str(random.pick(&ARGUMENTS));
        }
    }
    out.push(')');
}

//! The functions: names, numbers of arguments, bodies.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};
use crate::intrinsics::{
    array, array_contains, array_get_item, array_length, array_partition, array_range,
    array_unique, base64_decode, base64_encode, format, hash, json_merge, json_to_string, math_add,
    math_random, string_split, string_to_json, uuid,
};

/// A function of the language.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(super) arguments_min: usize,
    pub(super) arguments_max: usize,
    pub(super) body: fn(&Arguments<'_>) -> Result<Json, Problem>,
}

const ANY: usize = usize::MAX;

static FUNCTIONS: [Function; 18] = [
    function("States.Array", 0, ANY, array::call),
    function("States.ArrayContains", 2, 2, array_contains::call),
    function("States.ArrayGetItem", 2, 2, array_get_item::call),
    function("States.ArrayLength", 1, 1, array_length::call),
    function("States.ArrayPartition", 2, 2, array_partition::call),
    function("States.ArrayRange", 3, 3, array_range::call),
    function("States.ArrayUnique", 1, 1, array_unique::call),
    function("States.Base64Decode", 1, 1, base64_decode::call),
    function("States.Base64Encode", 1, 1, base64_encode::call),
    function("States.Format", 1, ANY, format::call),
    function("States.Hash", 2, 2, hash::call),
    function("States.JsonMerge", 3, 3, json_merge::call),
    function("States.JsonToString", 1, 1, json_to_string::call),
    function("States.MathAdd", 2, 2, math_add::call),
    function("States.MathRandom", 2, 3, math_random::call),
    function("States.StringSplit", 2, 2, string_split::call),
    function("States.StringToJson", 1, 1, string_to_json::call),
    function("States.UUID", 0, 0, uuid::call),
];

/// The function with that name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

const fn function(
    name: &'static str,
    arguments_min: usize,
    arguments_max: usize,
    body: fn(&Arguments<'_>) -> Result<Json, Problem>,
) -> Function {
    Function {
        name,
        arguments_min,
        arguments_max,
        body,
    }
}

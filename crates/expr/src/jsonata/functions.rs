//! The functions that Step Functions adds to JSONata.
//!
//! Source: Step Functions Developer Guide, "Transforming data with JSONata". What the guide leaves open (rounding
//! towards zero, what yields nothing, texts of errors) is what users of other emulators measured on AWS.

use passo_json::{Json, Number};
use passo_jsonata::{Error, HostFunctions, Profile};

use crate::Environment;
use crate::digest::hex_digest;
use crate::java_random::JavaRandom;

/// Items that `$range` yields at most: where AWS's memory limit was observed to strike.
const RANGE_MAX: u128 = 360_145;

/// The functions of one evaluation.
pub(crate) struct StepFunctions<'a> {
    pub(crate) environment: &'a Environment,
}

type Function = fn(&StepFunctions<'_>, &[Option<Json>]) -> Result<Option<Json>, Error>;

/// Name, signature, body.
const FUNCTIONS: [(&str, &str, Function); 7] = [
    ("partition", "<an?:a>", |_, arguments| partition(arguments)),
    ("range", "<nnn?:a>", |_, arguments| range(arguments)),
    ("hash", "<ss?:s>", |_, arguments| hash(arguments)),
    ("random", "<n?:n>", |functions, arguments| {
        Ok(functions.random(arguments))
    }),
    ("uuid", "<:s>", |functions, _| {
        Ok(Some(functions.environment.entropy.uuid_v4().into()))
    }),
    ("parse", "<s:x>", |_, arguments| parse(arguments)),
    // AWS takes `$eval` away without a word: calling it is calling nothing.
    ("eval", "<x?x?:x>", |_, _| {
        Err(Error::new("T1006", "Attempted to invoke a non-function"))
    }),
];

/// JSONata with these functions and without a context.
pub(crate) fn profile() -> Profile {
    let profile = Profile {
        forbid_context_root: true,
        ..Profile::default()
    };
    FUNCTIONS
        .iter()
        .fold(profile, |profile, (name, signature, _)| {
            profile.with_host_function(name, signature)
        })
}

impl HostFunctions for StepFunctions<'_> {
    fn call(&self, name: &str, arguments: &[Option<Json>]) -> Result<Option<Json>, Error> {
        match FUNCTIONS.iter().find(|(known, ..)| *known == name) {
            Some((_, _, function)) => function(self, arguments),
            None => Err(Error::new("T1006", "Attempted to invoke a non-function")),
        }
    }
}

impl StepFunctions<'_> {
    fn random(&self, arguments: &[Option<Json>]) -> Option<Json> {
        let drawn = match whole(arguments, 0) {
            Some(seed) => JavaRandom::from_seed(seed).next_double(),
            None => self.environment.entropy.unit_f64(),
        };
        Number::from_f64(drawn).map(Json::from)
    }
}

/// The list in chunks; without a size it is one chunk.
fn partition(arguments: &[Option<Json>]) -> Result<Option<Json>, Error> {
    let Some(Some(Json::Array(items))) = arguments.first() else {
        return Ok(None);
    };
    let size = match arguments.get(1) {
        Some(Some(_)) => whole(arguments, 1).unwrap_or_default(),
        Some(None) | None => i64::MAX,
    };
    if size < 0 {
        return Err(refusal("Second argument must be zero or greater"));
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size == 0 || items.is_empty() {
        return Ok(None);
    }
    let chunks = items.chunks(size).map(|chunk| Json::from(chunk.to_vec()));
    Ok(Some(Json::from(chunks.collect::<Vec<_>>())))
}

/// Numbers from the first to the last, both included. A single one comes without a list around it, as
/// sequences do in JSONata.
fn range(arguments: &[Option<Json>]) -> Result<Option<Json>, Error> {
    let (Some(first), Some(last), Some(step)) = (
        whole(arguments, 0),
        whole(arguments, 1),
        whole(arguments, 2),
    ) else {
        return Ok(None);
    };
    let distance = i128::from(last) - i128::from(first);
    if step == 0 || (distance != 0 && (distance < 0) != (step < 0)) {
        return Ok(None);
    }
    let steps = distance.unsigned_abs() / i128::from(step).unsigned_abs();
    if steps >= RANGE_MAX {
        return Err(Error::new(
            passo_jsonata::error::LIMIT,
            "Expression evaluation memory limit exceeded: Check for excessive memory usage",
        ));
    }
    let mut items = Vec::new();
    let mut next = first;
    for _ in 0..=steps {
        items.push(Json::from(next));
        next = next.saturating_add(step);
    }
    Ok(match <[Json; 1]>::try_from(items) {
        Ok([single]) => Some(single),
        Err(items) => Some(Json::from(items)),
    })
}

fn hash(arguments: &[Option<Json>]) -> Result<Option<Json>, Error> {
    let (Some(data), Some(algorithm)) = (text(arguments, 0), text(arguments, 1)) else {
        return Ok(None);
    };
    match hex_digest(algorithm, data) {
        Some(digest) => Ok(Some(Json::from(digest))),
        None => Err(refusal(format!(
            "Hash algorithm '{algorithm}' must be one of [MD5, SHA-1, SHA-256, SHA-384, SHA-512]"
        ))),
    }
}

fn parse(arguments: &[Option<Json>]) -> Result<Option<Json>, Error> {
    match text(arguments, 0) {
        Some(text) => Json::parse(text)
            .map(Some)
            .map_err(|_| refusal("Invalid JSON")),
        None => Ok(None),
    }
}

/// The code that the language keeps for errors a program raises itself.
fn refusal(message: impl Into<String>) -> Error {
    Error::new("D3137", message)
}

fn text(arguments: &[Option<Json>], at: usize) -> Option<&str> {
    arguments.get(at)?.as_ref()?.as_str()
}

/// A numeric argument without its fraction.
fn whole(arguments: &[Option<Json>], at: usize) -> Option<i64> {
    let number = match arguments.get(at)?.as_ref()? {
        Json::Number(number) => number,
        Json::Null | Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            return None;
        }
    };
    if let Some(exact) = number.as_i64() {
        return Some(exact);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, as Java's cast does"
    )]
    Some(number.as_f64().trunc() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;
    use passo_vocab::{Entropy, Timestamp};

    fn check(name: &str, arguments: &Json, expect: Option<Json>) {
        let environment = Environment {
            now: Timestamp::from_epoch_millis(0),
            entropy: Entropy::from_seed(1),
        };
        let functions = StepFunctions {
            environment: &environment,
        };
        let given: Vec<_> = arguments
            .as_array()
            .unwrap()
            .iter()
            .cloned()
            .map(Some)
            .collect();
        assert_eq!(
            functions.call(name, &given),
            Ok(expect),
            "{name} {arguments}"
        );
    }

    #[test]
    fn partition_splits_lists() {
        check(
            "partition",
            &json!([[0, 1, 2, 3], 3]),
            Some(json!([[0, 1, 2], [3]])),
        );
        check("partition", &json!([[0], 5]), Some(json!([[0]])));
        check("partition", &json!([[0, 1], 1.9]), Some(json!([[0], [1]])));
        check("partition", &json!([[0], 0]), None);
        check("partition", &json!([[0], -0.5]), None);
        check("partition", &json!([[], 2]), None);
        check("partition", &json!([[1, 2, 3]]), Some(json!([[1, 2, 3]])));
    }

    #[test]
    fn range_includes_its_end() {
        check("range", &json!([0, 6, 2]), Some(json!([0, 2, 4, 6])));
        check("range", &json!([0, 5, 2]), Some(json!([0, 2, 4])));
        check("range", &json!([-1.7, 2, 1]), Some(json!([-1, 0, 1, 2])));
        check("range", &json!([3, 1, -1]), Some(json!([3, 2, 1])));
        check("range", &json!([1, 1, 5]), Some(json!(1)));
        check("range", &json!([1, 5]), None);
        check("range", &json!([5, 1, -1.5]), Some(json!([5, 4, 3, 2, 1])));
        check("range", &json!([3, 1, 1]), None);
        check("range", &json!([1, 2, 0]), None);
        check(
            "range",
            &json!([i64::MAX - 1, i64::MAX, 1]),
            Some(json!([i64::MAX - 1, i64::MAX])),
        );
    }

    #[test]
    fn hash_random_and_parse() {
        check(
            "hash",
            &json!(["input", "SHA-1"]),
            Some(json!("140f86aae51ab9e1cda9b4254fe98a74eb54c1a1")),
        );
        check("hash", &json!(["input"]), None);
        check("random", &json!([0.9]), Some(json!(0.730967787376657)));
        check("random", &json!([42]), Some(json!(0.7275636800328681)));
        check(
            "parse",
            &json!([r#"{"a": [-0, 1.1]}"#]),
            Some(json!({"a": [0, 1.1]})),
        );
    }

    #[test]
    fn refuses_what_aws_refuses() {
        let environment = Environment {
            now: Timestamp::from_epoch_millis(0),
            entropy: Entropy::from_seed(1),
        };
        let functions = StepFunctions {
            environment: &environment,
        };
        for (name, arguments, code) in [
            ("partition", vec![json!([1]), json!(-1)], "D3137"),
            ("hash", vec![json!("a"), json!("sha-256")], "D3137"),
            ("parse", vec![json!("nope")], "D3137"),
            ("parse", vec![json!("1e400")], "D3137"),
            ("range", vec![json!(0), json!(i64::MAX), json!(1)], "U1001"),
            ("eval", vec![json!("1+1")], "T1006"),
        ] {
            let arguments: Vec<_> = arguments.into_iter().map(Some).collect();
            assert_eq!(functions.call(name, &arguments).unwrap_err().code, code);
        }
        assert_eq!(functions.call("range", &[None, None, None]), Ok(None));
        assert_eq!(
            functions.call("partition", &[None, Some(json!(1))]),
            Ok(None)
        );
    }
}

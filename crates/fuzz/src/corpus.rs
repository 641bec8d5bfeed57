//! The texts that cases are made from: the target's own, and those of a folder with recorded cases.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::target::{Target, TargetName};

/// The largest seed, in bytes: larger ones make slow cases without new shapes.
const SEED_BYTES_MAX: usize = 8_000;

/// The seeds of a target.
pub(crate) struct Corpus {
    pub(crate) codes: Vec<String>,
    pub(crate) data: Vec<String>,
}

/// Documents to run on.
const DATA: [&str; 12] = [
    "null",
    "{}",
    "[]",
    "0",
    "\"text\"",
    "[1,2,3,4,5]",
    r#"{"a":1,"b":[1,2.5,-3e5],"c":{"d":"é😀","e":null,"f":true}}"#,
    r#"[{"id":1,"name":"x","tags":["p","q"]},{"id":2,"name":"y","tags":[]},{"id":3}]"#,
    r#"{"Account":{"Order":[{"ID":"o1","Product":[{"SKU":1,"Price":34.45,"Quantity":2}]},{"ID":"o2","Product":[{"SKU":2,"Price":21.67,"Quantity":1},{"SKU":3,"Price":107.99,"Quantity":3}]}]}}"#,
    r#"[[[[[[1]]]],[2]],[],[[3,[4]]]]"#,
    r#"{"":{"":{"":1}},"a.b":{"c d":[{"'":"\""}]},"$":"$"}"#,
    r#"[9007199254740993,1e308,-1e308,5e-324,0.1,1e21,-0.0,123456789012345678901234567890]"#,
];

impl Corpus {
    /// The target's own seeds, and those of the folder.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn load(name: TargetName, target: &Target, folder: Option<&Path>) -> Result<Corpus> {
        let mut codes: BTreeSet<String> =
            target.seeds.iter().map(|&seed| seed.to_owned()).collect();
        let mut data: BTreeSet<String> = DATA.into_iter().map(str::to_owned).collect();
        if let Some(folder) = folder {
            for file in files(name, folder)? {
                let text = fs::read_to_string(&file)
                    .with_context(|| format!("failed to read `{}`", file.display()))?;
                for line in text.lines() {
                    // A line that is not JSON, such as one with half a surrogate pair, is no seed.
                    let Ok(case) = serde_json::from_str(line) else {
                        continue;
                    };
                    collect(name, &case, &mut codes, &mut data);
                }
            }
        }
        let small = |texts: BTreeSet<String>| -> Vec<String> {
            texts
                .into_iter()
                .filter(|text| text.len() <= SEED_BYTES_MAX)
                .collect()
        };
        Ok(Corpus {
            codes: small(codes),
            data: small(data),
        })
    }
}

fn files(name: TargetName, folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    if name == TargetName::Jsonata {
        return Ok(vec![folder.join("jsonata/cases.jsonl")]);
    }
    let folder = folder.join("aws/cases");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("failed to list `{}`", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn collect(
    name: TargetName,
    value: &Value,
    codes: &mut BTreeSet<String>,
    data: &mut BTreeSet<String>,
) {
    if name == TargetName::Jsonata {
        codes.extend(value.get("expr").and_then(Value::as_str).map(str::to_owned));
        data.extend(value.get("data").map(Value::to_string));
        return;
    }
    for text in texts_of(value) {
        let Ok(inner @ Value::Object(_)) = serde_json::from_str::<Value>(text) else {
            continue;
        };
        match (name, inner.get("States").is_some()) {
            (TargetName::Asl, true) => {
                codes.insert(text.to_owned());
            }
            (TargetName::Jsonpath, true) => {
                let paths = texts_of(&inner)
                    .into_iter()
                    .filter(|text| text.starts_with('$'));
                codes.extend(paths.map(str::to_owned));
            }
            (TargetName::Intrinsics, true) => {
                let calls = texts_of(&inner)
                    .into_iter()
                    .filter(|text| text.starts_with("States."));
                codes.extend(calls.map(str::to_owned));
            }
            _ => {
                data.insert(text.to_owned());
            }
        }
    }
}

/// Every string inside a value.
fn texts_of(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts_of).collect(),
        Value::Object(members) => members.values().flat_map(texts_of).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

//! What every `Cargo.toml` of a member must say: versions come from the root, and so do lints.

use toml::{Table, Value};

use super::finding::Finding;
use super::tree::Tree;

const DEPENDENCY_TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// Members that set a version of their own, or do without the lints of the workspace.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree
        .iter()
        .filter(|(path, _)| path.ends_with("/Cargo.toml"))
    {
        match text.parse::<Table>() {
            // A folder with a workspace of its own (a fuzz target, say) answers to itself.
            Ok(manifest) if manifest.contains_key("workspace") => {}
            Ok(manifest) => check_one(path, text, &manifest, &mut findings),
            Err(error) => findings.push(Finding::new(path, 1, format!("not valid TOML: {error}"))),
        }
    }
    findings
}

fn check_one(path: &str, text: &str, manifest: &Table, findings: &mut Vec<Finding>) {
    let inherits = |value: Option<&Value>| {
        value
            .and_then(|it| it.get("workspace"))
            .and_then(Value::as_bool)
            .unwrap_or_default()
    };
    if !inherits(manifest.get("lints")) {
        findings.push(Finding::new(
            path,
            1,
            "the lints are not the workspace's: add `[lints] workspace = true`",
        ));
    }
    for table in DEPENDENCY_TABLES {
        for (name, value) in manifest
            .get(*table)
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            if inherits(Some(value)) {
                continue;
            }
            let line = (1..)
                .zip(text.lines())
                .find(|(_, line)| line.starts_with(name.as_str()));
            findings.push(Finding::new(
                path,
                line.map_or(1, |(line, _)| line),
                format!("`{name}` has a version of its own: pin it in the root and write `{name}.workspace = true`"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(text: &str) -> Vec<String> {
        check(&Tree::from([("a/Cargo.toml", text)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn versions_and_lints_come_from_the_root() {
        let lints = "[lints]\nworkspace = true\n";
        for fine in [
            "[dependencies]\nx.workspace = true\ny = { workspace = true, optional = true }\n",
            "[features]\nz = []\n",
        ] {
            assert!(check_one(&format!("{lints}{fine}")).is_empty(), "{fine}");
        }
        let found = check_one(&format!("{lints}[dev-dependencies]\nx = \"1\"\n"));
        assert!(
            found[0].starts_with("a/Cargo.toml:4: `x` has a version"),
            "{found:?}"
        );
        assert_eq!(check_one("[package]\nname = \"a\"\n").len(), 1);
        assert_eq!(check_one("nonsense").len(), 1);
        assert!(check_one("[workspace]\n[dependencies]\nx = \"1\"\n").is_empty());
    }
}

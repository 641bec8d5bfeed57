//! What a module is called, and that it says what it is for.

use super::finding::Finding;
use super::source::Source;
use super::tree::Tree;

/// Names that say nothing: what is in such a module has a better home, next to its noun.
const EMPTY_NAMES: &[&str] = &[
    "util",
    "utils",
    "common",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "stuff",
    "shared_types",
];

/// Modules with a name that says nothing, modules without `//!`, tests that are ignored without a reason.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, _) in tree.iter() {
        check_name(path, &mut findings);
    }
    for (path, text) in tree.with_extension("rs") {
        check_docs(path, text, &mut findings);
        check_ignored(path, text, &mut findings);
    }
    findings
}

fn check_name(path: &str, findings: &mut Vec<Finding>) {
    let is_source = [".rs", ".ts", ".tsx", ".js", ".py", ".sh"]
        .iter()
        .any(|end| path.ends_with(end));
    if !is_source {
        return;
    }
    let stems = path
        .split('/')
        .map(|part| part.split('.').next().unwrap_or(part));
    if let Some(name) = stems.into_iter().find(|stem| EMPTY_NAMES.contains(stem)) {
        findings.push(Finding::new(
            path,
            1,
            format!("`{name}` says nothing: name it after the thing it is about, or move its parts to theirs"),
        ));
    }
}

fn check_docs(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let first = text.lines().map(str::trim).find(|line| {
        let is_preamble = line.starts_with("#!") || line.starts_with("// tidy:");
        !line.is_empty() && !is_preamble
    });
    let documented = first.is_some_and(|line| line.starts_with("//!"));
    if !documented {
        findings.push(Finding::new(
            path,
            1,
            "the module does not begin with `//!`: say what it is for, what it must not know, where to enter",
        ));
    }
}

fn check_ignored(path: &str, text: &str, findings: &mut Vec<Finding>) {
    for (line, code) in Source::new(text).code_lines() {
        let bare: String = code.chars().filter(|char| !char.is_whitespace()).collect();
        if bare.contains("#[ignore]") || bare.contains(",ignore)]") {
            findings.push(Finding::new(
                path,
                line,
                "the test is ignored without a reason: write `#[ignore = \"…\"]`, or mend it",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, text: &str) -> Vec<String> {
        check(&Tree::from([(path, text)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn empty_names_are_found_in_files_and_folders() {
        for path in [
            "a/src/utils.rs",
            "a/src/common/x.rs",
            "b/helpers.ts",
            "c/misc.test.ts",
            "d/manager.py",
        ] {
            let found = check_one(path, "//! Purpose.\n");
            assert!(
                found.iter().any(|it| it.contains("says nothing")),
                "{path}: {found:?}"
            );
        }
        for path in [
            "a/src/utilization.rs",
            "a/src/commons_licence.rs",
            "docs/common.md",
        ] {
            assert!(check_one(path, "//! Purpose.\n").is_empty(), "{path}");
        }
    }

    #[test]
    fn a_module_begins_with_its_purpose() {
        for text in [
            "//! Purpose.\n",
            "\n//! Purpose.\n",
            "#![forbid(unsafe_code)]\n//! Purpose.\n",
        ] {
            assert!(check_one("a/src/b.rs", text).is_empty(), "{text}");
        }
        for text in [
            "",
            "use a;\n//! Late.\n",
            "// Not a doc comment.\n",
            "/// Of an item.\nfn a() {}\n",
        ] {
            assert_eq!(check_one("a/src/b.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn an_ignored_test_says_why() {
        let found = check_one("a/src/b.rs", "//! P.\n#[test]\n#[ignore]\nfn a() {}\n");
        assert!(found[0].starts_with("a/src/b.rs:3:"), "{found:?}");
        assert_eq!(
            check_one(
                "a/src/b.rs",
                "//! P.\n#[cfg_attr(miri, ignore)]\nfn a() {}\n"
            )
            .len(),
            1
        );
        for fine in [
            "#[ignore = \"needs a server\"]",
            "// #[ignore]",
            "let x = \"#[ignore]\";",
        ] {
            assert!(
                check_one("a/src/b.rs", &format!("//! P.\n{fine}\n")).is_empty(),
                "{fine}"
            );
        }
    }
}

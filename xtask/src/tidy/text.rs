//! Words that must not be in a tracked file: unfinished work, paths and hosts of one machine.

use super::finding::Finding;
use super::source::Source;
use super::tree::Tree;

/// The places of unfinished work and of things that exist on one machine only.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.iter() {
        for (line, text) in (1..).zip(text.lines()) {
            check_machine(path, line, text, &mut findings);
        }
        if path.ends_with(".rs") {
            check_rust(path, text, &mut findings);
        } else {
            check_other(path, text, &mut findings);
        }
    }
    findings
}

// The needles are put together here so that this file does not hold them.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/tmp/ba", "sh_jobs"),
];
const REGISTRIES: &[&str] = &[
    concat!("arti", "factory"),
    concat!("sona", "type"),
    concat!("ne", "xus."),
    concat!("spar", "se+"),
    concat!("ind", "ex-url"),
    concat!("npm.", "pkg.github"),
    concat!("GO", "PROXY"),
];
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];
const UNFINISHED_MACROS: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("db", "g!"),
];

fn check_machine(path: &str, line: usize, text: &str, findings: &mut Vec<Finding>) {
    if let Some(found) = MACHINE_PATHS.iter().find(|needle| has_path(text, needle)) {
        findings.push(Finding::new(
            path,
            line,
            format!("`{found}` is a path of one machine: make it relative, or a parameter"),
        ));
    }
    let is_lock = path.ends_with("Cargo.lock");
    let foreign_source = is_lock
        && text.contains("source = \"registry+")
        && !text.contains("registry+https://github.com/rust-lang/crates.io-index");
    let named = REGISTRIES.iter().find(|needle| text.contains(**needle));
    if foreign_source || named.is_some() {
        findings.push(Finding::new(
            path,
            line,
            "a registry host is named: leave that to the machine's own configuration",
        ));
    }
}

/// Whether `needle`, an absolute path, is in `text` at the beginning of a path and not inside one.
fn has_path(text: &str, needle: &str) -> bool {
    text.match_indices(needle).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|char| char.is_alphanumeric() || "_-.}/*".contains(char))
    })
}

fn check_rust(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let source = Source::new(text);
    for (line, comment) in source.comment_lines() {
        check_words(path, line, comment, findings);
    }
    for (line, code) in source.code_lines() {
        if let Some(found) = UNFINISHED_MACROS
            .iter()
            .find(|needle| has_word(code, needle))
        {
            findings.push(unfinished(path, line, found));
        }
    }
}

fn check_other(path: &str, text: &str, findings: &mut Vec<Finding>) {
    // Lock files and recorded data hold hashes and other people's words.
    if ["lock", "lock.yaml", ".json", ".jsonl", ".snap", ".svg"]
        .iter()
        .any(|end| path.ends_with(end))
    {
        return;
    }
    for (line, text) in (1..).zip(text.lines()) {
        // Between backquotes a word is mentioned, not used.
        let used: String = text.split('`').step_by(2).collect();
        check_words(path, line, &used, findings);
    }
}

fn check_words(path: &str, line: usize, text: &str, findings: &mut Vec<Finding>) {
    if let Some(found) = UNFINISHED.iter().find(|needle| has_word(text, needle)) {
        findings.push(unfinished(path, line, found));
    }
}

fn unfinished(path: &str, line: usize, found: &str) -> Finding {
    Finding::new(
        path,
        line,
        format!("`{found}` marks unfinished work: finish it, or write an issue"),
    )
}

fn has_word(text: &str, word: &str) -> bool {
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        let continues = after.is_some_and(is_word) && !word.ends_with('!');
        !before.is_some_and(is_word) && !continues
    })
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
    fn unfinished_work_is_found_in_comments_and_code() {
        for word in UNFINISHED {
            for (path, text) in [
                ("a/src/b.rs", format!("fn a() {{}}\n// {word}: later\n")),
                ("a/src/b.rs", format!("fn a() {{}}\n/// {word}(x)\n")),
                ("a.ts", format!("\n// {word}\n")),
                (".ci/run", format!("\n# {word}\n")),
            ] {
                let found = check_one(path, &text);
                assert_eq!(found.len(), 1, "{text}");
                assert!(
                    found[0].starts_with(&format!("{path}:2: `{word}`")),
                    "{found:?}"
                );
            }
            for (path, fine) in [
                ("a/src/b.rs", format!("let x = \"{word}\";")),
                ("a/src/b.rs", format!("let MA{word}S = 1;")),
                ("CONTRIBUTING.md", format!("No `{word}` in code.")),
                ("cases.jsonl", format!("{{\"x\": \"{word}\"}}")),
            ] {
                assert!(check_one(path, &fine).is_empty(), "{fine}");
            }
        }
        for name in UNFINISHED_MACROS {
            assert_eq!(
                check_one("a/src/b.rs", &format!("fn a() {{ {name}() }}")).len(),
                1,
                "{name}"
            );
            assert!(
                check_one("a/src/b.rs", &format!("// {name}()")).is_empty(),
                "{name}"
            );
        }
    }

    #[test]
    fn paths_of_one_machine_are_found_anywhere() {
        for path in MACHINE_PATHS {
            for text in [
                format!("see {path}x"),
                format!("let x = \"{path}x\";"),
                format!("`{path}`"),
            ] {
                assert_eq!(check_one("docs/a.md", &text).len(), 1, "{text}");
            }
            assert!(check_one("docs/a.md", &format!("docs{path}x, ${{HOME}}{path}x")).is_empty());
        }
    }

    #[test]
    fn registry_hosts_are_found() {
        for name in REGISTRIES {
            assert_eq!(
                check_one("a.toml", &format!("x = \"https://{name}/x\"")).len(),
                1,
                "{name}"
            );
        }
        let lock = |host: &str| format!("source = \"registry+https://{host}\"\n");
        assert_eq!(check_one("Cargo.lock", &lock("example.org/index")).len(), 1);
        assert!(check_one("Cargo.lock", &lock("github.com/rust-lang/crates.io-index")).is_empty());
    }
}

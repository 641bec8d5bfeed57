//! Ceilings: how long a file and a function may be before they are cut in two.
//!
//! Lines of code count; blank lines, comments and tests do not. A table or an exhaustive match may say
//! `// tidy: long, because …` on the line above it (for a file: at its top).

use std::collections::BTreeSet;

use super::finding::Finding;
use super::source::Source;
use super::tree::Tree;

/// Ceilings, and what is wanted: between the two an exemption is allowed without being needed.
const FILE_LINES_MAX: usize = 800;
const FILE_LINES_WANTED: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const FUNCTION_LINES_WANTED: usize = 40;
const EXEMPTION: &str = "// tidy: long";
const EXEMPTION_FORM: &str = "// tidy: long, because ";

/// Files and functions above their ceiling, and exemptions that say no reason or are not needed.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let test_files = test_files(tree);
    let mut findings = Vec::new();
    for (path, text) in tree.with_extension("rs") {
        let source = Source::new(text);
        let tests = source.test_lines();
        let mut used = BTreeSet::new();
        check_file(path, &source, &tests, &mut used, &mut findings);
        // Functions of tests may be long, and may say why.
        if !is_test_file(path, &test_files) {
            check_functions(path, &source, &tests, &mut used, &mut findings);
            used.extend(&tests);
            check_exemptions(path, &source, &used, &mut findings);
        }
    }
    findings
}

fn check_file(
    path: &str,
    source: &Source,
    tests: &BTreeSet<usize>,
    used: &mut BTreeSet<usize>,
    findings: &mut Vec<Finding>,
) {
    let is_code = |(line, code): &(usize, &str)| !tests.contains(line) && !code.trim().is_empty();
    let count = source.code_lines().filter(is_code).count();
    if count <= FILE_LINES_WANTED {
        return;
    }
    let first_code = source
        .code_lines()
        .find(is_code)
        .map_or(1, |(line, _)| line);
    let top = source
        .comment_lines()
        .take(first_code)
        .find(|(_, text)| text.contains(EXEMPTION));
    match top {
        Some((line, _)) => {
            used.insert(line);
        }
        None if count <= FILE_LINES_MAX => {}
        None => findings.push(Finding::new(
            path,
            1,
            format!(
                "the file has {count} lines of code, {FILE_LINES_MAX} is the ceiling: \
                 split it by noun, one per module"
            ),
        )),
    }
}

fn check_functions(
    path: &str,
    source: &Source,
    tests: &BTreeSet<usize>,
    used: &mut BTreeSet<usize>,
    findings: &mut Vec<Finding>,
) {
    for function in source.functions() {
        let start = *function.lines.start();
        let count = source.count_code(function.lines);
        if tests.contains(&start) || count <= FUNCTION_LINES_WANTED {
            continue;
        }
        match source
            .comments_above(start)
            .find(|(_, text)| text.contains(EXEMPTION))
        {
            Some((line, _)) => {
                used.insert(line);
            }
            None if count <= FUNCTION_LINES_MAX => {}
            None => findings.push(Finding::new(
                path,
                start,
                format!(
                    "`{}` has {count} lines of code, {FUNCTION_LINES_MAX} is the ceiling: \
                     take a part out, or say `{EXEMPTION_FORM}…` above it if it is a table",
                    function.name
                ),
            )),
        }
    }
}

fn check_exemptions(
    path: &str,
    source: &Source,
    used: &BTreeSet<usize>,
    findings: &mut Vec<Finding>,
) {
    for (line, text) in source.comment_lines() {
        // A doc comment that explains the rule is no exemption.
        if !text.trim_start().starts_with(EXEMPTION) {
            continue;
        }
        let reason = text
            .trim_start()
            .strip_prefix(EXEMPTION_FORM)
            .unwrap_or_default();
        if reason.trim().is_empty() {
            let message = format!("the exemption gives no reason: write `{EXEMPTION_FORM}…`");
            findings.push(Finding::new(path, line, message));
        } else if !used.contains(&line) {
            findings.push(Finding::new(
                path,
                line,
                "the exemption is not needed (any more): remove it",
            ));
        }
    }
}

fn is_test_file(path: &str, declared: &BTreeSet<String>) -> bool {
    let in_test_folder = path
        .split('/')
        .any(|part| matches!(part, "tests" | "benches"));
    in_test_folder || path.ends_with("/tests.rs") || declared.contains(path)
}

/// The files of modules that are declared under `#[cfg(test)]`.
fn test_files(tree: &Tree) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for (path, text) in tree.with_extension("rs") {
        let folder = module_folder(path);
        for name in Source::new(text).test_modules() {
            files.insert(format!("{folder}/{name}.rs"));
            files.insert(format!("{folder}/{name}/mod.rs"));
        }
    }
    files
}

/// Where the modules that the file at `path` declares live.
fn module_folder(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let root = ["/mod", "/lib", "/main"]
        .iter()
        .find_map(|name| stem.strip_suffix(name));
    root.unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn a() {{\n{}}}\n", "  b();\n".repeat(lines - 2))
    }

    fn check_one(path: &str, text: &str) -> Vec<String> {
        check(&Tree::from([(path, text)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_function_at_the_ceiling_passes_and_one_above_does_not() {
        assert!(check_one("a/src/b.rs", &function(70)).is_empty());
        let found = check_one("a/src/b.rs", &function(71));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("a/src/b.rs:1: `a` has 71 lines of code"),
            "{found:?}"
        );
    }

    #[test]
    fn comments_blank_lines_and_tests_do_not_count() {
        let commented = format!("fn a() {{\n{}}}\n", "  // why\n\n".repeat(100));
        assert!(check_one("a/src/b.rs", &commented).is_empty());
        let test = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function(1000));
        assert!(check_one("a/src/b.rs", &test).is_empty());
        assert!(check_one("a/tests/it/main.rs", &function(100)).is_empty());
        let exempt = format!("// tidy: long, because it is one story.\n{}", function(100));
        assert!(check_one("a/tests/it/main.rs", &exempt).is_empty());
        let inline = format!("#[cfg(test)]\nmod tests {{\n{exempt}}}\n");
        assert!(check_one("a/src/b.rs", &inline).is_empty());
    }

    #[test]
    fn an_outer_test_module_is_a_test_file() {
        let long = function(100);
        let tree = Tree::from([
            ("a/src/b.rs", "#[cfg(test)]\nmod cases;\n"),
            ("a/src/b/cases.rs", &long),
            ("a/src/lib.rs", "#[cfg(test)]\nmod oracle;\n"),
            ("a/src/oracle.rs", &long),
        ]);
        assert_eq!(check(&tree), []);
        assert_eq!(
            check(&Tree::from([("a/src/cases.rs", long.as_str())])).len(),
            1
        );
    }

    #[test]
    fn an_exemption_needs_a_reason_and_a_need() {
        let exempt = |text: &str, lines| format!("{text}\n#[inline]\n{}", function(lines));
        let with_reason = "// tidy: long, because it is one table.";
        assert!(check_one("a/src/b.rs", &exempt(with_reason, 90)).is_empty());
        assert!(check_one("a/src/b.rs", &exempt(with_reason, 60)).is_empty());
        for (text, lines, expect) in [
            ("// tidy: long", 90, "gives no reason"),
            ("// tidy: long, because ", 90, "gives no reason"),
            (with_reason, 20, "is not needed"),
        ] {
            let found = check_one("a/src/b.rs", &exempt(text, lines));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].contains(expect), "{found:?}");
        }
    }

    #[test]
    fn a_long_file_needs_an_exemption_at_its_top() {
        let long = "static A: u8 = 1;\n".repeat(801);
        assert!(check_one("a/src/b.rs", &long)[0].contains("801 lines of code"));
        let exempt = format!("//! Table.\n// tidy: long, because it is a table.\n{long}");
        assert!(check_one("a/src/b.rs", &exempt).is_empty());
        let late = format!("{long}// tidy: long, because it is a table.\n");
        assert_eq!(check_one("a/src/b.rs", &late).len(), 2);
    }
}

//! Links in Markdown files that point at files of the repository.

use super::finding::Finding;
use super::tree::Tree;

/// Links whose target is not there.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.with_extension("md") {
        let mut in_fence = false;
        for (line, text) in (1..).zip(text.lines()) {
            if text.trim_start().starts_with("```") {
                in_fence = !in_fence;
            }
            if in_fence {
                continue;
            }
            for target in targets(text) {
                let file = target.split('#').next().unwrap_or_default();
                if is_elsewhere(&target) || file.is_empty() {
                    continue;
                }
                let found = resolve(path, file).is_some_and(|target| tree.contains(&target));
                if !found {
                    let message =
                        format!("the link `{target}` points at nothing: mend it or remove it");
                    findings.push(Finding::new(path, line, message));
                }
            }
        }
    }
    findings
}

/// The targets of the links in one line: `[text](target "title")` and `[name]: target`.
fn targets(line: &str) -> Vec<String> {
    // What stands between backquotes is code.
    let text: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let inline = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let named = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]: "))
        .map(|(_, to)| to);
    let first_word = |target: &str| target.split_whitespace().next().map(str::to_owned);
    inline.chain(named).filter_map(first_word).collect()
}

fn is_elsewhere(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:")
}

/// `target` as a path from the root, when it is a link in the file `from`; nothing when it leaves the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').collect(),
    };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_point_at_what_is_there() {
        let tree = |text| Tree::from([("docs/a.md", text), ("docs/b/c.md", ""), ("README.md", "")]);
        for fine in [
            "[x](b/c.md)",
            "[x](b/c.md#part)",
            "[x](b)",
            "[x](b/)",
            "[x](./b/c.md)",
            "[x](../README.md)",
            "[x](/README.md)",
            "[x](#here)",
            "[x](https://example.org/x)",
            "[x](mailto:a@b.c)",
            "`[x](nowhere)`",
            "```\n[x](nowhere)\n```",
            "[x](b/c.md \"Title\")",
            "[x]: b/c.md",
            "[x]",
        ] {
            assert_eq!(check(&tree(fine)), [], "{fine}");
        }
        for bad in [
            "[x](b/d.md)",
            "[x](c.md)",
            "[x](../../README.md)",
            "[x](/docs/d.md)",
            "[x]: gone.md",
            "![p](p.png)",
            "[x](b/c.md) and [y](gone.md)",
        ] {
            let found = check(&tree(bad));
            assert_eq!(found.len(), 1, "{bad}: {found:?}");
            assert!(
                found[0].to_string().starts_with("docs/a.md:1: the link"),
                "{found:?}"
            );
        }
    }
}

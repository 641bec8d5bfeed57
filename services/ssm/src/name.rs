//! Names of parameters: plain, or a path; with a version or label behind a colon where they are read.

use passo_service::Fault;
use passo_vocab::Arn;

use crate::faults;

/// Levels of a path. Source: User Guide, "Requirements and constraints for parameter names".
const LEVELS_MAX: usize = 15;
/// Characters.
const NAME_MAX: usize = 2048;

/// Which version of a parameter is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selector<'a> {
    Latest,
    Version(&'a str),
    Label(&'a str),
}

/// Checks a name that a parameter is to have.
pub(crate) fn check(name: &str) -> Result<(), Fault> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "/.-_".contains(c);
    if name.is_empty() || name.len() > NAME_MAX || !name.chars().all(legal) {
        return Err(faults::validation(
            "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
        ));
    }
    if name.contains('/') && !name.starts_with('/') {
        return Err(faults::validation(
            "Parameter name must be a fully qualified name.",
        ));
    }
    let first = name.trim_start_matches('/').to_ascii_lowercase();
    for reserved in ["aws", "ssm"] {
        if first.starts_with(reserved) {
            return Err(faults::validation(format!(
                "Parameter name: can't be prefixed with \"{reserved}\" (case-insensitive)."
            )));
        }
    }
    if name.matches('/').count() > LEVELS_MAX {
        return Err(faults::too_deep());
    }
    Ok(())
}

/// A name as it is read: without its ARN, and which version is meant.
pub(crate) fn read(given: &str) -> (&str, Selector<'_>) {
    let name = match given.starts_with("arn:") {
        true => given.find(":parameter").and_then(|at| given.get(at + 10..)),
        false => None,
    };
    let name = name.unwrap_or(given);
    match name.split_once(':') {
        None => (name, Selector::Latest),
        Some((name, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, Selector::Version(version))
        }
        Some((name, label)) => (name, Selector::Label(label)),
    }
}

/// The names that a row may have: an ARN swallows the slash between `parameter` and a plain name.
pub(crate) fn candidates(given: &str) -> [Option<&str>; 2] {
    let (name, _) = read(given);
    let plain = Arn::parse(given)
        .is_ok()
        .then(|| name.trim_start_matches('/'));
    [Some(name), plain]
}

/// The ARN of a parameter.
pub(crate) fn arn(region: &str, account: &str, name: &str) -> String {
    let slash = if name.starts_with('/') { "" } else { "/" };
    format!("arn:aws:ssm:{region}:{account}:parameter{slash}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for (name, legal) in [
            ("plain", true),
            ("/a/b.c-d_e", true),
            ("a/b", false),
            ("", false),
            ("a b", false),
            ("/aws/x", false),
            ("SSMx", false),
            ("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15", true),
            ("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", false),
        ] {
            assert_eq!(check(name).is_ok(), legal, "{name}");
        }
    }

    #[test]
    fn a_version_or_label_follows_a_colon() {
        for (given, expect) in [
            ("/a", ("/a", Selector::Latest)),
            ("/a:3", ("/a", Selector::Version("3"))),
            ("a:prod", ("a", Selector::Label("prod"))),
            (
                "arn:aws:ssm:us-east-1:0:parameter/a/b:3",
                ("/a/b", Selector::Version("3")),
            ),
        ] {
            assert_eq!(read(given), expect, "{given}");
        }
    }
}

//! The files of `~/.aws`: sections, keys, values, and values that hold keys of their own.
//!
//! The form is that of the [AWS CLI](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html): `#` and
//! `;` begin a comment at a line's start or after a space, an indented line belongs to the key above it. Lines that
//! are nothing are passed over, as AWS's clients do.

use std::collections::BTreeMap;

/// A file's sections by name, as they are written between brackets.
#[derive(Debug, Default)]
pub(super) struct Ini {
    sections: BTreeMap<String, Section>,
}

/// The values of a section by key; keys are in lower case. A nested key is `outer.inner`.
#[derive(Debug, Default)]
pub(super) struct Section {
    values: BTreeMap<String, String>,
}

impl Ini {
    pub(super) fn parse(text: &str) -> Ini {
        let mut ini = Ini::default();
        let mut section: Option<String> = None;
        let mut outer: Option<String> = None;
        for line in text.lines() {
            let indented = line.starts_with([' ', '\t']);
            let line = without_comment(line).trim();
            if line.is_empty() {
                continue;
            }
            if let (Some(rest), false) = (line.strip_prefix('['), indented) {
                let name = rest.strip_suffix(']').unwrap_or(rest);
                let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
                ini.sections.entry(name.clone()).or_default();
                (section, outer) = (Some(name), None);
                continue;
            }
            let (Some(name), Some((key, value))) = (&section, line.split_once('=')) else {
                continue;
            };
            let key = key.trim().to_ascii_lowercase();
            let key = match (&outer, indented) {
                (Some(outer), true) => format!("{outer}.{key}"),
                _ => key,
            };
            if !indented {
                outer = Some(key.clone());
            }
            if let Some(section) = ini.sections.get_mut(name) {
                section.values.insert(key, value.trim().to_owned());
            }
        }
        ini
    }

    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.get(name)
    }
}

impl Section {
    /// A value; an empty one counts as not there.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let value = self.values.get(key).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }
}

fn without_comment(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', ';']) {
        return "";
    }
    let ends = [" #", " ;", "\t#", "\t;"].map(|mark| line.find(mark).unwrap_or(line.len()));
    let end = ends.into_iter().min().unwrap_or(line.len());
    line.get(..end).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keys_and_nested_keys() {
        let ini = Ini::parse(
            "stray = 1\n# a comment\n[default]\nregion = eu-west-1 ; ours\nempty=\n\n[profile  dev ]\r\n\
             Role_ARN=arn:aws:iam::1:role/a=b#c\nwhat is this\n[services local]\nsfn =\n  endpoint_url = http://h:1\n\
             \ts = 2\nlambda =\n  endpoint_url = http://h:2\n[default]\noutput = json\n[broken\nx=1\n",
        );
        let default = ini.section("default").unwrap();
        assert_eq!(default.get("region"), Some("eu-west-1"));
        assert_eq!(default.get("output"), Some("json"));
        assert_eq!(default.get("empty"), None);
        let dev = ini.section("profile dev").unwrap();
        assert_eq!(dev.get("role_arn"), Some("arn:aws:iam::1:role/a=b#c"));
        let services = ini.section("services local").unwrap();
        assert_eq!(services.get("sfn.endpoint_url"), Some("http://h:1"));
        assert_eq!(services.get("sfn.s"), Some("2"));
        assert_eq!(services.get("lambda.endpoint_url"), Some("http://h:2"));
        assert_eq!(ini.section("broken").unwrap().get("x"), Some("1"));
        assert!(ini.section("stray").is_none());
    }
}

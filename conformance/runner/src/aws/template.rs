//! Recorded strings: literal text, and marks that stand for what differs from run to run.

/// Words that stand for any value when they are the whole string.
const TIMES: &[&str] = &[
    "timestamp",
    "date",
    "datetime",
    "time",
    "start-date",
    "stop-date",
    "start-time",
    "creation-date",
    "entered-time",
];

/// Words that the recording put in place of names and ARNs, longer ones before those they begin with.
const WORDS: &[&str] = &[
    "111111111111",
    "RandomNumberGenerated",
    "a_message_id",
    "a_task_token",
    "activity_arn",
    "activity_name",
    "bucket-name",
    "file-key",
    "file_key",
    "generated-uuid",
    "lambda_function_name",
    "log_group_arn",
    "log_group_name",
    "map_run_arn",
    "queue_url",
    "sfn_role_arn",
    "sm_nonexistent_arn",
    "snf_role_arn",
    "sqs_queue_url",
    "state_machine_alias_base_name",
    "state_machine_alias_name",
    "state_machine_arn",
    "state_machine_name",
    "state_machine_role_arn",
    "table-name",
    "table_name",
    "topic_arn",
];

/// Words that exist with a number too: `…_N`, or with the number inside.
const NUMBERED: &[(&str, &str)] = &[
    ("snf_role_arn_", ""),
    ("activity_arn_", ""),
    ("activity_name_", ""),
    ("lambda_function_", "_name"),
];

/// A recorded string, cut at its marks.
#[derive(Debug, PartialEq, Eq)]
pub struct Template<'a> {
    parts: Vec<Part<'a>>,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Part<'a> {
    /// This text.
    Text(&'a str),
    /// Any text of at least one character.
    Any,
}

impl<'a> Template<'a> {
    /// Cuts `recorded` at its marks.
    pub fn parse(recorded: &'a str) -> Self {
        let mut parts = Vec::new();
        let (mut text_start, mut at) = (0, 0);
        while let Some(rest) = recorded.get(at..).filter(|rest| !rest.is_empty()) {
            let before = recorded.get(..at).and_then(|text| text.chars().next_back());
            let Some(mark) = mark_length(rest, before) else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            parts.extend(
                recorded
                    .get(text_start..at)
                    .filter(|text| !text.is_empty())
                    .map(Part::Text),
            );
            parts.push(Part::Any);
            at += mark;
            text_start = at;
        }
        parts.extend(
            recorded
                .get(text_start..)
                .filter(|text| !text.is_empty())
                .map(Part::Text),
        );
        Self { parts }
    }

    /// Whether the whole string is one mark: it then stands for a value of any type.
    pub fn is_anything(&self) -> bool {
        self.parts == [Part::Any]
    }

    /// Whether `text` is what the recording stands for.
    pub fn matches(&self, text: &str) -> bool {
        let mut rest = text;
        // Characters that marks before this point still have to take up.
        let mut owed = 0_usize;
        let mut is_open = false;
        for (at, part) in self.parts.iter().enumerate() {
            let Part::Text(literal) = part else {
                owed += 1;
                is_open = true;
                continue;
            };
            let is_last = at + 1 == self.parts.len();
            let Some(after) = after_literal(rest, literal, owed, is_open, is_last) else {
                return false;
            };
            rest = after;
            (owed, is_open) = (0, false);
        }
        if is_open {
            rest.chars().count() >= owed
        } else {
            rest.is_empty()
        }
    }
}

/// Whether the recorded string as a whole stands for a time, and so for any value.
pub fn is_time(recorded: &str) -> bool {
    TIMES.contains(&recorded)
}

/// The rest of `text` after `literal`, which begins at once, or after at least `owed` characters where a mark is open.
fn after_literal<'t>(
    text: &'t str,
    literal: &str,
    owed: usize,
    is_open: bool,
    is_last: bool,
) -> Option<&'t str> {
    if !is_open {
        return text.strip_prefix(literal);
    }
    let skipped = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .nth(owed)?;
    let rest = text.get(skipped..)?;
    if is_last {
        return rest.ends_with(literal).then_some("");
    }
    // The first place is the best one: whatever a later place allows, this one does too.
    rest.find(literal)
        .and_then(|at| rest.get(at + literal.len()..))
}

/// The length of the mark that `text` begins with, where `before` is the character in front of it.
fn mark_length(text: &str, before: Option<char>) -> Option<usize> {
    if let Some(inner) = text.strip_prefix('<') {
        let name = inner.split('>').next()?;
        let is_name = |char: char| char.is_ascii_alphanumeric() || "_-.:".contains(char);
        let is_closed = name.len() < inner.len();
        return (is_closed && !name.is_empty() && name.chars().all(is_name))
            .then_some(name.len() + 2);
    }
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    if before.is_some_and(is_word) {
        return None;
    }
    let numbered = NUMBERED.iter().filter_map(|(head, tail)| {
        let rest = text.strip_prefix(head)?;
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let is_numbered = digits > 0 && rest.get(digits..)?.starts_with(tail);
        is_numbered.then_some(head.len() + digits + tail.len())
    });
    let plain = WORDS
        .iter()
        .filter(|word| text.starts_with(**word))
        .map(|word| word.len());
    let ends = |length: &usize| {
        !text
            .get(*length..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(is_word)
    };
    numbered.chain(plain).filter(ends).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_for_text() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("plain", &["plain"], &["", "plain ", "Plain"]),
            ("", &[""], &["x"]),
            ("<uuid:1>", &["x", "a b"], &[""]),
            (
                "arn:<partition>:x",
                &["arn:aws:x", "arn:aws-cn:x"],
                &["arn::x", "arn:aws:x2", "arn:x"],
            ),
            ("a<b><c>d", &["a12d", "a123d"], &["a1d", "ad"]),
            ("<a>:<b>", &["1:2", "1:2:3", "::a"], &["12", ":2", "1:"]),
            ("x<a>x", &["xyx", "xxx"], &["xx", "x"]),
            ("<a>é", &["éé", "aé"], &["é"]),
            (
                "role snf_role_arn.",
                &["role arn:aws:iam::1:role/x."],
                &["role ."],
            ),
            ("snf_role_arn_1", &["arn"], &[""]),
            ("lambda_function_2_name", &["f"], &[""]),
            (
                "arn:states:us-east-1:111111111111:x",
                &["arn:states:us-east-1:123456789012:x"],
                &["arn:states:us-east-1::x"],
            ),
            ("q:sqs_queue_url", &["q:http://x"], &["q:", "q"]),
            // Not marks.
            ("a < b > c", &["a < b > c"], &["a < x > c"]),
            (
                "contains '<' and '>'",
                &["contains '<' and '>'"],
                &["contains 'x'"],
            ),
            ("<>", &["<>"], &["x"]),
            ("<unclosed", &["<unclosed"], &["x"]),
            ("my_table_name", &["my_table_name"], &["my_x"]),
            ("table_names", &["table_names"], &["x"]),
            ("timestamp", &["timestamp"], &["2025"]),
        ];
        for (recorded, fits, misfits) in cases {
            let template = Template::parse(recorded);
            for text in *fits {
                assert!(template.matches(text), "{recorded} should match {text}");
            }
            for text in *misfits {
                assert!(
                    !template.matches(text),
                    "{recorded} should not match {text}"
                );
            }
        }
    }

    #[test]
    fn only_a_lone_mark_is_anything() {
        for (recorded, expect) in [
            ("<uuid:1>", true),
            ("snf_role_arn", true),
            ("111111111111", true),
            ("x<uuid:1>", false),
            ("<a><b>", false),
            ("plain", false),
            ("", false),
        ] {
            assert_eq!(
                Template::parse(recorded).is_anything(),
                expect,
                "{recorded}"
            );
        }
        assert!(is_time("start-date"));
        assert!(!is_time("a timestamp"));
    }
}

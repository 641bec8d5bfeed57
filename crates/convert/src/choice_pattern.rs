//! `StringMatches` as a regular expression.

/// `*` is any run of characters; `\*` and `\\` are the characters themselves.
pub(crate) fn pattern(wanted: &str) -> String {
    let mut pattern = String::from("/^");
    let mut characters = wanted.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => pattern.push_str(r"[\s\S]*"),
            '\\' => push(characters.next().unwrap_or('\\'), &mut pattern),
            other => push(other, &mut pattern),
        }
    }
    pattern.push_str("$/");
    pattern
}

fn push(character: char, pattern: &mut String) {
    match character {
        '\n' => pattern.push_str(r"\n"),
        '\r' => pattern.push_str(r"\r"),
        '\t' => pattern.push_str(r"\t"),
        plain if plain.is_alphanumeric() || plain == ' ' || plain == '_' || !plain.is_ascii() => {
            pattern.push(plain);
        }
        other => {
            pattern.push('\\');
            pattern.push(other);
        }
    }
}

//! `${Name}` in texts: `DefinitionSubstitutions`, and the grammar that `Fn::Sub` shares.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A piece of a text with `${…}` in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// What stands between `${` and `}`, trimmed, and the offset of the `$`.
    Name(&'a str, usize),
    /// The inside of `${!…}`, which stands for `${…}` in `Fn::Sub`.
    Escaped(&'a str),
}

/// Replaces `${Name}` by the value of `Name`, as text: a value put outside quotes may be a number.
/// Names without a value stay as they are, as in CloudFormation.
pub fn substitute(text: &str, values: &BTreeMap<Arc<str>, Arc<str>>) -> String {
    let mut result = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => result.push_str(text),
            Piece::Name(name, _) => match values.get(name) {
                Some(value) => result.push_str(value),
                None => {
                    result.push_str("${");
                    result.push_str(name);
                    result.push('}');
                }
            },
            Piece::Escaped(inside) => {
                result.push_str("${!");
                result.push_str(inside);
                result.push('}');
            }
        }
    }
    result
}

/// Cuts a text at its `${…}`. A `${` without an end is text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut offset: usize = 0;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, tail)) = after.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(match inside.strip_prefix('!') {
            Some(escaped) => Piece::Escaped(escaped),
            None => Piece::Name(inside.trim(), offset.saturating_add(before.len())),
        });
        offset = offset.saturating_add(rest.len().saturating_sub(tail.len()));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_value_are_replaced() {
        let values = BTreeMap::from([("A".into(), "1".into()), ("B".into(), "x".into())]);
        for (text, expect) in [
            ("plain", "plain"),
            ("${A}${B}", "1x"),
            ("a ${ A } b", "a 1 b"),
            ("${C} ${!A} ${", "${C} ${!A} ${"),
            ("é${A}é", "é1é"),
        ] {
            assert_eq!(substitute(text, &values), expect, "{text}");
        }
    }

    #[test]
    fn names_know_their_offset() {
        assert_eq!(
            pieces("a${B}c${D}"),
            [
                Piece::Text("a"),
                Piece::Name("B", 1),
                Piece::Text("c"),
                Piece::Name("D", 6)
            ]
        );
    }
}

//! JSON into the tree: a stack of open containers, no recursion.

use std::sync::Arc;

use passo_json::{Json, Lexer, ParseError, ParseErrorKind, Token, TokenKind};

use super::node::{Key, Mapping, Node, NodeKind, Span};
use super::{SourceError, SourceErrorKind, SourceLimits};

enum Open {
    Array {
        start: usize,
        items: Vec<Node>,
    },
    Object {
        start: usize,
        mapping: Mapping,
        key: Key,
    },
}

/// What the reader does next.
enum Step {
    /// A value starts with the token.
    Value,
    /// A value is complete.
    Done(Node),
}

pub(super) fn read(text: &str, limits: SourceLimits) -> Result<Node, SourceError> {
    Reader {
        lexer: Lexer::new(text),
        open: Vec::new(),
        nodes: 0,
        limits,
    }
    .document()
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    open: Vec<Open>,
    nodes: usize,
    limits: SourceLimits,
}

impl<'a> Reader<'a> {
    fn document(mut self) -> Result<Node, SourceError> {
        let mut token = self.next()?;
        loop {
            let mut step = self.value(&token)?;
            loop {
                match step {
                    Step::Value => break,
                    Step::Done(node) => match self.attach(node)? {
                        Attached::Root(root) => return self.end(root),
                        Attached::Closed(node) => step = Step::Done(node),
                        Attached::Goes => step = Step::Value,
                    },
                }
            }
            token = self.next()?;
        }
    }

    /// Reads the value that starts with `token`, or opens the container that does.
    fn value(&mut self, token: &Token<'a>) -> Result<Step, SourceError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let message = format!("more than {} values", self.limits.nodes);
            return Err(SourceError::new(
                span(token),
                SourceErrorKind::TooMany,
                message,
            ));
        }
        let kind = match &token.kind {
            TokenKind::BeginObject => return self.begin_object(token.start),
            TokenKind::BeginArray => return self.begin_array(token.start),
            TokenKind::String(string) => NodeKind::String(Arc::from(string.decode())),
            TokenKind::Number(lexeme) => number(lexeme, token)?,
            TokenKind::True => NodeKind::Bool(true),
            TokenKind::False => NodeKind::Bool(false),
            TokenKind::Null => NodeKind::Null,
            TokenKind::EndArray => match self.open.pop() {
                // An array may end where its first item would stand.
                Some(Open::Array { start, items }) if items.is_empty() => {
                    return Ok(Step::Done(array(start, token.end, items)));
                }
                _ => return Err(unexpected(token)),
            },
            _ => return Err(unexpected(token)),
        };
        Ok(Step::Done(Node::new(span(token), kind)))
    }

    fn begin_object(&mut self, start: usize) -> Result<Step, SourceError> {
        self.deeper(start)?;
        let token = self.next()?;
        if token.kind == TokenKind::EndObject {
            let mapping = NodeKind::Object(Mapping::default());
            return Ok(Step::Done(Node::new(Span::new(start, token.end), mapping)));
        }
        let key = self.key(&token)?;
        self.open.push(Open::Object {
            start,
            mapping: Mapping::default(),
            key,
        });
        Ok(Step::Value)
    }

    fn begin_array(&mut self, start: usize) -> Result<Step, SourceError> {
        self.deeper(start)?;
        self.open.push(Open::Array {
            start,
            items: Vec::new(),
        });
        Ok(Step::Value)
    }

    /// Puts a value into the innermost container and reads on to the next value or the container's end.
    fn attach(&mut self, node: Node) -> Result<Attached, SourceError> {
        let Some(open) = self.open.pop() else {
            return Ok(Attached::Root(node));
        };
        let token = self.next()?;
        match open {
            Open::Array { start, mut items } => {
                items.push(node);
                match token.kind {
                    TokenKind::EndArray => Ok(Attached::Closed(array(start, token.end, items))),
                    TokenKind::Comma => {
                        self.open.push(Open::Array { start, items });
                        Ok(Attached::Goes)
                    }
                    _ => Err(unexpected(&token)),
                }
            }
            Open::Object {
                start,
                mut mapping,
                key,
            } => {
                mapping.push(key, node);
                match token.kind {
                    TokenKind::EndObject => {
                        let span = Span::new(start, token.end);
                        Ok(Attached::Closed(Node::new(span, NodeKind::Object(mapping))))
                    }
                    TokenKind::Comma => {
                        let token = self.next()?;
                        let key = self.key(&token)?;
                        self.open.push(Open::Object {
                            start,
                            mapping,
                            key,
                        });
                        Ok(Attached::Goes)
                    }
                    _ => Err(unexpected(&token)),
                }
            }
        }
    }

    fn key(&mut self, token: &Token<'a>) -> Result<Key, SourceError> {
        let TokenKind::String(string) = token.kind else {
            return Err(unexpected(token));
        };
        let colon = self.next()?;
        if colon.kind != TokenKind::Colon {
            return Err(unexpected(&colon));
        }
        Ok(Key {
            text: Arc::from(string.decode()),
            span: span(token),
        })
    }

    fn end(&mut self, root: Node) -> Result<Node, SourceError> {
        let token = self.next()?;
        if token.kind == TokenKind::End {
            return Ok(root);
        }
        let message = "text after the value";
        Err(SourceError::new(
            span(&token),
            SourceErrorKind::Syntax,
            message,
        ))
    }

    fn deeper(&self, start: usize) -> Result<(), SourceError> {
        if self.open.len() < usize::try_from(self.limits.depth).unwrap_or(usize::MAX) {
            return Ok(());
        }
        let message = format!("nested more than {} levels deep", self.limits.depth);
        let span = Span::new(start, start + 1);
        Err(SourceError::new(span, SourceErrorKind::TooDeep, message))
    }

    fn next(&mut self) -> Result<Token<'a>, SourceError> {
        self.lexer.next().map_err(|error| syntax(&error))
    }
}

enum Attached {
    Root(Node),
    Closed(Node),
    Goes,
}

fn array(start: usize, end: usize, items: Vec<Node>) -> Node {
    Node::new(Span::new(start, end), NodeKind::Array(items))
}

fn number(lexeme: &str, token: &Token<'_>) -> Result<NodeKind, SourceError> {
    match Json::parse(lexeme) {
        Ok(Json::Number(number)) => Ok(NodeKind::Number(number)),
        _ => {
            let message = "number out of range";
            Err(SourceError::new(
                span(token),
                SourceErrorKind::Syntax,
                message,
            ))
        }
    }
}

fn span(token: &Token<'_>) -> Span {
    Span::new(token.start, token.end)
}

fn syntax(error: &ParseError) -> SourceError {
    let span = Span::new(error.offset, error.offset + 1);
    let text = error.to_string();
    let message = text.split(" at byte").next().unwrap_or_default();
    SourceError::new(span, SourceErrorKind::Syntax, message)
}

fn unexpected(token: &Token<'_>) -> SourceError {
    let kind = match token.kind {
        TokenKind::End => ParseErrorKind::UnexpectedEnd,
        _ => ParseErrorKind::UnexpectedToken,
    };
    let message = match kind {
        ParseErrorKind::UnexpectedEnd => "unexpected end of text",
        _ => "unexpected token",
    };
    SourceError::new(span(token), SourceErrorKind::Syntax, message)
}

#[cfg(test)]
mod tests {
    use super::super::{Format, read};
    use super::*;

    #[test]
    fn keeps_positions_and_repeated_keys() {
        let text = r#"{"a": [1, "é", {}], "b": null, "a": true}"#;
        let node = read(text, Format::Json, SourceLimits::default()).unwrap();
        let mapping = node.as_object().unwrap();
        let spans: Vec<_> = mapping
            .iter()
            .map(|entry| {
                let (key, value) = (entry.key.span, entry.value.span);
                (key.slice(text), value.slice(text))
            })
            .collect();
        assert_eq!(
            spans,
            [
                ("\"a\"", "[1, \"é\", {}]"),
                ("\"b\"", "null"),
                ("\"a\"", "true")
            ]
        );
        assert_eq!(node.get("a").and_then(Node::as_bool), Some(true));
        assert_eq!(node.to_json().to_text(), r#"{"a":true,"b":null}"#);
    }

    #[test]
    fn accepts_what_the_parser_accepts() {
        for text in [
            "[]",
            "{}",
            "[[],[{}]]",
            "1",
            " \"a\" ",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{1:2}",
            "[1 2]",
            "[",
            "{",
            "]",
            "}",
            "",
            "1 1",
            "[}",
            "{]",
            "nul",
            "\"",
            "1e999",
            "[1}",
            "{\"a\":1]",
            "{\"a\":}",
            ":",
            ",",
        ] {
            let ours = read(text, Format::Json, SourceLimits::default());
            assert_eq!(ours.is_ok(), Json::parse(text).is_ok(), "{text}");
            if let (Ok(ours), Ok(json)) = (ours, Json::parse(text)) {
                assert_eq!(ours.to_json(), json);
            }
        }
    }

    #[test]
    fn is_bounded() {
        let limits = SourceLimits {
            bytes: 64,
            depth: 3,
            nodes: 5,
        };
        for (text, expect) in [
            ("[[[1]]]", None),
            ("[[[[1]]]]", Some(SourceErrorKind::TooDeep)),
            ("[1,2,3,4,5]", Some(SourceErrorKind::TooMany)),
            ("[1,2", Some(SourceErrorKind::Syntax)),
        ] {
            let error = read(text, Format::Json, limits).err();
            assert_eq!(error.map(|error| error.kind), expect, "{text}");
        }
        let long = " ".repeat(65);
        let error = read(&long, Format::Json, limits).unwrap_err();
        assert_eq!(error.kind, SourceErrorKind::TooLong);
    }
}

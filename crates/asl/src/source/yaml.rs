//! YAML into the tree, from the events of the parser: a stack of open containers, no recursion.

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::node::{Key, Mapping, Node, NodeKind, Span};
use super::{SourceError, SourceErrorKind, SourceLimits, scalar};

/// The prefix that `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

pub(super) fn read(text: &str, limits: SourceLimits) -> Result<Node, SourceError> {
    let mut reader = Reader {
        offsets: Offsets::new(text),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
        limits,
        root: None,
        documents: 0,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| reader.offsets.error(&error))?;
        let span = reader.offsets.span(span.start, span.end);
        reader.event(event, span)?;
    }
    let end = Span::new(text.len(), text.len());
    Ok(reader
        .root
        .unwrap_or_else(|| Node::new(end, NodeKind::Null)))
}

struct Reader {
    offsets: Offsets,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    limits: SourceLimits,
    root: Option<Node>,
    documents: usize,
}

/// A container whose end is not yet read.
struct Open {
    start: usize,
    anchor: usize,
    tag: Option<Arc<str>>,
    content: Content,
}

enum Content {
    Array(Vec<Node>),
    /// The key waits for its value.
    Object(Mapping, Option<Key>),
}

impl Reader {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), SourceError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(syntax(span, "more than one document"));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = plain_or_quoted(&text, style, tag.as_deref(), span)?;
                self.finished(anchor, node)
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(anchor, tag) => {
                self.begin(anchor, tag.as_deref(), span, Content::Array(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Object(Mapping::default(), None);
                self.begin(anchor, tag.as_deref(), span, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
        }
    }

    fn begin(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
        content: Content,
    ) -> Result<(), SourceError> {
        if self.open.len() >= usize::try_from(self.limits.depth).unwrap_or(usize::MAX) {
            return Err(self.too_deep(span));
        }
        if matches!(
            self.open.last(),
            Some(Open {
                content: Content::Object(_, None),
                ..
            })
        ) {
            return Err(syntax(span, "a mapping key must be a scalar"));
        }
        self.open.push(Open {
            start: span.start,
            anchor,
            tag: tag.and_then(written_tag),
            content,
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), SourceError> {
        let Some(open) = self.open.pop() else {
            return Err(syntax(span, "unexpected end of a collection"));
        };
        let (kind, last) = match open.content {
            Content::Array(items) => {
                let last = items.last().map(|item| item.span.end);
                (NodeKind::Array(items), last)
            }
            Content::Object(mapping, _) => {
                let last = mapping.iter().last().map(|entry| entry.value.span.end);
                (NodeKind::Object(mapping), last)
            }
        };
        // A block collection's end is reported where the next token stands, so it ends with its last value.
        let end = if span.start == span.end {
            last.unwrap_or(span.end)
        } else {
            span.end
        };
        let node = Node {
            span: Span::new(open.start, end.max(open.start)),
            tag: open.tag,
            kind,
        };
        self.finished(open.anchor, node)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), SourceError> {
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(syntax(span, "an alias inside the value that it repeats"));
        };
        // Repeated values count each time, so that a few lines cannot stand for millions of values.
        self.nodes = self.nodes.saturating_add(node.count());
        let depth = node
            .depth()
            .saturating_add(u32::try_from(self.open.len()).unwrap_or(u32::MAX));
        if depth > self.limits.depth {
            return Err(self.too_deep(span));
        }
        self.check_count(span)?;
        let mut node = node.clone();
        node.span = span;
        self.attach(node)
    }

    fn finished(&mut self, anchor: usize, node: Node) -> Result<(), SourceError> {
        self.nodes = self.nodes.saturating_add(1);
        self.check_count(node.span)?;
        if anchor != 0 {
            self.nodes = self.nodes.saturating_add(node.count());
            self.check_count(node.span)?;
            self.anchors.insert(anchor, node.clone());
        }
        self.attach(node)
    }

    fn attach(&mut self, node: Node) -> Result<(), SourceError> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::Array(items)) => items.push(node),
            Some(Content::Object(mapping, key)) => match key.take() {
                Some(key) => mapping.push(key, node),
                None => {
                    let Some(text) = key_text(&node) else {
                        return Err(syntax(node.span, "a mapping key must be a scalar"));
                    };
                    *key = Some(Key {
                        text,
                        span: node.span,
                    });
                }
            },
        }
        Ok(())
    }

    fn check_count(&self, span: Span) -> Result<(), SourceError> {
        if self.nodes <= self.limits.nodes {
            return Ok(());
        }
        let message = format!("more than {} values", self.limits.nodes);
        Err(SourceError::new(span, SourceErrorKind::TooMany, message))
    }

    fn too_deep(&self, span: Span) -> SourceError {
        let message = format!("nested more than {} levels deep", self.limits.depth);
        SourceError::new(span, SourceErrorKind::TooDeep, message)
    }
}

fn plain_or_quoted(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    span: Span,
) -> Result<Node, SourceError> {
    let string = || NodeKind::String(Arc::from(text));
    let core = tag
        .filter(|tag| tag.handle == CORE)
        .map(|tag| tag.suffix.as_str());
    let kind = match (core, tag) {
        (Some("null" | "bool" | "int" | "float"), _) => scalar::resolve(text),
        (Some(_), _) | (None, Some(_)) => Some(string()),
        (None, None) if style == ScalarStyle::Plain => scalar::resolve(text),
        (None, None) => Some(string()),
    };
    let Some(kind) = kind else {
        return Err(syntax(span, "a number that JSON cannot hold"));
    };
    Ok(Node {
        span,
        tag: tag.and_then(written_tag),
        kind,
    })
}

/// A tag as the text has it; none for tags of the core schema and for the lone `!`.
fn written_tag(tag: &Tag) -> Option<Arc<str>> {
    if tag.handle == CORE || (tag.handle.is_empty() && tag.suffix == "!") || tag.suffix.is_empty() {
        return None;
    }
    Some(Arc::from(format!("{}{}", tag.handle, tag.suffix)))
}

/// A key as JSON needs it; `200:` and `true:` are keys by their text.
fn key_text(node: &Node) -> Option<Arc<str>> {
    match &node.kind {
        NodeKind::String(text) => Some(Arc::clone(text)),
        NodeKind::Null => Some(Arc::from("null")),
        NodeKind::Bool(_) | NodeKind::Number(_) => Some(Arc::from(node.to_json().to_text())),
        NodeKind::Array(_) | NodeKind::Object(_) => None,
    }
}

fn syntax(span: Span, message: &str) -> SourceError {
    SourceError::new(span, SourceErrorKind::Syntax, message)
}

/// From the parser's character counts to bytes.
struct Offsets {
    /// The byte of each character; empty where the text is ASCII and both are the same.
    bytes: Vec<usize>,
    length: usize,
}

impl Offsets {
    fn new(text: &str) -> Offsets {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        Offsets {
            bytes,
            length: text.len(),
        }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return character.min(self.length);
        }
        self.bytes.get(character).copied().unwrap_or(self.length)
    }

    fn span(&self, start: Marker, end: Marker) -> Span {
        let start = self.byte(start.index());
        Span::new(start, self.byte(end.index()).max(start))
    }

    fn error(&self, error: &ScanError) -> SourceError {
        let start = self.byte(error.marker().index());
        let end = self.byte(error.marker().index() + 1);
        SourceError::new(Span::new(start, end), SourceErrorKind::Syntax, error.info())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, read};
    use super::*;

    fn tree(text: &str) -> Result<Node, SourceError> {
        read(text, Format::Yaml, SourceLimits::default())
    }

    #[test]
    fn reads_values() {
        for (text, expect) in [
            (
                "a: 1\nb:\n  - x\n  - 'y'\n  - \"1\"\n",
                r#"{"a":1,"b":["x","y","1"]}"#,
            ),
            ("{a: [1, {b: null}]}", r#"{"a":[1,{"b":null}]}"#),
            ("", "null"),
            ("200: ok\ntrue: x", r#"{"200":"ok","true":"x"}"#),
            ("a: &x {k: v}\nb: *x", r#"{"a":{"k":"v"},"b":{"k":"v"}}"#),
            ("a: !!str 12\nb: !!int '3'", r#"{"a":"12","b":3}"#),
            ("a: |\n  line\n  two\n", r#"{"a":"line\ntwo\n"}"#),
            (
                "{\"StartAt\": \"A\", \"x\": true}",
                r#"{"StartAt":"A","x":true}"#,
            ),
        ] {
            assert_eq!(tree(text).unwrap().to_json().to_text(), expect, "{text}");
        }
    }

    #[test]
    fn keeps_tags() {
        let node = tree("a: !Ref Name\nb: !Sub ['${X}', {X: !GetAtt F.Arn}]\nc: !Ref 12").unwrap();
        let tag = |node: Option<&Node>| node.and_then(|node| node.tag.clone());
        assert_eq!(tag(node.get("a")).as_deref(), Some("!Ref"));
        assert_eq!(node.get("a").and_then(Node::as_str), Some("Name"));
        assert_eq!(tag(node.get("b")).as_deref(), Some("!Sub"));
        let inner = node.get("b").and_then(Node::as_array).unwrap();
        assert_eq!(tag(inner[1].get("X")).as_deref(), Some("!GetAtt"));
        assert_eq!(node.get("c").and_then(Node::as_str), Some("12"));
    }

    #[test]
    fn positions_are_bytes() {
        let text = "é: ü\nStates:\n  A:\n    Type: Pass\n  B: [1, 2]\nlast: x\n";
        let node = tree(text).unwrap();
        let slice = |span: Span| span.slice(text);
        let states = node
            .as_object()
            .and_then(|top| top.entry("States"))
            .unwrap();
        assert_eq!(slice(states.key.span), "States");
        assert_eq!(slice(states.value.span), "A:\n    Type: Pass\n  B: [1, 2]");
        assert_eq!(slice(states.value.get("B").unwrap().span), "[1, 2]");
        assert_eq!(slice(node.get("é").unwrap().span), "ü");
    }

    #[test]
    fn refuses() {
        for (text, expect) in [
            ("a: [1", SourceErrorKind::Syntax),
            ("? [a]\n: b", SourceErrorKind::Syntax),
            ("a: *nowhere", SourceErrorKind::Syntax),
            ("a: &x [*x]", SourceErrorKind::Syntax),
            ("a: .inf", SourceErrorKind::Syntax),
            ("a: 1\n---\nb: 2", SourceErrorKind::Syntax),
        ] {
            assert_eq!(tree(text).unwrap_err().kind, expect, "{text}");
        }
    }

    #[test]
    fn aliases_cannot_explode() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let before = format!("*a{}", level - 1);
            let items = vec![before; 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
        }
        assert_eq!(tree(&text).unwrap_err().kind, SourceErrorKind::TooMany);
        let deep = format!("a: {}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(tree(&deep).is_err());
    }
}

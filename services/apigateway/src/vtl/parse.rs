//! From text to a template.

use super::Broken;
use super::ast::{Node, Reference, Step};
use super::expression;

/// Directives, brackets and strings within each other.
pub(crate) const DEPTH_MAX: usize = 48;
/// Characters of a template. Source: API Gateway quotas, "Size of a mapping template": 300 KB.
const TEMPLATE_MAX: usize = 307_200;

/// Characters, and how far they are read.
pub(crate) struct Parser<'t> {
    pub(crate) text: &'t str,
    pub(crate) at: usize,
    depth: usize,
}

/// What ends a list of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Text,
    Whole,
    Else,
    ElseIf,
}

/// A whole template.
pub(crate) fn parse(text: &str) -> Result<Vec<Node>, Broken> {
    if text.len() > TEMPLATE_MAX {
        return Err(Broken::TooMuch);
    }
    Parser::new(text, 0).whole()
}

impl<'t> Parser<'t> {
    pub(crate) fn new(text: &'t str, depth: usize) -> Parser<'t> {
        Parser { text, at: 0, depth }
    }

    pub(crate) fn whole(mut self) -> Result<Vec<Node>, Broken> {
        let (nodes, end) = self.nodes()?;
        match end {
            End::Text => Ok(nodes),
            End::Whole | End::Else | End::ElseIf => Err(Broken::Syntax),
        }
    }

    /// Goes one level deeper.
    pub(crate) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        if self.depth >= DEPTH_MAX {
            return Err(Broken::TooMuch);
        }
        self.depth = self.depth.saturating_add(1);
        let done = read(self);
        self.depth = self.depth.saturating_sub(1);
        done
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    pub(crate) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at = self.at.saturating_add(next.len_utf8());
        Some(next)
    }

    pub(crate) fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at = self.at.saturating_add(word.len());
        }
        found
    }

    pub(crate) fn wanted(&mut self, word: &str) -> Result<(), Broken> {
        match self.eat(word) {
            true => Ok(()),
            false => Err(Broken::Syntax),
        }
    }

    pub(crate) fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    /// A name of letters, digits, `_` and `-` that begins with a letter or `_`.
    pub(crate) fn name(&mut self) -> Option<String> {
        let first = self.peek()?;
        if !first.is_ascii_alphabetic() && first != '_' {
            return None;
        }
        let rest = self.rest();
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let end = rest.find(|c: char| !legal(c)).unwrap_or(rest.len());
        let name = rest.get(..end)?.to_owned();
        self.at = self.at.saturating_add(end);
        Some(name)
    }

    fn nodes(&mut self) -> Result<(Vec<Node>, End), Broken> {
        let mut nodes = Vec::new();
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(['$', '#', '\\']).unwrap_or(rest.len());
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.at = self.at.saturating_add(plain);
            let node = match self.peek() {
                None => {
                    flush(&mut text, &mut nodes);
                    return Ok((nodes, End::Text));
                }
                Some('\\') => {
                    self.bump();
                    match self.peek() {
                        Some(escaped @ ('$' | '#')) => {
                            self.bump();
                            text.push(escaped);
                        }
                        Some(_) | None => text.push('\\'),
                    }
                    continue;
                }
                Some('$') => self.reference()?.map(Node::Reference),
                Some(_) => match self.directive(&mut text)? {
                    Directive::Node(node) => Some(node),
                    Directive::Nothing => continue,
                    Directive::Text => None,
                    Directive::End(end) => {
                        flush(&mut text, &mut nodes);
                        return Ok((nodes, end));
                    }
                },
            };
            match node {
                Some(node) => {
                    flush(&mut text, &mut nodes);
                    nodes.push(node);
                }
                None => text.extend(self.bump()),
            }
        }
    }

    /// The reference that begins here; none where the dollar is only a dollar.
    pub(crate) fn reference(&mut self) -> Result<Option<Reference>, Broken> {
        let begin = self.at;
        self.bump();
        let is_quiet = self.eat("!");
        let is_formal = self.eat("{");
        let Some(name) = self.name() else {
            self.at = begin;
            return Ok(None);
        };
        let steps = self.steps()?;
        if is_formal && !self.eat("}") {
            self.at = begin;
            return Ok(None);
        }
        let source = self.text.get(begin..self.at).unwrap_or_default().to_owned();
        Ok(Some(Reference {
            source,
            is_quiet,
            name,
            steps,
        }))
    }

    fn steps(&mut self) -> Result<Vec<Step>, Broken> {
        let mut steps = Vec::new();
        loop {
            let begin = self.at;
            if self.eat(".") {
                let Some(name) = self.name() else {
                    self.at = begin;
                    return Ok(steps);
                };
                match self.eat("(") {
                    true => steps.push(Step::Call(name, self.deeper(|it| it.arguments(")"))?)),
                    false => steps.push(Step::Member(name)),
                }
            } else if self.eat("[") {
                // It may be the text behind a reference.
                let index = self.deeper(|it| {
                    it.blanks();
                    let index = expression::expression(it)?;
                    it.blanks();
                    it.wanted("]").map(|()| index)
                });
                match index {
                    Ok(index) => steps.push(Step::Index(index)),
                    Err(Broken::TooMuch) => return Err(Broken::TooMuch),
                    Err(Broken::Syntax) => {
                        self.at = begin;
                        return Ok(steps);
                    }
                }
            } else {
                return Ok(steps);
            }
        }
    }

    /// Expressions with commas between them, and what ends them.
    pub(crate) fn arguments(&mut self, end: &str) -> Result<Vec<super::ast::Expression>, Broken> {
        let mut arguments = Vec::new();
        self.blanks();
        if self.eat(end) {
            return Ok(arguments);
        }
        loop {
            self.blanks();
            arguments.push(expression::expression(self)?);
            self.blanks();
            if self.eat(end) {
                return Ok(arguments);
            }
            self.wanted(",")?;
        }
    }

    /// A directive's word, also between braces: `#end`, `#{end}`.
    fn word(&mut self, word: &str) -> bool {
        let begin = self.at;
        if self.eat(&format!("#{{{word}}}")) {
            return true;
        }
        let found = self.eat("#") && self.eat(word);
        let goes_on = self.peek().is_some_and(|c| c.is_ascii_alphanumeric());
        // `#else` may stand right before a text.
        let is_whole = !goes_on || matches!(word, "else" | "end");
        if found && is_whole {
            return true;
        }
        self.at = begin;
        false
    }

    fn directive(&mut self, text: &mut String) -> Result<Directive, Broken> {
        if self.eat("##") {
            let rest = self.rest();
            let end = rest
                .find('\n')
                .map_or(rest.len(), |at| at.saturating_add(1));
            self.at = self.at.saturating_add(end);
            return Ok(Directive::Nothing);
        }
        for (begin, end, is_shown) in [("#*", "*#", false), ("#[[", "]]#", true)] {
            if self.eat(begin) {
                let rest = self.rest();
                let at = rest.find(end).ok_or(Broken::Syntax)?;
                if is_shown {
                    text.push_str(rest.get(..at).unwrap_or_default());
                }
                self.at = self.at.saturating_add(at).saturating_add(end.len());
                return Ok(Directive::Nothing);
            }
        }
        for (word, end) in [
            ("elseif", End::ElseIf),
            ("else", End::Else),
            ("end", End::Whole),
        ] {
            if self.word(word) {
                if end != End::ElseIf {
                    self.line_end();
                }
                return Ok(Directive::End(end));
            }
        }
        let node = if self.word("set") {
            self.set()?
        } else if self.word("if") {
            self.deeper(Parser::condition)?
        } else if self.word("foreach") {
            self.deeper(Parser::foreach)?
        } else if self.word("break") {
            self.line_end();
            Node::Break
        } else if self.word("stop") || self.word("return") {
            Node::Stop
        } else {
            return Ok(Directive::Text);
        };
        Ok(Directive::Node(node))
    }

    /// The end of a line that only holds a directive is not shown.
    fn line_end(&mut self) {
        let rest = self.rest();
        let blanks = rest
            .len()
            .saturating_sub(rest.trim_start_matches([' ', '\t']).len());
        let behind = rest.get(blanks..).unwrap_or_default();
        for end in ["\r\n", "\n"] {
            if behind.starts_with(end) {
                self.at = self.at.saturating_add(blanks).saturating_add(end.len());
                return;
            }
        }
    }

    fn open(&mut self) -> Result<(), Broken> {
        self.blanks();
        self.wanted("(")?;
        self.blanks();
        Ok(())
    }

    fn close(&mut self) -> Result<(), Broken> {
        self.blanks();
        self.wanted(")")
    }

    fn set(&mut self) -> Result<Node, Broken> {
        self.open()?;
        let target = match self.peek() {
            Some('$') => self.reference()?,
            Some(_) | None => None,
        };
        let target = target.ok_or(Broken::Syntax)?;
        self.blanks();
        self.wanted("=")?;
        self.blanks();
        let value = expression::expression(self)?;
        self.close()?;
        self.line_end();
        Ok(Node::Set(target, value))
    }

    fn condition(&mut self) -> Result<Node, Broken> {
        let mut arms = Vec::new();
        loop {
            self.open()?;
            let condition = expression::expression(self)?;
            self.close()?;
            self.line_end();
            let (nodes, end) = self.nodes()?;
            arms.push((condition, nodes));
            match end {
                End::ElseIf => {}
                End::Whole => return Ok(Node::If(arms, Vec::new())),
                End::Else => {
                    let (rest, end) = self.nodes()?;
                    return match end {
                        End::Whole => Ok(Node::If(arms, rest)),
                        End::Text | End::Else | End::ElseIf => Err(Broken::Syntax),
                    };
                }
                End::Text => return Err(Broken::Syntax),
            }
        }
    }

    fn foreach(&mut self) -> Result<Node, Broken> {
        self.open()?;
        let variable = match self.peek() {
            Some('$') => self.reference()?,
            Some(_) | None => None,
        };
        let variable = variable.ok_or(Broken::Syntax)?;
        self.blanks();
        self.wanted("in")?;
        self.blanks();
        let list = expression::expression(self)?;
        self.close()?;
        self.line_end();
        match self.nodes()? {
            (nodes, End::Whole) => Ok(Node::Foreach(variable.name, list, nodes)),
            (_, End::Text | End::Else | End::ElseIf) => Err(Broken::Syntax),
        }
    }
}

/// What a hash is.
enum Directive {
    Node(Node),
    /// A comment, or a text that is already taken.
    Nothing,
    /// Only a hash.
    Text,
    End(End),
}

fn flush(text: &mut String, nodes: &mut Vec<Node>) {
    if !text.is_empty() {
        nodes.push(Node::Text(std::mem::take(text)));
    }
}

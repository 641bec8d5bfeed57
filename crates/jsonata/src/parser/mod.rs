//! The parser: operator precedence (Pratt) over the pulled tokens.
//!
//! Entry point: [`parse`]. Gives the tree as written ([`crate::syntax`]) with the official error
//! codes. Both the nesting of the parser and the height of the tree are bounded.

mod infix;
mod prefix;

use crate::error::Error;
use crate::lexer::{Expect, Lexer, Token, TokenKind};
use crate::stack::{COMPILE_STACK_BYTES, Stack, nests_too_deeply};
use crate::syntax::{Syntax, SyntaxKind};

/// How deeply brackets and operators may nest while parsing.
const NESTING_MAX: u32 = 256;
/// How high the tree may be, which a long chain of operators makes higher than its nesting. Walks
/// over the tree recurse, so this bounds the native stack.
const HEIGHT_MAX: u32 = 1024;

/// Parses a whole source text.
pub(crate) fn parse(source: &str) -> Result<Syntax, Error> {
    let lexer = Lexer::new(source);
    let token = Token {
        kind: TokenKind::End,
        position: 0,
    };
    let mut parser = Parser {
        lexer,
        token,
        nesting: 0,
        stack: Stack::here(COMPILE_STACK_BYTES),
    };
    parser.advance(Expect::Operand)?;
    let tree = parser.expression(0)?;
    if parser.token.kind != TokenKind::End {
        let text = parser.token.kind.text();
        return Err(parser
            .fault("S0201", format!("syntax error: \"{text}\""))
            .token(text));
    }
    Ok(tree)
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    /// The token not consumed yet.
    token: Token,
    nesting: u32,
    stack: Stack,
}

impl Parser<'_> {
    /// Parses as long as operators bind tighter than `binding`.
    fn expression(&mut self, binding: u32) -> Result<Syntax, Error> {
        self.nesting += 1;
        if self.nesting > NESTING_MAX || self.stack.is_exhausted() {
            return Err(self.too_deep());
        }
        let first = self.advance(Expect::Operator)?;
        let mut left = self.prefix(first)?;
        while binding < left_binding(&self.token.kind) {
            let operator = self.advance(Expect::Operand)?;
            left = self.infix(left, &operator)?;
            if left.height > HEIGHT_MAX {
                return Err(self.too_deep());
            }
        }
        self.nesting -= 1;
        if left.height > HEIGHT_MAX {
            return Err(self.too_deep());
        }
        Ok(left)
    }

    /// Consumes the token and pulls the next one.
    fn advance(&mut self, expect: Expect) -> Result<Token, Error> {
        let next = self.lexer.next(expect)?;
        if let TokenKind::Operator(operator @ ("!" | "~")) = next.kind {
            let message = format!("unknown operator: \"{operator}\"");
            return Err(Error::new("S0204", message)
                .at(next.position)
                .token(operator));
        }
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is(&self, operator: &str) -> bool {
        matches!(self.token.kind, TokenKind::Operator(text) if text == operator)
    }

    /// Consumes the operator that must stand here.
    fn require(&mut self, operator: &'static str, expect: Expect) -> Result<(), Error> {
        if self.is(operator) {
            self.advance(expect)?;
            return Ok(());
        }
        let text = self.token.kind.text();
        Err(if self.token.kind == TokenKind::End {
            let message = format!("expected \"{operator}\" before end of expression");
            self.fault("S0203", message).token(text).value(operator)
        } else {
            let message = format!("expected \"{operator}\", got \"{text}\"");
            self.fault("S0202", message).token(text).value(operator)
        })
    }

    /// Parses `key: value` pairs and the closing brace.
    fn pairs(&mut self) -> Result<Vec<(Syntax, Syntax)>, Error> {
        let mut pairs = Vec::new();
        if !self.is("}") {
            loop {
                let key = self.expression(0)?;
                self.require(":", Expect::Operand)?;
                pairs.push((key, self.expression(0)?));
                if !self.is(",") {
                    break;
                }
                self.advance(Expect::Operand)?;
            }
        }
        self.require("}", Expect::Operator)?;
        Ok(pairs)
    }

    fn fault(&self, code: &'static str, message: String) -> Error {
        Error::new(code, message).at(self.token.position)
    }

    fn too_deep(&self) -> Error {
        nests_too_deeply(self.token.position)
    }
}

fn height_of<'s>(nodes: impl IntoIterator<Item = &'s Syntax>) -> u32 {
    nodes.into_iter().map(|node| node.height).max().unwrap_or(0)
}

fn height_of_pairs(pairs: &[(Syntax, Syntax)]) -> u32 {
    pairs
        .iter()
        .map(|(key, value)| key.height.max(value.height))
        .max()
        .unwrap_or(0)
}

/// How tightly a token binds to what stands left of it; zero ends an expression.
fn left_binding(token: &TokenKind) -> u32 {
    let TokenKind::Operator(operator) = token else {
        return 0;
    };
    match *operator {
        "(" | "[" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "<" | ">" | "!=" | "<=" | ">=" | "~>" | "in" | "^" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

/// A node without children.
fn leaf(kind: SyntaxKind, position: usize) -> Syntax {
    Syntax::new(kind, position, 0)
}

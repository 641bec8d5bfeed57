//! Reads a JavaScript pattern (ECMA-262, with its annex B for the web).
//!
//! Entry point: [`parse`]. Knows nothing of matching.

use super::RegexFlags;
use super::class::{Class, DIGITS, SPACE, Set, WORD, complement};
use super::node::{Assertion, Look, Node, Pattern, Repeat};
use crate::error::{Error, LIMIT};

/// The longest pattern, in characters.
const LENGTH_MAX: usize = 20_000;
/// How deep groups may nest.
const DEPTH_MAX: usize = 100;
/// The most characters in the names and group count of one pattern follow from [`LENGTH_MAX`].
const NO_BOUND: u32 = u32::MAX;

/// Reads a pattern.
///
/// # Errors
/// `S0303` when it is malformed, `U1001` when it is too long or too deep.
pub(super) fn parse(source: &str, flags: RegexFlags) -> Result<Pattern, Error> {
    let signs: Vec<char> = source.chars().collect();
    if signs.len() > LENGTH_MAX {
        return Err(too_large(source));
    }
    let (groups, names) = groups_of(&signs);
    let mut sorted = names.iter().filter_map(Option::as_ref).collect::<Vec<_>>();
    sorted.sort_unstable();
    let mut parser = Parser {
        source,
        signs,
        at: 0,
        flags,
        groups,
        names: &names,
        opened: 0,
    };
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(parser.error("a group name occurs twice"));
    }
    let root = parser.alternatives(0)?;
    if parser.at < parser.signs.len() {
        return Err(parser.error("unmatched `)`"));
    }
    Ok(Pattern { root, groups })
}

fn too_large(source: &str) -> Error {
    let shown: String = source.chars().take(100).collect();
    Error::new(LIMIT, "the regular expression is too large").value(shown)
}

/// The number of capturing groups, and the name of each that has one.
fn groups_of(signs: &[char]) -> (usize, Vec<Option<String>>) {
    let mut names = Vec::new();
    let mut in_class = false;
    let mut at = 0;
    while let Some(sign) = signs.get(at) {
        match sign {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let after: String = signs.iter().skip(at + 1).take(3).collect();
                let named = after.starts_with("?<") && !matches!(after.as_str(), "?<=" | "?<!");
                if named {
                    let name = signs.iter().skip(at + 3).take_while(|sign| **sign != '>');
                    names.push(Some(name.collect()));
                } else if !after.starts_with('?') {
                    names.push(None);
                }
            }
            _ => {}
        }
        at += 1;
    }
    (names.len(), names)
}

struct Parser<'a> {
    source: &'a str,
    signs: Vec<char>,
    at: usize,
    flags: RegexFlags,
    groups: usize,
    names: &'a [Option<String>],
    opened: usize,
}

/// One member of a class: a character, or several that cannot bound a range.
enum Member {
    One(u32),
    Many(Vec<(u32, u32)>),
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let sign = self.peek()?;
        self.at += 1;
        Some(sign)
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text
            .chars()
            .zip(self.at..)
            .all(|(sign, at)| self.signs.get(at) == Some(&sign));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    fn error(&self, what: &str) -> Error {
        Error::new("S0303", format!("invalid regular expression: {what}")).value(self.source)
    }

    fn alternatives(&mut self, depth: usize) -> Result<Node, Error> {
        if depth > DEPTH_MAX {
            return Err(too_large(self.source));
        }
        let mut either = vec![self.sequence(depth)?];
        while self.eat("|") {
            either.push(self.sequence(depth)?);
        }
        match either.len() {
            1 => Ok(either.swap_remove(0)),
            _ => Ok(Node::Either(either)),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Node, Error> {
        let mut nodes = Vec::new();
        while self.peek().is_some_and(|sign| !matches!(sign, '|' | ')')) {
            let first_group = self.opened + 1;
            let node = self.atom(depth)?;
            let Some((min, max)) = self.quantifier()? else {
                nodes.push(node);
                continue;
            };
            if matches!(
                node,
                Node::Assert(_) | Node::Look(Look { backward: true, .. }, _)
            ) {
                return Err(self.error("nothing to repeat"));
            }
            let greedy = !self.eat("?");
            let groups = (first_group, self.opened + 1);
            nodes.push(Node::Repeat(Box::new(Repeat {
                node,
                min,
                max,
                greedy,
                groups,
            })));
        }
        match nodes.len() {
            1 => Ok(nodes.swap_remove(0)),
            _ => Ok(Node::Sequence(nodes)),
        }
    }

    fn quantifier(&mut self) -> Result<Option<(u32, u32)>, Error> {
        let bounds = match self.peek() {
            Some('*') => (0, NO_BOUND),
            Some('+') => (1, NO_BOUND),
            Some('?') => (0, 1),
            Some('{') => return self.braces(),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(bounds))
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else in braces is literal text.
    fn braces(&mut self) -> Result<Option<(u32, u32)>, Error> {
        let start = self.at;
        self.at += 1;
        let min = self.number();
        let max = if self.eat(",") {
            Some(self.number().unwrap_or(NO_BOUND))
        } else {
            min
        };
        match (min, max) {
            (Some(min), Some(max)) if self.eat("}") => {
                if min > max {
                    return Err(self.error("numbers out of order in a quantifier"));
                }
                Ok(Some((min, max)))
            }
            _ => {
                self.at = start;
                Ok(None)
            }
        }
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(|sign| sign.to_digit(10)) {
            self.at += 1;
            value = Some(
                value
                    .unwrap_or(0_u32)
                    .saturating_mul(10)
                    .saturating_add(digit),
            );
        }
        value
    }

    fn atom(&mut self, depth: usize) -> Result<Node, Error> {
        if matches!(self.peek(), Some('*' | '+' | '?')) || self.quantifier()?.is_some() {
            return Err(self.error("nothing to repeat"));
        }
        let multi_line = self.flags.multi_line;
        let Some(sign) = self.next() else {
            return Ok(Node::Sequence(Vec::new()));
        };
        match sign {
            '^' if multi_line => Ok(Node::Assert(Assertion::LineStart)),
            '^' => Ok(Node::Assert(Assertion::TextStart)),
            '$' if multi_line => Ok(Node::Assert(Assertion::LineEnd)),
            '$' => Ok(Node::Assert(Assertion::TextEnd)),
            '.' => Ok(Node::Set(Set::Class(Class::any()))),
            '(' => self.group(depth),
            '[' => self.class(),
            '\\' => self.escape(),
            _ => Ok(self.literal(sign)),
        }
    }

    fn literal(&self, sign: char) -> Node {
        Node::Set(Set::one(sign, self.flags.ignore_case))
    }

    fn group(&mut self, depth: usize) -> Result<Node, Error> {
        let look = |backward, negative| Some(Look { backward, negative });
        let (look, captures) = if self.eat("?:") {
            (None, false)
        } else if self.eat("?=") {
            (look(false, false), false)
        } else if self.eat("?!") {
            (look(false, true), false)
        } else if self.eat("?<=") {
            (look(true, false), false)
        } else if self.eat("?<!") {
            (look(true, true), false)
        } else if self.eat("?<") {
            self.group_name()?;
            (None, true)
        } else if self.peek() == Some('?') {
            return Err(self.error("invalid group"));
        } else {
            (None, true)
        };
        if captures {
            self.opened += 1;
        }
        let index = self.opened;
        let node = self.alternatives(depth + 1)?;
        if !self.eat(")") {
            return Err(self.error("unterminated group"));
        }
        Ok(match look {
            Some(look) => Node::Look(look, Box::new(node)),
            None if captures => Node::Group(index, Box::new(node)),
            None => node,
        })
    }

    /// A name and its `>`.
    fn group_name(&mut self) -> Result<String, Error> {
        let mut name = String::new();
        while let Some(sign) = self.next() {
            let start = sign.is_alphabetic() || matches!(sign, '_' | '$');
            if sign == '>' && !name.is_empty() {
                return Ok(name);
            }
            if !start && (name.is_empty() || !sign.is_alphanumeric()) {
                break;
            }
            name.push(sign);
        }
        Err(self.error("invalid group name"))
    }

    fn escape(&mut self) -> Result<Node, Error> {
        let Some(sign) = self.peek() else {
            return Err(self.error("`\\` at the end"));
        };
        match sign {
            'b' | 'B' => {
                self.at += 1;
                let edge = if sign == 'b' {
                    Assertion::WordEdge
                } else {
                    Assertion::NoWordEdge
                };
                return Ok(Node::Assert(edge));
            }
            'k' if self.names.iter().any(Option::is_some) => {
                self.at += 1;
                return self.named_reference();
            }
            '1'..='9' => {
                let start = self.at;
                let number = self
                    .number()
                    .and_then(|number| usize::try_from(number).ok());
                if let Some(number) = number.filter(|number| *number <= self.groups) {
                    return Ok(Node::Reference(number));
                }
                self.at = start;
            }
            _ => {}
        }
        Ok(match self.character_escape() {
            Member::One(code) => match char::from_u32(code) {
                Some(sign) => self.literal(sign),
                None => Node::Set(self.set_of(Vec::new(), false)),
            },
            Member::Many(ranges) => Node::Set(self.set_of(ranges, false)),
        })
    }

    fn set_of(&self, ranges: Vec<(u32, u32)>, negated: bool) -> Set {
        Set::Class(Class::new(ranges, negated, self.flags.ignore_case))
    }

    fn named_reference(&mut self) -> Result<Node, Error> {
        if !self.eat("<") {
            return Err(self.error("invalid named reference"));
        }
        let name = self.group_name()?;
        let index = self
            .names
            .iter()
            .position(|known| known.as_ref() == Some(&name));
        match index {
            Some(index) => Ok(Node::Reference(index + 1)),
            None => Err(self.error("a named reference to no group")),
        }
    }

    /// What follows a backslash, inside of a class or not. At the end of the pattern it is the
    /// backslash itself.
    fn character_escape(&mut self) -> Member {
        let Some(sign) = self.next() else {
            return Member::One('\\'.into());
        };
        match sign {
            'd' => Member::Many(DIGITS.to_vec()),
            'D' => Member::Many(complement(&DIGITS)),
            'w' => Member::Many(WORD.to_vec()),
            'W' => Member::Many(complement(&WORD)),
            's' => Member::Many(SPACE.to_vec()),
            'S' => Member::Many(complement(&SPACE)),
            't' => Member::One(0x09),
            'n' => Member::One(0x0A),
            'v' => Member::One(0x0B),
            'f' => Member::One(0x0C),
            'r' => Member::One(0x0D),
            '0'..='7' => Member::One(self.octal(sign)),
            'x' => Member::One(self.hexadecimal(2).unwrap_or('x'.into())),
            'u' => Member::One(self.unicode()),
            'c' => match self.peek().filter(char::is_ascii_alphabetic) {
                Some(letter) => {
                    self.at += 1;
                    Member::One(u32::from(letter) % 32)
                }
                None => {
                    self.at -= 1;
                    Member::One('\\'.into())
                }
            },
            _ => Member::One(sign.into()),
        }
    }

    /// Up to three octal digits, at most 255.
    fn octal(&mut self, first: char) -> u32 {
        let mut value = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let digit = self.peek().and_then(|sign| sign.to_digit(8));
            let Some(longer) = digit
                .map(|digit| value * 8 + digit)
                .filter(|code| *code < 256)
            else {
                break;
            };
            self.at += 1;
            value = longer;
        }
        value
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let text = self.signs.get(self.at..self.at + digits)?;
        let value = text
            .iter()
            .try_fold(0, |value, sign| Some(value * 16 + sign.to_digit(16)?))?;
        self.at += digits;
        Some(value)
    }

    /// Four hexadecimal digits, or two times four when they are a surrogate pair.
    fn unicode(&mut self) -> u32 {
        let Some(high) = self.hexadecimal(4) else {
            return 'u'.into();
        };
        let start = self.at;
        if (0xD800..0xDC00).contains(&high)
            && self.eat("\\u")
            && let Some(low) = self
                .hexadecimal(4)
                .filter(|low| (0xDC00..0xE000).contains(low))
        {
            return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        }
        self.at = start;
        high
    }

    fn class(&mut self) -> Result<Node, Error> {
        let negated = self.eat("^");
        let mut ranges = Vec::new();
        loop {
            let Some(first) = self.class_member()? else {
                return Ok(Node::Set(self.set_of(ranges, negated)));
            };
            let dash = self.at;
            let bound = if self.peek() == Some('-') && self.signs.get(dash + 1) != Some(&']') {
                self.at += 1;
                self.class_member()?
            } else {
                None
            };
            match (first, bound) {
                (Member::One(from), Some(Member::One(to))) => {
                    if from > to {
                        return Err(self.error("range out of order in a character class"));
                    }
                    ranges.push((from, to));
                }
                (first, Some(second)) => {
                    ranges.push(('-'.into(), '-'.into()));
                    add(&mut ranges, first);
                    add(&mut ranges, second);
                }
                (first, None) => add(&mut ranges, first),
            }
        }
    }

    /// The next member of a class; `None` at its end, which is taken too.
    fn class_member(&mut self) -> Result<Option<Member>, Error> {
        match self.next() {
            None => Err(self.error("unterminated character class")),
            Some(']') => Ok(None),
            Some('\\') if self.peek().is_none() => Err(self.error("`\\` at the end")),
            Some('\\') if self.eat("b") => Ok(Some(Member::One(0x08))),
            Some('\\') => Ok(Some(self.character_escape())),
            Some(sign) => Ok(Some(Member::One(sign.into()))),
        }
    }
}

fn add(ranges: &mut Vec<(u32, u32)>, member: Member) {
    match member {
        Member::One(code) => ranges.push((code, code)),
        Member::Many(many) => ranges.extend(many),
    }
}

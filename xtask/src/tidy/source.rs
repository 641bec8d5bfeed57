//! A Rust source file cut into code, comments and literals, line by line, and the items that the rules ask for.
//!
//! This is a scanner, not a parser: it knows strings (raw ones too), characters, lifetimes, nested comments and
//! brackets, which is what it takes to find where a function or a test module begins and ends. Entry point:
//! [`Source::new`].

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// A source file after scanning.
#[derive(Debug)]
pub struct Source {
    /// One entry per line: the code, with comments blanked and every character of a literal turned into `"`.
    code: Vec<String>,
    /// One entry per line: the text of comments, everything else blanked.
    comments: Vec<String>,
    tokens: Vec<Token>,
}

/// A function with a body, from the line of its `fn` to that of its closing brace.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its lines, counted from 1.
    pub lines: RangeInclusive<usize>,
}

#[derive(Debug, PartialEq, Eq)]
struct Token {
    kind: TokenKind,
    line: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum TokenKind {
    Word(String),
    Mark(char),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Code,
    Comment,
    Literal,
}

impl Source {
    /// Scans `text`. Text that is not Rust gives a meaningless but harmless answer.
    pub fn new(text: &str) -> Self {
        let mut scanner = Scanner::new(text);
        scanner.scan();
        let tokens = tokens(&scanner.code);
        let lines = |text: String| text.split('\n').map(str::to_owned).collect();
        Self {
            code: lines(scanner.code),
            comments: lines(scanner.comments),
            tokens,
        }
    }

    /// Line number (from 1) and code of each line.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.iter().map(String::as_str))
    }

    /// Line number (from 1) and comment text of each line.
    pub fn comment_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.comments.iter().map(String::as_str))
    }

    /// How many of `lines` hold code: blank lines and lines of comment do not count.
    pub fn count_code(&self, lines: RangeInclusive<usize>) -> usize {
        self.code_lines()
            .filter(|(line, code)| lines.contains(line) && !code.trim().is_empty())
            .count()
    }

    /// The lines of items under `#[cfg(test)]` or `#[test]`.
    pub fn test_lines(&self) -> BTreeSet<usize> {
        let starts = (0..self.tokens.len()).filter(|&at| self.is_test_attribute(at));
        let lines = |at| Some(self.line_of(at)?..=self.line_of(self.item_end(at)?)?);
        starts.filter_map(lines).flatten().collect()
    }

    /// The names of modules in other files that are compiled for tests only.
    pub fn test_modules(&self) -> Vec<&str> {
        let starts = (0..self.tokens.len()).filter(|&at| self.is_test_attribute(at));
        starts
            .filter_map(|at| self.outer_module(self.skip_attributes(at)))
            .collect()
    }

    /// Every function with a body, nested ones too, in the order of their beginnings.
    pub fn functions(&self) -> Vec<Function> {
        (0..self.tokens.len())
            .filter_map(|at| self.function(at))
            .collect()
    }

    fn function(&self, at: usize) -> Option<Function> {
        if self.word(at)? != "fn" {
            return None;
        }
        let name = self.word(at + 1)?.to_owned();
        let open = self.body_start(at)?;
        let close = self.closing(open)?;
        Some(Function {
            name,
            lines: self.line_of(at)?..=self.line_of(close)?,
        })
    }

    /// The line above the attributes and comments that stand directly over `line`, and those lines themselves.
    pub fn comments_above(&self, line: usize) -> impl Iterator<Item = (usize, &str)> {
        let top = (1..line)
            .rev()
            .take_while(|&above| {
                let code = self.code.get(above - 1).map_or("", |code| code.trim());
                let comment = self.comments.get(above - 1).map_or("", |text| text.trim());
                code.starts_with("#[") || (code.is_empty() && !comment.is_empty())
            })
            .last()
            .unwrap_or(line);
        self.comment_lines().skip(top - 1).take(line - top)
    }

    fn is_test_attribute(&self, at: usize) -> bool {
        let marks = |at, mark| self.mark(at) == Some(mark);
        let words = |at, word| self.word(at) == Some(word);
        let opens = marks(at, '#') && marks(at + 1, '[');
        let cfg = words(at + 2, "cfg") && words(at + 4, "test") && marks(at + 5, ')');
        opens && (cfg || (words(at + 2, "test") && marks(at + 3, ']')))
    }

    /// The token after the run of attributes that begins at `at`.
    fn skip_attributes(&self, mut at: usize) -> usize {
        while self.mark(at) == Some('#') && self.mark(at + 1) == Some('[') {
            let Some(close) = self.closing(at + 1) else {
                break;
            };
            at = close + 1;
        }
        at
    }

    fn outer_module(&self, mut at: usize) -> Option<&str> {
        if self.word(at)? == "pub" {
            at += 1;
            if self.mark(at) == Some('(') {
                at = self.closing(at)? + 1;
            }
        }
        let is_outer = self.word(at)? == "mod" && self.mark(at + 2)? == ';';
        is_outer.then_some(self.word(at + 1)).flatten()
    }

    /// The last token of the item that the attribute at `at` belongs to.
    fn item_end(&self, at: usize) -> Option<usize> {
        let item = self.skip_attributes(at);
        match self.body_start(item) {
            Some(open) => self.closing(open),
            None => (item..self.tokens.len()).find(|&at| self.mark(at) == Some(';')),
        }
    }

    /// The `{` that opens the body of the item at `at`; nothing when the item ends in `;` instead.
    fn body_start(&self, at: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in at..self.tokens.len() {
            match self.mark(at) {
                Some('(' | '[') => depth += 1,
                Some(')' | ']') => depth = depth.saturating_sub(1),
                Some('{') if depth == 0 => return Some(at),
                Some(';') if depth == 0 => return None,
                Some(_) | None => {}
            }
        }
        None
    }

    /// The bracket that closes the one at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..self.tokens.len() {
            match self.mark(at) {
                Some('(' | '[' | '{') => depth += 1,
                Some(')' | ']' | '}') => depth = depth.saturating_sub(1),
                Some(_) | None => {}
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    fn word(&self, at: usize) -> Option<&str> {
        match &self.tokens.get(at)?.kind {
            TokenKind::Word(word) => Some(word),
            TokenKind::Mark(_) => None,
        }
    }

    fn mark(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)?.kind {
            TokenKind::Mark(mark) => Some(mark),
            TokenKind::Word(_) => None,
        }
    }

    fn line_of(&self, at: usize) -> Option<usize> {
        self.tokens.get(at).map(|token| token.line)
    }
}

fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (line, text) in (1..).zip(code.split('\n')) {
        let mut word = String::new();
        for char in text.chars().chain([' ']) {
            if is_word(char) {
                word.push(char);
                continue;
            }
            if !word.is_empty() {
                tokens.push(Token {
                    kind: TokenKind::Word(std::mem::take(&mut word)),
                    line,
                });
            }
            if !char.is_whitespace() {
                tokens.push(Token {
                    kind: TokenKind::Mark(char),
                    line,
                });
            }
        }
    }
    tokens
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

struct Scanner {
    text: Vec<char>,
    at: usize,
    code: String,
    comments: String,
}

impl Scanner {
    fn new(text: &str) -> Self {
        Self {
            text: text.chars().collect(),
            at: 0,
            code: String::new(),
            comments: String::new(),
        }
    }

    fn scan(&mut self) {
        while let Some(char) = self.peek(0) {
            match (char, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('\'', _) => self.character_or_lifetime(),
                (first, _) if is_word(first) => self.word_or_raw_string(),
                _ => self.take(Class::Code),
            }
        }
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|char| char != '\n') {
            self.take(Class::Comment);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(char) = self.peek(0) {
            match (char, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth = depth.saturating_sub(1),
                _ => {
                    self.take(Class::Comment);
                    continue;
                }
            }
            self.take(Class::Comment);
            self.take(Class::Comment);
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.take(Class::Literal);
        while let Some(char) = self.peek(0) {
            self.take(Class::Literal);
            match char {
                '\\' => self.take(Class::Literal),
                '"' => return,
                _ => {}
            }
        }
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) != Some('\\') && self.peek(2) != Some('\'') {
            return self.take(Class::Code);
        }
        self.take(Class::Literal);
        if self.peek(0) == Some('\\') {
            self.take(Class::Literal);
        }
        self.take(Class::Literal);
        while self.peek(0).is_some_and(|char| char != '\'') {
            self.take(Class::Literal);
        }
        self.take(Class::Literal);
    }

    fn word_or_raw_string(&mut self) {
        let length = (0..)
            .take_while(|&ahead| self.peek(ahead).is_some_and(is_word))
            .count();
        let word: String = self.text.iter().skip(self.at).take(length).collect();
        let hashes = (length..)
            .take_while(|&ahead| self.peek(ahead) == Some('#'))
            .count();
        let is_raw = matches!(word.as_str(), "r" | "br" | "cr");
        let class = if is_raw && self.peek(length + hashes) == Some('"') {
            Class::Literal
        } else {
            Class::Code
        };
        for _ in 0..length {
            self.take(class);
        }
        if class == Class::Literal {
            self.raw_string(hashes);
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        for _ in 0..=hashes {
            self.take(Class::Literal);
        }
        while let Some(char) = self.peek(0) {
            self.take(Class::Literal);
            if char == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                for _ in 0..hashes {
                    self.take(Class::Literal);
                }
                return;
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    /// Moves past one character, which belongs to `class`.
    fn take(&mut self, class: Class) {
        let Some(char) = self.peek(0) else { return };
        self.at += 1;
        let (code, comment) = match (char, class) {
            ('\n', _) => ('\n', '\n'),
            (_, Class::Code) => (char, ' '),
            (_, Class::Comment) => (' ', char),
            (_, Class::Literal) => ('"', ' '),
        };
        self.code.push(code);
        self.comments.push(comment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(text: &str) -> Vec<(String, usize, usize)> {
        let found = Source::new(text).functions();
        found
            .into_iter()
            .map(|it| (it.name, *it.lines.start(), *it.lines.end()))
            .collect()
    }

    #[test]
    fn functions_end_where_their_braces_do() {
        type Expected = (&'static str, usize, usize);
        let cases: &[(&str, &[Expected])] = &[
            ("fn a() {}", &[("a", 1, 1)]),
            (
                "fn a() {\n  if x { y }\n}\nfn b() {\n}",
                &[("a", 1, 3), ("b", 4, 5)],
            ),
            ("trait T { fn a(&self);\n fn b() {\n}\n}", &[("b", 2, 3)]),
            ("fn a(x: [u8; 3]) -> [u8; 2] {\n}", &[("a", 1, 2)]),
            ("type F = fn(u8) -> u8;\nfn a() {\n}", &[("a", 2, 3)]),
            ("fn a() {\n fn b() {\n }\n}", &[("a", 1, 4), ("b", 2, 3)]),
            // Braces that are not braces.
            ("fn a() {\n let x = \"}\";\n}", &[("a", 1, 3)]),
            ("fn a() {\n let x = \"\\\"}\";\n}", &[("a", 1, 3)]),
            ("fn a() {\n let x = r#\"}\"}\"#;\n}", &[("a", 1, 3)]),
            ("fn a() {\n let x = br##\"}\"#}\"##;\n}", &[("a", 1, 3)]),
            ("fn a() {\n let x = '}';\n}", &[("a", 1, 3)]),
            (
                "fn a() {\n let x = '\\'';\n let y = '\\u{7d}';\n}",
                &[("a", 1, 4)],
            ),
            ("fn a() {\n let x = b'}';\n}", &[("a", 1, 3)]),
            ("fn a<'x>(y: &'x str) {\n // }\n}", &[("a", 1, 3)]),
            ("fn a() {\n /* } /* } */ } */\n}", &[("a", 1, 3)]),
            ("fn a() { let r#fn = 1;\n}", &[("a", 1, 2)]),
            // Functions that are not functions.
            ("// fn a() {}\nlet x = \"fn b() {}\";", &[]),
            ("macro_rules! m { () => { fn $name() {} } }", &[]),
            // Unfinished text ends the scan, not the process.
            ("fn a() {", &[]),
            ("let x = \"", &[]),
            ("let x = r#\"", &[]),
            ("/* fn a() {}", &[]),
            ("'", &[]),
        ];
        for (text, expect) in cases {
            let expect: Vec<_> = expect
                .iter()
                .map(|&(n, a, z)| (n.to_owned(), a, z))
                .collect();
            assert_eq!(functions(text), expect, "{text}");
        }
    }

    #[test]
    fn blank_lines_and_comments_are_no_code() {
        let source =
            Source::new("fn a() {\n\n  // why\n  /* a\n  b */ c();\n  let s = \"\n  x\";\n}");
        assert_eq!(source.count_code(1..=8), 5);
    }

    #[test]
    fn test_items_are_known() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {\n  }\n}\nfn c() {}\n\
                    #[cfg(test)]\nmod d;\n#[cfg(test)]\npub(crate) mod e;\n#[test]\nfn f() {\n}\n";
        let source = Source::new(text);
        let lines: Vec<_> = source.test_lines().into_iter().collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14]);
        assert_eq!(source.test_modules(), ["d", "e"]);
    }

    #[test]
    fn comments_above_reach_over_attributes() {
        let text = "use a;\n// one\n/// two\n#[inline]\n// three\nfn a() {}";
        let source = Source::new(text);
        let found: Vec<_> = source
            .comments_above(6)
            .map(|(_, text)| text.trim())
            .collect();
        assert_eq!(found, ["// one", "/// two", "", "// three"]);
    }
}

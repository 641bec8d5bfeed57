//! Reading a pattern from the left.

/// What is left of a pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a> {
    pub(super) rest: &'a str,
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written<'a> {
    Quoted(&'a str),
    Bare(&'a str),
    Expression(&'a str),
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Scanner<'a> {
        Scanner { rest: text }
    }

    pub(super) fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes `text` where it comes next, after white space.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word of letters where it comes next, whatever their case.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let Some((start, rest)) = self.rest.split_at_checked(word.len()) else {
            return false;
        };
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_it = start.eq_ignore_ascii_case(word) && ends;
        if is_it {
            self.rest = rest;
        }
        is_it
    }

    /// Everything up to the first character that does not belong.
    pub(super) fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        run
    }

    /// A value: quoted, an expression between `%`, or bare up to one of `ends` or white space.
    pub(super) fn value(&mut self, ends: &str) -> Option<Written<'a>> {
        self.skip_space();
        for (mark, is_quote) in [('"', true), ('%', false)] {
            if let Some(inside) = self.rest.strip_prefix(mark) {
                let end = inside.find(mark)?;
                let (text, rest) = inside.split_at_checked(end)?;
                self.rest = rest.strip_prefix(mark)?;
                return Some(match is_quote {
                    true => Written::Quoted(text),
                    false => Written::Expression(text),
                });
            }
        }
        let bare = self.run(|c| !c.is_whitespace() && !ends.contains(c));
        (!bare.is_empty()).then_some(Written::Bare(bare))
    }
}

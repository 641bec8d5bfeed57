//! JavaScript regular expressions, bounded.
//!
//! Entry point: [`Regex`]. The dialect is that of JavaScript without the `u` flag, which is what a
//! JSONata regex literal is; a character is a Unicode scalar value, not a UTF-16 unit. The module
//! knows no expression and no JSON.
//!
//! The matcher backtracks, as the language demands, and counts its steps: a pattern or a text that
//! would take too long gives an error with the code of a limit. A matcher that only counts how often
//! it backtracks is not enough: one lookahead may read the whole text each time.

mod class;
mod machine;
mod node;
mod parser;
mod program;

use crate::error::Error;
use machine::Machine;
use program::{Program, Start};

/// How many steps one search may take: well below a second. A step is a character compared or an
/// instruction followed.
pub const STEPS_MAX: u64 = 10_000_000;

/// The flags of a regex literal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegexFlags {
    /// `i`: letters match in either case.
    pub ignore_case: bool,
    /// `m`: `^` and `$` match at lines too.
    pub multi_line: bool,
}

/// Where a pattern matched, as byte offsets in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The capturing groups in order, without the whole match; `None` for one that took no part.
    pub groups: Vec<Option<(usize, usize)>>,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Regex {
    program: Program,
}

impl Regex {
    /// Compiles the text between the slashes of a regex literal.
    ///
    /// # Errors
    /// `S0303` when it is not a JavaScript pattern, `U1001` when it is too large or too deep.
    pub fn compile(source: &str, flags: RegexFlags) -> Result<Regex, Error> {
        let pattern = parser::parse(source, flags)?;
        Ok(Regex {
            program: program::compile(&pattern, flags),
        })
    }

    /// The leftmost match that starts at the byte `start` or later, with [`STEPS_MAX`] steps to find
    /// it. What is before `start` is still seen by assertions. `None` too when `start` is beyond the
    /// end or inside a character.
    ///
    /// # Errors
    /// `U1001` when the search takes too many steps or too much memory.
    pub fn find_from(&self, text: &str, start: usize) -> Result<Option<Match>, Error> {
        let mut steps = STEPS_MAX;
        self.find_within(text, start, &mut steps)
    }

    /// [`Regex::find_from`] with the steps that are left to the caller, who may share them among
    /// several searches. What the search takes is subtracted.
    ///
    /// # Errors
    /// As [`Regex::find_from`].
    pub fn find_within(
        &self,
        text: &str,
        start: usize,
        steps: &mut u64,
    ) -> Result<Option<Match>, Error> {
        if !text.is_char_boundary(start) {
            return Ok(None);
        }
        let mut machine = Machine::new(&self.program, text, *steps);
        let found = self.search(&mut machine, text, start);
        *steps = machine.steps_left();
        found
    }

    fn search(
        &self,
        machine: &mut Machine<'_>,
        text: &str,
        start: usize,
    ) -> Result<Option<Match>, Error> {
        if self.program.start == Start::Text && start > 0 {
            return Ok(None);
        }
        let rest = text.get(start..).unwrap_or_default();
        let starts = rest
            .char_indices()
            .map(|(offset, first)| (start + offset, Some(first)));
        for (at, first) in starts.chain([(text.len(), None)]) {
            let hopeless = match &self.program.start {
                Start::With(set) => !first.is_some_and(|first| set.contains(first)),
                Start::Text | Start::Anywhere => false,
            };
            let found = if hopeless {
                None
            } else {
                machine.match_at(at)?
            };
            if found.is_some() || self.program.start == Start::Text {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> RegexFlags {
        RegexFlags {
            ignore_case: text.contains('i'),
            multi_line: text.contains('m'),
        }
    }

    /// `expected` is the match and its groups, separated by `|`, with `-` for a group that took no
    /// part; `none`; or an error code.
    #[track_caller]
    fn check(pattern: &str, flag: &str, text: &str, expected: &str) {
        let found = Regex::compile(pattern, flags(flag)).and_then(|regex| regex.find_from(text, 0));
        let found = match found {
            Err(error) => error.code.to_owned(),
            Ok(None) => "none".to_owned(),
            Ok(Some(found)) => {
                let groups = found.groups.iter().map(|group| match group {
                    Some((start, end)) => text.get(*start..*end).unwrap(),
                    None => "-",
                });
                let all: Vec<&str> = std::iter::once(text.get(found.start..found.end).unwrap())
                    .chain(groups)
                    .collect();
                all.join("|")
            }
        };
        assert_eq!(found, expected, "/{pattern}/{flag} on {text:?}");
    }

    #[test]
    fn characters() {
        check("ab+", "", "xabbc", "abb");
        check("a.c", "", "a\nc a\u{1f600}c", "a\u{1f600}c");
        check("[^]", "", "\n", "\n");
        check("[]", "", "a", "none");
        check("a{", "", "a{", "a{");
        check("a{,2}", "", "a{,2}", "a{,2}");
        check("]}", "", "]}", "]}");
        check(r"\/\.\-\é", "", "/.-é", "/.-é");
        check(r"\x41\u0042\u00e9\cJ\0", "", "AB\u{e9}\n\0", "AB\u{e9}\n\0");
        check(r"\ud83d\ude00", "", "\u{1f600}", "\u{1f600}");
        check(r"\ud83d", "", "\u{1f600}", "none");
        check(r"\u41\x4\c1\8\101", "", r"u41x4\c18A", r"u41x4\c18A");
        check(r"\k<a>", "", "k<a>", "k<a>");
        check(r"\p{L}", "", "p{L}", "p{L}");
        check(r"(a)\2", "", "a\u{2}", "a\u{2}|a");
    }

    #[test]
    fn classes() {
        check(r"\d+", "", "\u{661}12", "12");
        check(r"\w+", "", "\u{e9}a_1", "a_1");
        check(r"\s+", "", "a\u{a0}\u{feff}\t", "\u{a0}\u{feff}\t");
        check(r"\D\W\S", "", "1é-x", "é-x");
        check(r"[a-c\d_-]+", "", "xb2_-z", "b2_-");
        check(r"[\d-x]+", "", "a-1x", "-1x");
        check(r"[\b]", "", "\u{8}", "\u{8}");
        check(r"[^\W\d]+", "", "12ab3", "ab");
        check(r"[]-a]", "", "]-a]", "none");
        check(r"[\]a]+", "", "x]a", "]a");
        check(r"\W", "i", "ks\u{17f}", "\u{17f}");
        check("[^a]", "i", "Ab", "b");
        check("[a-z]+", "i", "1aBc", "aBc");
        check("[à-ý]+", "i", "ÀÉ", "ÀÉ");
        check("straße", "i", "STRAßE", "STRAßE");
        check("ς", "i", "σ", "σ");
    }

    #[test]
    fn repeats() {
        check("a{2}", "", "aaa", "aa");
        check("a{2,}", "", "aaa", "aaa");
        check("a{1,2}?", "", "aaa", "a");
        check("a*?b", "", "aab", "aab");
        check("(?:ab){2,3}", "", "abababab", "ababab");
        check("(?:ab)+?$", "", "ababab", "ababab");
        check("(a*)*", "", "b", "|-");
        check("(a*)+", "", "b", "|");
        check("(?:a?)*?b", "", "aab", "aab");
        check(
            "(z)((a+)?(b+)?(c))*",
            "",
            "zaacbbbcac",
            "zaacbbbcac|z|ac|a|-|c",
        );
        check("(?:(a)|b)*", "", "ab", "ab|-");
        check("a{0}b", "", "ab", "b");
        check("(?:){3}a", "", "a", "a");
        check("(a|ab)(c|bcd)(d*)", "", "abcd", "abcd|a|bcd|");
        check("(?=a)*b", "", "ab", "b");
        check("x*", "", "é", "");
        check("é{2,3}", "", "éééé", "ééé");
        check("[é😀]*?😀$", "", "é😀é😀", "é😀é😀");
        check("[é😀]*é😀", "", "é😀é😀é", "é😀é😀");
    }

    #[test]
    fn positions() {
        check("^a", "", "ba", "none");
        check("^a", "m", "b\na", "a");
        check("a$", "", "a\nb", "none");
        check("a$", "m", "a\r\nb", "a");
        check("a$", "", "a\n", "none");
        check("^$", "m", "a\n\nb", "");
        check(r"\bcaf\b", "", "xcaf café", "caf");
        check(r"\Bb\B", "", "b abc", "b");
        let regex = Regex::compile("a", RegexFlags::default()).unwrap();
        assert_eq!(regex.find_from("aéa", 1).unwrap().unwrap().start, 3);
        assert_eq!(regex.find_from("aéa", 2), Ok(None));
        assert_eq!(regex.find_from("aéa", 9), Ok(None));
        let anchored = Regex::compile("^a", RegexFlags::default()).unwrap();
        assert_eq!(anchored.find_from("aa", 1), Ok(None));
        let behind = Regex::compile("(?<=a)b*", RegexFlags::default()).unwrap();
        assert_eq!(behind.find_from("abb", 1).unwrap().unwrap().end, 3);
        assert_eq!(behind.find_from("a", 1).unwrap().unwrap().start, 1);
    }

    #[test]
    fn lookarounds() {
        check("a(?=b)", "", "acab", "a");
        check("a(?!b)", "", "abac", "a");
        check("(?=(a+))a*b\\1", "", "baaabac", "aba|a");
        check("(?<=\\$)\\d+", "", "5 $42", "42");
        check("(?<!\\$)\\b\\d+", "", "$42 17", "17");
        check("(?<=a+b?)c", "", "c abc", "c");
        check("(?<=([a-z]+)(\\d+))-", "", "ab12-", "-|ab|12");
        check("(?<=\\1(a))b", "", "aab", "b|a");
        check("(?<!(a))b", "", "ab b", "b|-");
        check(
            "(.*?)a(?!(a+)b\\2c)\\2(.*)",
            "",
            "baaabaac",
            "baaabaac|ba|-|abaac",
        );
    }

    #[test]
    fn groups() {
        check(r"(a)(b)?", "", "ac", "a|a|-");
        check(
            r"(?<year>\d{4})-\k<year>",
            "",
            "2018-2018",
            "2018-2018|2018",
        );
        check(r"(a)\1", "", "aba aa", "aa|a");
        check(r"(a)\1", "i", "aA", "aA|a");
        check(r"\1(a)", "", "a", "a|a");
        check(r"(?:(a)|b)\1c", "", "bc", "bc|-");
        check(r"(a\1)", "", "aa", "a|a");
    }

    #[test]
    fn malformed_patterns() {
        for pattern in [
            "*",
            "+a",
            "a**",
            "(",
            ")",
            "(?",
            "(?a)",
            "[a",
            "a{2,1}",
            r"\",
            r"[\",
            "{1}",
            "(?<a",
            "(?<>a)",
            "(?<1a>b)",
            "(?<a>b)(?<a>c)",
            r"(?<a>b)\k<c>",
            r"(?<a>b)\k",
            "[z-a]",
            "^*",
            r"\b+",
            "(?<=a)*",
            "a|*",
            "(?i)a",
        ] {
            check(pattern, "", "a", "S0303");
        }
    }

    #[test]
    fn searches_are_bounded() {
        let many = "a".repeat(256_000);
        for (pattern, text) in [
            ("(a*)*b", many.as_str()),
            ("(a|a)*b", &many),
            ("(?=.*x)a", &many),
            (".*.*.*x", &many),
            (r"(a*)\1*b", &many),
            ("(?:a?){100000}b", &many),
            ("(?:){4000000000}", "a"),
            ("(?:(?:a{0,1000000}){0,1000000}){0,1000000}b", &many),
        ] {
            let regex = Regex::compile(pattern, RegexFlags::default()).unwrap();
            let mut steps = STEPS_MAX / 20;
            let found = regex
                .find_within(text, 0, &mut steps)
                .map_err(|error| error.code);
            assert_eq!((found, steps), (Err("U1001"), 0), "{pattern}");
        }
        check(&"(".repeat(5000), "", "a", "U1001");
        check(&"a".repeat(50_000), "", "a", "U1001");
        check(&"(?:".repeat(90), "", "a", "S0303");
        check(
            &format!("{}{}", "(".repeat(90), ")*".repeat(90)),
            "",
            "a",
            &"|-".repeat(90),
        );
        let words = "word ".repeat(20_000);
        check(r"^(\w+ )*$", "", &words, &format!("{words}|word "));
    }

    #[test]
    fn steps_are_shared() {
        let regex = Regex::compile("a+b", RegexFlags::default()).unwrap();
        let mut steps = 50;
        assert!(regex.find_within("aab", 0, &mut steps).unwrap().is_some());
        assert!(steps < 50 && steps > 0);
        assert_eq!(
            regex
                .find_within(&"a".repeat(100), 0, &mut steps)
                .unwrap_err()
                .code,
            "U1001"
        );
        assert_eq!(steps, 0);
    }
}

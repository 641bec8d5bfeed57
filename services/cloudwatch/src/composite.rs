//! Rules of composite alarms: which alarms are in which state, with AND, OR and NOT. Pure.
//!
//! Source: API Reference, `PutCompositeAlarm`, `AlarmRule`.

use crate::evaluation::StateValue;

/// Most alarms and operators of a rule, and how deep it may be.
const WORDS_MAX: usize = 700;
const DEPTH_MAX: usize = 50;

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AlarmRule {
    Always(bool),
    /// The alarm of this name is in this state.
    Is(StateValue, String),
    Not(Box<AlarmRule>),
    All(Vec<AlarmRule>),
    Any(Vec<AlarmRule>),
}

impl AlarmRule {
    /// Reads a rule; `None` where it is none.
    pub(crate) fn parse(text: &str) -> Option<AlarmRule> {
        let words = words(text)?;
        if words.len() > WORDS_MAX {
            return None;
        }
        let mut parser = Parser { words, place: 0 };
        let rule = parser.any(0)?;
        (parser.place == parser.words.len()).then_some(rule)
    }

    /// Whether it holds; `state` says how an alarm stands.
    pub(crate) fn holds(&self, state: &dyn Fn(&str) -> Option<StateValue>) -> bool {
        match self {
            AlarmRule::Always(holds) => *holds,
            AlarmRule::Is(value, name) => state(name) == Some(*value),
            AlarmRule::Not(rule) => !rule.holds(state),
            AlarmRule::All(rules) => rules.iter().all(|rule| rule.holds(state)),
            AlarmRule::Any(rules) => rules.iter().any(|rule| rule.holds(state)),
        }
    }

    /// The names of the alarms that it looks at.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            AlarmRule::Always(_) => Vec::new(),
            AlarmRule::Is(_, name) => vec![name],
            AlarmRule::Not(rule) => rule.names(),
            AlarmRule::All(rules) | AlarmRule::Any(rules) => {
                rules.iter().flat_map(AlarmRule::names).collect()
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Open,
    Close,
    Text(String),
}

fn words(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let after = match first {
            '(' => {
                words.push(Word::Open);
                rest.strip_prefix('(')?
            }
            ')' => {
                words.push(Word::Close);
                rest.strip_prefix(')')?
            }
            '"' => {
                let (name, after) = rest.strip_prefix('"')?.split_once('"')?;
                words.push(Word::Text(name.to_owned()));
                after
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()\"".contains(c));
                let (word, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
                words.push(Word::Text(word.to_owned()));
                after
            }
        };
        rest = after.trim_start();
    }
    Some(words)
}

struct Parser {
    words: Vec<Word>,
    place: usize,
}

impl Parser {
    fn takes(&mut self, text: &str) -> bool {
        let is_there = matches!(self.words.get(self.place), Some(Word::Text(word)) if word == text);
        self.place += usize::from(is_there);
        is_there
    }

    fn wants(&mut self, word: &Word) -> Option<()> {
        let is_there = self.words.get(self.place) == Some(word);
        self.place += usize::from(is_there);
        is_there.then_some(())
    }

    fn any(&mut self, depth: usize) -> Option<AlarmRule> {
        if depth > DEPTH_MAX {
            return None;
        }
        let mut rules = vec![self.all(depth)?];
        while self.takes("OR") {
            rules.push(self.all(depth)?);
        }
        Some(match rules.len() {
            1 => rules.remove(0),
            _ => AlarmRule::Any(rules),
        })
    }

    fn all(&mut self, depth: usize) -> Option<AlarmRule> {
        let mut rules = vec![self.one(depth)?];
        while self.takes("AND") {
            rules.push(self.one(depth)?);
        }
        Some(match rules.len() {
            1 => rules.remove(0),
            _ => AlarmRule::All(rules),
        })
    }

    fn one(&mut self, depth: usize) -> Option<AlarmRule> {
        if depth > DEPTH_MAX {
            return None;
        }
        if self.takes("NOT") {
            return Some(AlarmRule::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.wants(&Word::Open).is_some() {
            let rule = self.any(depth + 1)?;
            self.wants(&Word::Close)?;
            return Some(rule);
        }
        for (word, holds) in [("TRUE", true), ("FALSE", false)] {
            if self.takes(word) {
                return Some(AlarmRule::Always(holds));
            }
        }
        let value = ["ALARM", "OK", "INSUFFICIENT_DATA"];
        let value = value.into_iter().find(|value| self.takes(value))?;
        self.wants(&Word::Open)?;
        let Some(Word::Text(name)) = self.words.get(self.place).cloned() else {
            return None;
        };
        self.place += 1;
        self.wants(&Word::Close)?;
        // An alarm may be named by its ARN.
        let name = name.rsplit_once(":alarm:").map_or(&*name, |(_, name)| name);
        Some(AlarmRule::Is(StateValue::parse(value)?, name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_look_at_alarms() {
        let state = |name: &str| match name {
            "a" | "my alarm" => Some(StateValue::Alarm),
            "o" => Some(StateValue::Ok),
            _ => None,
        };
        for (text, expect) in [
            ("ALARM(a)", true),
            ("ALARM(\"my alarm\")", true),
            ("ALARM(o) OR OK(o)", true),
            ("ALARM(a) AND NOT OK(o)", false),
            ("NOT (ALARM(o) OR INSUFFICIENT_DATA(o)) AND TRUE", true),
            (
                "FALSE OR ALARM(arn:aws:cloudwatch:us-east-1:1:alarm:a)",
                true,
            ),
            ("ALARM(gone)", false),
        ] {
            let rule = AlarmRule::parse(text).unwrap();
            assert_eq!(rule.holds(&state), expect, "{text}");
        }
        let names = AlarmRule::parse("ALARM(a) AND (OK(b) OR NOT ALARM(c))").unwrap();
        assert_eq!(names.names(), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_no_rule_is_none() {
        let deep = "(".repeat(600);
        let not = "NOT ".repeat(600);
        for text in [
            "",
            "ALARM",
            "ALARM(a",
            "ALARM(a) AND",
            "a",
            "ALARM(a) OK(b)",
            "\"",
            &deep,
            &not,
        ] {
            assert_eq!(AlarmRule::parse(text), None, "{text}");
        }
    }
}

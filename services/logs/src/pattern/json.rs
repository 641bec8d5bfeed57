//! Patterns for JSON: `{ $.a.b[0] = "x*" && ($.n > 3 || $.c NOT EXISTS) }`.

use passo_json::Json;

use super::condition::Condition;
use super::scanner::Scanner;

/// How deep parentheses may be.
const DEPTH_MAX: usize = 50;
/// What ends a bare value.
const ENDS: &str = "(){}&|=<>!";

/// Conditions on members.
#[derive(Debug)]
pub(crate) struct JsonPattern {
    test: Test,
}

#[derive(Debug)]
enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Compare(Path, Condition),
    Is(Path, Kind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    True,
    False,
    Null,
    Gone,
}

/// Where a value is, and how that was written.
#[derive(Clone, Debug)]
pub(super) struct Path {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Member(String),
    Item(usize),
}

impl JsonPattern {
    pub(super) fn parse(text: &str) -> Option<JsonPattern> {
        let mut scanner = Scanner::new(text.strip_prefix('{')?);
        let test = any(&mut scanner, 0)?;
        let ends = scanner.takes("}") && scanner.rest.trim().is_empty();
        ends.then_some(JsonPattern { test })
    }

    pub(super) fn matches(&self, event: &Json) -> bool {
        self.test.holds(event)
    }

    pub(super) fn selectors(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.test.paths(&mut found);
        found
    }
}

impl Test {
    fn holds(&self, event: &Json) -> bool {
        match self {
            Test::All(tests) => tests.iter().all(|test| test.holds(event)),
            Test::Any(tests) => tests.iter().any(|test| test.holds(event)),
            Test::Compare(path, condition) => {
                select(event, path).is_some_and(|value| condition.holds_for_json(value))
            }
            Test::Is(path, kind) => {
                let value = select(event, path);
                match kind {
                    Kind::True => value.and_then(Json::as_bool) == Some(true),
                    Kind::False => value.and_then(Json::as_bool) == Some(false),
                    Kind::Null => value.is_some_and(Json::is_null),
                    Kind::Gone => value.is_none(),
                }
            }
        }
    }

    fn paths(&self, found: &mut Vec<String>) {
        match self {
            Test::All(tests) | Test::Any(tests) => {
                tests.iter().for_each(|test| test.paths(found));
            }
            Test::Compare(path, _) | Test::Is(path, _) => found.push(path.text.clone()),
        }
    }
}

fn any(scanner: &mut Scanner<'_>, depth: usize) -> Option<Test> {
    let mut tests = vec![all(scanner, depth)?];
    while scanner.takes("||") {
        tests.push(all(scanner, depth)?);
    }
    Some(match tests.len() {
        1 => tests.remove(0),
        _ => Test::Any(tests),
    })
}

fn all(scanner: &mut Scanner<'_>, depth: usize) -> Option<Test> {
    let mut tests = vec![one(scanner, depth)?];
    while scanner.takes("&&") {
        tests.push(one(scanner, depth)?);
    }
    Some(match tests.len() {
        1 => tests.remove(0),
        _ => Test::All(tests),
    })
}

fn one(scanner: &mut Scanner<'_>, depth: usize) -> Option<Test> {
    if depth > DEPTH_MAX {
        return None;
    }
    if scanner.takes("(") {
        let inside = any(scanner, depth + 1)?;
        return scanner.takes(")").then_some(inside);
    }
    let path = read_path(scanner)?;
    if scanner.takes_word("IS") {
        let kinds = [
            ("TRUE", Kind::True),
            ("FALSE", Kind::False),
            ("NULL", Kind::Null),
        ];
        let kind = kinds.into_iter().find(|(word, _)| scanner.takes_word(word));
        return Some(Test::Is(path, kind?.1));
    }
    if scanner.takes_word("NOT") {
        let gone = scanner.takes_word("EXISTS");
        return gone.then_some(Test::Is(path, Kind::Gone));
    }
    Some(Test::Compare(path, Condition::parse(scanner, ENDS)?))
}

/// `$.a.b[0]`, `$['a b']`, `$.a.['b']`
fn read_path(scanner: &mut Scanner<'_>) -> Option<Path> {
    scanner.skip_space();
    let before = scanner.rest;
    scanner.rest = scanner.rest.strip_prefix('$')?;
    let mut steps = Vec::new();
    loop {
        if let Some(rest) = scanner
            .rest
            .strip_prefix("[")
            .or(scanner.rest.strip_prefix(".["))
        {
            let (inside, after) = rest.split_once(']')?;
            let name = inside.trim().trim_matches(['\'', '"']);
            steps.push(match name.len() == inside.trim().len() {
                true => Step::Item(name.parse().ok()?),
                false => Step::Member(name.to_owned()),
            });
            scanner.rest = after;
        } else if let Some(rest) = scanner.rest.strip_prefix('.') {
            scanner.rest = rest;
            let name = scanner.run(|c| c.is_alphanumeric() || "_-@:*".contains(c));
            if name.is_empty() {
                return None;
            }
            steps.push(Step::Member(name.to_owned()));
        } else {
            break;
        }
    }
    let length = before.len() - scanner.rest.len();
    let text = before.get(..length).unwrap_or_default().to_owned();
    (!steps.is_empty()).then_some(Path { text, steps })
}

/// A path that stands alone.
pub(super) fn path(text: &str) -> Option<Path> {
    let mut scanner = Scanner::new(text);
    let path = read_path(&mut scanner)?;
    scanner.rest.trim().is_empty().then_some(path)
}

/// What is at a path.
pub(super) fn select<'a>(event: &'a Json, path: &Path) -> Option<&'a Json> {
    path.steps.iter().try_fold(event, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Item(place) => value.at(*place),
    })
}

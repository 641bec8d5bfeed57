//! Expressions, by their operators' precedence.

use super::Broken;
use super::ast::{Expression, Operator};
use super::parse::Parser;

/// The operators of each level, the loosest first; longer ones before those that they begin with.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("||", Operator::Or), ("or", Operator::Or)],
    &[("&&", Operator::And), ("and", Operator::And)],
    &[
        ("==", Operator::Equal),
        ("!=", Operator::Unequal),
        ("eq", Operator::Equal),
        ("ne", Operator::Unequal),
    ],
    &[
        ("<=", Operator::LessEqual),
        (">=", Operator::GreaterEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
        ("lt", Operator::Less),
        ("le", Operator::LessEqual),
        ("gt", Operator::Greater),
        ("ge", Operator::GreaterEqual),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[
        ("*", Operator::Multiply),
        ("/", Operator::Divide),
        ("%", Operator::Remainder),
    ],
];

/// The expression that begins here.
pub(crate) fn expression(parser: &mut Parser<'_>) -> Result<Expression, Broken> {
    parser.deeper(|parser| level(parser, 0))
}

fn level(parser: &mut Parser<'_>, at: usize) -> Result<Expression, Broken> {
    let Some(operators) = LEVELS.get(at) else {
        return unary(parser);
    };
    let next = at.saturating_add(1);
    let mut left = level(parser, next)?;
    // Each operand makes the tree one deeper.
    let mut operands = 0_usize;
    loop {
        let begin = parser.at;
        parser.blanks();
        let Some(operator) = operator(parser, operators) else {
            parser.at = begin;
            return Ok(left);
        };
        operands = operands.saturating_add(1);
        if operands > super::parse::DEPTH_MAX {
            return Err(Broken::TooMuch);
        }
        parser.blanks();
        let right = level(parser, next)?;
        left = Expression::Binary(operator, Box::new(left), Box::new(right));
    }
}

fn operator(parser: &mut Parser<'_>, operators: &[(&str, Operator)]) -> Option<Operator> {
    for (word, operator) in operators {
        let begin = parser.at;
        if !parser.eat(word) {
            continue;
        }
        let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic());
        let goes_on = parser.peek().is_some_and(|c| c.is_ascii_alphanumeric());
        if !(is_word && goes_on) {
            return Some(*operator);
        }
        parser.at = begin;
    }
    None
}

fn unary(parser: &mut Parser<'_>) -> Result<Expression, Broken> {
    parser.blanks();
    let begin = parser.at;
    let is_not = match parser.eat("!") {
        true => true,
        false => parser.eat("not") && parser.peek().is_some_and(|c| !c.is_ascii_alphanumeric()),
    };
    if is_not {
        let inner = parser.deeper(unary)?;
        return Ok(Expression::Not(Box::new(inner)));
    }
    parser.at = begin;
    if parser.eat("-") && !parser.peek().is_some_and(|c| c.is_ascii_digit()) {
        let inner = parser.deeper(unary)?;
        return Ok(Expression::Negative(Box::new(inner)));
    }
    parser.at = begin;
    primary(parser)
}

fn primary(parser: &mut Parser<'_>) -> Result<Expression, Broken> {
    match parser.peek() {
        Some('$') => {
            let reference = parser.reference()?;
            reference.map(Expression::Reference).ok_or(Broken::Syntax)
        }
        Some('(') => parser.deeper(|parser| {
            parser.bump();
            let inner = expression(parser)?;
            parser.blanks();
            parser.wanted(")").map(|()| inner)
        }),
        Some('[') => parser.deeper(list),
        Some('{') => parser.deeper(map),
        Some('\'') => quoted(parser, '\'').map(Expression::Text),
        Some('"') => {
            let text = quoted(parser, '"')?;
            let depth = parser.depth().saturating_add(1);
            if depth > super::parse::DEPTH_MAX {
                return Err(Broken::TooMuch);
            }
            Parser::new(&text, depth).whole().map(Expression::Template)
        }
        Some('-' | '0'..='9') => number(parser),
        Some(_) => match parser.name().as_deref() {
            Some("true") => Ok(Expression::Bool(true)),
            Some("false") => Ok(Expression::Bool(false)),
            Some("null") => Ok(Expression::Null),
            Some(_) | None => Err(Broken::Syntax),
        },
        None => Err(Broken::Syntax),
    }
}

/// A text between two quotes; a quote in it is written twice. A backslash is a backslash.
fn quoted(parser: &mut Parser<'_>, quote: char) -> Result<String, Broken> {
    parser.bump();
    let mut text = String::new();
    loop {
        match parser.bump().ok_or(Broken::Syntax)? {
            end if end == quote => match parser.peek() == Some(quote) {
                true => text.extend(parser.bump()),
                false => return Ok(text),
            },
            other => text.push(other),
        }
    }
}

fn number(parser: &mut Parser<'_>) -> Result<Expression, Broken> {
    let rest = parser.rest();
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let sign = usize::from(rest.starts_with('-'));
    let whole = digits(rest.get(sign..).unwrap_or_default());
    let mut end = sign.saturating_add(whole);
    let behind = rest.get(end..).unwrap_or_default();
    // Two dots are a range.
    let fraction = behind.strip_prefix('.').map_or(0, digits);
    if fraction > 0 {
        end = end.saturating_add(fraction).saturating_add(1);
    }
    let text = rest.get(..end).unwrap_or_default();
    parser.at = parser.at.saturating_add(end);
    match fraction > 0 {
        true => text.parse().map(Expression::Float),
        false => {
            return text
                .parse()
                .map(Expression::Integer)
                .map_err(|_| Broken::Syntax);
        }
    }
    .map_err(|_| Broken::Syntax)
}

/// `[1, 2]`, or `[1..9]`.
fn list(parser: &mut Parser<'_>) -> Result<Expression, Broken> {
    parser.bump();
    parser.blanks();
    if parser.eat("]") {
        return Ok(Expression::List(Vec::new()));
    }
    let first = expression(parser)?;
    parser.blanks();
    if parser.eat("..") {
        parser.blanks();
        let last = expression(parser)?;
        parser.blanks();
        parser.wanted("]")?;
        return Ok(Expression::Range(Box::new(first), Box::new(last)));
    }
    let mut items = vec![first];
    if parser.eat("]") {
        return Ok(Expression::List(items));
    }
    parser.wanted(",")?;
    items.extend(parser.arguments("]")?);
    Ok(Expression::List(items))
}

fn map(parser: &mut Parser<'_>) -> Result<Expression, Broken> {
    parser.bump();
    let mut entries = Vec::new();
    parser.blanks();
    if parser.eat("}") {
        return Ok(Expression::Map(entries));
    }
    loop {
        parser.blanks();
        let key = expression(parser)?;
        parser.blanks();
        parser.wanted(":")?;
        parser.blanks();
        let value = expression(parser)?;
        entries.push((key, value));
        parser.blanks();
        if parser.eat("}") {
            return Ok(Expression::Map(entries));
        }
        parser.wanted(",")?;
    }
}

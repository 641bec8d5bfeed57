//! Function signatures such as `<s-nn?:s>`: what arguments a function takes.
//!
//! Entry points: [`Signature::parse`] and [`Signature::check`]. Matching works as the reference
//! implementation's does: the kinds of the arguments form a word, the parameters a pattern with
//! `?` (may be absent), `+` (one or more) and `-` (the context, where absent).

use crate::error::Error;
use crate::value::Value;

/// The kinds of value, as bits, so that a parameter is a set of them.
pub(crate) mod kinds {
    pub(crate) const STRING: u8 = 1;
    pub(crate) const NUMBER: u8 = 2;
    pub(crate) const BOOLEAN: u8 = 4;
    pub(crate) const NULL: u8 = 8;
    pub(crate) const OBJECT: u8 = 16;
    pub(crate) const ARRAY: u8 = 32;
    pub(crate) const FUNCTION: u8 = 64;
    /// An absent value: fits every parameter but a function.
    pub(crate) const MISSING: u8 = 128;
    pub(crate) const JSON: u8 = STRING | NUMBER | BOOLEAN | NULL | OBJECT | ARRAY | MISSING;
    pub(crate) const ANY: u8 = JSON | FUNCTION;
}

/// How many arguments a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    One,
    Optional,
    OneOrMore,
}

#[derive(Clone, Debug, PartialEq)]
struct Parameter {
    accepts: u8,
    count: Count,
    /// The kinds that the context may have to stand in for an absent argument.
    context: Option<u8>,
    /// Whether a single value is made an array.
    array: bool,
    /// The kind that every item of the array must have.
    items: Option<char>,
    symbol: char,
}

/// A parsed signature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    parameters: Vec<Parameter>,
    has_repeat: bool,
}

fn bit(symbol: char) -> u8 {
    match symbol {
        's' => kinds::STRING,
        'n' => kinds::NUMBER,
        'b' => kinds::BOOLEAN,
        'l' => kinds::NULL,
        'o' => kinds::OBJECT,
        'a' => kinds::ARRAY,
        'f' => kinds::FUNCTION,
        'm' => kinds::MISSING,
        _ => 0,
    }
}

fn plural(symbol: char) -> &'static str {
    match symbol {
        'a' => "arrays",
        'b' => "booleans",
        'f' => "functions",
        'n' => "numbers",
        'o' => "objects",
        's' => "strings",
        _ => "values",
    }
}

/// The kind of a value as a bit.
pub(crate) fn kind_of(value: &Value) -> u8 {
    value.kind_bit()
}

impl Signature {
    /// Parses `<…>`.
    pub(crate) fn parse(text: &str) -> Result<Signature, Error> {
        let symbols: Vec<char> = text.chars().collect();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut at = 1;
        while let Some(&symbol) = symbols.get(at) {
            match symbol {
                ':' => break,
                's' | 'n' | 'b' | 'l' | 'o' => {
                    parameters.push(Parameter::new(symbol, bit(symbol) | kinds::MISSING));
                }
                'a' | 'x' => parameters.push(Parameter::new(symbol, kinds::ANY)),
                'f' => parameters.push(Parameter::new(symbol, kinds::FUNCTION)),
                'j' => parameters.push(Parameter::new(symbol, kinds::JSON)),
                '-' | '?' | '+' => {
                    if let Some(last) = parameters.last_mut() {
                        last.modify(symbol);
                    }
                }
                '(' => {
                    let end = closing(&symbols, at, '(', ')');
                    let choice = symbols.get(at + 1..end).unwrap_or(&[]);
                    if choice.contains(&'<') {
                        let message =
                            "choice groups containing parameterized types are not supported";
                        return Err(Error::new("S0402", message).at(at));
                    }
                    let accepts = choice
                        .iter()
                        .fold(kinds::MISSING, |set, one| set | bit(*one));
                    parameters.push(Parameter::new('(', accepts));
                    at = end;
                }
                '<' => at = item_kind(&symbols, at, parameters.last_mut())?,
                _ => {}
            }
            at += 1;
        }
        let has_repeat = parameters.iter().any(|one| one.count == Count::OneOrMore);
        Ok(Signature {
            parameters,
            has_repeat,
        })
    }

    /// Number of parameters.
    pub(crate) fn len(&self) -> usize {
        self.parameters.len()
    }

    /// The arguments as the function wants them: the context put in, single values made arrays.
    pub(crate) fn check(
        &self,
        mut arguments: Vec<Value>,
        context: &Value,
    ) -> Result<Vec<Value>, Error> {
        if !self.has_repeat && arguments.len() == self.parameters.len() {
            let fits = |(parameter, argument): (&Parameter, &Value)| {
                parameter.accepts & kind_of(argument) != 0
            };
            if self.parameters.iter().zip(&arguments).all(fits) {
                for (index, parameter) in self.parameters.iter().enumerate() {
                    if parameter.array
                        && let Some(argument) = arguments.get_mut(index)
                    {
                        parameter.make_array(argument, index)?;
                    }
                }
                return Ok(arguments);
            }
        }
        let word: Vec<u8> = arguments.iter().map(kind_of).collect();
        let mut counts = vec![0; self.parameters.len()];
        if !matches(&self.parameters, &word, &mut counts) {
            return Err(self.mismatch(&word, &arguments));
        }
        self.arrange(arguments, &counts, context)
    }

    fn arrange(
        &self,
        arguments: Vec<Value>,
        counts: &[usize],
        context: &Value,
    ) -> Result<Vec<Value>, Error> {
        let mut given = arguments.into_iter();
        let mut checked = Vec::with_capacity(self.parameters.len());
        let mut position = 0;
        for (parameter, count) in self.parameters.iter().zip(counts) {
            if *count == 0 {
                checked.push(match parameter.context {
                    Some(kinds) if kinds & kind_of(context) != 0 => context.clone(),
                    Some(_) => return Err(context_mismatch(position + 1)),
                    // As in the reference implementation, an absent parameter in the middle takes
                    // the next argument, and the rest shifts.
                    None => {
                        position += 1;
                        given.next().unwrap_or(Value::Undefined)
                    }
                });
                continue;
            }
            for _ in 0..*count {
                let mut argument = given.next().unwrap_or(Value::Undefined);
                if parameter.array {
                    parameter.make_array(&mut argument, position)?;
                }
                checked.push(argument);
                position += 1;
            }
        }
        Ok(checked)
    }

    /// The error that names the first argument that does not fit.
    fn mismatch(&self, word: &[u8], arguments: &[Value]) -> Error {
        let mut good = 0;
        // Which lengths of the word the parameters so far can take exactly.
        let mut reached = vec![false; word.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        for parameter in &self.parameters {
            reached = parameter.advance(word, &reached);
            match reached.iter().rposition(|reached| *reached) {
                Some(length) => good = length,
                None => break,
            }
        }
        let number = good + 1;
        let error = Error::new(
            "T0410",
            format!("argument {number} does not match function signature"),
        );
        match arguments.get(good) {
            Some(value) => error.value(value.describe()),
            None => error,
        }
    }
}

impl Parameter {
    fn new(symbol: char, accepts: u8) -> Parameter {
        Parameter {
            accepts,
            count: Count::One,
            context: None,
            array: symbol == 'a',
            items: None,
            symbol,
        }
    }

    fn modify(&mut self, symbol: char) {
        match symbol {
            '-' => {
                self.context = Some(self.accepts);
                self.count = Count::Optional;
            }
            '?' => self.count = Count::Optional,
            _ => self.count = Count::OneOrMore,
        }
    }

    fn fits(&self, word: &[u8], at: usize) -> bool {
        word.get(at).is_some_and(|kind| self.accepts & kind != 0)
    }

    /// The most arguments at the head of `word` that the parameter may take, least last.
    fn takes(&self, word: &[u8]) -> impl Iterator<Item = usize> + use<> {
        let most = match self.count {
            Count::One | Count::Optional => 1,
            Count::OneOrMore => word.len(),
        };
        let fitting = (0..most).take_while(|at| self.fits(word, *at)).count();
        let least = usize::from(self.count != Count::Optional);
        (least..=fitting).rev()
    }

    /// The lengths of the word that can be taken with this parameter, from those that can be taken
    /// before it.
    fn advance(&self, word: &[u8], before: &[bool]) -> Vec<bool> {
        let mut after = vec![false; before.len()];
        for (at, reached) in before.iter().enumerate() {
            if *reached
                && self.count == Count::Optional
                && let Some(same) = after.get_mut(at)
            {
                *same = true;
            }
            let again = self.count == Count::OneOrMore && after.get(at) == Some(&true);
            if (*reached || again)
                && self.fits(word, at)
                && let Some(next) = after.get_mut(at + 1)
            {
                *next = true;
            }
        }
        after
    }

    /// Checks the items and makes a single value an array.
    fn make_array(&self, argument: &mut Value, index: usize) -> Result<(), Error> {
        if argument.is_undefined() {
            return Ok(());
        }
        let is_array = kind_of(argument) == kinds::ARRAY;
        if let Some(item) = self.items {
            let fits = if is_array {
                let wanted = bit(item);
                argument.members().all(|one| one.kind_bit() == wanted)
            } else {
                kind_of(argument) == bit(item)
            };
            if !fits {
                let message = format!(
                    "argument {} must be an array of {}",
                    index + 1,
                    plural(item)
                );
                return Err(Error::new("T0412", message).value(argument.describe()));
            }
        }
        if !is_array {
            let single = std::mem::replace(argument, Value::Undefined);
            *argument = Value::array_of(vec![single]);
        }
        Ok(())
    }
}

fn context_mismatch(number: usize) -> Error {
    Error::new(
        "T0411",
        format!("context value is not a compatible type with argument {number}"),
    )
}

/// Where the bracket opened at `start` closes.
fn closing(symbols: &[char], start: usize, open: char, close: char) -> usize {
    let mut depth = 1_u32;
    let mut at = start;
    while at < symbols.len() {
        at += 1;
        match symbols.get(at) {
            Some(symbol) if *symbol == close => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Some(symbol) if *symbol == open => depth += 1,
            _ => {}
        }
    }
    at
}

/// Reads `<…>` after an array or a function; gives where it closes.
fn item_kind(symbols: &[char], at: usize, last: Option<&mut Parameter>) -> Result<usize, Error> {
    match last {
        Some(last) if matches!(last.symbol, 'a' | 'f') => {
            let end = closing(symbols, at, '<', '>');
            if last.array {
                last.items = symbols.get(at + 1).copied().filter(|_| end > at + 1);
            }
            Ok(end)
        }
        _ => {
            let message = "type parameters can only be applied to functions and arrays";
            Err(Error::new("S0401", message).at(at))
        }
    }
}

/// Whether the parameters take exactly the word; `counts` says how many each takes, the earlier
/// ones as many as they can.
fn matches(parameters: &[Parameter], word: &[u8], counts: &mut [usize]) -> bool {
    let width = word.len() + 1;
    // `fits[p * width + w]`: the parameters from `p` on take exactly the word from `w` on.
    let mut fits = vec![false; (parameters.len() + 1) * width];
    if let Some(last) = fits.last_mut() {
        *last = true;
    }
    let at = |fits: &[bool], p: usize, w: usize| fits.get(p * width + w).copied().unwrap_or(false);
    for (p, parameter) in parameters.iter().enumerate().rev() {
        for w in (0..width).rev() {
            let one = parameter.fits(word, w);
            let possible = match parameter.count {
                Count::One => one && at(&fits, p + 1, w + 1),
                Count::Optional => one && at(&fits, p + 1, w + 1) || at(&fits, p + 1, w),
                Count::OneOrMore => one && (at(&fits, p + 1, w + 1) || at(&fits, p, w + 1)),
            };
            if let Some(cell) = fits.get_mut(p * width + w) {
                *cell = possible;
            }
        }
    }
    if !at(&fits, 0, 0) {
        return false;
    }
    let mut w = 0;
    for (p, (parameter, count)) in parameters.iter().zip(counts).enumerate() {
        let rest = word.get(w..).unwrap_or(&[]);
        *count = parameter
            .takes(rest)
            .find(|n| at(&fits, p + 1, w + n))
            .unwrap_or(0);
        w += *count;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of arguments as a word over `s`, `n`, `f` and so on, against the place that is
    /// reported, or how many arguments each parameter takes.
    #[track_caller]
    fn check(signature: &str, word: &str, expected: Result<&[usize], &str>) {
        let signature = Signature::parse(signature).unwrap();
        let word: Vec<u8> = word.chars().map(bit).collect();
        let mut counts = vec![0; signature.len()];
        if matches(&signature.parameters, &word, &mut counts) {
            assert_eq!(Ok(&*counts), expected);
        } else {
            assert_eq!(Err(&*signature.mismatch(&word, &[]).message), expected);
        }
    }

    #[test]
    fn words_are_matched_to_parameters() {
        check("<s-nn?:s>", "sn", Ok(&[1, 1, 0]));
        check("<s-nn?:s>", "n", Ok(&[0, 1, 0]));
        check("<s-nn?:s>", "nn", Ok(&[0, 1, 1]));
        check("<s+n:s>", "sssn", Ok(&[3, 1]));
        check("<s+s:s>", "sss", Ok(&[2, 1]));
        let message =
            |number: usize| format!("argument {number} does not match function signature");
        check("<s-nn?:s>", "ss", Err(&message(2)));
        check("<s-nn?:s>", "snnn", Err(&message(4)));
        check("<s+n:s>", "ssf", Err(&message(3)));
        check("<n:n>", "f", Err(&message(1)));
    }

    #[test]
    fn thousands_of_arguments_are_matched_in_one_pass() {
        let message = "argument 20001 does not match function signature";
        check("<s+n:s>", &"s".repeat(20_000), Err(message));
        check(
            "<s-(sf)(sf)n?:s>",
            &"s".repeat(20_000),
            Err("argument 4 does not match function signature"),
        );
        check("<s+:s>", &"s".repeat(20_000), Ok(&[20_000]));
    }
}

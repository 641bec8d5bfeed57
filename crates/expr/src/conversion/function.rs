//! Calls of intrinsic functions.

use passo_json::Json;

use super::jsonata::quoted;
use super::{Conversion, Difference, Jsonata, Obstacle};
use crate::Intrinsic;
use crate::intrinsics::{Argument, Call};

impl Conversion {
    /// A call of an intrinsic function.
    ///
    /// # Errors
    /// Where JSONata cannot say it.
    pub fn intrinsic(&mut self, intrinsic: &Intrinsic) -> Result<Jsonata, Obstacle> {
        self.call(intrinsic.call())
    }

    /// Recursion is bounded by the number of calls that a text may hold.
    fn call(&mut self, call: &Call) -> Result<Jsonata, Obstacle> {
        let name = call.function.name;
        if name == "States.Format" {
            return self.format(call);
        }
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            values.push(self.argument(argument)?);
        }
        match (name, values.as_slice()) {
            ("States.Array", values) => Ok(Jsonata::list(values)),
            ("States.ArrayContains", [list, value]) => Ok(contains(list, value, call)),
            ("States.ArrayGetItem", [list, index]) => self.item(list, index, call),
            ("States.ArrayLength", [list]) => Ok(Jsonata::call("$count", &[list]).item()),
            ("States.ArrayPartition", [list, size]) => {
                Ok(list_of(&Jsonata::call("$partition", &[list, size])))
            }
            ("States.ArrayRange", [first, last, step]) => {
                Ok(list_of(&Jsonata::call("$range", &[first, last, step])))
            }
            ("States.ArrayUnique", [list]) => Ok(list_of(&Jsonata::call("$distinct", &[list]))),
            ("States.Base64Decode", [text]) => {
                self.differs(Difference::Base64);
                Ok(Jsonata::call("$base64decode", &[text]).item())
            }
            ("States.Base64Encode", [text]) => {
                self.differs(Difference::Base64);
                Ok(Jsonata::call("$base64encode", &[text]).item())
            }
            ("States.Hash", [data, algorithm]) => Ok(hash(data, algorithm, call)),
            ("States.JsonMerge", [first, second, _]) => {
                let both = Jsonata::atom(format!("[{first}, {second}]"));
                Ok(Jsonata::call("$merge", &[&both]).item())
            }
            ("States.JsonToString", [value]) => {
                if !is_known_collection(call) {
                    self.differs(Difference::UnquotedText);
                }
                Ok(Jsonata::call("$string", &[value]).item())
            }
            ("States.MathAdd", [left, right]) => {
                self.rounds(call);
                let sum = format!("{} + {}", left.operand(), right.operand());
                Ok(Jsonata::compound(sum))
            }
            ("States.MathRandom", [low, high, rest @ ..]) => {
                if !rest.is_empty() {
                    self.differs(Difference::SeededRandom);
                }
                let (low, high) = (low.operand(), high.operand());
                let seed = rest.first().map_or("", Jsonata::text);
                let drawn = format!("$floor($random({seed}) * ({high} - {low})) + {low}");
                Ok(Jsonata::compound(drawn))
            }
            ("States.StringSplit", [text, _]) => split(text, call),
            ("States.StringToJson", [text]) => Ok(Jsonata::call("$parse", &[text])),
            ("States.UUID", []) => Ok(Jsonata::call("$uuid", &[]).item()),
            (name, _) => Err(Obstacle::new(format!("{name} has no equal in JSONata"))),
        }
    }

    fn argument(&mut self, argument: &Argument) -> Result<Jsonata, Obstacle> {
        match argument {
            Argument::Literal(value) => Ok(Jsonata::literal(value)),
            Argument::Text { text, .. } => Ok(Jsonata::atom(quoted(text)).item()),
            Argument::Malformed(problem) => Err(Obstacle::new(*problem)),
            Argument::Path(path) => self.path(path),
            Argument::Call(call) => self.call(call),
        }
    }

    /// A text with values in it.
    fn format(&mut self, call: &Call) -> Result<Jsonata, Obstacle> {
        let Some((Argument::Text { pieces, .. }, given)) = call.arguments.split_first() else {
            return Err(Obstacle::new(
                "the template of States.Format is known only when it runs",
            ));
        };
        if pieces.len().saturating_sub(1) != given.len() {
            return Err(Obstacle::new(
                "States.Format has another number of places than of values",
            ));
        }
        let mut parts = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            if !piece.is_empty() {
                parts.push(quoted(piece));
            }
            if let Some(argument) = given.get(at) {
                if matches!(argument, Argument::Path(_)) {
                    self.differs(Difference::FormattedCollection);
                }
                parts.push(self.argument(argument)?.operand());
            }
        }
        if given.is_empty() {
            return Ok(Jsonata::atom(quoted(&pieces.concat())).item());
        }
        // An operator makes a text of a single value.
        if parts.len() < 2 {
            parts.insert(0, quoted(""));
        }
        Ok(Jsonata::compound(parts.join(" & ")))
    }

    fn item(&mut self, list: &Jsonata, index: &Jsonata, call: &Call) -> Result<Jsonata, Obstacle> {
        match call.arguments.get(1) {
            Some(Argument::Literal(literal)) => match literal.as_i64() {
                Some(at) if at >= 0 => Ok(list.at(at)),
                Some(_) | None => Err(Obstacle::new(
                    "the index of States.ArrayGetItem is not a whole number from 0 on",
                )),
            },
            _ => {
                self.differs(Difference::Rounding);
                Ok(Jsonata::atom(format!("{}[{index}]", list.operand())))
            }
        }
    }

    fn rounds(&mut self, call: &Call) {
        let is_whole = |argument: &Argument| match argument {
            Argument::Literal(Json::Number(number)) => number.as_i64().is_some(),
            Argument::Literal(_) | Argument::Text { .. } | Argument::Malformed(_) => true,
            Argument::Path(_) => false,
            Argument::Call(call) => call.function.name != "States.StringToJson",
        };
        if !call.arguments.iter().all(is_whole) {
            self.differs(Difference::Rounding);
        }
    }
}

fn list_of(sequence: &Jsonata) -> Jsonata {
    Jsonata::list_of(sequence.text())
}

/// `in` compares scalars only.
fn contains(list: &Jsonata, value: &Jsonata, call: &Call) -> Jsonata {
    match call.arguments.get(1) {
        Some(Argument::Literal(_) | Argument::Text { .. }) => {
            Jsonata::compound(format!("{} in {}", value.operand(), list.operand()))
        }
        _ => Jsonata::compound(format!(
            "$count($filter({list}, function($v) {{ $v = {} }})) > 0",
            value.operand()
        )),
    }
}

fn hash(data: &Jsonata, algorithm: &Jsonata, call: &Call) -> Jsonata {
    let is_text = matches!(call.arguments.first(), Some(Argument::Text { .. }));
    let text = match is_text {
        true => data.clone(),
        false => Jsonata::call("$string", &[data]),
    };
    Jsonata::call("$hash", &[&text, algorithm]).item()
}

/// Whether the first argument is surely not a text.
fn is_known_collection(call: &Call) -> bool {
    match call.arguments.first() {
        Some(Argument::Literal(value)) => value.as_str().is_none(),
        Some(Argument::Call(inner)) => {
            let name = inner.function.name;
            name.starts_with("States.Array") && name != "States.ArrayGetItem"
                || name == "States.JsonMerge"
                || name.starts_with("States.Math")
        }
        _ => false,
    }
}

/// Any of the delimiters splits, and empty parts are dropped.
fn split(text: &Jsonata, call: &Call) -> Result<Jsonata, Obstacle> {
    let Some(Argument::Text {
        text: delimiters, ..
    }) = call.arguments.get(1)
    else {
        return Err(Obstacle::new(
            "the delimiters of States.StringSplit are known only when it runs",
        ));
    };
    let one = match delimiters.chars().count() {
        0 => {
            return Err(Obstacle::new("States.StringSplit has no delimiters"));
        }
        1 => quoted(delimiters),
        _ => character_class(delimiters),
    };
    Ok(Jsonata::list_of(&format!(
        "$filter($split({text}, {one}), function($v) {{ $v != \"\" }})[]"
    )))
}

fn character_class(characters: &str) -> String {
    let mut class = String::from("/[");
    for character in characters.chars() {
        match character {
            '\n' => class.push_str("\\n"),
            '\r' => class.push_str("\\r"),
            '\t' => class.push_str("\\t"),
            plain if plain.is_alphanumeric() || plain == ' ' || !plain.is_ascii() => {
                class.push(plain);
            }
            other => {
                class.push('\\');
                class.push(other);
            }
        }
    }
    class.push_str("]/");
    class
}

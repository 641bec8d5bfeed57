//! Conditions of filters, on an item that is called `$v`.

use passo_json::Json;

use super::{Conversion, Difference, Jsonata, Obstacle};
use crate::jsonpath::filter::{Filter, Operand, Operator};
use crate::jsonpath::query::{Query, Root};

/// The condition. `of_document`: whether the path around the filter starts at `$`, which `$` is then in the filter.
///
/// Recursion is bounded by the nesting that a path may have.
pub(super) fn predicate(
    conversion: &mut Conversion,
    filter: &Filter,
    of_document: bool,
) -> Result<String, Obstacle> {
    let mut joined = |filters: &[Filter], word: &str| {
        let parts: Result<Vec<String>, Obstacle> = filters
            .iter()
            .map(|filter| predicate(conversion, filter, of_document).map(|one| format!("({one})")))
            .collect();
        parts.map(|parts| parts.join(word))
    };
    match filter {
        Filter::All(filters) => joined(filters, " and "),
        Filter::Any(filters) => joined(filters, " or "),
        Filter::Not(inner) => Ok(format!(
            "$not({})",
            predicate(conversion, inner, of_document)?
        )),
        Filter::Exists(query) => Ok(format!(
            "$exists({})",
            path(conversion, query, of_document)?
        )),
        Filter::Constant(holds) => Ok(holds.to_string()),
        Filter::Compare {
            left,
            operator,
            right,
        } => compare(conversion, left, *operator, right, of_document),
        Filter::Matches { .. } => Err(Obstacle::new(
            "regular expressions of Java and of JSONata differ",
        )),
    }
}

fn path(
    conversion: &mut Conversion,
    query: &Query,
    of_document: bool,
) -> Result<Jsonata, Obstacle> {
    if !query.is_definite() {
        return Err(Obstacle::new("a filter looks at many values of an item"));
    }
    if query.root == Root::Document && !of_document {
        return Err(Obstacle::new("'$' in the filter is not the input"));
    }
    conversion.query(query)
}

fn operand(
    conversion: &mut Conversion,
    operand: &Operand,
    of_document: bool,
) -> Result<Jsonata, Obstacle> {
    match operand {
        Operand::Path(query) => path(conversion, query, of_document),
        Operand::Literal(value) => Ok(Jsonata::literal(value)),
    }
}

fn compare(
    conversion: &mut Conversion,
    left: &Operand,
    operator: Operator,
    right: &Operand,
    of_document: bool,
) -> Result<String, Obstacle> {
    let a = operand(conversion, left, of_document)?;
    let b = operand(conversion, right, of_document)?;
    let (one, other) = (a.operand(), b.operand());
    if is_loose(operator, left, right) {
        conversion.differs(Difference::LooseEquality);
    }
    Ok(match operator {
        Operator::Equal | Operator::SameAs => format!("{one} = {other}"),
        Operator::NotEqual | Operator::NotSameAs => format!("$not({one} = {other})"),
        Operator::Less => ordered(left, right, &one, "<", &other),
        Operator::LessOrEqual => ordered(left, right, &one, "<=", &other),
        Operator::Greater => ordered(left, right, &one, ">", &other),
        Operator::GreaterOrEqual => ordered(left, right, &one, ">=", &other),
        Operator::In if is_list(right) => format!("{one} in {other}"),
        Operator::NotIn if is_list(right) => format!("$not({one} in {other})"),
        Operator::Contains if is_text(right) => {
            format!("$type({a}) = \"string\" ? $contains({a}, {b}) : {other} in {one}")
        }
        Operator::In
        | Operator::NotIn
        | Operator::Contains
        | Operator::ContainsAll
        | Operator::SubsetOf
        | Operator::AnyOf
        | Operator::NoneOf
        | Operator::Size
        | Operator::Empty => {
            return Err(Obstacle::new(
                "an operator of the filter has no exact equal in JSONata",
            ));
        }
    })
}

/// An order exists between two numbers or two texts; of anything else JSONata makes an error.
fn ordered(left: &Operand, right: &Operand, one: &str, sign: &str, other: &str) -> String {
    let comparison = format!("{one} {sign} {other}");
    match (left, right) {
        (Operand::Path(_), Operand::Literal(literal)) => {
            format!("$type({one}) = \"{}\" and {comparison}", kind(literal))
        }
        (Operand::Literal(literal), Operand::Path(_)) => {
            format!("$type({other}) = \"{}\" and {comparison}", kind(literal))
        }
        (Operand::Literal(_), Operand::Literal(_)) => comparison,
        (Operand::Path(_), Operand::Path(_)) => format!(
            "$type({one}) = $type({other}) and $type({one}) in [\"number\", \"string\"] and {comparison}"
        ),
    }
}

/// What `$type` says of a value that has an order; what has none is compared with nothing.
fn kind(literal: &Json) -> &'static str {
    match literal {
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => "nothing",
    }
}

fn is_loose(operator: Operator, left: &Operand, right: &Operand) -> bool {
    let strict = matches!(
        operator,
        Operator::SameAs
            | Operator::NotSameAs
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
    );
    let spells_number = |operand: &Operand| match operand {
        Operand::Literal(Json::Bool(_) | Json::Null) => false,
        Operand::Literal(Json::String(text)) => text.parse::<f64>().is_ok(),
        Operand::Literal(Json::Number(_) | Json::Array(_) | Json::Object(_)) => true,
        Operand::Path(_) => true,
    };
    !strict && spells_number(left) && spells_number(right)
}

fn is_list(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(Json::Array(_)))
}

fn is_text(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(Json::String(_)))
}

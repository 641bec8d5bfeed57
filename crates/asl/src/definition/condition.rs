//! The conditions of Choice rules.

use passo_expr::QueryLanguage;

use super::expressions::States;
use super::fields::{FieldRule, Languages};
use super::reader::{Field, Fields, Reader};
use crate::diagnostic::Code;
use crate::program::{Comparison, Condition, Operand, Operator, Order, TypeTest};
use crate::source::NodeKind;

/// Conditions within each other at most.
const MOST_NESTED: usize = 48;

/// What a rule may have beside its condition.
const RULE: [FieldRule; 4] = [
    ("Next", Languages::Both),
    ("Comment", Languages::Both),
    ("Assign", Languages::Both),
    ("Output", Languages::Only(QueryLanguage::Jsonata)),
];

/// What a condition inside `And`, `Or` or `Not` may have beside itself.
const INNER: [FieldRule; 1] = [("Comment", Languages::Both)];

const P: Languages = Languages::Only(QueryLanguage::JsonPath);

/// The fields that make a condition.
const CONDITION: [FieldRule; 5] = [
    ("And", P),
    ("Condition", Languages::Only(QueryLanguage::Jsonata)),
    ("Not", P),
    ("Or", P),
    ("Variable", P),
];

/// What a comparison's field says.
#[derive(Clone, Copy)]
enum Comparing {
    Is(TypeTest),
    Boolean,
    Numeric(Order),
    String(Order),
    Matches,
    Timestamp(Order),
}

/// Every comparison's field: its name, what it says, and whether its operand is a path.
const COMPARISONS: [(&str, Comparing, bool); 39] = {
    use Comparing::{Boolean, Is, Matches, Numeric, String, Timestamp};
    use Order::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    [
        ("BooleanEquals", Boolean, false),
        ("BooleanEqualsPath", Boolean, true),
        ("IsBoolean", Is(TypeTest::Boolean), false),
        ("IsNull", Is(TypeTest::Null), false),
        ("IsNumeric", Is(TypeTest::Numeric), false),
        ("IsPresent", Is(TypeTest::Present), false),
        ("IsString", Is(TypeTest::String), false),
        ("IsTimestamp", Is(TypeTest::Timestamp), false),
        ("NumericEquals", Numeric(Equals), false),
        ("NumericEqualsPath", Numeric(Equals), true),
        ("NumericGreaterThan", Numeric(GreaterThan), false),
        ("NumericGreaterThanPath", Numeric(GreaterThan), true),
        (
            "NumericGreaterThanEquals",
            Numeric(GreaterThanEquals),
            false,
        ),
        (
            "NumericGreaterThanEqualsPath",
            Numeric(GreaterThanEquals),
            true,
        ),
        ("NumericLessThan", Numeric(LessThan), false),
        ("NumericLessThanPath", Numeric(LessThan), true),
        ("NumericLessThanEquals", Numeric(LessThanEquals), false),
        ("NumericLessThanEqualsPath", Numeric(LessThanEquals), true),
        ("StringEquals", String(Equals), false),
        ("StringEqualsPath", String(Equals), true),
        ("StringGreaterThan", String(GreaterThan), false),
        ("StringGreaterThanPath", String(GreaterThan), true),
        ("StringGreaterThanEquals", String(GreaterThanEquals), false),
        (
            "StringGreaterThanEqualsPath",
            String(GreaterThanEquals),
            true,
        ),
        ("StringLessThan", String(LessThan), false),
        ("StringLessThanPath", String(LessThan), true),
        ("StringLessThanEquals", String(LessThanEquals), false),
        ("StringLessThanEqualsPath", String(LessThanEquals), true),
        ("StringMatches", Matches, false),
        ("TimestampEquals", Timestamp(Equals), false),
        ("TimestampEqualsPath", Timestamp(Equals), true),
        ("TimestampGreaterThan", Timestamp(GreaterThan), false),
        ("TimestampGreaterThanPath", Timestamp(GreaterThan), true),
        (
            "TimestampGreaterThanEquals",
            Timestamp(GreaterThanEquals),
            false,
        ),
        (
            "TimestampGreaterThanEqualsPath",
            Timestamp(GreaterThanEquals),
            true,
        ),
        ("TimestampLessThan", Timestamp(LessThan), false),
        ("TimestampLessThanPath", Timestamp(LessThan), true),
        ("TimestampLessThanEquals", Timestamp(LessThanEquals), false),
        (
            "TimestampLessThanEqualsPath",
            Timestamp(LessThanEquals),
            true,
        ),
    ]
};

impl Reader<'_> {
    /// The condition of a rule in `Choices`.
    pub(crate) fn rule_condition(
        &mut self,
        fields: &Fields<'_>,
        language: QueryLanguage,
    ) -> Option<Condition> {
        self.check_condition_fields(fields, &RULE, language);
        match language {
            QueryLanguage::JsonPath if fields.has("Condition") => None,
            QueryLanguage::JsonPath => self.condition(fields, 0),
            // A condition of the other language was told already.
            QueryLanguage::Jsonata if fields.has("Variable") => None,
            QueryLanguage::Jsonata => {
                self.require(fields, &["Condition"]);
                let field = fields.get("Condition")?;
                self.jsonata_condition(&field)
            }
        }
    }

    fn jsonata_condition(&mut self, field: &Field<'_>) -> Option<Condition> {
        if let NodeKind::Bool(value) = field.node.kind {
            return Some(Condition::Literal(value));
        }
        if field.node.as_str().is_some() {
            let expression = self.delimited(field.node, &field.place, States::Input)?;
            if let Some(expression) = expression {
                return Some(Condition::Expression(expression));
            }
        }
        let message = "Value must be a boolean or a JSONata expression";
        self.error(&field.place, field.node.span, message);
        None
    }

    fn check_condition_fields(
        &mut self,
        fields: &Fields<'_>,
        beside: &[FieldRule],
        language: QueryLanguage,
    ) {
        let comparisons = COMPARISONS.iter().map(|(name, ..)| (*name, P));
        let rules: Vec<FieldRule> = beside
            .iter()
            .chain(&CONDITION)
            .copied()
            .chain(comparisons)
            .collect();
        self.check_fields(fields, &rules, language);
    }

    /// A JSONPath condition: `And`, `Or`, `Not`, or a comparison of `Variable`.
    fn condition(&mut self, fields: &Fields<'_>, depth: usize) -> Option<Condition> {
        if depth >= MOST_NESTED {
            let message = format!("Conditions are nested more than {MOST_NESTED} levels deep");
            self.report(Code::TooDeeplyNested, &fields.place, fields.span, message);
            return None;
        }
        let joined = ["And", "Or", "Not"];
        let present = joined.iter().filter(|name| fields.has(name)).count();
        if present + usize::from(fields.has("Variable")) > 1 {
            self.at_most_one(fields, &["Variable", "And", "Or", "Not"]);
            return None;
        }
        if let Some(field) = fields.get("And") {
            return self.conditions(&field, depth).map(Condition::And);
        }
        if let Some(field) = fields.get("Or") {
            return self.conditions(&field, depth).map(Condition::Or);
        }
        if let Some(field) = fields.get("Not") {
            let inner = self.plain_object(field.node, field.place)?;
            self.check_condition_fields(&inner, &INNER, QueryLanguage::JsonPath);
            let condition = self.condition(&inner, depth + 1)?;
            return Some(Condition::Not(Box::new(condition)));
        }
        self.comparison(fields).map(Condition::Comparison)
    }

    fn conditions(&mut self, field: &Field<'_>, depth: usize) -> Option<Vec<Condition>> {
        let items = self.filled_array(field)?;
        let mut conditions = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let Some(fields) = self.plain_object(item, field.place.index(index)) else {
                continue;
            };
            self.check_condition_fields(&fields, &INNER, QueryLanguage::JsonPath);
            conditions.extend(self.condition(&fields, depth + 1));
        }
        Some(conditions)
    }

    fn comparison(&mut self, fields: &Fields<'_>) -> Option<Comparison> {
        let variable = if self.require(fields, &["Variable"]) {
            let field = fields.get("Variable")?;
            self.compared_path(&field)
        } else {
            None
        };
        let mut found = COMPARISONS.iter().filter(|(name, ..)| fields.has(name));
        let Some((name, comparing, by_path)) = found.next() else {
            // Without both, the missing variable was told already.
            if fields.has("Variable") {
                let message = "A comparison operator is required";
                self.error(&fields.place, fields.span, message);
            }
            return None;
        };
        if let Some((other, ..)) = found.next() {
            let message =
                format!("Only one comparison operator is allowed, not both '{name}' and '{other}'");
            self.error(&fields.place, fields.span, message);
        }
        let field = fields.get(name)?;
        let operator = if *by_path {
            self.path_operator(&field, *comparing)
        } else {
            self.literal_operator(&field, *comparing)
        };
        Some(Comparison {
            variable: variable?,
            field: name,
            operator: operator?,
        })
    }

    fn path_operator(&mut self, field: &Field<'_>, comparing: Comparing) -> Option<Operator> {
        let path = self.compared_path(field)?;
        Some(match comparing {
            Comparing::Boolean => Operator::BooleanEquals(Operand::Path(path)),
            Comparing::Numeric(order) => Operator::Numeric(order, Operand::Path(path)),
            Comparing::String(order) => Operator::String(order, Operand::Path(path)),
            Comparing::Timestamp(order) => Operator::Timestamp(order, Operand::Path(path)),
            Comparing::Is(_) | Comparing::Matches => return None,
        })
    }

    fn literal_operator(&mut self, field: &Field<'_>, comparing: Comparing) -> Option<Operator> {
        Some(match comparing {
            Comparing::Is(test) => Operator::Is(test, self.boolean(field)?),
            Comparing::Boolean => Operator::BooleanEquals(Operand::Literal(self.boolean(field)?)),
            Comparing::Numeric(order) => {
                let number = field.node.as_number().cloned();
                if number.is_none() && !self.is_substituted(field.node) {
                    self.error(
                        &field.place,
                        field.node.span,
                        "Expected value of type Number",
                    );
                    self.warn_of_path(field);
                }
                Operator::Numeric(order, Operand::Literal(number?))
            }
            Comparing::String(order) => {
                self.warn_of_path(field);
                Operator::String(order, Operand::Literal(self.string(field)?))
            }
            Comparing::Matches => Operator::StringMatches(self.string(field)?),
            Comparing::Timestamp(order) => {
                Operator::Timestamp(order, Operand::Literal(self.timestamp(field)?))
            }
        })
    }
}

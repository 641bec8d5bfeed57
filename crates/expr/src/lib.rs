//! Step Functions' expression layer: JSONPath, intrinsic functions, JSONata expressions, payload
//! templates, variables and the context object.
//!
//! Everything here is compiled once and evaluated many times, is pure, and is bounded. The crate knows
//! values and where they come from ([`Scope`]); it does not know states, executions, clocks or services.
//! Start at [`Template`] for payload templates, at [`Path`] and [`ReferencePath`] for path fields and at
//! [`Expression`] for JSONata fields.
#![forbid(unsafe_code)]

mod context_object;
mod conversion;
mod digest;
mod error;
mod intrinsics;
mod java_order;
mod java_random;
mod jsonata;
mod jsonpath;
mod path_expression;
mod query_language;
mod scope;
mod template;
mod variables;

pub use context_object::{ContextObject, ExecutionContext, MapItem, StateContext};
pub use conversion::{Conversion, Difference, Jsonata, Obstacle, Written};
pub use error::{ExpressionFailure, SyntaxError, SyntaxErrorKind};
pub use intrinsics::Intrinsic;
pub use jsonata::{Expression, StatesMember, StatesUse};
pub use jsonpath::{Path, PathError, PathErrorKind, ReferencePath, WriteError};
pub use path_expression::PathExpression;
pub use query_language::QueryLanguage;
pub use scope::{Environment, Scope};
pub use template::{Template, TemplateError};
pub use variables::Variables;

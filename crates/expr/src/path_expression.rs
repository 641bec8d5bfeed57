//! What may stand behind a key that ends in `.$`.

use std::sync::Arc;

use passo_json::Json;

use crate::{ExpressionFailure, Intrinsic, Path, PathErrorKind, Scope, SyntaxError};

/// A path or a call of an intrinsic function: the dynamic values of JSONPath states, also of `ErrorPath`
/// and `CausePath`.
#[derive(Clone, Debug)]
pub enum PathExpression {
    /// A path into the input, the context object or a variable.
    Path(Path),
    /// A function call.
    Intrinsic(Intrinsic),
}

impl PathExpression {
    /// Compiles either form.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str) -> Result<PathExpression, SyntaxError> {
        if Intrinsic::looks_like_call(text) {
            return Intrinsic::parse(text).map(PathExpression::Intrinsic);
        }
        Path::parse(text).map(PathExpression::Path)
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        match self {
            PathExpression::Path(path) => path.text(),
            PathExpression::Intrinsic(intrinsic) => intrinsic.text(),
        }
    }

    /// Names of the variables it mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        match self {
            PathExpression::Path(path) => path.variables(),
            PathExpression::Intrinsic(intrinsic) => intrinsic.variables(),
        }
    }

    /// The value; `field` is the key as written: `value.$`, `ErrorPath`.
    ///
    /// # Errors
    /// `States.Runtime` when the path finds nothing or the function fails.
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Json, ExpressionFailure> {
        match self {
            PathExpression::Path(path) => match path.read(scope) {
                Ok(value) => Ok(value),
                Err(error) if matches!(error.kind(), PathErrorKind::OutOfRange(_)) => {
                    Ok(Json::Null)
                }
                // What may find many finds none where the way there is missing (recorded on AWS).
                Err(error)
                    if matches!(error.kind(), PathErrorKind::NotFound(_))
                        && !path.is_definite() =>
                {
                    Ok(Json::from(Vec::new()))
                }
                Err(error) => Err(error.into_not_found(field, scope)),
            },
            PathExpression::Intrinsic(intrinsic) => intrinsic.evaluate(scope),
        }
    }
}

//! Lambda tasks: by the ARN of a function, and `arn:aws:states:::lambda:invoke`.
//!
//! Entry point: [`LambdaTasks`]. It knows how AWS words a request, a result and a failure; how a function runs is
//! the business of `passo_lambda`.

mod failure;
mod http_date;
mod request;
mod response;
mod tasks;

pub use tasks::LambdaTasks;

//! Function URLs: HTTP requests that become invocations.
//!
//! Entry point: [`FunctionUrls`], which knows which requests are its own and answers them. [`UrlTable`] keeps the settings. It does
//! not know how a request comes in.
//!
//! Source: Lambda Developer Guide, "Creating and managing Lambda function URLs" and "Invoking Lambda function URLs".

mod answer;
mod cors;
mod event;
mod place;
mod settings;
mod site;
mod table;

pub use event::UrlRequest;
pub(super) use place::Place;
pub(super) use settings::{AuthType, UrlSettings};
pub use site::{FunctionUrls, UrlAnswer};
pub(super) use table::UrlTable;

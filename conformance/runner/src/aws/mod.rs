//! Calls recorded on AWS, played against an [`endpoint::Endpoint`]. Entry point: [`run()`].

mod archive;
mod binding;
mod case;
mod compare;
mod endpoint;
mod history;
mod local;
mod modelled;
mod play;
mod remote;
mod run;
mod template;

pub use run::run;

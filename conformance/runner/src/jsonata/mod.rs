//! The official JSONata suite against passo-jsonata. Entry point: [`run()`].

mod case;
mod datasets;
mod run;

pub use run::run;

//! The `passo` command.
fn main() {}

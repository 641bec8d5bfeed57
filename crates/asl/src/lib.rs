//! Amazon States Language: definition, validation, diagnostics, program.

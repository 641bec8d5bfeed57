//! Mocks, virtual time, and an in-memory driver for executions.

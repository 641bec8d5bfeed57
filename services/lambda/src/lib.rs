//! Lambda functions as child processes that speak the Runtime API.

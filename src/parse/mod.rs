//! Bytes to pieces with spans: total and lossless. Judging is not the parser's work.

pub mod grammar;
mod policy;

pub use policy::{Line, LineKind, MAX_POLICY, Odd, Text, policy};

//! Bytes to pieces with spans: total and lossless. Judging is not the parser's work.

pub mod grammar;
pub mod paste;
mod policy;
pub mod record;

pub use policy::{Line, LineKind, MAX_POLICY, Odd, Text, line, policy};
pub use record::{Field, MAX_RECORD, RecordText, record};

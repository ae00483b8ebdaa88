//! A report, and a rule, as somebody reads them. [`Report`](crate::report::Report) is its own shape for JSON.

mod json;
mod line_index;
mod rule;
#[cfg(feature = "text")]
pub mod text;

pub use crate::quote::is_shown;
pub use json::json;
pub use line_index::LineIndex;
pub use rule::{ExampleKind, ExampleReport, RuleReport};

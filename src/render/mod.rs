//! A report as somebody reads it. JSON needs no code here: [`Report`](crate::report::Report) is its own shape.

mod line_index;
#[cfg(feature = "text")]
pub mod text;

pub use line_index::LineIndex;

//! MTA-STS (RFC 8461) validator.

pub mod dns;
pub mod evidence;
pub mod finding;
mod fix;
pub mod gather;
mod lint;
pub mod model;
#[cfg(not(target_arch = "wasm32"))]
pub mod notation;
mod order;
pub mod parse;
mod quote;
pub mod render;
pub mod report;
mod review;
pub mod rules;
pub mod span;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use fix::{Fixed, fix};
pub use lint::{Draft, LintOptions, lint, lint_records, mx_list, review_draft};
pub use parse::paste::TextKind;
pub use report::{OffsetUnit, Report};
pub use review::{Reading, review};

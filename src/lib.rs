//! MTA-STS (RFC 8461) validator.

pub mod dns;
pub mod evidence;
pub mod finding;
pub mod gather;
pub mod model;
pub mod parse;
mod quote;
pub mod render;
pub mod report;
pub mod rules;
pub mod span;

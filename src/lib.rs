//! MTA-STS (RFC 8461) validator.

pub mod evidence;
pub mod finding;
pub mod model;
pub mod parse;
pub mod report;
pub mod rules;
pub mod span;

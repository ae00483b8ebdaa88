//! Validates MTA-STS (RFC 8461): reads the records, the policy and the MX hosts of a domain, finds every fault at once,
//! and says where it is, why it matters and what to write instead.
//!
//! ```
//! use mta_sts::{LintOptions, OffsetUnit, lint};
//!
//! let policy = b"version: STSv1\nmode: enforce\n\nmx: mx.example.com\nmax_age: 1209600\n";
//! let report = lint(policy, &LintOptions::default(), OffsetUnit::Bytes);
//!
//! assert!(report.policy.is_some_and(|policy| !policy.usable));
//! let finding = &report.findings[0];
//! assert_eq!((finding.id, &*finding.message), ("pol-blank-line", "an empty line"));
//! assert_eq!(finding.span.map(|place| place.line), Some(3));
//! ```
//!
//! [`lint()`] judges a text, [`review_draft`] the parts of a draft, and [`review()`] what was seen of a domain;
//! [`fix()`] applies remedies, and [`plan::plan`] says how to get from one state to another. Nothing here touches the
//! network: [`gather`] says what to ask, and takes the answers.
//!
//! The modules, in the order of the data:
//!
//! 1. [`span`]: places in a text, as received;
//! 2. [`evidence`]: what was seen of a domain, and how; [`notation`] writes it down;
//! 3. [`parse`]: bytes to pieces with spans, which tile the input;
//! 4. [`model`]: what the RFCs name: policy, records, mx patterns, coverage;
//! 5. [`dns`]: DNS messages over HTTPS (RFC 8484), [`gather`]: what is to be asked of a domain, and [`fetch`]: by
//!    which requests;
//! 6. [`finding`]: what a rule found, and [`rules`]: all of them;
//! 7. [`senders`]: how named mail senders read the same input;
//! 8. [`report`]: the findings in order, the verdict, each sender's reading, and what could not be seen;
//! 9. [`plan`]: changes, roll-out and removal as steps with dates;
//! 10. [`render`]: bytes to lines and columns, and a report as text;
//! 11. [`generate`]: the other way round, from the MX set to what has to be published.

#![cfg_attr(not(test), no_std)]

extern crate alloc;
pub mod span;

pub mod evidence;
#[cfg(not(target_arch = "wasm32"))]
pub mod notation;

pub mod parse;

pub mod model;

pub mod dns;
pub mod gather;

pub mod fetch;

pub mod finding;
pub mod rules;

pub mod senders;

pub mod report;
mod review;

pub mod plan;

pub mod render;

pub mod generate;

mod date;
mod fix;
mod lint;
mod order;
mod quote;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use fix::{Fixed, fix};
pub use lint::{Draft, LintOptions, lint, lint_records, mx_list, review_draft};
pub use parse::paste::TextKind;
pub use report::{OffsetUnit, Report};
pub use review::{Reading, review};

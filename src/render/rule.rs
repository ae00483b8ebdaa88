//! A rule as somebody reads it: one shape for JSON and TypeScript.

use crate::report::{ConsequenceName, SeverityName};
use crate::rules::{Example, Rule};
use alloc::borrow::Cow;
use alloc::string::String;
use serde::Serialize;

/// A rule.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct RuleReport {
    /// Never changed, never used again.
    pub id: &'static str,
    /// What it usually means for mail; a finding may differ.
    pub severity: SeverityName,
    /// Which kind of fault it is; a finding may differ.
    pub consequence: ConsequenceName,
    /// The sections it rests on.
    pub rfc: &'static str,
    /// The fault in one line.
    pub what: &'static str,
    /// What comes of it.
    pub why: &'static str,
    /// What to write instead, or to do.
    pub instead: &'static str,
    /// What the rule finds.
    pub bad: ExampleReport,
    /// The same, put right.
    pub good: ExampleReport,
}

/// An example.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ExampleReport {
    /// What kind of text it is.
    pub kind: ExampleKind,
    /// The text; octets that are not UTF-8 are replaced by U+FFFD.
    pub text: Cow<'static, str>,
    /// Octets up to which the last line is repeated, for a fault that is one of size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeated_to: Option<u32>,
}

/// What kind of text an example is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum ExampleKind {
    /// A policy.
    Policy,
    /// The TXT records at `_mta-sts`, one a line.
    Record,
    /// The TXT records at `_smtp._tls`, one a line.
    Tlsrpt,
    /// What was seen of a domain.
    Evidence,
    /// What is published, and what is to be.
    Change,
}

impl From<&'static Rule> for RuleReport {
    fn from(rule: &'static Rule) -> Self {
        Self {
            id: rule.id,
            severity: rule.severity.into(),
            consequence: rule.consequence.into(),
            rfc: rule.rfc,
            what: rule.what,
            why: rule.why,
            instead: rule.instead,
            bad: rule.bad.into(),
            good: rule.good.into(),
        }
    }
}

impl From<Example> for ExampleReport {
    fn from(example: Example) -> Self {
        let (kind, text, repeated_to) = match example {
            Example::Policy(text) => (ExampleKind::Policy, text.into(), None),
            Example::PolicyBytes(text) => (ExampleKind::Policy, String::from_utf8_lossy(text), None),
            Example::PolicyOf(text, size) => (ExampleKind::Policy, text.into(), Some(size as u32)),
            Example::Record(text) => (ExampleKind::Record, text.into(), None),
            Example::Tlsrpt(text) => (ExampleKind::Tlsrpt, text.into(), None),
            Example::Evidence(text) => (ExampleKind::Evidence, text.into(), None),
            Example::Change(text) => (ExampleKind::Change, text.into(), None),
        };
        Self { kind, text, repeated_to }
    }
}

//! `mode` (RFC 8461 §3.2, §5).

use super::edits::{append_line, distance, is_placeholder, missing, unwrapped};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::{Mode, Policy, policy::FieldName};
use crate::quote::quote;
use alloc::format;

const GOOD: Example = Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n");

pub(super) static MISSING: Rule = Rule {
    id: "pol-mode-missing",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "no `mode`",
    why: "a policy without it is none, and senders ignore it",
    instead: "add `mode: testing`, or `mode: enforce` once every MX host is covered and has a valid certificate",
    bad: Example::Policy("version: STSv1\nmx: mx.example.com\nmax_age: 604800\n"),
    good: Example::Policy("version: STSv1\nmx: mx.example.com\nmax_age: 604800\nmode: testing\n"),
    check: Check::Policy(|policy, out| {
        if policy.mode.is_none() {
            missing(policy, FieldName::Mode, out, || Some(append_line(policy, "mode: testing")));
        }
    }),
};

pub(super) static INVALID: Rule = Rule {
    id: "pol-mode-invalid",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "`mode` is none of enforce, testing, none",
    why: "the three are case-sensitive literals; with any other value there is no mode, and senders ignore the policy",
    instead: "write `mode: testing`, `mode: enforce` or `mode: none`",
    bad: Example::Policy("version: STSv1\nmode: Testing\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Policy(invalid),
};

fn invalid(policy: &Policy<'_>, out: &mut Findings) {
    let Some(mode) = policy.mode.filter(|mode| mode.value.is_none() && !mode.span.is_empty()) else { return };
    let value = policy.of(mode.span);
    let only_case = Mode::ALL.iter().any(|mode| mode.as_str().as_bytes().eq_ignore_ascii_case(value));
    let why = if only_case { "and letter case counts" } else { "not enforce, testing or none" };
    let finding = out.report(mode.span, format_args!("mode is {}, {why}", quote(value)));
    let likely = meant(value);
    if let Some(likely) = likely {
        finding.instead(format!("write `mode: {}`", likely.as_str()));
    }
    // A word that means nothing is as good as none, and mode testing stops no mail. What some guide left open is for its
    // reader to choose.
    if let Some(likely) = likely.or((!is_placeholder(value)).then_some(Mode::Testing)) {
        finding.fix(Fix::likely(Edit::replace(mode.span, likely.as_str())));
    }
}

/// The mode that a value most likely means.
fn meant(value: &[u8]) -> Option<Mode> {
    let word = unwrapped(value).to_ascii_lowercase();
    // Drafts had `report` for what became `testing`.
    if matches!(&word[..], b"report" | b"test" | b"monitor") {
        return Some(Mode::Testing);
    }
    if word.starts_with(b"enforc") {
        return Some(Mode::Enforce);
    }
    // Longer words are nobody's slip, and the comparison below is quadratic. Short ones are near too many.
    let slips = if word.len() < 5 { 1 } else { 2 };
    let near = |mode: &Mode| word.len() <= 16 && distance(&word, mode.as_str().as_bytes()) <= slips;
    Mode::ALL.into_iter().find(near)
}

pub(super) static TESTING: Rule = Rule {
    id: "pol-mode-testing",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §5",
    what: "`mode: testing` holds no mail back",
    why: "senders deliver all the same and only report failures, if a TLSRPT record asks for reports",
    instead: "write `mode: enforce` once reports are clean and every MX host is covered",
    bad: GOOD,
    good: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
    check: Check::Policy(|policy, out| {
        if let Some(mode) = policy.mode.filter(|mode| mode.value == Some(Mode::Testing)) {
            out.report(mode.span, format_args!("mode testing protects no mail"));
        }
    }),
};

pub(super) static NONE: Rule = Rule {
    id: "pol-mode-none",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §5, §8.3",
    what: "`mode: none` means no active policy",
    why: "it is meant for removal: senders replace a cached policy by it and then treat the domain as without one",
    instead: "keep it until the longest `max_age` ever served has passed, then delete record, host and file",
    bad: Example::Policy("version: STSv1\nmode: none\nmx: mx.example.com\nmax_age: 86400\n"),
    good: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
    check: Check::Policy(|policy, out| {
        if let Some(mode) = policy.mode.filter(|mode| mode.value == Some(Mode::None)) {
            out.report(mode.span, format_args!("mode none: senders apply no policy"));
        }
    }),
};

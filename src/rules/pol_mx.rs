//! `mx` lines as a whole (RFC 8461 §3.2).

use super::edits::{missing, mx_lines};
use super::{Check, Example, Rule};
use crate::finding::{Consequence, Severity};
use crate::model::{Form, Mode, policy::FieldName};
use crate::span::Span;
use alloc::vec::Vec;

pub(super) static MISSING: Rule = Rule {
    id: "pol-mx-missing",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "no `mx` in a policy that is not mode none",
    why: "without a pattern no host can match; senders ignore such a policy",
    instead: "add one `mx` line for each MX host of the domain",
    bad: Example::Policy("version: STSv1\nmode: enforce\nmax_age: 1209600\n"),
    good: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"),
    check: Check::Case(|case, out| {
        let Some(policy) = case.policy.filter(|policy| policy.form == Form::Lines) else { return };
        // A line `mx:` without a value is another rule's business.
        let any =
            !policy.mx.is_empty() || policy.text.lines.iter().any(|line| policy.of(line.name()) == b"mx");
        if policy.mode() != Some(Mode::None) && !any {
            missing(policy, FieldName::Mx, out, || {
                let mut hosts = Vec::new();
                for mx in case.evidence.mx.yes()?.records() {
                    // The host of a null MX is empty.
                    if !mx.host.is_empty() {
                        hosts.push(mx.host.trim_end_matches('.').to_ascii_lowercase());
                    }
                }
                mx_lines(policy, &hosts)
            });
        }
    }),
};

pub(super) static NONE_NO_MX: Rule = Rule {
    id: "pol-none-no-mx",
    severity: Severity::Info,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "no `mx` in a policy of mode none",
    why: "the RFC allows it; Stalwart and chasquid refuse such a policy and keep the old one",
    instead: "keep the `mx` lines during removal",
    bad: Example::Policy("version: STSv1\nmode: none\nmax_age: 86400\n"),
    good: Example::Policy("version: STSv1\nmode: none\nmx: mx.example.com\nmax_age: 86400\n"),
    check: Check::Policy(|policy, out| {
        if policy.mode() == Some(Mode::None) && policy.mx.is_empty() {
            let place = policy.mode.map_or(Span::point(0), |mode| mode.span);
            out.report(place, format_args!("mode none without `mx` lines"));
        }
    }),
};

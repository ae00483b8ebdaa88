//! Texts that are something else than a policy as a whole.

use super::{Check, Example, Rule};
use crate::finding::{Consequence, Severity};
use crate::model::{Form, Policy};
use crate::span::Span;

pub(super) static EMPTY: Rule = Rule {
    id: "pol-empty",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "the policy is empty",
    why: "without `version`, `mode` and `max_age` there is no policy for a sender to apply",
    instead: "write the policy: `version: STSv1`, a `mode`, one `mx` for each MX host, and `max_age`, one a line",
    bad: Example::Policy("\n"),
    good: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n"),
    check: Check::Form(|policy, out| {
        if policy.form == Form::Empty {
            out.report(
                whole(policy),
                format_args!("the policy is empty ({} bytes of white space)", policy.text.input.len()),
            );
        }
    }),
};

fn whole(policy: &Policy<'_>) -> Span {
    Span::new(0, policy.text.input.len() as u32)
}

//! `version` (RFC 8461 §3.2).

use super::edits::{eol, first_field, missing, top};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::{Policy, policy::FieldName};
use crate::parse::Line;
use crate::quote::quote;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const GOOD: Example = Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n");

/// The only version there is.
const STSV1: &[u8] = b"STSv1";

pub(super) static MISSING: Rule = Rule {
    id: "pol-version-missing",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "no `version`",
    why: "a policy without it is none, and senders ignore it",
    instead: "write `version: STSv1` as the first line",
    bad: Example::Policy("mode: testing\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        if policy.version.is_none() {
            missing(policy, FieldName::Version, out, || {
                Some(Edit::insert(top(policy), format!("version: STSv1{}", eol(policy))))
            });
        }
    }),
};

pub(super) static UNSUPPORTED: Rule = Rule {
    id: "pol-version-unsupported",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "`version` is not STSv1",
    why: "the value is a case-sensitive literal and there is only one version; senders ignore any other",
    instead: "write exactly `version: STSv1`",
    bad: Example::Policy("version: STSv2\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Policy(unsupported),
};

fn unsupported(policy: &Policy<'_>, out: &mut Findings) {
    let Some(version) = policy.version.filter(|version| version.value != STSV1 && !version.value.is_empty())
    else {
        return;
    };
    if let Some(lines) = lines_in_one(&policy.str(version.span)) {
        out.report(version.span, format_args!("all fields stand on one line"))
            .instead("write one field a line")
            .fix(Fix::likely(Edit::replace(version.span, lines.join(eol(policy)))));
        return;
    }
    out.report(version.span, format_args!("version is {}, not `STSv1`", quote(version.value)))
        .fix(Fix::likely(Edit::replace(version.span, "STSv1")));
}

/// Whether a value holds further fields.
pub(super) fn is_one_line(value: &str) -> bool {
    next_field(value).is_some()
}

/// The values and fields of a policy whose line ends were lost or replaced by `;`, `,` or a literal `\n`.
fn lines_in_one(value: &str) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut rest = value;
    while let Some((at, after)) = next_field(rest) {
        lines.push(trimmed(&rest[..at]));
        rest = &rest[after..];
    }
    lines.push(trimmed(rest));
    (lines.len() > 1).then_some(lines)
}

/// How far before its colon a separator and a known name begin at most: `version` and `max_age` have seven letters, and
/// one of a lost line end may stand between. Looking further back for each colon would be quadratic in a text of colons.
const FURTHEST: usize = 9;

/// Where in `text` a separator and a known field name begin, and where that name begins.
fn next_field(text: &str) -> Option<(usize, usize)> {
    text.match_indices(':').find_map(|(colon, _)| {
        let near = &text.as_bytes()[colon.saturating_sub(FURTHEST)..colon];
        let name = near.rsplit(|b| matches!(b, b' ' | b';' | b',' | b'\\' | b'\t' | 0x0B | 0x0C)).next()?;
        // A literal `\n` or `\r\n` leaves its letter before the name.
        let name = name.strip_prefix(b"n").filter(|name| FieldName::read(name).is_some()).unwrap_or(name);
        FieldName::read(name)?;
        let start = colon - name.len();
        (start > 0).then(|| (text[..start].trim_end_matches(is_lost_line_end).len(), start))
    })
}

/// What is left where a line end was.
fn is_lost_line_end(c: char) -> bool {
    matches!(c, ' ' | ';' | ',' | '\\' | '\t' | '\u{B}' | '\u{C}' | 'n' | 'r')
}

fn trimmed(field: &str) -> String {
    field.trim_matches([' ', ';', ',', '\t', '\u{B}', '\u{C}']).trim_end_matches("\\n").into()
}

pub(super) static NOT_FIRST: Rule = Rule {
    id: "pol-version-not-first",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "`version` is not the first field",
    why: "the RFC leaves the order free; Google's documentation asks for `version` in the first line",
    instead: "move `version: STSv1` to the first line",
    bad: Example::Policy("mode: testing\nversion: STSv1\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        let Some(version) = policy.version.filter(|version| version.value == STSV1) else { return };
        // On the first line it is first, and no name need be read; what stands in the front matter of a site generator
        // comes before any field.
        let is_it = |line: &Line| line.value().start >= version.span.start;
        if policy.text.lines.first().is_some_and(is_it) || first_field(policy).is_none_or(is_it) {
            return;
        }
        let Some(line) = policy.text.lines.iter().find(|line| line.value() == version.span) else { return };
        out.report(line.content(), format_args!("`version` is not the first field")).fix(Fix::safe([
            Edit::insert(top(policy), format!("version: STSv1{}", eol(policy))),
            Edit::delete(line.span()),
        ]));
    }),
};
